"""The socket of frames: what a page gets, who may open it, and that a frozen page holds up nobody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tocsin.model.command import Command
from tocsin.web.app import make_app
from tocsin.web.batch import HEAD
from tocsin.web.live import FRAME, Kind
from tocsin.web.operators import Operator, Role, hashed, write_operators
from tocsin.web.server import serve
from tocsin.web.settings import Settings
from unit.web.examples import FixedViews

pytestmark = pytest.mark.anyio
STATES = len(Kind) - 2  # all but the beat and the report, which there is none of


async def submit(command: Command) -> int:
    return 1


@asynccontextmanager
async def serving(views: FixedViews, settings: Settings) -> AsyncIterator[tuple[str, Starlette]]:
    app = make_app(submit, views, settings)
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(serve(app, settings, listening.set_result))
    try:
        async with asyncio.timeout(30):
            yield await listening, app
    finally:
        task.cancel()
        await asyncio.wait([task])


def socket(url: str, **headers: str) -> connect:
    return connect(url.replace("http", "ws", 1) + "api/live", additional_headers=headers, compression=None)


async def kinds(opened: ClientConnection, count: int) -> list[Kind]:
    found = []
    for _ in range(count):
        frame = await opened.recv()
        assert isinstance(frame, bytes)
        length, kind, _, _ = FRAME.unpack_from(frame)
        assert len(frame) == FRAME.size + length
        found.append(Kind(kind))
    return found


async def test_a_page_gets_every_state_at_once_and_then_what_changed() -> None:
    views = FixedViews()
    async with serving(views, Settings(port=0)) as (url, app):
        async with socket(url) as opened:
            assert set(await kinds(opened, STATES)) == set(Kind) - {Kind.BEAT, Kind.REPORT}
            await opened.send("nobody asked for this")
            views.show(sequence=8)
            assert await kinds(opened, 1) == [Kind.TRACKS]
            assert app.state.live.readers == 1
        while app.state.live.readers:
            await asyncio.sleep(0.01)


async def test_a_frozen_page_holds_up_nobody_and_gets_the_newest_at_last() -> None:
    views = FixedViews()
    async with serving(views, Settings(port=0)) as (url, app), socket(url) as frozen, socket(url) as other:
        frozen.transport.pause_reading()
        await kinds(other, STATES)
        for sequence in range(8, 14):
            views.show(sequence)
            assert await kinds(other, 1) == [Kind.TRACKS]
        assert app.state.live.readers == 2
        frozen.transport.resume_reading()
        newest = 0
        while newest < 13:
            frame = await frozen.recv()
            assert isinstance(frame, bytes)
            if FRAME.unpack_from(frame)[1] == Kind.TRACKS:
                newest = HEAD.unpack_from(frame, FRAME.size)[1]


async def test_the_end_of_the_server_closes_it() -> None:
    async with serving(FixedViews(), Settings(port=0)) as (url, _):
        opened = await socket(url)
    with pytest.raises(ConnectionClosed) as closed:
        await kinds(opened, STATES + 1)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code in (1001, 1012)


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Origin": "http://evil.example"}, 403), ({"Sec-Fetch-Site": "cross-site"}, 403), ({}, 401)],
)
async def test_strangers_are_refused(monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], status: int) -> None:
    monkeypatch.setenv("STREAM_TOKEN", "a-long-token-for-the-test")
    settings = Settings(port=0, token_env="STREAM_TOKEN")
    async with serving(FixedViews(), settings) as (url, app):
        with pytest.raises(InvalidStatus) as refused:
            await socket(url, **headers)
        assert refused.value.response.status_code == status
        async with socket(url, Authorization="Bearer a-long-token-for-the-test") as opened:
            await kinds(opened, STATES)


async def test_more_than_may_read_are_told_so() -> None:
    async with serving(FixedViews(), Settings(port=0, clients=1)) as (url, _), socket(url) as opened:
        await kinds(opened, STATES)
        with pytest.raises(InvalidStatus) as refused:
            await socket(url)
        assert refused.value.response.status_code == 503


async def test_it_ends_when_whoever_reads_logs_out(tmp_path: Path) -> None:
    password, path = "a password of some length", tmp_path / "operators.toml"
    write_operators(path, (Operator("Ann", Role.OPERATOR, hashed(password)),))
    views, settings = FixedViews(), Settings(port=0, operators=str(path))
    async with serving(views, settings) as (url, _), httpx.AsyncClient(base_url=url) as web:
        with pytest.raises(InvalidStatus):
            await socket(url)
        origin = {"Origin": url.rstrip("/")}
        form = {"name": "Ann", "password": password}
        assert (await web.post("/login", data=form, headers=origin)).status_code == 303
        cookie = "; ".join(f"{name}={value}" for name, value in web.cookies.items())
        async with socket(url, Cookie=cookie) as opened:
            await kinds(opened, STATES)
            assert (await web.post("/logout", headers=origin)).status_code in (200, 303)
            views.show(sequence=9)
            with pytest.raises(ConnectionClosed) as closed:
                await kinds(opened, 2)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1008

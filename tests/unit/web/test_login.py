"""Logging in: who is let in, as what, how often one may try, and that an open stream ends with its session."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from tocsin.web.guard import Guard
from tocsin.web.login import COOKIE, Door, me
from tocsin.web.operators import Operator, Operators, Role, hashed, write_operators
from tocsin.web.sessions import FREE_TRIES
from tocsin.web.settings import Settings
from unit.web.examples import Journal, client

pytestmark = pytest.mark.anyio
PASSWORD = "correct horse battery"
HASH = hashed(PASSWORD)
COMMAND = {"id": "c1", "kind": "acknowledge", "author": "somebody else", "target": "A1"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "operators.toml"
    write_operators(path, tuple(Operator(role.value, role, HASH) for role in Role))
    return path


@pytest.fixture
def settings(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("TOCSIN_TEST_TOKEN", "0123456789abcdef-secret")
    yield Settings(host="0.0.0.0", operators=str(path), plain=True, token_env="TOCSIN_TEST_TOKEN")


async def log_in(web: httpx.AsyncClient, name: str, password: str = PASSWORD) -> httpx.Response:
    return await web.post("/login", data={"name": name, "password": password})


async def test_without_a_session_there_is_a_page_to_log_in_and_nothing_else(settings: Settings) -> None:
    async with client(settings=settings) as web:
        start = await web.get("/")
        assert (start.status_code, start.headers["location"]) == (303, "/login")
        page = await web.get("/login")
        assert page.status_code == 200 and 'type="password"' in page.text and "<script" not in page.text
        policy = page.headers["content-security-policy"]
        assert page.headers["referrer-policy"] == "same-origin"
        assert "default-src 'none'" in policy and "form-action 'self'" in policy and "sha256-" in policy
        for reading in ("/api/picture", "/api/live", "/stream", "/api/me", "/record", "/index.html", "/?token=x"):
            assert (await web.get(reading)).status_code in (303, 401)
        assert (await web.post("/api/commands", json=COMMAND)).status_code == 401


@pytest.mark.parametrize(("role", "status"), [(Role.VIEWER, 403), (Role.OPERATOR, 200), (Role.ADMIN, 200)])
async def test_the_role_says_what_may_be_asked_and_the_name_is_that_of_the_session(
    settings: Settings, role: Role, status: int
) -> None:
    journal = Journal()
    async with client(journal, settings) as web:
        done = await log_in(web, role.value)
        assert (done.status_code, done.headers["location"]) == (303, "/")
        cookie = done.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie
        mine = (await web.get("/api/me")).json()
        assert (mine["name"], mine["role"], mine["logged_in"]) == (role.value, role.value, True)
        assert ("acknowledge" in mine["may"]) == (status == 200)
        assert (await web.get("/api/picture")).status_code == 200
        answer = await web.post("/api/commands", json=COMMAND)
        assert answer.status_code == status
        if status == 403:
            assert answer.json()["field"] == "kind" and "viewer" in answer.json()["error"]
        assert (await web.post("/api/commands", json=COMMAND | {"kind": "out-of-service"})).status_code == (
            200 if role is Role.ADMIN else 403
        )
    assert {command.author for command in journal.got} <= {role.value}


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer_then_have_to_wait(settings: Settings) -> None:
    async with client(settings=settings) as web:
        wrong, unknown = await log_in(web, "admin", "wrong"), await log_in(web, "eve")
        assert wrong.status_code == unknown.status_code == 403 and wrong.text == unknown.text
        for _ in range(4):
            await log_in(web, "admin", "wrong")
        waiting = await log_in(web, "admin")  # the right one is not looked at either
        assert waiting.status_code == 429 and 1 <= int(waiting.headers["retry-after"]) <= 2
        assert (await log_in(web, "operator")).status_code == 303  # another's name is not locked
        assert COOKIE not in wrong.headers.get("set-cookie", "")


async def test_many_tries_at_once_are_no_more_than_one_after_another(path: Path) -> None:
    app = Starlette(routes=Door(Operators(path), now_s=lambda: 0.0).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://tocsin.test") as web:
        answers = await asyncio.gather(*(log_in(web, "admin", f"wrong {k}") for k in range(4 * FREE_TRIES)))
    assert sorted(one.status_code for one in answers) == [403] * FREE_TRIES + [429] * 3 * FREE_TRIES


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "application/json"}, b"{}"),
        ({"content-type": "application/x-www-form-urlencoded"}, b"name=admin"),
        ({"content-type": "application/x-www-form-urlencoded"}, b"\xff\xfe"),
        ({"content-type": "application/x-www-form-urlencoded"}, b"name=a&password=" + b"x" * 9000),
        ({}, b""),
    ],
)
async def test_what_is_no_form_of_the_page_is_refused(settings: Settings, headers: dict[str, str], body: bytes) -> None:
    async with client(settings=settings) as web:
        assert (await web.post("/login", content=body, headers=headers)).status_code == 400


async def test_a_form_of_another_site_is_refused(settings: Settings) -> None:
    async with client(settings=settings) as web:
        form = {"name": "admin", "password": PASSWORD}
        answer = await web.post("/login", data=form, headers={"origin": "http://evil.example"})
        assert answer.status_code == 403 and "set-cookie" not in answer.headers


async def test_who_logs_out_or_is_removed_is_out(settings: Settings, path: Path) -> None:
    async with client(settings=settings) as web:
        await log_in(web, "warden")
        kept = web.cookies.get(COOKIE)
        assert (await web.post("/logout")).headers["location"] == "/login"
        web.cookies.set(COOKIE, str(kept))
        assert (await web.get("/api/picture")).status_code == 401
        web.cookies.clear()
        await log_in(web, "viewer")
        assert (await web.get("/api/picture")).status_code == 200
        write_operators(path, (Operator("admin", Role.ADMIN, HASH),))
        assert (await web.get("/api/picture")).status_code == 401


async def test_a_program_with_the_token_reads_and_asks_for_nothing(settings: Settings) -> None:
    bearer = {"authorization": "Bearer 0123456789abcdef-secret"}
    async with client(settings=settings) as web:
        assert (await web.get("/api/picture", headers=bearer)).status_code == 200
        assert (await web.post("/api/commands", json=COMMAND, headers=bearer)).status_code == 403
        assert (await web.get("/?token=0123456789abcdef-secret")).status_code == 303  # to the page to log in
        assert (await web.get("/api/picture", headers={"authorization": "Bearer wrong"})).status_code == 401


async def test_on_this_machine_without_operators_nobody_has_to_log_in() -> None:
    async with client() as web:
        mine = (await web.get("/api/me")).json()
        assert (mine["name"], mine["role"], mine["logged_in"]) == ("", "admin", False)
        assert (await web.get("/login")).status_code == 404


async def test_an_open_stream_ends_with_its_session(path: Path) -> None:
    door = Door(Operators(path))

    async def beats() -> AsyncIterator[bytes]:
        while True:
            sent.append(b"beat")
            if len(sent) == 3:
                write_operators(path, (Operator("admin", Role.ADMIN, HASH),))
            assert len(sent) < 10, "the stream went on"
            yield b"beat"

    async def stream(request: Request) -> Response:
        return StreamingResponse(beats())

    sent: list[bytes] = []
    routes = [*door.routes(), Route("/stream", stream), Route("/api/me", me)]
    app: Any = Starlette(routes=routes, middleware=[Middleware(Guard, settings=Settings(), token=None, door=door)])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as web:
        await log_in(web, "operator")
        got = await web.get("/stream")
    assert got.content == b"beat" * 2

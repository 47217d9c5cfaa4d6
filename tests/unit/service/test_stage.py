"""Stage: a story with its page; commands come in, an end leaves whole files, and a failure is told."""

import asyncio
import socket
from pathlib import Path

import httpx
import msgspec
import pytest

from small_site import START_S, approach, small_site
from tocsin.config.site import Site
from tocsin.model.errors import TocsinError
from tocsin.model.packet import PacketKind
from tocsin.service.stage import Stage, story_packets

pytestmark = pytest.mark.anyio
FAST = 40.0


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def site(port: int = 0) -> Site:
    whole = small_site()
    return msgspec.structs.replace(whole, web=msgspec.structs.replace(whole.web, port=port))


async def test_a_story_is_played_to_its_end_and_shown(tmp_path: Path) -> None:
    stage, seen, urls, ended = Stage(site(), tmp_path), [], [], []
    summary = await stage.run(approach(), FAST, [seen.append], urls.append, ended.append)
    assert ended == [summary]
    assert (tmp_path / "summary.json").is_file()
    assert stage.views.site().mode == "simulation"
    assert stage.views.statistics()["line"]["packets_tick"] > 0
    assert all(output.exercise for output in seen)
    assert urls[0].startswith("http://127.0.0.1:")


async def test_commands_reach_the_story_and_not_after_its_end(tmp_path: Path) -> None:
    stage, stay, told = Stage(site(), tmp_path), asyncio.Event(), asyncio.Event()
    urls: list[str] = []
    loop = asyncio.get_running_loop()
    running = asyncio.create_task(
        stage.run(approach(), 4.0, (), urls.append, lambda _: loop.call_soon_threadsafe(told.set), stay)
    )
    async with asyncio.timeout(30.0), httpx.AsyncClient() as client:
        while not urls:
            await asyncio.sleep(0.01)
        body = {"id": "c1", "kind": "note", "author": "desk", "reason": "heard it"}
        answer = await client.post(f"{urls[0]}api/commands", json=body)
        assert answer.status_code == 200
        assert answer.json()["id"] == "c1"
        await told.wait()
        await asyncio.sleep(0.05)
        late = await client.post(f"{urls[0]}api/commands", json=body | {"id": "c2"})
        assert late.status_code == 503
        assert "the story has ended" in late.json()["error"]
        stay.set()
        summary = await running
    assert summary["line"]["packets_command"] == 1


async def test_a_cancelled_story_leaves_whole_files(tmp_path: Path) -> None:
    stage, begun = Stage(site(), tmp_path), asyncio.Event()
    running = asyncio.create_task(stage.run(approach(600), 1.0, (), lambda _: begun.set()))
    await begun.wait()
    await asyncio.sleep(0.2)
    running.cancel()
    async with asyncio.timeout(20.0):
        await asyncio.wait([running])
    assert running.cancelled()
    assert (tmp_path / "summary.json").is_file()


async def test_a_port_in_use_leaves_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        stage = Stage(site(other.getsockname()[1]), tmp_path / "out")
        with pytest.raises(TocsinError, match="in use"):
            await stage.run(approach(), FAST)
    assert not (tmp_path / "out").exists()


async def test_a_folder_that_holds_a_run_is_told(tmp_path: Path) -> None:
    (tmp_path / "summary.json").touch()
    with pytest.raises(TocsinError, match="already holds a run"):
        await Stage(site(), tmp_path).run(approach(), FAST)


def test_without_a_pace_the_story_is_given_at_once() -> None:
    packets = list(story_packets(small_site(), approach(), None))
    assert [packet.kind for packet in packets][:3] == [PacketKind.SITE, PacketKind.OPENED, PacketKind.DATA]
    assert all(packet.exercise for packet in packets)
    assert packets[-1].received_s == pytest.approx(START_S + 7.8 + 7.0, abs=0.11)

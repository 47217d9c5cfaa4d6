"""App: a live site in this process; how it starts, goes on, stops, and fails."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from small_site import free_port, row, small_site
from tocsin.config.site import Site
from tocsin.model.command import Command, CommandKind
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Reply
from tocsin.recording.journal import Journal
from tocsin.recording.log import read
from tocsin.recording.segment import Segment
from tocsin.service import app as module
from tocsin.service.app import App
from tocsin.service.files import RunFiles
from tocsin.service.pipeline import Line
from tocsin.service.replay import replay

pytestmark = pytest.mark.anyio
SAME = ("site.toml", "detections.parquet", "tracks.parquet", "alerts.jsonl", "summary.json")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def live_site(port: int | None = None) -> Site:
    transport = f"tcp-listen://127.0.0.1:{free_port() if port is None else port}"
    site = small_site("[web]\nport = 0\n", radar=f'transport = "{transport}"')
    return site


@asynccontextmanager
async def running(app: App):
    """The app's task, once it is ready; stopped at the end unless it has ended."""
    ready = asyncio.Event()
    app._on_ready = lambda url: ready.set()
    task = asyncio.create_task(app.run())
    waiting = asyncio.create_task(ready.wait())
    async with asyncio.timeout(30.0):
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if task.done():
            task.result()
        yield task
        app.stop()
        await asyncio.wait([task])


async def until(reached: Callable[[], object]) -> None:
    async with asyncio.timeout(20.0):
        while not reached():
            await asyncio.sleep(0.02)


async def test_it_runs_until_it_is_stopped_and_replays_to_the_same_bytes(tmp_path: Path) -> None:
    app = App(live_site(), tmp_path / "out")
    async with running(app) as task:
        radar = app._sources["radar"]
        await until(lambda: radar.address.port)
        reader, writer = await asyncio.open_connection(radar.address.host, radar.address.port)
        sent = 0
        while (picture := app._views.picture()) is None or not picture.tracks:
            writer.write(row(time.time(), 900.0 - 4.0 * sent))
            sent += 1
            assert sent < 180, app._views.statistics()
            await asyncio.sleep(0.11)
        await until(lambda: "line" in app._views.statistics())
        writer.close()
    summary = task.result()
    assert summary["sensors"]["radar"]["detections"] == sent
    assert {"ingest", "recording", "outlets", "transport", "timings"} <= app._views.statistics().keys()
    replay(None, [tmp_path / "out"], tmp_path / "again")
    for name in SAME:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


async def test_sigint_ends_it_cleanly(tmp_path: Path) -> None:
    async with running(App(live_site(), tmp_path)) as task:
        os.kill(os.getpid(), signal.SIGINT)
        summary = await task
    assert summary["notes"] == []
    assert (tmp_path / "summary.json").is_file()


async def test_an_address_in_use_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(TocsinError, match=f"radar: transport .*{port}.*: cannot listen there"):
            await App(live_site(port), tmp_path / "out").run()
        site = live_site()
        with pytest.raises(TocsinError, match=f"cannot listen on 127.0.0.1:{port}"):
            await App(msgspec.structs.replace(site, web=msgspec.structs.replace(site.web, port=port)), tmp_path).run()
    assert list(tmp_path.iterdir()) == []


async def test_a_source_that_fails_ends_the_site_with_its_message_and_whole_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = App(live_site(), tmp_path)

    async def packets():
        yield Packet(PacketKind.DATA, "radar", app._clock.now_s(), row(time.time(), 900.0))
        await asyncio.sleep(0.4)
        raise RuntimeError("the cable is gone")

    monkeypatch.setattr(app._sources["radar"], "packets", packets)
    with pytest.raises(TocsinError, match="radar: RuntimeError: the cable is gone"):
        await app.run()
    assert (tmp_path / "summary.json").is_file()
    assert len([packet for packet in read(tmp_path / "recordings") if packet.kind == PacketKind.DATA]) == 1


async def test_a_line_that_fails_ends_the_site_and_the_recording_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Line.step

    def fail(line: Line, packet: Packet):
        if packet.sequence == 5:
            raise ZeroDivisionError("division by zero")
        return step(line, packet)

    monkeypatch.setattr(Line, "step", fail)
    with pytest.raises(TocsinError, match=r"line failed at packet 5 \(ZeroDivisionError: .*is in the recording"):
        async with running(App(live_site(), tmp_path)) as task:
            await until(task.done)
            task.result()
    assert "Traceback" in (tmp_path / "fault.txt").read_text()
    sequences = [packet.sequence for packet in read(tmp_path / "recordings")]
    assert sequences == list(range(1, len(sequences) + 1))
    assert len(sequences) >= 5
    monkeypatch.undo()
    assert replay(None, [tmp_path], tmp_path / "again")["line"]["packets_tick"] >= 3


async def test_files_that_cannot_be_written_raise_an_alert_and_the_site_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(files: RunFiles, output) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(RunFiles, "write", write)
    monkeypatch.setattr(module, "WATCH_S", 0.05)
    told: list[str] = []
    app = App(live_site(), tmp_path, on_fault=told.append)
    async with running(app) as task:
        await until(app._views.alerts)
        (alert,) = app._views.alerts()
        (line,) = told
        assert "\n" not in line and "No space left" in line
        shown = {sensor.name: (sensor.health, sensor.reason) for sensor in app._views.sensors()}
        assert shown["recording"] == ("fault", line)
        assert alert.place == "recording"
        assert "No space left" in alert.message
        assert not task.done()
    with pytest.raises(TocsinError, match="the run is incomplete: files: .*No space left"):
        task.result()


@pytest.mark.parametrize("rules", ["", '[[rule]]\nname = "quiet"\nwhen = "silent"\nsensors = ["radar"]\n'])
async def test_a_full_disk_is_told_at_once_and_a_command_is_refused_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rules: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def append(*_: object) -> int:
        raise TocsinError("the journal could not be written: database or disk is full")

    monkeypatch.setattr(module, "WATCH_S", 0.05)
    told: list[str] = []
    radar = f'transport = "tcp-listen://127.0.0.1:{free_port()}"'
    app = App(small_site("[web]\nport = 0\n" + rules, radar=radar), tmp_path, on_fault=told.append)
    async with running(app) as task:
        assert not told
        monkeypatch.setattr(Segment, "flush", refuse)
        monkeypatch.setattr(Journal, "append", append)
        async with asyncio.timeout(5.0):
            with pytest.raises(TocsinError, match="not on disk: journal: .*disk is full"):
                await app._answers.submit(Command("c1", CommandKind.NOTE, "night shift", reason="heard it"))
        await until(lambda: any(alert.place == "recording" for alert in app._views.alerts()))
        await until(lambda: told and "nothing is recorded" in told[-1])
        assert {sensor.name: sensor.health for sensor in app._views.sensors()}["recording"] == "fault"
        monkeypatch.undo()
        assert not task.done()


async def test_the_clock_catches_up_by_a_packet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app, steps = App(live_site(), tmp_path), [True]
    monkeypatch.setattr(app._clock, "try_catch_up", lambda: bool(steps and steps.pop()))
    async with running(app):
        await until(lambda: not steps)
        await asyncio.sleep(0.1)
    kinds = [packet.kind for packet in read(tmp_path / "recordings")]
    assert kinds[:2] == [PacketKind.SITE, PacketKind.OPENED]
    assert kinds.count(PacketKind.CLOCK_STEP) == 1


async def test_a_reply_goes_back_on_its_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[Reply] = []

    class Decoder:
        def decode(self, packet):
            return [Reply("radar", packet.connection, b"thanks\n")] if packet.kind == PacketKind.DATA else []

        def on_tick(self, time_s):
            return ()

        def statistics(self):
            return {"replies": len(decoded)}

    monkeypatch.setattr("tocsin.service.pipeline.sensor_decoder", lambda site, sensor: Decoder())
    app = App(live_site(), tmp_path)
    async with running(app):
        address = app._sources["radar"].address
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(b"hello\n")
        assert await reader.readline() == b"thanks\n"
        writer.close()

"""What goes wrong in the field is said in one sentence or counted, and loses nothing else."""

import asyncio
import gzip
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from small_site import START_S, approach, free_port, row, rows, site_text
from tocsin.cli import program
from tocsin.config.site import parse_site
from tocsin.model.errors import TocsinError
from tocsin.recording.journal import Journal
from tocsin.recording.log import read
from tocsin.service import app as module
from tocsin.service.app import App

CSV = site_text().replace('format = "json"', 'format = "csv"')


class Replay:
    """`tocsin replay` in this process: its exit code, what it said, and what it left."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._monkeypatch, self._capsys = folder, monkeypatch, capsys
        self.out = folder / "out"
        (folder / "site.toml").write_text(site_text(), encoding="utf-8")

    def __call__(self, *names: str, site: str = "site.toml", out: str = "out") -> str:
        """Run it; what it said on both streams, or after "tocsin: " why it ended."""
        self.out = self.folder / out
        inputs = [str(self.folder / name) for name in names]
        arguments = ["tocsin", "replay", *inputs, "--site", str(self.folder / site), "--out", str(self.out)]
        self._monkeypatch.setattr(sys, "argv", arguments)
        with pytest.raises(SystemExit) as ended:
            program.main()
        captured = self._capsys.readouterr()
        return captured.out + captured.err if ended.value.code in (0, None) else str(ended.value.code)

    def write(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)

    def summary(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.json.decode((self.out / "summary.json").read_bytes())
        return found

    def radar(self) -> dict[str, Any]:
        found: dict[str, Any] = self.summary()["sensors"]["radar"]
        return found


@pytest.fixture
def replay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Replay:
    return Replay(tmp_path, monkeypatch, capsys)


def as_csv(*more: str) -> bytes:
    lines = [msgspec.json.decode(packet.data) for packet in approach()]
    texts = [f"{line['time']},{line['east']},{line['north']},{line['up']},drone" for line in lines]
    return "\n".join(["time,east,north,up,class", *texts, *more, ""]).encode()


def test_a_truncated_gzip_gives_what_it_holds(replay: Replay) -> None:
    packed = gzip.compress(b"".join(row(START_S + 0.2 * k, 900.0 - 0.37 * k) for k in range(2000)))
    replay.write("radar.json.gz", packed[: len(packed) // 2])
    said = replay("radar.json.gz")
    assert "file: damaged" in said
    assert 300 < replay.radar()["detections"] < 2000
    assert replay.radar()["problems"]["reasons"]["file: damaged"] == 1


def test_what_is_no_gzip_at_all_is_said(replay: Replay) -> None:
    replay.write("radar.json.gz", b"\x1f\x8b" + b"no gzip" * 10)
    assert "note: radar.json.gz: file: damaged (gzip damaged: " in replay("radar.json.gz")


def test_a_wrong_column_name_is_said_before_anything_is_made(replay: Replay) -> None:
    replay.write("radar.csv", as_csv().replace(b"north", b"nord"))
    replay.write("csv.toml", CSV.replace("radar*.json*", "radar*.csv").encode())
    said = replay("radar.csv", site="csv.toml")
    assert said.startswith("tocsin: radar.csv: ")
    assert "north" in said
    assert not replay.out.exists()


def test_rows_that_hold_no_number_no_time_or_1970_are_counted_each(replay: Replay) -> None:
    bad = [
        f"{START_S + 9.0},nan,1.0,2.0,drone",
        f"{START_S + 9.2},3.0,inf,2.0,drone",
        f"{START_S + 9.4},east,1.0,2.0,drone",
        "12.5,3.0,700.0,50.0,drone",
        "nan,3.0,700.0,50.0,drone",
        f"{START_S + 9.8},3.0",
    ]
    replay.write("radar.csv", as_csv(*bad))
    replay.write("csv.toml", CSV.replace("radar*.json*", "radar*.csv").encode())
    said = replay("radar.csv", site="csv.toml")
    radar = replay.radar()
    assert radar["detections"] == 40
    assert radar["problems"]["total"] == len(bad)
    assert "not read: radar (" in said
    first = radar["problems"]["first"]
    assert all(problem["file"] == "radar.csv" for problem in first)
    assert [problem["row"] for problem in first] == list(range(41, 47))  # the header is no row


def test_a_file_given_again_in_any_dress_changes_nothing(replay: Replay) -> None:
    replay.write("radar.json", rows())
    replay("radar.json", out="once")
    once = {name: (replay.out / name).read_bytes() for name in ("tracks.parquet", "detections.parquet", "alerts.jsonl")}
    replay.write("radar-copy.json", rows())
    replay.write("radar-packed.json.gz", gzip.compress(rows()))
    said = replay("radar.json", "radar-copy.json", "radar-packed.json.gz", "radar.json", out="again")
    assert said.count("note: ") == 3
    assert {name: (replay.out / name).read_bytes() for name in once} == once


def test_time_going_backwards_keeps_what_is_within_the_late_window(replay: Replay) -> None:
    packets = [packet.data for packet in approach()]
    packets[20], packets[23] = packets[23], packets[20]  # 0.6 s late
    packets.append(row(START_S + 1.0, 800.0, east_m=4.0))  # 6.8 s late
    replay.write("radar.json", b"".join(packets))
    said = replay("radar.json")
    assert replay.radar()["detections"] == 41
    assert replay.summary()["track"]["dropped_too_late"] == 1
    assert "1 too late" in said
    assert replay.summary()["track"]["confirmed"] == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read: No such file or directory"),
        ("folder", "cannot be read: Is a directory"),
        (b"[site\n", "not TOML"),
        (b'[site]\nname = "\xff"\n', "not UTF-8 text: byte 0xff in line 2"),
        (site_text().replace("radius_m", "radios_m").encode(), 'asset[1] "pier head": radios_m'),
        (site_text().replace('adapter = "table"', 'adapter = "tabel"').encode(), 'sensor[1] "radar": adapter'),
    ],
)
def test_a_site_file_that_cannot_be_used_is_said(replay: Replay, content: bytes | str | None, said: str) -> None:
    replay.write("radar.json", rows())
    if content == "folder":
        (replay.folder / "bad.toml").mkdir()
    elif isinstance(content, bytes):
        replay.write("bad.toml", content)
    found = replay("radar.json", site="bad.toml")
    assert found.startswith(f"tocsin: {replay.folder / 'bad.toml'}: ")
    assert said in found
    assert not replay.out.exists()


def test_inputs_that_are_not_there_or_match_nothing_are_said(replay: Replay) -> None:
    assert "gone.json: no such file or folder" in replay("gone.json")
    replay.write("sonar.json", rows())
    assert "no sensor matches this file name" in replay("sonar.json")
    replay.write("damaged.mcap", b"\x89MCAP0\r\n" + b"\0" * 50)
    assert "damaged.mcap: no readable recording here" in replay("damaged.mcap")
    replay.write("empty.mcap", b"")
    assert "empty.mcap: no readable recording here" in replay("empty.mcap")


def test_a_folder_with_a_run_is_said(replay: Replay) -> None:
    replay.write("radar.json", rows())
    replay("radar.json")
    assert replay("radar.json").endswith("out: already holds a run (site.toml); name another folder")


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process may grow above `size`: every disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_ends_a_replay_with_its_reason(replay: Replay) -> None:
    replay.write("radar.json", rows(40))
    replay("radar.json", out="first")  # every kernel is loaded
    with largest_file(49_152):
        said = replay("radar.json", out="full")
    assert said.startswith("tocsin: outputs cannot be written: ")
    assert "File too large" in said or "disk" in said
    assert not (replay.out / "summary.json").exists()


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_full_disk_keeps_no_warning_from_a_live_site(
    anyio_backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recording, files and journal fail; drone and disk are warned of; then all heal but the files, which are told."""
    monkeypatch.setattr(module, "WATCH_S", 0.1)
    port = free_port()
    tables = "[web]\nport = 0\n[recording]\nretry_s = 0.2\n"
    app = App(parse_site(site_text(tables, radar=f'transport = "tcp-listen://127.0.0.1:{port}"')), tmp_path / "out")
    running = asyncio.create_task(app.run())
    async with asyncio.timeout(60.0):
        await until(lambda: app._views.picture() is not None or running.done())
        _, radar = await asyncio.open_connection("127.0.0.1", port)
        with largest_file(1):
            begun_s = time.time()
            while {alert.place for alert in app._views.alerts()} != {"pier head", "recording"}:
                now_s = time.time()
                radar.write(row(now_s, 900.0 - 20.0 * (now_s - begun_s)))
                await asyncio.sleep(0.2)
            await until(lambda: app._views.statistics()["outlets"].get("journal_failed"))
            await until(lambda: app._views.statistics()["recording"]["fault"])
        await until(lambda: not app._views.statistics()["recording"]["fault"])
        await until(lambda: app._views.statistics()["outlets"]["fault"].startswith("files: "))
        radar.close()
        app.stop()
        with pytest.raises(TocsinError, match="the run is incomplete: files: "):
            await running
    sequences = [packet.sequence for packet in read(tmp_path / "out" / "recordings")]
    assert sequences == list(range(1, len(sequences) + 1))
    with Journal(tmp_path / "out" / "journal.sqlite") as journal:
        assert {alert.key.place for alert in journal.alerts()} == {"pier head", "recording"}


async def until(reached: Callable[[], object]) -> None:
    while not reached():
        await asyncio.sleep(0.05)

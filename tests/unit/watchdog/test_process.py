"""The watchdog in a thread: signs of life answered, a silence announced by its own channel, a relay held and let go."""

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from small_site import free_port
from tocsin.channels.delivery.beats import Beats
from tocsin.channels.delivery.opening import SCHEMA, ProcessSettings
from tocsin.formats.cap import problems, read_cap
from tocsin.model.warning import Level, Warning, WarningStatus
from tocsin.watchdog.process import OUTBOX, WatchdogProcess


class Horn:
    """A channel that keeps what it is told, and counts its kicks."""

    proof = Level.ACCEPTED

    def __init__(self) -> None:
        self.got: list[Warning] = []
        self.kicks = 0

    def deliver(self, message: Warning) -> tuple[Level, str]:
        self.got.append(message)
        return Level.ACCEPTED, ""

    def kick(self) -> None:
        self.kicks += 1

    def close(self) -> None:
        pass

    def statistics(self) -> dict[str, int]:
        return {}


def wait(holds: Callable[[], object], patience_s: float = 60.0) -> None:
    deadline_s = time.monotonic() + patience_s
    while not holds():
        assert time.monotonic() < deadline_s
        time.sleep(0.05)


def test_a_silent_line_is_announced_and_its_return_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    horn, port = Horn(), free_port()
    monkeypatch.setattr("tocsin.watchdog.process.open_channels", lambda settings, report: {"horn": horn})
    process = WatchdogProcess(ProcessSettings(SCHEMA, "Test pier", str(tmp_path), "token", False, (), port))
    thread = threading.Thread(target=process.run)
    thread.start()
    line, stranger = Beats(port, "token", "line"), Beats(port, "other", "line")
    wait(lambda: line.beat() or line.heard_s is not None)
    wait(lambda: line.beat() or horn.kicks)
    wait(lambda: stranger.beat() or bool(horn.got))  # a stranger's signs count for nothing
    down = horn.got[0]
    assert (down.status, down.texts[0].headline) == (WarningStatus.SYSTEM, "Test pier: line DOWN")
    cap = read_cap(down.cap.encode())
    assert (cap.status, cap.scope, list(problems(cap))) == ("System", "Private", [])
    kicks = horn.kicks
    wait(lambda: line.beat() or len(horn.got) > 1)
    assert horn.got[1].texts[0].headline == "Test pier: line well again"
    wait(lambda: line.beat() or horn.kicks > kicks)
    with closing(sqlite3.connect(tmp_path / OUTBOX, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # somebody holds its outbox
        wait(lambda: line.beat() or "outbox" in line.fault())
    wait(lambda: line.beat() or not line.fault())
    line.beat("end")
    line.beat("stop")
    thread.join(30.0)
    assert not thread.is_alive()
    for one in (line, stranger):
        one.close()

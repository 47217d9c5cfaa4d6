"""Outlets: order, answers only after the disk, and a live site that goes on warning whatever cannot be written."""

import threading

import msgspec
import pytest

from small_site import START_S
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.command import Command, CommandKind
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.service import outlets as module
from tocsin.service.outlets import Outlets
from tocsin.service.pipeline import LineOutput

COMMAND = Command("c1", CommandKind.NOTE, "night shift")
ALERT = Alert(
    id="a1",
    key=AlertKey("drone approaches", "pier head", "u1"),
    state=AlertState.UNACKNOWLEDGED,
    priority=Priority.HIGH,
    raised_s=START_S,
    changed_s=START_S,
    version=1,
    message="Possible drone",
    reason="rule",
)


def output(k: int, alert: bool = False, command: bool = False) -> LineOutput:
    return LineOutput(
        Packet(PacketKind.TICK, "clock", START_S + k, sequence=k),
        START_S + k,
        alerts=(msgspec.structs.replace(ALERT, version=k),) if alert else (),
        commands=(COMMAND,) if command else (),
    )


class Files:
    """Run files that fail from output number `fails_at` on."""

    def __init__(self, fails_at: float = float("inf")) -> None:
        self.fails_at = fails_at
        self.written: list[int] = []
        self.closed = self.abandoned = False

    def write(self, output: LineOutput) -> None:
        if output.packet.sequence >= self.fails_at:
            raise OSError(28, "No space left on device")
        self.written.append(output.packet.sequence)

    def close(self, summary, timings) -> None:
        self.closed = True

    def abandon(self) -> None:
        self.abandoned = True


class Journal:
    """A journal that refuses while `full` is set."""

    def __init__(self) -> None:
        self.full = False
        self.alerts: list[Alert] = []
        self.commands: list[str] = []

    def append(self, alerts, commands, warnings=()) -> None:
        if self.full:
            raise TocsinError("the journal could not be written: disk full")
        self.alerts += alerts
        self.commands += [entry.command.id for entry in commands]


def run(outlets: Outlets, outputs: list[LineOutput]) -> None:
    for one in outputs:
        outlets.put(one)
    outlets.close({}, {})


def test_everything_is_written_in_order_before_anybody_sees_it() -> None:
    files, journal, seen = Files(), Journal(), []

    def watch(one: LineOutput) -> None:
        assert files.written[-1] == one.packet.sequence
        assert journal.commands == (["c1"] if one.packet.sequence >= 3 else [])
        seen.append(one.packet.sequence)

    run(Outlets(files, journal, watchers=[watch]), [output(k, command=k == 3) for k in range(1, 6)])
    assert seen == files.written == [1, 2, 3, 4, 5]
    assert files.closed


def test_a_replay_ends_with_the_first_failure() -> None:
    files = Files(fails_at=3)
    outlets = Outlets(files, Journal())
    with pytest.raises(TocsinError, match="No space left"):
        run(outlets, [output(k) for k in range(1, 3000)])
    outlets.abandon()
    assert files.abandoned
    assert not files.closed


def test_a_live_site_warns_on_without_files() -> None:
    files, journal, seen = Files(fails_at=2), Journal(), []
    outlets = Outlets(files, journal, watchers=[lambda one: seen.extend(one.alerts)], keep_going=True)
    with pytest.raises(TocsinError, match="incomplete: files: .*No space left"):
        run(outlets, [output(k, alert=True) for k in range(1, 5)])
    assert len(seen) == len(journal.alerts) == 4
    assert files.abandoned
    assert outlets.statistics()["files_failed"] == 1


def test_a_journal_that_refuses_keeps_no_warning_back_and_loses_nothing() -> None:
    files, journal, seen = Files(), Journal(), []
    refused: list[tuple[str, str]] = []
    refuse = lambda commands, reason: refused.extend((c.id, reason) for c in commands)  # noqa: E731
    outlets = Outlets(files, journal, watchers=[seen.append], keep_going=True, refuse=refuse)
    journal.full = True
    for one in [output(1, alert=True), output(2, alert=True, command=True)]:
        outlets.put(one)
    wait_for(lambda: len(seen) == 2)
    assert [len(one.alerts) for one in seen] == [1, 1]
    assert not seen[1].commands  # so nobody is told that it is on disk
    assert refused == [("c1", "journal: the journal could not be written: disk full")]
    assert "disk full" in outlets.fault
    journal.full = False
    run(outlets, [output(5)])
    assert [alert.version for alert in journal.alerts] == [1, 2]
    assert journal.commands == ["c1"]
    assert outlets.fault == ""


def test_what_is_held_for_the_journal_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "JOURNAL_HELD", 3)
    journal = Journal()
    journal.full = True
    outlets = Outlets(Files(), journal, keep_going=True)
    with pytest.raises(TocsinError, match="disk full"):
        run(outlets, [output(k, alert=True) for k in range(1, 10)])
    assert outlets.statistics()["journal_lost"] == 6


def test_a_view_that_fails_does_not_end_a_live_site() -> None:
    files = Files()

    def fail(one: LineOutput) -> None:
        if one.packet.sequence == 2:
            raise ZeroDivisionError("a fault of the view")

    run(Outlets(files, Journal(), watchers=[fail], keep_going=True), [output(k) for k in range(1, 5)])
    assert files.written == [1, 2, 3, 4]


def test_a_slow_disk_makes_the_line_wait_and_counts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OUTLET_QUEUE", 1)
    gate, files = threading.Event(), Files()
    outlets = Outlets(files, Journal(), watchers=[lambda one: gate.wait(10.0)])
    threading.Timer(0.6, gate.set).start()
    run(outlets, [output(k) for k in range(1, 5)])
    assert files.written == [1, 2, 3, 4]
    assert outlets.statistics()["line_waited"] >= 1


def wait_for(reached) -> None:
    for _ in range(2000):
        if reached():
            return
        threading.Event().wait(0.005)
    raise AssertionError("never happened")

"""The journal: append-only, on disk before it answers, whole after a kill."""

import math
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest

from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.command import Command, CommandKind
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Warning, WarningStage, WarningStatus
from tocsin.recording.journal import Journal, JournalledCommand


def alert(name: str = "a1", version: int = 1, state: AlertState = AlertState.UNACKNOWLEDGED) -> Alert:
    return Alert(
        id=name,
        key=AlertKey("approach", "harbour", "01J"),
        state=state,
        priority=Priority.HIGH,
        raised_s=10.0,
        changed_s=10.0 + version,
        version=version,
        message="T7 reaches the harbour in 55 s",
        reason="inbound",
        time_to_entry_s=(40.0, 55.0, math.inf),
        parents=("01J",),
    )


def command(name: str = "c1") -> Command:
    return Command(name, CommandKind.ACKNOWLEDGE, author="ada", target="a1")


def test_gives_back_what_was_written_after_reopening(tmp_path: Path) -> None:
    path = tmp_path / "new" / "journal.sqlite"
    changed = alert(version=2, state=AlertState.ACKNOWLEDGED)
    with Journal(path) as journal:
        assert journal.append_alert(alert()) == 1
        assert journal.append_command(command(), packet=77, received_s=11.5) == 1
        assert journal.append(alerts=[alert("a2"), changed]) == 2
    with Journal(path) as journal:
        assert journal.alerts() == [alert(), alert("a2"), changed]
        assert journal.commands() == [JournalledCommand(command(), 77, 11.5)]
        assert journal.last_state() == {"a2": alert("a2"), "a1": changed}
        assert journal.last_packet() == 77
        assert journal.verify() is None


def test_telling_the_same_again_adds_nothing_but_a_difference_is_kept(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        assert journal.append([alert(), alert()], [JournalledCommand(command(), 1, 2.0)]) == 2
        assert journal.append([alert()], [JournalledCommand(command(), 9, 3.0)]) == 0
        assert journal.append([alert(state=AlertState.RETURNED)]) == 1
        assert journal.last_state()["a1"].state is AlertState.RETURNED


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET summary = ''",
        "DELETE FROM entry",
        "REPLACE INTO entry SELECT * FROM entry",
        "INSERT OR REPLACE INTO entry SELECT number, kind, '', 0, 0.0, 0, '', x'', x'' FROM entry",
    ],
)
def test_no_row_can_be_changed_or_removed(tmp_path: Path, statement: str) -> None:
    with Journal(tmp_path / "j") as journal:
        journal.append_alert(alert())
        other = sqlite3.connect(tmp_path / "j")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            other.execute(statement)
        other.close()
        assert journal.alerts() == [alert()]


@pytest.mark.parametrize(
    "statement", ["UPDATE entry SET summary = 'all well' WHERE number = 3", "DELETE FROM entry WHERE number = 3"]
)
def test_a_change_behind_the_triggers_is_found(tmp_path: Path, statement: str) -> None:
    with Journal(tmp_path / "j") as journal:
        journal.append(alert(f"a{k}") for k in range(5))
        assert journal.verify() is None
    other = sqlite3.connect(tmp_path / "j", isolation_level=None)
    other.execute("DROP TRIGGER entry_keeps")
    other.execute("DROP TRIGGER entry_stays")
    other.execute(statement)
    other.close()
    with Journal(tmp_path / "j") as journal:
        assert journal.verify() == 3


@pytest.mark.parametrize(
    "broken",
    [
        alert("a2", version=2**70),
        alert("\ud800"),
        msgspec.structs.replace(alert("a2"), changed_s=math.nan),
    ],
)
def test_a_refused_batch_leaves_nothing_and_the_next_one_works(tmp_path: Path, broken: Alert) -> None:
    with Journal(tmp_path / "j") as journal:
        with pytest.raises(TocsinError, match="could not be written"):
            journal.append([alert(), broken])
        assert journal.alerts() == []
        assert journal.append([alert()]) == 1


def test_a_full_disk_is_an_error_and_no_loss_of_what_was_there(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        journal.append_alert(alert())
        journal._database.execute("PRAGMA max_page_count = 1")  # SQLite then answers SQLITE_FULL, as for a full disk
        with pytest.raises(TocsinError, match="full"):
            journal.append(alert(f"b{k}") for k in range(200))
        journal._database.execute("PRAGMA max_page_count = 100000")
        assert journal.append_alert(alert("a3")) == 1
        assert [entry.id for entry in journal.alerts()] == ["a1", "a3"]
        assert journal.verify() is None


def test_a_file_that_is_no_journal_or_of_another_schema_is_refused(tmp_path: Path) -> None:
    (tmp_path / "poem").write_text("a poem, " * 200)
    with pytest.raises(TocsinError, match="not usable as a journal"):
        Journal(tmp_path / "poem")
    database = sqlite3.connect(tmp_path / "newer")
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(TocsinError, match="schema 99"):
        Journal(tmp_path / "newer")


def test_threads_may_share_it(tmp_path: Path) -> None:
    with Journal(tmp_path / "j") as journal:
        threads = [
            threading.Thread(target=lambda n=n: [journal.append_alert(alert(f"{n}-{k}")) for k in range(20)])
            for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(journal.last_state()) == 80
        assert journal.verify() is None


_WRITER = """
import os, sys
from pathlib import Path
from tocsin.model.command import Command, CommandKind
from tocsin.recording.journal import Journal, JournalledCommand
journal = Journal(Path(sys.argv[1]))
number = len(journal.commands())
while True:
    batch = [JournalledCommand(Command(f"c{number + k}", CommandKind.NOTE, "ada"), number + k, 0.0) for k in range(3)]
    journal.append(commands=batch)
    number += 3
    os.write(1, b"%d\\n" % number)
"""


def test_what_was_answered_survives_kills_and_batches_stay_whole(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    answered = 0
    for run_for_s in (0.05, 0.11, 0.17, 0.23):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path / "j")], stdout=subprocess.PIPE, env=environment
        ) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline()]
            time.sleep(run_for_s)
            process.send_signal(signal.SIGKILL)
            lines += [line for line in process.stdout if line.endswith(b"\n")]
        assert int(lines[-1]) > answered
        answered = int(lines[-1])
        with Journal(tmp_path / "j") as journal:
            names = [entry.command.id for entry in journal.commands()]
            assert names == [f"c{k}" for k in range(len(names))]
            assert len(names) >= answered and len(names) % 3 == 0
            assert journal.verify() is None


def _warning(number: int) -> Warning:
    return Warning(f"W1-X-{number}", "W1-X", WarningStage.ISSUED, WarningStatus.TEST, "p", ("gate",), 1.0, 1.0, 61.0)


def test_warnings_are_kept_in_order_once_and_linked(tmp_path: Path) -> None:
    with Journal(tmp_path / "j.sqlite") as journal:
        assert journal.append(warnings=[_warning(1), _warning(2), _warning(1)]) == 2
        assert journal.warnings() == [_warning(1), _warning(2)]
        assert journal.verify() is None
    with sqlite3.connect(tmp_path / "j.sqlite") as database:
        database.execute("DROP TRIGGER warning_keeps")
        database.execute("UPDATE warning SET body = x'00' WHERE number = 2")
    with Journal(tmp_path / "j.sqlite") as journal:
        assert journal.verify() == -2


def test_a_journal_of_the_schema_before_is_taken_over(tmp_path: Path) -> None:
    with Journal(tmp_path / "j.sqlite"):
        pass
    with sqlite3.connect(tmp_path / "j.sqlite") as database:
        database.executescript("DROP TABLE warning; PRAGMA user_version = 1;")
    with Journal(tmp_path / "j.sqlite") as journal:
        assert journal.append(warnings=[_warning(1)]) == 1

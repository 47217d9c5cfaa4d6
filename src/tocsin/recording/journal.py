"""Journal: what operators were told and what they asked, on disk before anyone is answered.

One SQLite file (write-ahead log, synchronous=FULL). When `append` returns, its rows are on the medium as far as the
medium tells the truth: neither a kill nor a power cut takes them back, and a kill in the middle leaves all of a batch
or nothing. Rows are only ever added: triggers forbid to change or remove one, and each row's `hash` is SHA-256 over
the hash before it and its own content, so `verify` finds a row that was changed or taken out behind the triggers (but
not rows cut off at the end).

The same alert version or the same command again adds no row, so a restarted line may tell what it told before. Bodies
are msgpack (infinite times survive); `summary` is for people who look into the file. Safe to use from any thread, one
writer at a time; a disk that refuses raises TocsinError and leaves the journal as it was.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import msgspec

from tocsin.model.alert import Alert
from tocsin.model.command import Command
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Warning

SCHEMA = 2  # 1 has no table of warnings and is taken over as it is
_TABLES = """
CREATE TABLE entry (
    number INTEGER PRIMARY KEY,   -- 1, 2, 3 ... in the order of writing
    kind TEXT NOT NULL CHECK (kind IN ('alert', 'command')),
    subject TEXT NOT NULL,        -- id of the alert or command
    version INTEGER NOT NULL,     -- of the alert; 0 for a command
    time_s REAL NOT NULL,         -- UTC seconds: when the alert changed, when the command was received
    packet INTEGER NOT NULL,      -- sequence of the command's packet; 0 for an alert
    summary TEXT NOT NULL,
    body BLOB NOT NULL,           -- msgpack of the alert or command
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX entry_subject ON entry (kind, subject, version);
CREATE TRIGGER entry_keeps BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entry_once BEFORE INSERT ON entry WHEN EXISTS (SELECT 1 FROM entry WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
"""
_WARNINGS = """
CREATE TABLE IF NOT EXISTS warning (
    number INTEGER PRIMARY KEY,   -- 1, 2, 3 ... in the order of writing
    chain TEXT NOT NULL,
    identifier TEXT NOT NULL UNIQUE,
    time_s REAL NOT NULL,         -- UTC seconds: when it was decided
    summary TEXT NOT NULL,
    body BLOB NOT NULL,           -- msgpack of the warning
    hash BLOB NOT NULL            -- SHA-256 over the hash before it and the body
) STRICT;
CREATE TRIGGER IF NOT EXISTS warning_keeps BEFORE UPDATE ON warning
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS warning_once BEFORE INSERT ON warning
WHEN EXISTS (SELECT 1 FROM warning WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER IF NOT EXISTS warning_stays BEFORE DELETE ON warning
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
"""
_INSERT = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LAST_STATES = """
SELECT body FROM entry WHERE number IN (SELECT max(number) FROM entry WHERE kind = 'alert' GROUP BY subject)
ORDER BY number
"""


class JournalledCommand(msgspec.Struct, frozen=True):
    """A command as it was received: when (UTC seconds) and as which packet."""

    command: Command
    packet: int
    received_s: float


class _Row(msgspec.Struct, frozen=True, array_like=True):
    """What a row's hash covers, in this order."""

    number: int
    kind: str
    subject: str
    version: int
    time_s: float
    packet: int
    summary: str
    body: bytes


_BUSY_MS = 250  # whoever holds the file for longer is told of, and asked again; the line must not wait for him


class Journal:
    """The journal in the file `path`; a context manager. A file that is no journal raises TocsinError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        with ExitStack() as on_error:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
                on_error.callback(self._database.close)
                self._open()
                self._database.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            except (OSError, sqlite3.Error) as error:
                raise TocsinError(f"{path}: not usable as a journal: {error}") from error
            on_error.pop_all()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; calling it again does nothing."""
        with self._lock:
            self._database.close()

    def append(
        self,
        alerts: Iterable[Alert] = (),
        commands: Iterable[JournalledCommand] = (),
        warnings: Iterable[Warning] = (),
    ) -> int:
        """Add all of it in one commit, and answer how many rows were new. On return it is on disk."""
        with self._lock:
            try:
                self._database.execute("BEGIN IMMEDIATE")
                try:
                    added = sum(map(self._add_alert, alerts)) + sum(map(self._add_command, commands))
                    added += sum(map(self._add_warning, warnings))
                    self._database.execute("COMMIT")
                finally:
                    if self._database.in_transaction:
                        self._database.execute("ROLLBACK")
            except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
                raise TocsinError(f"{self.path}: the journal could not be written: {error}") from error
        return added

    def append_alert(self, alert: Alert) -> int:
        """Add one alert as it stands now."""
        return self.append(alerts=[alert])

    def append_command(self, command: Command, packet: int, received_s: float) -> int:
        """Add one command; answer its sender only after this has returned."""
        return self.append(commands=[JournalledCommand(command, packet, received_s)])

    def alerts(self) -> list[Alert]:
        """Every version of every alert, in the order of writing."""
        rows = self._select("SELECT body FROM entry WHERE kind = 'alert' ORDER BY number")
        return [msgspec.msgpack.decode(body, type=Alert) for (body,) in rows]

    def commands(self) -> list[JournalledCommand]:
        """Every command, in the order of writing."""
        rows = self._select("SELECT body, packet, time_s FROM entry WHERE kind = 'command' ORDER BY number")
        return [
            JournalledCommand(msgspec.msgpack.decode(body, type=Command), packet, time_s)
            for body, packet, time_s in rows
        ]

    def warnings(self) -> list[Warning]:
        """Every message of every warning, in the order of writing."""
        rows = self._select("SELECT body FROM warning ORDER BY number")
        return [msgspec.msgpack.decode(body, type=Warning) for (body,) in rows]

    def last_state(self) -> dict[str, Alert]:
        """Each alert as last written, by its id, in the order of writing."""
        alerts = [msgspec.msgpack.decode(body, type=Alert) for (body,) in self._select(_LAST_STATES)]
        return {alert.id: alert for alert in alerts}

    def last_packet(self) -> int:
        """The highest packet sequence any command names, 0 if none; numbering goes on above it."""
        ((last,),) = self._select("SELECT coalesce(max(packet), 0) FROM entry")
        return int(last)

    def verify(self) -> int | None:
        """The number of the first row whose hash does not follow from the rows before it; None if all do.

        Rows of warnings are counted on below zero: -1 is the first of them.
        """
        last_hash = b""
        for expected, (*values, row_hash) in enumerate(self._select("SELECT * FROM entry ORDER BY number"), start=1):
            last_hash = _link(last_hash, _Row(*values))
            if row_hash != last_hash or values[0] != expected:
                return expected
        last_hash = b""
        for expected, (number, body, row_hash) in enumerate(
            self._select("SELECT number, body, hash FROM warning ORDER BY number"), start=1
        ):
            last_hash = hashlib.sha256(last_hash + body).digest()
            if row_hash != last_hash or number != expected:
                return -expected
        return None

    def _open(self) -> None:
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        (schema,) = self._database.execute("PRAGMA user_version").fetchone()
        (tables,) = self._database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if schema == 0 and tables == 0:
            self._database.executescript(f"BEGIN; {_TABLES} {_WARNINGS} PRAGMA user_version = {SCHEMA}; COMMIT;")
        elif schema == SCHEMA - 1:
            self._database.executescript(f"BEGIN; {_WARNINGS} PRAGMA user_version = {SCHEMA}; COMMIT;")
        elif schema != SCHEMA:
            raise TocsinError(f"{self.path}: journal schema {schema}; this program reads and writes {SCHEMA}")

    def _add_alert(self, alert: Alert) -> bool:
        summary = f"{alert.state} {alert.priority.name.lower()}: {alert.message}"
        return self._add("alert", alert.id, alert.version, alert.changed_s, 0, summary, msgspec.msgpack.encode(alert))

    def _add_command(self, entry: JournalledCommand) -> bool:
        command = entry.command
        summary = f"{command.author}: {command.kind} {command.target} {command.value}".rstrip()
        body = msgspec.msgpack.encode(command)
        return self._add("command", command.id, 0, entry.received_s, entry.packet, summary, body)

    def _add_warning(self, warning: Warning) -> bool:
        known = self._database.execute("SELECT 1 FROM warning WHERE identifier = ?", (warning.id,))
        if known.fetchone():
            return False
        last = self._database.execute("SELECT number, hash FROM warning ORDER BY number DESC LIMIT 1").fetchone()
        number, last_hash = last or (0, b"")
        body = msgspec.msgpack.encode(warning)
        summary = f"{warning.status} {warning.stage}: {', '.join(warning.places)}: {warning.reason}"
        row_hash = hashlib.sha256(last_hash + body).digest()
        values = (number + 1, warning.chain, warning.id, warning.decided_s, summary, body, row_hash)
        self._database.execute("INSERT INTO warning VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        return True

    def _add(
        self, kind: str, subject: str, version: int, time_s: float, packet: int, summary: str, body: bytes
    ) -> bool:
        known = self._database.execute(
            "SELECT 1 FROM entry WHERE kind = ? AND subject = ? AND version = ? AND body = ?",
            (kind, subject, version, body),
        )
        if known.fetchone():
            return False
        last = self._database.execute("SELECT number, hash FROM entry ORDER BY number DESC LIMIT 1").fetchone()
        number, last_hash = last or (0, b"")
        row = _Row(number + 1, kind, subject, version, time_s, packet, summary, body)
        self._database.execute(_INSERT, (*msgspec.structs.astuple(row), _link(last_hash, row)))
        return True

    def _select(self, query: str) -> list[tuple[Any, ...]]:
        with self._lock, closing(self._database.execute(query)) as cursor:
            return cursor.fetchall()


def _link(last_hash: bytes, row: _Row) -> bytes:
    return hashlib.sha256(last_hash + msgspec.msgpack.encode(row)).digest()

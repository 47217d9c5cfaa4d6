"""Outbox: the warnings to be told and what became of each on each channel, in one SQLite file that only grows.

`put` and `note` return once the row is on the medium (write-ahead log, synchronous=FULL). `pending` gives what a
restart has still to do. Rows are never changed or removed: this is the record of who was told what, and when.
"""

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, Receipt, Warning

SCHEMA = 1
_TABLES = """
CREATE TABLE warning (
    number INTEGER PRIMARY KEY,
    identifier TEXT NOT NULL UNIQUE,
    chain TEXT NOT NULL,
    taken_s REAL NOT NULL,        -- UTC seconds
    expires_s REAL NOT NULL,
    body BLOB NOT NULL            -- msgpack
) STRICT;
CREATE TABLE receipt (
    number INTEGER PRIMARY KEY,
    warning TEXT NOT NULL,
    chain TEXT NOT NULL,
    channel TEXT NOT NULL,
    level INTEGER NOT NULL,       -- 0 failed, 1 sent, 2 accepted, 3 delivered, 4 confirmed
    time_s REAL NOT NULL,
    attempt INTEGER NOT NULL,
    final INTEGER NOT NULL,       -- 1: nothing more is tried
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX receipt_warning ON receipt (warning, channel);
CREATE INDEX receipt_chain ON receipt (chain, channel);
CREATE TRIGGER warning_keeps BEFORE UPDATE ON warning BEGIN SELECT RAISE(ABORT, 'the outbox only grows'); END;
CREATE TRIGGER warning_stays BEFORE DELETE ON warning BEGIN SELECT RAISE(ABORT, 'the outbox only grows'); END;
CREATE TRIGGER receipt_keeps BEFORE UPDATE ON receipt BEGIN SELECT RAISE(ABORT, 'the outbox only grows'); END;
CREATE TRIGGER receipt_stays BEFORE DELETE ON receipt BEGIN SELECT RAISE(ABORT, 'the outbox only grows'); END;
"""
_PENDING = """
SELECT body FROM warning WHERE expires_s > ? AND NOT EXISTS
(SELECT 1 FROM receipt WHERE receipt.warning = warning.identifier AND receipt.channel = ? AND final = 1)
ORDER BY number
"""


_BUSY_MS = 250  # whoever holds the file for longer is told of, and asked again


class Outbox:
    """The file `path`; a file that is no outbox raises TocsinError. Safe to use from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        try:
            self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            (schema,) = self._database.execute("PRAGMA user_version").fetchone()
            (tables,) = self._database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            if schema == 0 and tables == 0:
                self._database.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;")
            elif schema != SCHEMA:
                raise TocsinError(f"{path}: outbox schema {schema}; this program reads and writes {SCHEMA}")
            self._database.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        except sqlite3.Error as error:
            raise TocsinError(f"{path}: not usable as an outbox: {error}") from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def put(self, warning: Warning, time_s: float, expires_s: float) -> bool:
        """Keep a warning; False if it is there already. TocsinError if the disk refuses."""
        body = msgspec.msgpack.encode(warning)
        with self._lock:
            if self._rows("SELECT 1 FROM warning WHERE identifier = ?", (warning.id,)):
                return False
            self._write(
                "INSERT INTO warning (identifier, chain, taken_s, expires_s, body) VALUES (?, ?, ?, ?, ?)",
                [(warning.id, warning.chain, time_s, expires_s, body)],
            )
        return True

    def note(self, receipts: Iterable[tuple[Receipt, str]]) -> None:
        """Keep receipts, each with its warning's chain, in one commit."""
        rows = [
            (r.warning, chain, r.channel, int(r.level), r.time_s, r.attempt, int(r.final), r.detail)
            for r, chain in receipts
        ]
        with self._lock:
            self._write(
                "INSERT INTO receipt (warning, chain, channel, level, time_s, attempt, final, detail)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )

    def probe(self) -> None:
        """Raise TocsinError if the file cannot be written now: held by somebody, or a disk that takes nothing more."""
        with self._lock:
            self._write(f"PRAGMA user_version = {SCHEMA}", [()])  # the same again: one page is written all the same

    def holds(self, warning: str) -> bool:
        """Whether a message is there."""
        with self._lock:
            return bool(self._rows("SELECT 1 FROM warning WHERE identifier = ?", (warning,)))

    def pending(self, channel: str, now_s: float) -> list[Warning]:
        """What has not come to an end on a channel and still holds, in order."""
        with self._lock:
            return [msgspec.msgpack.decode(body, type=Warning) for (body,) in self._rows(_PENDING, (now_s, channel))]

    def carried(self, chain: str) -> frozenset[str]:
        """The channels by which anything of a chain may have gone out: whatever was tried counts."""
        with self._lock:
            rows = self._rows("SELECT DISTINCT channel FROM receipt WHERE chain = ? AND attempt > 0", (chain,))
            return frozenset(name for (name,) in rows)

    def receipts(self, warning: str) -> list[Receipt]:
        """Everything known of one message, in order."""
        query = (
            "SELECT warning, channel, level, time_s, detail, attempt, final FROM receipt WHERE warning = ?"
            " ORDER BY number"
        )
        with self._lock:
            found = self._rows(query, (warning,))
        return [
            Receipt(name, channel, Level(level), time_s, detail, attempt, bool(final))
            for name, channel, level, time_s, detail, attempt, final in found
        ]

    def warnings(self) -> list[Warning]:
        """All messages, in order."""
        with self._lock:
            found = self._rows("SELECT body FROM warning ORDER BY number", ())
        return [msgspec.msgpack.decode(body, type=Warning) for (body,) in found]

    def _rows(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise TocsinError(f"{self.path}: {error}") from error

    def _write(self, query: str, rows: Sequence[Sequence[object]]) -> None:
        try:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                for row in rows:
                    self._database.execute(query, row)
                self._database.execute("COMMIT")
            finally:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise TocsinError(f"{self.path}: {error}") from error

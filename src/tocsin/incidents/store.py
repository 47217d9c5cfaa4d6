"""Record store: signed, linked records in one SQLite file to which records are only ever added.

A table holds each record's canonical bytes and signature and nothing beside them, so that nothing in the file can
contradict what was signed. Triggers forbid to change or remove a row. A batch is one transaction with a rollback
journal and synchronous=EXTRA: after a kill or a power cut the file holds all of it or nothing, and the chain is whole.
`append` admits a record only if the rules allow it (`rules.admit`) and its author's key is known to the store.

The store trusts its own file; `verify` is what checks one from elsewhere.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.incidents.entry import NO_HASH, Entry, read, seal
from tocsin.incidents.graph import Graph
from tocsin.incidents.keys import public_hex
from tocsin.incidents.rules import admit
from tocsin.model.errors import TocsinError
from tocsin.model.record import Author, Body, Record, type_name

SCHEMA = 1
APPLICATION_ID = 0x746F6373  # "tocs"
TABLES = (
    "CREATE TABLE record (seq INTEGER PRIMARY KEY, signed BLOB NOT NULL, signature BLOB NOT NULL) STRICT",
    "CREATE TRIGGER record_keeps BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'records are append-only'); END",
    "CREATE TRIGGER record_stays BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'records are append-only'); END",
    "CREATE TRIGGER record_follows BEFORE INSERT ON record"
    " WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM record)"
    " BEGIN SELECT RAISE(ABORT, 'records are append-only'); END",
)


class RecordStore:
    """The store in the file `path` (":memory:" for one that is not kept); a context manager, for one thread.

    `graph` is what the records say, always up to date with this store's own writing.
    """

    def __init__(self, path: Path | str, create: bool = False) -> None:
        self.path = path
        if not create and not Path(path).is_file():
            raise TocsinError(f"{path}: there is no record store here")
        with ExitStack() as on_error:
            try:
                self._database = sqlite3.connect(path, isolation_level=None, timeout=5.0)
                on_error.callback(self._database.close)
                self._open(create)
                self.graph = Graph()
                self._hashes: list[bytes] = []
                self._catch_up()
            except sqlite3.Error as error:
                raise TocsinError(f"{path}: not usable as a record store: {error}") from error
            on_error.pop_all()

    def __enter__(self) -> "RecordStore":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; calling it again does nothing."""
        self._database.close()

    def hashes(self) -> Sequence[bytes]:
        """The hash of every record, in order: the leaves of the tree."""
        return self._hashes

    def entry(self, seq: int) -> Entry:
        """Record number `seq` with its bytes."""
        row = self._database.execute("SELECT signed, signature FROM record WHERE seq = ?", (seq,)).fetchone()
        if row is None:
            raise TocsinError(f"{self.path}: there is no record {seq}")
        return Entry(read(row[0]), *row)

    def append(self, bodies: Sequence[Body], author: str, key: Ed25519PrivateKey, recorded_at: str) -> list[Record]:
        """Add all of `bodies` or, if one is refused, none. Each may refer to those before it by `next_ids`."""
        try:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                self._catch_up()
                return self._add(bodies, author, key, recorded_at)
            finally:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise TocsinError(f"{self.path}: the records could not be written: {error}") from error

    def next_ids(self, bodies: Sequence[Body], author: str) -> list[str]:
        """The ids that `bodies` will get if they are appended next by `author`."""
        first = len(self._hashes) + 1 + (not self._hashes and not _introduces(bodies, author))
        return [f"{type_name(body)}-{first + i}" for i, body in enumerate(bodies)]

    def _open(self, create: bool) -> None:
        (tables,) = self._database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if tables == 0 and create:
            script = "; ".join(TABLES)
            marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA}"
            self._database.executescript(f"BEGIN; {script}; {marks}; COMMIT;")
        (application,) = self._database.execute("PRAGMA application_id").fetchone()
        (schema,) = self._database.execute("PRAGMA user_version").fetchone()
        if application != APPLICATION_ID:
            raise TocsinError(f"{self.path}: not a record store")
        if schema != SCHEMA:
            raise TocsinError(f"{self.path}: record store of schema {schema}; this program reads and writes {SCHEMA}")
        self._database.execute("PRAGMA synchronous = EXTRA")

    def _catch_up(self) -> None:
        rows = self._database.execute(
            "SELECT seq, signed, signature FROM record WHERE seq > ? ORDER BY seq", (len(self._hashes),)
        )
        for seq, signed, signature in rows.fetchall():
            try:
                entry = Entry(read(signed), signed, signature)
            except TocsinError as error:
                raise TocsinError(f"{self.path}: record {seq} {error}; see: tocsin records verify") from error
            last = self._hashes[-1].hex() if self._hashes else NO_HASH
            if (entry.record.seq, entry.record.prev_hash) != (len(self._hashes) + 1, last):
                raise TocsinError(f"{self.path}: record {seq} does not follow; see: tocsin records verify")
            self.graph.add(entry.record)
            self._hashes.append(entry.hash)

    def _add(self, bodies: Sequence[Body], author: str, key: Ed25519PrivateKey, recorded_at: str) -> list[Record]:
        before = len(self._hashes)
        try:
            entries = [self._admitted(body, author, key, recorded_at) for body in self._introduced(bodies, author, key)]
            self._database.execute("COMMIT")
        except (sqlite3.Error, TocsinError):
            self.graph.forget_after(before)
            del self._hashes[before:]
            raise
        return [entry.record for entry in entries[len(entries) - len(bodies) :]]

    def _introduced(self, bodies: Sequence[Body], author: str, key: Ed25519PrivateKey) -> Sequence[Body]:
        """`bodies`, after the author's own introduction if the store is empty."""
        if not self._hashes and not _introduces(bodies, author):
            return [Author(author, public_hex(key)), *bodies]
        return bodies

    def _admitted(self, body: Body, author: str, key: Ed25519PrivateKey, recorded_at: str) -> Entry:
        seq = len(self._hashes) + 1
        prev_hash = self._hashes[-1].hex() if self._hashes else NO_HASH
        record = Record(f"{type_name(body)}-{seq}", seq, prev_hash, recorded_at, author, body)
        admit(self.graph, record, public_hex(key))
        entry = seal(record, key)
        read(entry.signed)  # what cannot be read back is not written
        self._database.execute("INSERT INTO record VALUES (?, ?, ?)", (seq, entry.signed, entry.signature))
        self.graph.add(record)
        self._hashes.append(entry.hash)
        return entry


def _introduces(bodies: Sequence[Body], author: str) -> bool:
    return bool(bodies) and isinstance(bodies[0], Author) and bodies[0].name == author

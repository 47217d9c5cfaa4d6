"""Verification: a record store proved from its own bytes, offline, or the first broken link with its record.

Checked, in this order: the file itself (`store_file`: SQLite's own integrity check, the tables and triggers of a store,
no byte behind the last page, no page that is free); then for every row that its bytes are a record in canonical form,
that it follows the one before (`seq`, `id`, `prev_hash`), that its author was introduced by an author known before, and
the author's signature. With an earlier signed tree head also that the log only added to what that head covers; and the
key of the first author may be given from outside (`pinned`), without which a log that was forged from its first record
on is not told from a true one. Records cut off at the end by somebody careful are found by a head alone.

Nothing is written, save that SQLite undoes a write that a crash interrupted. Signatures cost the most (about 0.1 ms).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tocsin.incidents.entry import NO_HASH, read
from tocsin.incidents.head import Head, is_of
from tocsin.incidents.merkle import leaf_hash, root_hash
from tocsin.incidents.store_file import damage
from tocsin.model.errors import TocsinError
from tocsin.model.record import Author, Record, type_name


class Verification(msgspec.Struct, frozen=True):
    """`broken` is the id of the first record that does not hold ("" if none, or the file itself is damaged).

    `reason` says why, and what is wrong with the file, in words; "" if nothing is.

    `records` of them were proved from the first on; `head` is the root of the tree over these (hex); `authors` are the
    names with the keys by which they sign, `first_key` the one that everything rests on.
    """

    records: int
    head: str
    first_key: str = ""
    authors: tuple[tuple[str, str], ...] = ()
    broken: str = ""
    reason: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether everything was proved."""
        return not self.reason


class _Broken(TocsinError):
    def __init__(self, record: str, reason: str) -> None:
        super().__init__(reason)
        self.record = record
        self.reason = reason


class _Chain:
    """What is known after each proved record."""

    def __init__(self) -> None:
        self.hashes: list[bytes] = []
        self.keys: dict[str, str] = {}
        self.ever: set[tuple[str, str]] = set()  # every key a name ever had
        self.loaded: dict[str, Ed25519PublicKey] = {}
        self.first_key = ""


def verify(path: Path, head: Head | None = None, pinned: str = "") -> Verification:
    """What can be proved of the store in `path`; never raises for a damaged file, TocsinError for a missing one."""
    if not path.is_file():
        raise TocsinError(f"{path}: there is no record store here")
    chain, broken, wrong = _Chain(), _Broken("", ""), ""
    try:
        with closing(_opened(path)) as database:
            database.execute("BEGIN")
            wrong = damage(database, path)
            for position, row in enumerate(_rows(database), start=1):
                _prove(chain, position, *row)
        _compare(chain, head, pinned)
    except _Broken as error:
        broken = error
    except (sqlite3.Error, UnicodeDecodeError) as error:  # damaged text can be either
        broken = _Broken("", f"the file is damaged after record {len(chain.hashes)}: {error}")
    reason = "; ".join(filter(None, (broken.reason, wrong)))
    root = root_hash(chain.hashes).hex()
    authors = tuple(sorted(chain.keys.items()))
    return Verification(len(chain.hashes), root, chain.first_key, authors, broken.record, reason)


def _opened(path: Path) -> sqlite3.Connection:
    interrupted = path.with_name(f"{path.name}-journal").exists()
    address = f"{path.resolve().as_uri()}?mode={'rw' if interrupted else 'ro'}"
    return sqlite3.connect(address, uri=True, isolation_level=None)


def _rows(database: sqlite3.Connection) -> Iterator[tuple[int, object, object]]:
    yield from database.execute("SELECT seq, CAST(signed AS BLOB), CAST(signature AS BLOB) FROM record ORDER BY seq")


def _prove(chain: _Chain, position: int, seq: int, signed: object, signature: object) -> None:
    """Take in the next record; a damaged file may give anything in place of its bytes."""
    try:
        record = read(signed)
    except (TocsinError, UnicodeDecodeError) as error:
        raise _Broken(f"record {position}", str(error)) from error
    expected_id = f"{type_name(record.body)}-{position}"
    if (seq, record.seq, record.id) != (position, position, expected_id):
        # The place in the chain names a record: what stands in the damaged one cannot be trusted.
        raise _Broken(f"record {position}", f"stands in the place of record {position} and says it is {record.id}")
    if record.prev_hash != (chain.hashes[-1].hex() if chain.hashes else NO_HASH):
        raise _Broken(record.id, "does not link to the record before it")
    key = _signing_key(chain, record)
    if not isinstance(signed, bytes) or not isinstance(signature, bytes):
        raise _Broken(record.id, "has no signature")
    try:
        key.verify(signature, signed)
    except InvalidSignature as error:
        raise _Broken(record.id, f"is not as {record.recorded_by} signed it") from error
    chain.hashes.append(leaf_hash(signed + signature))
    if isinstance(record.body, Author):
        chain.keys[record.body.name] = record.body.public_key
        chain.ever.add((record.body.name, record.body.public_key))
        chain.first_key = chain.first_key or record.body.public_key


def _signing_key(chain: _Chain, record: Record) -> Ed25519PublicKey:
    if not chain.hashes and isinstance(record.body, Author) and record.body.name == record.recorded_by:
        public_key = record.body.public_key
    elif record.recorded_by in chain.keys:
        public_key = chain.keys[record.recorded_by]
    else:
        raise _Broken(record.id, f'its author "{record.recorded_by}" was never introduced')
    if public_key not in chain.loaded:
        try:
            chain.loaded[public_key] = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        except ValueError as error:
            raise _Broken(record.id, f"its author's key is none: {error}") from error
    return chain.loaded[public_key]


def _compare(chain: _Chain, head: Head | None, pinned: str) -> None:
    if pinned and chain.first_key != pinned:
        raise _Broken("record 1", f"the first author's key is {chain.first_key or 'missing'}, not the one expected")
    if head is None:
        return
    if head.size > len(chain.hashes):
        missing = f"{len(chain.hashes)} records; the head of {head.at} covers {head.size}"
        raise _Broken(f"record {len(chain.hashes) + 1}", f"is missing: {missing}")
    if not any(is_of(head, public_key) for name, public_key in chain.ever if name == head.by):
        raise _Broken("", f"the head is not signed by {head.by} as known here")
    if root_hash(chain.hashes[: head.size]).hex() != head.root:
        raise _Broken("", f"the first {head.size} records are not those of the head of {head.at}")

"""Store file: whether an SQLite file holds a record store and nothing beside it.

A store only adds, so its file has no more bytes than its pages, no fewer, and no page that is free. Whatever else is
found was done to the file by something other than a store. Bytes that no reader looks at (the unused part of a page,
counters of SQLite's own) are not proved: they hold no record.

The header is read as the SQLite file format describes it: https://www.sqlite.org/fileformat2.html
"""

import sqlite3
from pathlib import Path

from tocsin.incidents.store import APPLICATION_ID, SCHEMA, TABLES

HEADER_BYTES = 100
MAGIC = b"SQLite format 3\0"


def damage(database: sqlite3.Connection, path: Path) -> str:
    """What is wrong with the file `path` that `database` has open, in words; "" if nothing.

    Never raises for a damaged file. Must run inside a read transaction: a writer would change size and pages meanwhile.
    """
    try:
        return _damage(database, path)
    except (sqlite3.Error, UnicodeDecodeError) as error:  # damaged text can be either
        return f"the file is damaged: {error}{_cut_off(path)}"


def _damage(database: sqlite3.Connection, path: Path) -> str:
    found = [str(line) for (line,) in database.execute("PRAGMA integrity_check(5)")]
    if found != ["ok"]:
        return f"the file is damaged: {'; '.join(found)}{_cut_off(path)}"
    if [_number(database, name) for name in ("application_id", "user_version")] != [APPLICATION_ID, SCHEMA]:
        return f"the file is no record store of schema {SCHEMA}"
    if {sql for (sql,) in database.execute("SELECT sql FROM sqlite_schema")} != set(TABLES):
        return "the file's tables or triggers are not those of a record store"
    behind = path.stat().st_size - _number(database, "page_count") * _number(database, "page_size")
    if behind < 0:
        return f"the file is damaged{_cut_off(path)}"
    if behind > 0:
        return f"{behind} bytes stand behind its last page, which no store wrote; no record is in them"
    free = _number(database, "freelist_count")
    if free:
        return f"{free} of its pages are free, which a store never has: something in it was taken away"
    return ""


def _cut_off(path: Path) -> str:
    """In words, how many bytes the file is shorter than its header says; "" if it is not, or the header is none.

    Only for a damaged file: closing one that SQLite has open ends the locks that this process holds on it.
    """
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES or not header.startswith(MAGIC):
        return ""
    page_bytes = int.from_bytes(header[16:18], "big")
    expected = int.from_bytes(header[28:32], "big") * (65536 if page_bytes == 1 else page_bytes)
    missing = expected - path.stat().st_size
    return f"; it ends {missing} bytes before the end of its last page: something was cut off" if missing > 0 else ""


def _number(database: sqlite3.Connection, pragma: str) -> int:
    return int(database.execute(f"PRAGMA {pragma}").fetchone()[0])

"""Records are only ever added, whole batches or nothing, whatever kills the writer."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from record_builder import AT, Records
from tocsin.incidents.keys import make_key, public_hex
from tocsin.incidents.store import RecordStore
from tocsin.incidents.verification import verify
from tocsin.model.errors import TocsinError
from tocsin.model.record import Author, Incident, Source, Statement
from tocsin.model.statement import Stance

WRITER = """
import sys
from pathlib import Path
from tocsin.incidents.keys import read_key
from tocsin.incidents.store import RecordStore
from tocsin.model.record import Incident

folder = Path(sys.argv[1])
with RecordStore(folder / "log", create=True) as store:
    for batch in range(10_000):
        pair = [Incident(f"batch {batch}, first"), Incident(f"batch {batch}, second")]
        store.append(pair, "ann", read_key(folder / "key"), "2031-02-03T19:40:00Z")
        print(batch, flush=True)
"""


def test_the_first_author_is_introduced_and_records_link(tmp_path: Path) -> None:
    records = Records(tmp_path / "log")
    assert records.incident() == "incident-2"
    first, second = records.graph
    assert isinstance(first.body, Author)
    assert second.prev_hash == records.store.hashes()[0].hex()
    assert verify(tmp_path / "log").records == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record SET signed = x'00' WHERE seq = 1",
        "DELETE FROM record",
        "INSERT INTO record VALUES (1, x'00', x'00')",
        "INSERT OR REPLACE INTO record VALUES (1, x'00', x'00')",
        "INSERT INTO record VALUES (9, x'00', x'00')",
        "INSERT INTO record VALUES (-1, x'00', x'00')",
    ],
)
def test_the_file_forbids_all_but_adding(tmp_path: Path, statement: str) -> None:
    records = Records(tmp_path / "log")
    records.incident()
    records.store.close()
    before = (tmp_path / "log").read_bytes()
    with sqlite3.connect(tmp_path / "log") as database, pytest.raises(sqlite3.Error, match="append-only|UNIQUE"):
        database.execute(statement)
    database.close()
    assert (tmp_path / "log").read_bytes() == before


def test_a_batch_with_a_bad_record_adds_nothing(tmp_path: Path) -> None:
    records = Records(tmp_path / "log")
    records.incident()
    bad = Statement("source-99", Stance.ASSERTS, "x")
    with pytest.raises(TocsinError, match="said_by: there is no record source-99"):
        records.store.append([Incident("kept?"), bad], "ann", records.key, AT)
    assert len(records.graph) == len(records.store.hashes()) == 2
    assert records.incident() == "incident-3"
    assert verify(tmp_path / "log").records == 3


def test_only_known_authors_sign(tmp_path: Path) -> None:
    records = Records(tmp_path / "log")
    records.incident()
    other = Ed25519PrivateKey.generate()
    with pytest.raises(TocsinError, match="not known here"):
        records.store.append([Incident("x")], "bob", other, AT)
    with pytest.raises(TocsinError, match="another key"):
        records.store.append([Incident("x")], "ann", other, AT)
    with pytest.raises(TocsinError, match="not known here"):
        records.store.append([Author("bob", public_hex(other))], "bob", other, AT)
    records.add(Author("bob", public_hex(other)))
    records.store.append([Incident("x")], "bob", other, AT)
    records.add(Author("ann", public_hex(other)))  # a new key replaces the old one
    with pytest.raises(TocsinError, match="another key"):
        records.incident()
    assert verify(tmp_path / "log").is_whole


def test_ids_can_be_told_beforehand() -> None:
    records = Records()
    bodies = [Source("person", "Ada Brandt"), Incident("x")]
    assert records.store.next_ids(bodies, "ann") == ["source-2", "incident-3"]
    told = records.store.append(bodies, "ann", records.key, AT)
    assert [record.id for record in told] == ["source-2", "incident-3"]
    assert records.store.next_ids(bodies, "ann") == ["source-4", "incident-5"]


def test_two_writers_take_turns(tmp_path: Path) -> None:
    records = Records(tmp_path / "log")
    records.incident()
    with RecordStore(tmp_path / "log") as second:
        second.append([Incident("second's")], "ann", records.key, AT)
        assert records.incident() == "incident-4"
    assert verify(tmp_path / "log").records == 4


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no store" * 1000)
    sqlite3.connect(tmp_path / "else").execute("CREATE TABLE x (y)").connection.close()
    for name in ("text", "else", "missing"):
        with pytest.raises(TocsinError):
            RecordStore(tmp_path / name)


@pytest.mark.parametrize("lines", [1, 7, 20])
def test_a_killed_writer_leaves_whole_batches(tmp_path: Path, lines: int) -> None:
    make_key(tmp_path / "key")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as writer:
        assert writer.stdout is not None
        for _ in range(lines):
            told = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
    found = verify(tmp_path / "log")
    assert found.is_whole, found.reason
    assert found.records >= 1 + 2 * (told + 1)
    assert found.records % 2 == 1  # the author, and pairs
    with RecordStore(tmp_path / "log") as store:
        assert len(store.graph) == found.records


@pytest.mark.parametrize("write", range(1, 9))
def test_a_crash_at_any_write_to_the_disk_leaves_a_valid_chain(tmp_path: Path, write: int) -> None:
    """The file as it is at each growing length of a write that was cut: SQLite's journal brings the old state back."""
    records = Records(tmp_path / "log")
    records.incident()
    before = (tmp_path / "log").read_bytes()
    database = sqlite3.connect(tmp_path / "log", isolation_level=None)
    database.execute("PRAGMA cache_size = 1")
    database.execute("PRAGMA cache_spill = 1")
    database.execute("BEGIN IMMEDIATE")
    for seq in range(3, 3 + 40 * write):
        database.execute("INSERT INTO record VALUES (?, ?, ?)", (seq, b"x" * 500, b"y" * 64))
    torn, journal = (tmp_path / "log").read_bytes(), (tmp_path / "log-journal").read_bytes()
    database.close()
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "log").write_bytes(torn)
    (tmp_path / "copy" / "log-journal").write_bytes(journal)
    assert torn != before or write < 3
    found = verify(tmp_path / "copy" / "log")
    assert (found.records, found.reason) == (2, "")

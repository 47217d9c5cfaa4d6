"""Whatever is changed in a store is found, and the record it was changed in is named."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from record_builder import AT, Records
from tocsin.incidents.entry import Entry, read, seal
from tocsin.incidents.head import make_head
from tocsin.incidents.keys import public_hex
from tocsin.incidents.merkle import root_hash
from tocsin.incidents.verification import verify
from tocsin.model.errors import TocsinError
from tocsin.model.record import Author, Incident, Record


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Records]:
    path = tmp_path_factory.mktemp("store") / "log"
    records = Records(path)
    incident = records.incident("Drohnen über Velmora, 3 Kilometer")
    for number in range(60):
        records.statement(records.source(f"Official {number}"), incident)
    return path, records


def tampered(path: Path, target: Path, change: Callable[[sqlite3.Connection], object]) -> Path:
    target.write_bytes(path.read_bytes())
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        triggers = database.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        change(database)
        for _, sql in triggers:
            database.execute(sql)
    return target


def test_a_whole_store_is_proved(log: tuple[Path, Records]) -> None:
    path, records = log
    found = verify(path)
    assert (found.records, found.broken, found.reason) == (122, "", "")
    assert found.head == root_hash(records.store.hashes()).hex()
    assert found.authors == (("ann", public_hex(records.key)),)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seq=st.integers(1, 122), place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), column=st.booleans())
def test_a_flipped_bit_of_any_record_names_it(
    log: tuple[Path, Records], tmp_path: Path, seq: int, place: float, bit: int, column: bool
) -> None:
    def flip(database: sqlite3.Connection) -> None:
        name = "signed" if column else "signature"
        (content,) = database.execute(f"SELECT {name} FROM record WHERE seq = ?", (seq,)).fetchone()
        changed = bytearray(content)
        changed[int(place * len(changed))] ^= 1 << bit
        database.execute(f"UPDATE record SET {name} = ? WHERE seq = ?", (bytes(changed), seq))

    found = verify(tampered(log[0], tmp_path / "flipped", flip))
    assert not found.is_whole
    assert found.records == seq - 1
    assert found.broken.endswith(f"{'-' if '-' in found.broken else ' '}{seq}"), found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flip_anywhere_in_the_file_is_told_or_changes_no_record(
    log: tuple[Path, Records], tmp_path: Path, place: float, bit: int
) -> None:
    content = bytearray(log[0].read_bytes())
    content[int(place * len(content))] ^= 1 << bit
    (tmp_path / "flipped").write_bytes(content)
    found = verify(tmp_path / "flipped")
    if found.is_whole:
        assert found.records == 122
        with closing(sqlite3.connect(tmp_path / "flipped")) as one, closing(sqlite3.connect(log[0])) as other:
            rows = "SELECT seq, signed, signature FROM record ORDER BY seq"
            assert one.execute(rows).fetchall() == other.execute(rows).fetchall()


@pytest.mark.parametrize(
    ("sql", "record"),
    [
        ("DELETE FROM record WHERE seq = 50", "record 50"),
        ("UPDATE record SET seq = -seq WHERE seq = 50", "record 1"),
        ("UPDATE record SET seq = 500 WHERE seq = 122", "record 122"),
        ("UPDATE record SET signed = (SELECT signed FROM record WHERE seq = 49) WHERE seq = 50", "record 50"),
        ("INSERT INTO record SELECT 123, signed, signature FROM record WHERE seq = 122", "record 123"),
    ],
)
def test_rows_moved_about_are_found(log: tuple[Path, Records], tmp_path: Path, sql: str, record: str) -> None:
    assert verify(tampered(log[0], tmp_path / "moved", lambda database: database.execute(sql))).broken == record


def test_a_record_rewritten_by_somebody_else_is_found(log: tuple[Path, Records], tmp_path: Path) -> None:
    forger = Records(tmp_path / "own")
    honest = list(log[1].graph)[1]
    forged = seal(Record(honest.id, 2, honest.prev_hash, AT, "ann", Incident("Nothing happened")), forger.key)

    def rewrite(database: sqlite3.Connection) -> None:
        database.execute("UPDATE record SET signed = ?, signature = ? WHERE seq = 2", (forged.signed, forged.signature))

    found = verify(tampered(log[0], tmp_path / "forged", rewrite))
    assert (found.broken, found.records) == ("incident-2", 1)


def test_a_record_rewritten_by_its_author_breaks_the_next_link(log: tuple[Path, Records], tmp_path: Path) -> None:
    honest = list(log[1].graph)[1]
    again = seal(Record(honest.id, 2, honest.prev_hash, AT, "ann", Incident("Nothing happened")), log[1].key)

    def rewrite(database: sqlite3.Connection) -> None:
        database.execute("UPDATE record SET signed = ?, signature = ? WHERE seq = 2", (again.signed, again.signature))

    assert verify(tampered(log[0], tmp_path / "again", rewrite)).broken == "source-3"


def test_records_cut_off_at_the_end_are_found_by_a_head(log: tuple[Path, Records], tmp_path: Path) -> None:
    records = log[1]
    head = make_head(root_hash(records.store.hashes()), 122, "ann", AT, records.key)
    cut = tampered(log[0], tmp_path / "cut", lambda database: database.execute("DELETE FROM record WHERE seq > 100"))
    assert "something in it was taken away" in verify(cut).reason
    with closing(sqlite3.connect(cut)) as database:
        database.execute("VACUUM")
    assert verify(cut).is_whole
    assert verify(cut, head).broken == "record 101"
    assert verify(log[0], head).is_whole
    other = msgspec.structs.replace(head, root="0" * 64)
    assert "not signed" in verify(log[0], other).reason
    changed = make_head(b"\0" * 32, 122, "ann", AT, records.key)
    assert "are not those of the head" in verify(log[0], changed).reason


def test_a_log_forged_from_the_start_is_found_by_the_first_key(log: tuple[Path, Records], tmp_path: Path) -> None:
    forger = Records(tmp_path / "own")
    forger.incident()
    assert verify(tmp_path / "own").is_whole
    assert verify(tmp_path / "own", pinned=public_hex(log[1].key)).broken == "record 1"
    assert verify(log[0], pinned=public_hex(log[1].key)).is_whole


def test_triggers_taken_away_are_found(log: tuple[Path, Records], tmp_path: Path) -> None:
    (tmp_path / "bare").write_bytes(log[0].read_bytes())
    with closing(sqlite3.connect(tmp_path / "bare", isolation_level=None)) as database:
        database.execute("DROP TRIGGER record_keeps")
    assert "triggers" in verify(tmp_path / "bare").reason


def test_files_that_are_no_store_are_told(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no store" * 1000)
    (tmp_path / "empty").write_bytes(b"")
    assert not verify(tmp_path / "text").is_whole
    assert not verify(tmp_path / "empty").is_whole
    with pytest.raises(TocsinError):
        verify(tmp_path / "missing")


def test_only_canonical_json_is_a_record(log: tuple[Path, Records]) -> None:
    record = list(log[1].graph)[1]
    entry = seal(record, log[1].key)
    assert read(entry.signed) == record
    assert entry.signed == rfc8785.dumps(msgspec.to_builtins(record))
    assert isinstance(Entry(record, entry.signed, entry.signature).hash, bytes)
    for changed in (b" " + entry.signed, entry.signed.replace(b'","', b'", "', 1), entry.signed[:-1], b"[]"):
        with pytest.raises(TocsinError):
            read(changed)


@given(st.text(), st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**53) + 1, 2**53 - 1))
def test_whatever_is_sealed_can_be_read_again(title: str, latitude: float, count: int) -> None:
    key = Records().key
    record = Record("incident-1", 1, "0" * 64, AT, "ann", Incident(title, latitude_deg=latitude, count=count))
    try:
        entry = seal(record, key)
    except TocsinError:
        assert any("\ud800" <= letter <= "\udfff" for letter in title)
        return
    assert read(entry.signed) == record


def test_a_head_outlives_the_key_it_was_signed_with(tmp_path: Path) -> None:
    records = Records(tmp_path / "log")
    records.incident()
    head = make_head(root_hash(records.store.hashes()), 2, "ann", AT, records.key)
    records.add(Author("ann", public_hex(Records().key)))
    assert verify(tmp_path / "log", head).is_whole


@pytest.mark.parametrize("stored", [None, "{}", 5, 0.5, b"", b'{"a":1e999}', b"\xff"])
def test_what_a_damaged_file_gives_in_place_of_bytes_is_no_record(stored: object) -> None:
    with pytest.raises(TocsinError, match=r"is no record|is not in canonical form"):
        read(stored)

"""What was done to a store's file beside its records is said, or changes no record."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from record_builder import Records
from tocsin.incidents.verification import verify

ROWS = "SELECT seq, signed, signature FROM record ORDER BY seq"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "log"
    records = Records(path)
    incident = records.incident()
    for number in range(30):
        records.statement(records.source(f"Official {number}"), incident)
    return path


def rows(path: Path) -> list[tuple[int, bytes, bytes]]:
    with closing(sqlite3.connect(path)) as database:
        database.text_factory = bytes  # a changed type makes text of bytes, which need not be text
        return database.execute(ROWS).fetchall()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_a_changed_byte_is_named_reported_or_changes_no_record(
    log: Path, tmp_path: Path, place: float, mask: int
) -> None:
    content = bytearray(log.read_bytes())
    content[int(place * len(content))] ^= mask
    (tmp_path / "changed").write_bytes(content)
    found = verify(tmp_path / "changed")
    if found.is_whole:
        event("changes no record")
        assert rows(tmp_path / "changed") == rows(log)
    elif found.broken:
        event("named as a record's")
        assert found.broken.endswith(f"{found.records + 1}")
        assert rows(tmp_path / "changed")[: found.records] == rows(log)[: found.records]
    else:
        event("reported of the file")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.binary(min_size=1, max_size=300) | st.sampled_from([b"\0" * 4096, b"x" * 8192, b"x" * 9999]))
def test_bytes_behind_the_last_page_are_counted(log: Path, tmp_path: Path, garbage: bytes) -> None:
    (tmp_path / "longer").write_bytes(log.read_bytes() + garbage)
    found = verify(tmp_path / "longer")
    assert (found.records, found.broken) == (62, "")
    assert (
        found.reason == f"{len(garbage)} bytes stand behind its last page, which no store wrote; no record is in them"
    )


def test_pages_behind_the_last_one_are_told_even_if_the_header_no_longer_counts(log: Path, tmp_path: Path) -> None:
    content = bytearray(log.read_bytes() + b"x" * 4096)
    content[92] ^= 1  # "version valid for": SQLite then takes the number of pages from the size of the file
    (tmp_path / "longer").write_bytes(content)
    assert "never used" in verify(tmp_path / "longer").reason


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=st.floats(0, 1, exclude_max=True))
def test_a_truncated_file_is_told(log: Path, tmp_path: Path, kept: float) -> None:
    whole = log.read_bytes()
    (tmp_path / "shorter").write_bytes(whole[: int(kept * len(whole))])
    found = verify(tmp_path / "shorter")
    assert not found.is_whole
    if kept * len(whole) >= 100:
        assert f"it ends {len(whole) - int(kept * len(whole))} bytes before the end of its last page" in found.reason


def test_free_pages_are_told_and_the_records_proved(log: Path, tmp_path: Path) -> None:
    (tmp_path / "freed").write_bytes(log.read_bytes())
    with closing(sqlite3.connect(tmp_path / "freed", isolation_level=None)) as database:
        database.execute("CREATE TABLE x (y)")
        database.execute("INSERT INTO x VALUES (zeroblob(20000))")
        database.execute("DROP TABLE x")
    found = verify(tmp_path / "freed")
    assert (found.records, found.broken) == (62, "")
    assert found.reason.endswith("of its pages are free, which a store never has: something in it was taken away")


@pytest.mark.parametrize("sizes", [(1, 300, 40), (4000, 90, 9000, 4100), (20_000, 3)])
def test_a_store_that_only_added_has_no_free_pages(tmp_path: Path, sizes: tuple[int, ...]) -> None:
    records = Records(tmp_path / "log")
    for number in range(60):
        records.incident("x" * sizes[number % len(sizes)])
    assert verify(tmp_path / "log").is_whole

"""Whole files: packed, cut short or damaged gzip, Parquet, and their readings."""

import gzip
import io
import zlib
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.formats.columns import Height, Mapping, Number, Time
from tocsin.formats.tables import gunzip, parquet_lines, read_readings
from tocsin.model.errors import TocsinError

TEXT = b"".join(b"%d,%d.25,%d\n" % (i, i * 7919 % 1000, i * i) for i in range(4000))


def test_gzip_with_members_and_padding() -> None:
    for level in (0, 9):
        assert gunzip(gzip.compress(TEXT, level)) == (TEXT, "")
    two = gzip.compress(TEXT[:10_000]) + b"\0" * 40_000 + gzip.compress(TEXT[10_000:]) + b"\0" * 7
    assert gunzip(two) == (TEXT, "")


@settings(max_examples=40, deadline=None)
@given(st.integers(3, 29_000))
def test_a_gzip_cut_short_gives_what_it_still_holds(end: int) -> None:
    packed = gzip.compress(TEXT)[:end]
    assert gunzip(packed) == (zlib.decompressobj(wbits=31).decompress(packed), "gzip cut short")


def test_a_damaged_gzip_gives_what_stands_before_the_damage() -> None:
    packed = bytearray(gzip.compress(TEXT, 6))
    packed[len(packed) // 2] ^= 0xFF
    found, loss = gunzip(bytes(packed))
    assert loss.startswith("gzip damaged")
    assert found[: len(TEXT) // 3] == TEXT[: len(TEXT) // 3]


def parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def test_parquet_becomes_json_lines() -> None:
    moment = datetime(2026, 3, 1, 10, 0, 0, 250_000, tzinfo=UTC)
    table = pa.table(
        {
            "t": pa.array([moment, None], pa.timestamp("ns", tz="Europe/Warsaw")),
            "naive": pa.array([moment.replace(tzinfo=None), None], pa.timestamp("ms")),
            "lat": [54.5, float("nan")],
            "lon": pa.array([18.5, 18.6], pa.float32()),
            "at": pa.array([{"x": [1, 2]}, None]),
        }
    )
    first, second = parquet_lines(parquet(table), "f").splitlines()
    assert first == (
        b'{"t":"2026-03-01T10:00:00.250000Z","naive":"2026-03-01T10:00:00.250000",'
        b'"lat":54.5,"lon":18.5,"at":{"x":[1,2]}}'
    )
    assert second.startswith(b'{"t":null,"naive":null,"lat":null,"lon":18.6')
    mapping = Mapping(format="parquet", time=Time("t", "iso"), latitude="lat", longitude="lon")
    readings, problems = read_readings(parquet(table), "f.parquet", mapping)
    assert [reading.time_s for reading in readings] == [moment.timestamp()]
    assert problems.reasons == {"latitude: missing": 1}


def test_what_is_no_parquet_is_an_error_with_the_file() -> None:
    with pytest.raises(TocsinError, match="day.parquet: not a Parquet file"):
        parquet_lines(b"PAR1 nothing", "day.parquet")


def test_readings_of_a_file() -> None:
    mapping = Mapping(
        time=Time("t", "ms"),
        latitude=Number("lat", missing=(0.0,)),
        longitude=Number("lon", missing=(0.0,)),
        height=Height("alt", "takeoff"),
    )
    data = b"t,lat,lon,alt\n1000,54.5,18.5,12\n2000,0.0,0.0,0.0\n3000,91,18,0\n"
    data += b"4000,54.5,18.5,nan\n,1,2,3\n5000,54.6,18.6,7"
    readings, problems = read_readings(gzip.compress(data), "f.csv.gz", mapping)
    assert [(reading.row, reading.time_s) for reading in readings] == [(1, 1.0), (4, 4.0), (6, 5.0)]
    assert readings[0].place is not None and readings[0].place[2] == 12.0
    assert problems.reasons == {"latitude: out of range": 1, "time: missing": 1}
    with pytest.raises(TocsinError, match='f.csv: time: no column "tt"; nearest: t'):
        read_readings(data, "f.csv", Mapping(time=Time("tt"), latitude="lat", longitude="lon"))


def test_binary_data_is_no_table() -> None:
    with pytest.raises(TocsinError, match=r"f.csv: not a table \(binary data\)"):
        read_readings(bytes(range(256)) * 3, "f.csv", Mapping(time=Time("t"), latitude="lat", longitude="lon"))
    readings, _ = read_readings(
        b"t,lat,lon\n1,2,3\n\0,2,3\n", "f.csv", Mapping(time=Time("t"), latitude="lat", longitude="lon")
    )
    assert len(readings) == 1

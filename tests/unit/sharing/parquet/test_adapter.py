"""Parquet of pictures, read back by pyarrow: what it holds, how far back, and what is left out."""

import io
import math
from pathlib import Path

import pyarrow as pa
import pyproj
import pytest
from pyarrow import parquet

from picture_builder import picture
from tocsin.model.adapter import AdapterContext
from tocsin.model.identity import Affiliation
from tocsin.model.sensor import Pose
from tocsin.sharing.parquet import adapter as module
from tocsin.sharing.parquet.adapter import Adapter
from tocsin.sharing.parquet.settings import Settings

CONTEXT = AdapterContext("analysts", Pose(), math.radians(54.6), math.radians(18.8), 41.0)


def read(data: bytes) -> pa.Table:
    return parquet.read_table(io.BytesIO(data))


def test_a_file_holds_the_tracks_where_proj_says() -> None:
    (packet,) = Adapter(Settings(), CONTEXT).encode(picture(5.0, ("a", "b"), affiliation=Affiliation.SUSPECT))
    table = read(packet.data)
    first, second = table.to_pylist()
    assert (first["uid"], second["uid"], first["affiliation"], first["exercise"]) == ("a", "b", "suspect", False)
    _, _, away_m = pyproj.Geod(ellps="WGS84").inv(18.8, 54.6, first["longitude_deg"], first["latitude_deg"])
    assert away_m == pytest.approx(1000.0, abs=0.1)
    assert b"geo" in table.schema.metadata and len(first["geometry"]) == 21


def test_a_file_goes_back_as_far_as_its_window() -> None:
    adapter = Adapter(Settings(interval_s=1.0, file_s=5.0, window_s=8.0), CONTEXT)
    files = [packet for second in range(21) for packet in adapter.encode(picture(float(second)))]
    assert [len(read(packet.data)) for packet in files] == [1, 6, 9, 9, 9]
    assert read(files[-1].data)["time_s"].to_pylist() == [float(second) for second in range(12, 21)]


def test_a_flood_is_bounded_and_counted() -> None:
    adapter = Adapter(Settings(most_rows=3), CONTEXT)
    (packet,) = adapter.encode(picture(0.0, tuple("abcde")))
    assert read(packet.data)["uid"].to_pylist() == ["c", "d", "e"]
    assert adapter.statistics()["rows_over_the_most"] == 2


def test_a_site_with_nothing_in_the_air_has_an_empty_file() -> None:
    (packet,) = Adapter(Settings(), CONTEXT).encode(picture(0.0, ()))
    assert len(read(packet.data)) == 0


@pytest.mark.parametrize("affiliation", Affiliation)
def test_no_affiliation_becomes_another(affiliation: Affiliation) -> None:
    (packet,) = Adapter(Settings(), CONTEXT).encode(picture(0.0, affiliation=affiliation))
    assert read(packet.data)["affiliation"].to_pylist() == [affiliation.name.lower().replace("_", "-")]


def test_the_sample_is_what_is_written() -> None:
    (packet,) = Adapter(Settings(), CONTEXT).encode(picture(1_772_359_200.0, affiliation=Affiliation.SUSPECT))
    sample = Path(module.__file__).parent / "samples" / "tracks.parquet"
    assert read(sample.read_bytes()).equals(read(packet.data))

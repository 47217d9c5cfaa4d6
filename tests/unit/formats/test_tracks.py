"""The tracks file: what is written is read back, in bounded groups, with the same bytes for the same rows."""

import json
import math
import struct
from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest

from tocsin.formats import row_groups
from tocsin.formats.tracks import TrackWriter, read_tracks
from tocsin.geo.frames import Origin, lla_from_enu
from tocsin.model.errors import TocsinError
from tocsin.model.identity import CLASS_COUNT, Affiliation, IdentityColumns
from tocsin.model.picture import Picture
from tocsin.model.threat import ThreatColumns
from tocsin.model.track import EndedTrack, Outcome, TrackColumns, TrackStatus
from track_builder import track_columns

DEG = math.pi / 180.0
ORIGIN = Origin(54.6 * DEG, 18.8 * DEG, 41.0)
TO_LLA = partial(lla_from_enu, ORIGIN)
NO_INTS = np.empty(0, np.int64)
NO_FLOATS = np.empty(0)
NO_THREATS = ThreatColumns(
    60.0, (), NO_INTS, NO_INTS, *[NO_FLOATS] * 3, np.empty((0, 3)), np.empty((0, 3)), NO_FLOATS, NO_INTS
)


def picture(tracks: TrackColumns, sequence: int = 1, ended: tuple[EndedTrack, ...] = ()) -> Picture:
    n = len(tracks)
    identity = IdentityColumns(
        np.full((n, CLASS_COUNT), 1.0 / CLASS_COUNT),
        np.full(n, int(Affiliation.ASSUMED_FRIEND)),
        ("",) * n,
        (None,) * n,
    )
    return Picture(tracks.time_s, sequence, tracks, identity, NO_THREATS, ended, exercise=True)


def moving(time_s: float, count: int = 3) -> TrackColumns:
    place = np.arange(count * 3.0).reshape(count, 3) * 100.0 + time_s
    return track_columns(
        [f"U{k}" for k in range(count)], time_s, place, (1.0, 2.0, 0.5), sensors=("a", "b"), sensor_bits=2
    )


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "tracks.parquet"
    first = moving(100.0)
    revised = msgspec.structs.replace(moving(100.0), known_s=112.0, settled=True)
    gone = EndedTrack(2, "U1", "U1", 120.0, 104.0, (1.0, 2.0, 3.0), (4.0, 5.0, 6.0), Outcome.LANDED)
    writer = TrackWriter(path, TO_LLA)
    writer.append(picture(first, 7))
    writer.append_settled(revised)
    writer.append(picture(track_columns([], 120.0), 9, (gone,)))
    writer.close()
    found = read_tracks(path)
    assert found.uid == ("U0", "U1", "U2") * 2 + ("U1",)
    assert found.time_s.tolist() == [100.0] * 6 + [120.0]
    assert found.known_s.tolist() == [100.0] * 3 + [112.0] * 3 + [120.0]
    assert found.settled.tolist() == [False] * 3 + [True] * 3 + [False]
    assert found.number.tolist() == [1, 2, 3, 1, 2, 3, 2]
    assert found.status.tolist() == [TrackStatus.CONFIRMED] * 6 + [TrackStatus.DELETED]
    assert found.affiliation == ("assumed-friend",) * 3 + ("",) * 4
    assert found.outcome == ("",) * 6 + ("landed",)
    np.testing.assert_array_equal(found.position_enu_m[:6], np.tile(first.position_enu_m, (2, 1)))
    assert found.position_enu_m[6].tolist() == [1.0, 2.0, 3.0] and found.velocity_enu_mps[6].tolist() == [4.0, 5.0, 6.0]
    upper = np.zeros((6, 6))
    upper[np.triu_indices(6)] = found.covariance[0]
    np.testing.assert_allclose(upper, np.triu(first.covariance[0]), rtol=1e-6)
    assert np.isnan(found.covariance[6]).all() and np.isnan(found.class_probability[3:]).all()
    np.testing.assert_allclose(found.class_probability[:3].sum(axis=1), 1.0, rtol=1e-6)
    assert np.isnan(found.existence[6]) and found.last_detection_s[6] == 104.0


def test_map_programs_find_the_tracks(tmp_path: Path) -> None:
    path = tmp_path / "tracks.parquet"
    writer = TrackWriter(path, TO_LLA)
    tracks = track_columns(["A", "B"], 5.0, [[1000.0, 2000.0, 300.0], [math.nan, 0.0, 0.0]])
    writer.append(picture(tracks))
    writer.close()
    table = pq.read_table(path)
    assert table.schema.metadata[b"schema"] == b"1"
    geo = json.loads(table.schema.metadata[b"geo"])
    assert geo["columns"][geo["primary_column"]] == {"encoding": "WKB", "geometry_types": ["Point"]}
    assert set(geo) == {"version", "primary_column", "columns"}
    order, kind, longitude, latitude = struct.unpack("<BIdd", table["geometry"][0].as_py())
    assert (order, kind) == (1, 1) and table["geometry"][1].as_py() is None
    pipeline = (
        "+proj=pipeline +step +inv +proj=topocentric +ellps=WGS84 +lat_0=54.6 +lon_0=18.8 +h_0=41 "
        "+step +inv +proj=cart +ellps=WGS84 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
    expected = pyproj.Transformer.from_pipeline(pipeline).transform(1000.0, 2000.0, 300.0)
    found = (table["longitude_deg"][0].as_py(), table["latitude_deg"][0].as_py(), table["height_m"][0].as_py())
    assert found == pytest.approx(expected, abs=1e-9) and (longitude, latitude) == found[:2]
    assert table["sensors"][0].as_py() == ["radar"] and table["exercise"][0].as_py() is True
    assert table["covariance"].type == pa.list_(pa.float32(), 21)


WHOLE = tuple(  # not a value a row
    "time_s known_s sensors settled links link_probability ballistic joins identity_probability".split()
)


def test_groups_are_of_one_size_and_bytes_do_not_depend_on_the_hands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_groups, "ROWS", 10)
    for name, counts in (("a", [7] * 6), ("b", [1, 20, 3, 11, 7])):
        writer = TrackWriter(tmp_path / name, TO_LLA)
        rows = moving(0.0, 42)
        start = 0
        for count in counts:
            part = slice(start, start + count)
            cut = msgspec.structs.replace(
                rows,
                **{field: getattr(rows, field)[part] for field in rows.__struct_fields__ if field not in WHOLE},
            )
            writer.append(picture(cut))
            start += count
        writer.close()
    file = pq.ParquetFile(tmp_path / "a")
    sizes = [file.metadata.row_group(i).num_rows for i in range(file.metadata.num_row_groups)]
    assert sizes == [10, 10, 10, 10, 2]
    assert {file.metadata.row_group(0).column(i).compression for i in range(file.metadata.num_columns)} == {"ZSTD"}
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_run_without_tracks_is_a_file_without_rows(tmp_path: Path) -> None:
    writer = TrackWriter(tmp_path / "none", TO_LLA)
    writer.append(picture(track_columns([])))
    writer.close()
    found = read_tracks(tmp_path / "none")
    assert found.uid == () and found.position_enu_m.shape == (0, 3) and found.covariance.shape == (0, 21)


def test_another_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    for content, said in (
        (b"nothing", "no tracks file that can be read"),
        (None, "tracks of schema 2; this version reads 1"),
    ):
        if content is None:
            pq.write_table(pa.table({"a": [1]}, metadata={"schema": "2"}), path)
        else:
            path.write_bytes(content)
        with pytest.raises(TocsinError, match=said) as refused:
            read_tracks(path)
        assert str(path) in str(refused.value)
    with pytest.raises(TocsinError, match="no tracks file that can be read"):
        read_tracks(tmp_path / "missing.parquet")

"""Logs as truth: each form in the site's frame, flight from height, and an evaluation against one."""

import math
from pathlib import Path

import numpy as np
import pyproj
import pytest

from tocsin.evaluation.logs import is_log, read_log
from tocsin.formats.courageous import Alarm, Document, Place2d, Place3d, Position3d, Record, RecordSet, write_document
from tocsin.formats.fixes import Fix, write_feature
from tocsin.geo.frames import Origin
from tocsin.model.errors import TocsinError
from tocsin.units import RAD_PER_DEG
from unit.formats.test_fixes import KML, TIME_S, gpx

ORIGIN = Origin(54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)
TO_ENU = pyproj.Transformer.from_pipeline(
    "+proj=pipeline +step +proj=cart +ellps=WGS84 +step +proj=topocentric +ellps=WGS84 +lon_0=18.8 +lat_0=54.6 +h_0=41"
)


def log(folder: Path, data: bytes) -> Path:
    path = folder / "log"
    path.write_bytes(data)
    assert is_log(path)
    return path


def test_a_track_stands_where_pyproj_puts_it(tmp_path: Path) -> None:
    (track, spot), bad_rows = read_log(log(tmp_path, KML), ORIGIN)
    assert (track.target, spot.target, bad_rows) == ("quad", "spot", {})
    assert track.position_enu_m[0] == pytest.approx(TO_ENU.transform(18.8, 54.6, 90.5), abs=1e-3)
    assert track.position_enu_m[1, :2] == pytest.approx(TO_ENU.transform(18.801, 54.601, 41.0)[:2], abs=1e-3)
    assert math.isnan(track.position_enu_m[1, 2])
    assert track.time_s.tolist() == [TIME_S, TIME_S + 1.0]


def test_heights_above_the_sea_go_through_the_geoid(tmp_path: Path) -> None:
    (track, _), _ = read_log(log(tmp_path, gpx()), ORIGIN)
    assert track.position_enu_m[0, 2] == pytest.approx(61.5 + 28.7 - 41.0, abs=0.5)  # EGM96 lies 28.7 m up there


def test_it_flies_above_its_lowest_place(tmp_path: Path) -> None:
    climbs = b"\n".join(write_feature(Fix("q", TIME_S + k, 54.6, 18.8, 50.0 + k)) for k in range(5))
    collection = b'{"type": "FeatureCollection", "features": [' + climbs.replace(b"\n", b",") + b"]}"
    ((track,), _) = read_log(log(tmp_path, collection), ORIGIN)
    assert track.flying.tolist() == [False, False, False, True, True]


def test_a_courageous_document_is_truth_too(tmp_path: Path) -> None:
    alarm = Alarm(False, 0.0)
    records = (
        Record(0, 1_000, "UAV", alarm=alarm, location=Place2d(54.6, 18.8)),
        Record(1, 2_000, "UAV", alarm=alarm, location=Place3d(54.6, 18.8, 12.3)),
        Record(2, 2_000, "GCS", alarm=alarm, location=Place2d(54.0, 18.0)),
    )
    document = Document("v", "s", Position3d(54.6, 18.8, 12.3), (RecordSet(records, 9),), ())
    ((track,), _) = read_log(log(tmp_path, write_document(document)), ORIGIN)
    assert (track.target, track.time_s.tolist()) == ("9", [1.0, 2.0])
    np.testing.assert_allclose(track.position_enu_m[:, :2], 0.0, atol=1e-3)


def test_what_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"time_s,target\n")
    assert not is_log(tmp_path / "log")
    with pytest.raises(TocsinError, match="cannot be read"):
        is_log(tmp_path / "gone")
    (tmp_path / "log").write_bytes(b"<gpx></gpx>")
    with pytest.raises(TocsinError, match="holds no fix"):
        read_log(tmp_path / "log", ORIGIN)

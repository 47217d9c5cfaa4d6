"""The detections file: each kind of measurement, its position where there is one, and its parents."""

import math
from functools import partial
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tocsin.formats.detections import DetectionWriter
from tocsin.geo.frames import Origin, enu_from_lla, lla_from_enu
from tocsin.model.detection import Detection, MeasurementKind

DEG = math.pi / 180.0
ORIGIN = Origin(54.6 * DEG, 18.8 * DEG, 41.0)


def written(path: Path, *detections: Detection) -> list[dict[str, object]]:
    writer = DetectionWriter(path, partial(lla_from_enu, ORIGIN))
    writer.append(())
    writer.append(detections)
    writer.close()
    return pq.read_table(path).to_pylist()  # type: ignore[no-any-return]


def test_each_kind(tmp_path: Path) -> None:
    cov = {1: (4.0,), 2: (4.0, 1.0, 1.0, 9.0), 3: (4.0, 0.0, 0.5, 0.0, 9.0, 0.0, 0.5, 0.0, 1.0)}
    kinds = MeasurementKind
    rows = written(
        tmp_path / "d.parquet",
        Detection("a", kinds.POSITION_2D, 1.0, 2.0, (3.0, 4.0), cov[2], packet=5, row=6, exercise=True),
        Detection("a", kinds.POSITION_3D, 1.0, 2.0, (3.0, 4.0, 5.0), cov[3], lla=(0.5, 0.25, 7.0), class_word="bird"),
        Detection("b", kinds.POLAR_3D, 1.0, 2.0, (100.0, 90.0 * DEG, 30.0 * DEG), cov[3], (10.0, 20.0, 30.0)),
        Detection("b", kinds.POLAR_2D, 1.0, 2.0, (100.0, 45.0 * DEG), cov[2], range_rate_mps=-3.0),
        Detection("c", kinds.AZIMUTH, 1.0, 2.0, (350.0 * DEG,), cov[1], signal_db=-70.0, sensor_track="7"),
        Detection(
            "c",
            kinds.AZIMUTH_ELEVATION,
            1.0,
            2.0,
            (10.0 * DEG, -5.0 * DEG),
            cov[2],
            velocity_enu_mps=(1.0, 2.0, math.nan),
        ),
    )
    assert [row["kind"] for row in rows] == [
        *("position-2d", "position-3d", "polar-3d", "polar-2d", "azimuth", "azimuth-elevation")
    ]
    assert [(row["packet"], row["row"], row["exercise"]) for row in rows[:2]] == [(5, 6, True), (0, 0, False)]
    places = [(row["east_m"], row["north_m"], row["up_m"]) for row in rows]
    assert places[:2] == [(3.0, 4.0, None), (3.0, 4.0, 5.0)] and places[3:] == [(None, None, None)] * 3
    assert places[2] == pytest.approx((10.0 + 100.0 * math.cos(30 * DEG), 20.0, 80.0))
    polar = [(row["range_m"], row["azimuth_deg"], row["elevation_deg"]) for row in rows]
    assert polar[:2] == [(None, None, None)] * 2
    assert polar[2] == pytest.approx((100.0, 90.0, 30.0)) and polar[3] == (100.0, pytest.approx(45.0), None)
    assert polar[4] == (None, pytest.approx(350.0), None)
    assert polar[5] == (None, pytest.approx(10.0), pytest.approx(-5.0))
    assert [row["covariance"] for row in rows[:2]] == [[4.0, 1.0, 9.0], [4.0, 0.0, 0.5, 9.0, 0.0, 1.0]]
    assert (rows[3]["range_rate_mps"], rows[4]["signal_db"], rows[4]["sensor_track"]) == (-3.0, -70.0, "7")
    assert (rows[5]["velocity_east_mps"], rows[5]["velocity_up_mps"]) == (1.0, None)


def test_the_place_is_the_sensors_own_where_it_said_one(tmp_path: Path) -> None:
    flat = MeasurementKind.POSITION_2D
    said, found = written(
        tmp_path / "d.parquet",
        Detection("a", flat, 1.0, 2.0, (0.0, 0.0), (1.0, 0.0, 0.0, 1.0), lla=(54.7 * DEG, 18.9 * DEG, math.nan)),
        Detection("a", flat, 1.0, 2.0, (3000.0, 4000.0), (1.0, 0.0, 0.0, 1.0)),
    )
    assert (said["latitude_deg"], said["longitude_deg"], said["height_m"]) == (
        pytest.approx(54.7),
        pytest.approx(18.9),
        None,
    )
    lla = [[float(found["latitude_deg"]) * DEG, float(found["longitude_deg"]) * DEG, 41.0]]  # type: ignore[arg-type]
    assert enu_from_lla(ORIGIN, lla)[0][:2] == pytest.approx((3000.0, 4000.0), abs=0.1)  # type: ignore[arg-type]
    assert found["height_m"] is None

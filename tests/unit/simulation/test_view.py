import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.geo.angles import azimuth_rad
from tocsin.simulation.plan import SensorPose
from tocsin.simulation.view import blind, polar

POSE = SensorPose(east_m=10.0, north_m=-20.0, up_m=5.0)


@pytest.mark.parametrize(
    ("step", "azimuth_deg", "elevation_deg"),
    [
        ((0, 100, 0), 0, 0),
        ((100, 0, 0), 90, 0),
        ((0, -100, 0), 180, 0),
        ((-100, 0, 0), 270, 0),
        ((100, 0, 100), 90, 45),
    ],
)
def test_azimuth_runs_clockwise_from_north_and_elevation_up(
    step: tuple[float, float, float], azimuth_deg: float, elevation_deg: float
) -> None:
    # The conventions of model.detection: slant range, azimuth clockwise from true north, elevation up.
    place = np.array([[10.0 + step[0], -20.0 + step[1], 5.0 + step[2]]])
    distance, azimuth, elevation = polar(POSE, place)
    assert distance[0] == pytest.approx(math.hypot(*step))
    assert math.degrees(azimuth[0]) == pytest.approx(azimuth_deg)
    assert math.degrees(elevation[0]) == pytest.approx(elevation_deg)


@given(st.floats(-5000, 5000), st.floats(-5000, 5000), st.floats(-100, 3000))
def test_polar_and_back(east_m: float, north_m: float, up_m: float) -> None:
    place = np.array([[east_m, north_m, up_m]])
    distance, azimuth, elevation = (float(value[0]) for value in polar(POSE, place))
    level = distance * math.cos(elevation)
    back = (10 + level * math.sin(azimuth), -20 + level * math.cos(azimuth), 5 + distance * math.sin(elevation))
    assert back == pytest.approx((east_m, north_m, up_m), abs=1e-6)
    if math.hypot(east_m - 10, north_m + 20) > 1e-3:
        assert math.cos(azimuth - float(azimuth_rad(east_m - 10, north_m + 20))) == pytest.approx(1.0)


def test_a_blind_sector_may_span_north() -> None:
    azimuth = np.radians([349.0, 351.0, 0.0, 9.0, 11.0, 180.0])
    assert blind(azimuth, ((350.0, 10.0),)).tolist() == [False, True, True, True, False, False]

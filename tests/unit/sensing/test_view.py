"""View: hard edges in range, elevation and azimuth, checked against a plain reading of the definition."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.model.errors import TocsinError
from tocsin.model.sensor import Health, Pose
from tocsin.sensing.view import View, detection_probability

POSE = Pose(east_m=100.0, north_m=-50.0, up_m=10.0, heading_rad=1.0)


def at(azimuth_deg: float, elevation_deg: float = 5.0, slant_m: float = 1000.0, pose: Pose = POSE) -> np.ndarray:
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    ground = slant_m * math.cos(elevation)
    east, north = ground * math.sin(azimuth), ground * math.cos(azimuth)
    return np.array([[pose.east_m + east, pose.north_m + north, pose.up_m + slant_m * math.sin(elevation)]])


def sector(*degrees: float) -> tuple[float, float]:
    return (math.radians(degrees[0]), math.radians(degrees[1]))


@pytest.mark.parametrize(
    ("slant_m", "elevation_deg", "expected"),
    [(51, 5, 0.8), (49, 5, 0), (7999, 5, 0.8), (8001, 5, 0), (1000, -1.9, 0.8), (1000, -2.1, 0), (1000, 40.1, 0)],
)
def test_range_is_slant_and_elevation_has_two_ends(slant_m: float, elevation_deg: float, expected: float) -> None:
    view = View(range_m=(50, 8000), elevation_rad=sector(-2, 40), detection_probability=0.8)
    assert detection_probability(view, POSE, at(10, elevation_deg, slant_m))[0] == expected


@pytest.mark.parametrize(
    ("azimuth_deg", "seen"),
    [(109, True), (111, False), (127, False), (129, True), (349, True), (351, False), (9, False)],
)
def test_blind_sectors_run_clockwise_and_may_cross_north(azimuth_deg: float, seen: bool) -> None:
    view = View(blind_rad=(sector(110, 128), sector(350, 10)))
    assert (detection_probability(view, POSE, at(azimuth_deg))[0] > 0) == seen


def test_sectors_do_not_turn_with_the_sensors_heading() -> None:
    view = View(blind_rad=(sector(80, 100),))
    for heading in (0.0, 1.0, 5.0):
        assert detection_probability(view, Pose(heading_rad=heading), at(90, pose=Pose()))[0] == 0.0


def test_the_sector_looked_into_excludes_the_rest() -> None:
    view = View(azimuth_rad=sector(300, 60))
    seen = [detection_probability(view, POSE, at(azimuth))[0] > 0 for azimuth in (299, 301, 0, 59, 61, 180)]
    assert seen == [False, True, True, True, False, False]


def test_a_whole_turn_hides_everything() -> None:
    view = View(blind_rad=((0.0, math.tau),))
    assert not detection_probability(view, POSE, np.vstack([at(a) for a in range(0, 360, 30)])).any()


def test_health_lowers_it_and_silence_ends_it() -> None:
    seen = {health: detection_probability(View(), POSE, at(10), health)[0] for health in Health}
    assert seen[Health.OK] == 0.9
    assert 0.0 < seen[Health.DEGRADED] < 0.9
    assert seen[Health.FAULT] == seen[Health.SILENT] == seen[Health.OFF] == 0.0


def test_an_unknown_position_is_not_seen() -> None:
    assert detection_probability(View(), POSE, np.array([[math.nan, 0, 0], [0, 0, math.nan]])).tolist() == [0.0, 0.0]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 360), st.floats(-89, 89), st.floats(1, 20_000)), min_size=1, max_size=20),
    st.floats(0, 360),
    st.floats(0.1, 359.9),
)
def test_agrees_with_the_definition(points: list[tuple[float, float, float]], start: float, width: float) -> None:
    view = View(range_m=(100, 9000), elevation_rad=sector(-10, 60), blind_rad=(sector(start, start + width),))
    expected, near_edge = [], []
    for azimuth, elevation, slant in points:
        into = (azimuth - start) % 360.0
        expected.append(100 <= slant <= 9000 and -10 <= elevation <= 60 and into > width)
        gaps = (slant - 100, slant - 9000, elevation + 10, elevation - 60, into, into - width, into - 360.0)
        near_edge.append(min(map(abs, gaps)) < 1e-6)
    positions = np.vstack([at(*point) for point in points])
    seen = detection_probability(view, POSE, positions) > 0
    for one, wanted, edge in zip(seen, expected, near_edge, strict=True):
        assert edge or one == wanted


@pytest.mark.parametrize(
    "wrong",
    [
        {"range_m": (100.0, 50.0)},
        {"range_m": (-1.0, 50.0)},
        {"range_m": (0.0, math.inf)},
        {"elevation_rad": (0.5, 0.5)},
        {"elevation_rad": (-2.0, 0.5)},
        {"blind_rad": ((1.0, 1.0),)},
        {"azimuth_rad": (0.0, 7.0)},
        {"detection_probability": 0.0},
        {"detection_probability": math.nan},
    ],
)
def test_a_view_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"range|elevation|sector|detection_probability"):
        View(**wrong)


def test_another_shape_is_an_error() -> None:
    with pytest.raises(TocsinError, match=r"\(n, 3\)"):
        detection_probability(View(), POSE, np.zeros(3))

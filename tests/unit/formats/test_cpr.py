"""Against the worked examples of "The 1090 Megahertz Riddle", chapter 5, and against its own encoder."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats.cpr import BITS, encode, global_airborne, local, longitude_zones
from tocsin.formats.mode_s import Position, read_squitter

STEPS = 1 << BITS
EVEN, ODD = (93000 / STEPS, 51372 / STEPS), (74158 / STEPS, 50194 / STEPS)
latitudes, longitudes = st.floats(-86.5, 86.5), st.floats(-180.0, 179.999)


def test_the_riddles_pair() -> None:
    assert global_airborne(EVEN, ODD, newest_odd=False) == pytest.approx((52.2572021484375, 3.91937255859375))


def test_the_riddles_single_frame_near_a_known_place() -> None:
    assert local(EVEN, False, (52.258, 3.918), surface=False) == pytest.approx((52.2572021484375, 3.91937255859375))


def test_the_riddles_surface_frame() -> None:
    position = read_squitter(bytes.fromhex("8C4841753A8A35323FAEBDAC702D")).message
    assert isinstance(position, Position)
    found = local(position.fractions, position.is_odd, (51.990, 4.375), surface=True)
    assert found == pytest.approx((52.320607, 4.734735), abs=1e-5)


@pytest.mark.parametrize(
    ("latitude_deg", "zones"),
    [(0.0, 59), (10.0, 59), (10.5, 58), (52.0, 36), (86.9, 2), (87.0, 2), (-87.1, 1), (90.0, 1)],
)
def test_longitude_zones(latitude_deg: float, zones: int) -> None:
    assert longitude_zones(latitude_deg) == zones


@given(latitudes, longitudes, st.booleans())
def test_a_pair_gives_the_place_back(latitude: float, longitude: float, newest_odd: bool) -> None:
    halves = [tuple(part / STEPS for part in encode(latitude, longitude, odd, surface=False)) for odd in (False, True)]
    found = global_airborne((halves[0][0], halves[0][1]), (halves[1][0], halves[1][1]), newest_odd)
    if found is not None:  # None near a border between zones
        assert found[0] == pytest.approx(latitude, abs=1e-4)
        assert math.cos(math.radians(found[1] - longitude)) == pytest.approx(1.0, abs=1e-9)


@given(latitudes, longitudes, st.booleans(), st.booleans(), st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))
def test_one_half_near_by_gives_the_place_back(
    latitude: float, longitude: float, odd: bool, surface: bool, north: float, east: float
) -> None:
    y, x = encode(latitude, longitude, odd, surface)
    found = local((y / STEPS, x / STEPS), odd, (latitude + north, longitude + east), surface)
    assert found is not None
    assert found[0] == pytest.approx(latitude, abs=1e-4)
    assert math.cos(math.radians(found[1] - longitude)) == pytest.approx(1.0, abs=1e-8)


@given(st.tuples(st.floats(0, 1), st.floats(0, 1)), st.tuples(st.floats(0, 1), st.floats(0, 1)), st.booleans())
def test_no_halves_leave_the_earth(even: tuple[float, float], odd: tuple[float, float], newest_odd: bool) -> None:
    found = global_airborne(even, odd, newest_odd)
    if found is not None:
        assert abs(found[0]) <= 90.0
        assert -180.0 <= found[1] <= 180.0

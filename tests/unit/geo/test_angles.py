"""Angles: half-open intervals hold strictly, and whole turns are all that changes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.geo.angles import azimuth_rad, wrap_2pi_rad, wrap_2pi_scalar_rad, wrap_pi_rad, wrap_pi_scalar_rad

TAU = math.tau
EDGES = [0.0, -0.0, -1e-17, 1e-17, -5e-324, math.pi, -math.pi, TAU, -TAU, 3 * TAU, np.nextafter(TAU, 0), -1e-300]
angles = st.one_of(st.sampled_from(EDGES), st.floats(-1e6, 1e6))


@settings(deadline=None)
@given(angles)
def test_intervals_are_half_open(angle: float) -> None:
    for wrap in (wrap_2pi_rad, wrap_2pi_scalar_rad):
        assert 0.0 <= wrap(angle) < TAU
        assert math.copysign(1.0, wrap(angle)) == 1.0
    for wrap in (wrap_pi_rad, wrap_pi_scalar_rad):
        assert -math.pi <= wrap(angle) < math.pi


@settings(deadline=None)
@given(angles)
def test_direction_is_kept(angle: float) -> None:
    # math.remainder is the exact IEEE remainder, in [-pi, pi]
    for wrapped in (wrap_2pi_rad(angle), wrap_pi_rad(angle)):
        assert abs(math.remainder(wrapped - math.remainder(angle, TAU), TAU)) <= 1e-15


@settings(deadline=None)
@given(st.floats(-math.pi, np.nextafter(math.pi, 0)))
def test_an_angle_already_inside_is_unchanged(angle: float) -> None:
    assert wrap_pi_rad(angle) == angle
    if angle >= 0.0:
        assert wrap_2pi_rad(angle) == angle


@settings(deadline=None)
@given(st.lists(angles, max_size=20))
def test_arrays_and_scalars_agree(values: list[float]) -> None:
    array = np.array(values)
    assert wrap_2pi_rad(array).tolist() == [wrap_2pi_scalar_rad(value) for value in values]
    assert wrap_pi_rad(array).tolist() == [wrap_pi_scalar_rad(value) for value in values]


def test_not_a_number_stays_one() -> None:
    for value in (math.nan, math.inf, -math.inf):
        assert math.isnan(wrap_2pi_rad(value))
        assert math.isnan(wrap_pi_rad(value))
        assert math.isnan(wrap_2pi_scalar_rad(value))


@pytest.mark.parametrize(
    ("east", "north", "degrees"),
    [(0, 1, 0), (1, 1, 45), (1, 0, 90), (0, -1, 180), (-1, 0, 270), (-1e-30, 1, 0), (0, 0, 0)],
)
def test_azimuth_is_clockwise_from_north(east: float, north: float, degrees: float) -> None:
    assert math.degrees(azimuth_rad(east, north)) == pytest.approx(degrees)
    assert np.degrees(azimuth_rad(np.array([east]), np.array([north])))[0] == pytest.approx(degrees)

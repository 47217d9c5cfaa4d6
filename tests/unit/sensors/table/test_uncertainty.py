"""Covariances: against the matrix product they stand for, and positive definite wherever the target is."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats.columns import Height, Mapping, Sigma, SigmaColumns
from tocsin.model.errors import TocsinError
from tocsin.sensors.table.uncertainty import check_sigma, position_covariance

NONE = (math.nan,) * 5
metres = st.floats(-50_000.0, 50_000.0)
sigmas = st.floats(0.01, 500.0)
angles = st.floats(1e-4, 0.3)


@given(st.tuples(metres, metres, metres), st.tuples(metres, metres, metres), sigmas, angles, angles)
def test_an_ellipsoid_that_points_to_the_sensor(
    place: tuple[float, ...], sensor: tuple[float, float, float], along: float, turn: float, tilt: float
) -> None:
    sigma = Sigma(range_m=along, azimuth_rad=turn, elevation_rad=tilt)
    found = position_covariance(sigma, NONE, place, sensor, flat=False)
    east, north, up = (a - b for a, b in zip(place, sensor, strict=True))
    ground, slant = max(math.hypot(east, north), 1.0), max(math.dist(place, sensor), 1.0)
    if math.hypot(east, north) < 1.0:
        return
    sin_az, cos_az = east / ground, north / ground
    sin_el, cos_el = up / slant, ground / slant
    axes = np.array(  # along, across and above the line of sight
        [[sin_az * cos_el, cos_az, -sin_az * sin_el], [cos_az * cos_el, -sin_az, -cos_az * sin_el], [sin_el, 0, cos_el]]
    )
    expected = axes @ np.diag([along**2, (ground * turn) ** 2, (slant * tilt) ** 2]) @ axes.T
    if found is None:  # flatter than numbers can tell
        assert np.linalg.cond(expected) > 1e10
    else:
        np.testing.assert_allclose(np.reshape(found, (3, 3)), expected, rtol=1e-9, atol=1e-9 * expected.max())


@given(st.tuples(metres, metres, metres), sigmas, sigmas, angles, st.booleans())
def test_positive_definite_wherever_the_target_is(
    place: tuple[float, ...], across: float, along: float, turn: float, flat: bool
) -> None:
    sigma = Sigma(horizontal_m=across, up_m=across, range_m=along, azimuth_rad=turn)
    for where in (place, (0.0, 0.0, 0.0), (0.0, 0.0, place[2])):
        found = position_covariance(sigma, NONE, where, (0.0, 0.0, 0.0), flat=flat)
        size = 2 if flat else 3
        assert found is not None
        np.linalg.cholesky(np.reshape(found, (size, size)))


def test_columns_add_in_squares() -> None:
    columns = (4.0, 12.0, math.nan, math.nan, math.nan)
    place = (1.0, 2.0, 3.0)
    assert position_covariance(Sigma(horizontal_m=3.0, up_m=5.0), columns, place, (0.0, 0.0, 0.0), flat=False) == (
        *(25.0, 0.0, 0.0),
        *(0.0, 25.0, 0.0),
        *(0.0, 0.0, 169.0),
    )
    assert position_covariance(Sigma(), columns, place, (0.0, 0.0, 0.0), flat=True) == (16.0, 0.0, 0.0, 16.0)
    assert position_covariance(Sigma(), NONE, place, (0.0, 0.0, 0.0), flat=True) is None


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (Mapping(azimuth="a"), "sigma.azimuth_deg: missing"),
        (Mapping(azimuth="a", range="r", sigma=Sigma(azimuth_rad=0.1)), "sigma.range_m: missing"),
        (Mapping(azimuth="a", sigma=Sigma(azimuth_rad=0.0)), "sigma.azimuth_deg: 0.0 is not positive"),
        (Mapping(latitude="a", longitude="b"), "sigma.horizontal_m: missing"),
        (
            Mapping(latitude="a", longitude="b", height=Height("h", "msl"), sigma=Sigma(horizontal_m=1.0)),
            "sigma.up_m: missing",
        ),
    ],
)
def test_what_is_measured_needs_an_uncertainty(mapping: Mapping, said: str) -> None:
    with pytest.raises(TocsinError, match=said):
        check_sigma(mapping)


def test_a_column_or_the_line_of_sight_will_do() -> None:
    check_sigma(Mapping(azimuth="a", sigma_columns=SigmaColumns(azimuth="s")))
    check_sigma(Mapping(east="e", north="n", up="u", sigma=Sigma(range_m=5.0, azimuth_rad=0.01, elevation_rad=0.01)))

"""The threat kernels against brute force in plain NumPy."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.model.threat import Asset, Zone
from tocsin.threat.approach import SAMPLES, _enter, _quantiles, fan
from tocsin.threat.places import distance_m, entry, inside, places

CORNERS = ((0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (50.0, 40.0), (0.0, 100.0))  # a notch from the north
ASSET = Asset("tower", 20.0, -10.0, 0.0, 60.0, 30.0)
_, PLACES = places([ASSET], [Zone("notched", CORNERS, 20.0, 80.0), Zone("open", CORNERS)])
coordinate = st.floats(-250, 250).map(lambda value: round(value, 3))


def _winding(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Inside by the sum of the angles that the sides are seen under: another method than the code's."""
    corners = np.array(CORNERS)
    total = np.zeros(x.shape)
    for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        ax, ay, bx, by = a[0] - x, a[1] - y, b[0] - x, b[1] - y
        total += np.arctan2(ax * by - ay * bx, ax * bx + ay * by)
    return np.abs(total) > math.pi


def _boundary_distance(x: float, y: float) -> float:
    corners = np.array(CORNERS)
    s = np.linspace(0, 1, 20001)[:, None]
    sides = [a + s * (b - a) for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
    return float(min(np.hypot(*(side - [x, y]).T).min() for side in sides))


@settings(deadline=None)
@given(coordinate, coordinate)
def test_inside_and_distance_of_a_concave_polygon(x: float, y: float) -> None:
    beside = _boundary_distance(x, y)
    within = bool(_winding(np.array(x), np.array(y)))
    if beside > 0.02:
        assert inside(PLACES, 2, x, y) == within
    assert abs(distance_m(PLACES, 2, x, y) - (0.0 if within else beside)) < 0.02


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2), coordinate, coordinate, st.floats(-50, 150), coordinate, coordinate, st.floats(-50, 150))
def test_entry_into_a_place_is_the_first_point_of_the_leg_inside_it(place, x0, y0, z0, x1, y1, z1) -> None:
    s = np.linspace(0, 1, 20001)
    x, y, z = x0 + s * (x1 - x0), y0 + s * (y1 - y0), z0 + s * (z1 - z0)
    within = np.hypot(x - ASSET.east_m, y - ASSET.north_m) <= ASSET.radius_m if place == 0 else _winding(x, y)
    if place == 1:
        within &= (z >= 20.0) & (z <= 80.0)
    found = entry(PLACES, place, x0, y0, z0, x1, y1, z1)
    if within.any():
        assert found <= s[within.argmax()] + 1e-9
    if found < np.inf:  # the point found is inside or on the edge, within what steps can tell
        px, py = x0 + found * (x1 - x0), y0 + found * (y1 - y0)
        assert 0.0 <= found <= 1.0
        assert distance_m(PLACES, place, px, py) < 1e-6
        if place == 1:
            assert 20.0 - 1e-6 <= z0 + found * (z1 - z0) <= 80.0 + 1e-6


def test_an_unknown_height_counts_as_inside() -> None:
    assert entry(PLACES, 1, -50.0, 10.0, math.nan, 50.0, 10.0, math.nan) == 0.5
    assert entry(PLACES, 1, -50.0, 10.0, 500.0, 50.0, 10.0, 500.0) == math.inf


@settings(deadline=None)
@given(st.lists(coordinate, min_size=4 * SAMPLES, max_size=4 * SAMPLES))
def test_the_branch_free_circle_agrees_with_the_general_entry(numbers) -> None:
    xy = np.array(numbers).reshape(4, SAMPLES)
    start = np.vstack([xy[0], xy[1], np.zeros(SAMPLES)])
    end = np.vstack([xy[2], xy[3], np.zeros(SAMPLES)])
    entered = np.full(SAMPLES, np.inf)
    _enter(PLACES, 0, start, end, 10.0, 20.0, entered)
    want = [10.0 + 10.0 * entry(PLACES, 0, *start[:, i], *end[:, i]) for i in range(SAMPLES)]
    np.testing.assert_allclose(entered, want, atol=1e-4)


@given(st.lists(st.one_of(st.floats(0, 100), st.just(math.inf)), min_size=SAMPLES, max_size=SAMPLES))
@settings(deadline=None)
def test_quantiles_agree_with_numpy_and_are_infinite_where_the_share_is(numbers) -> None:
    values, out = np.array(numbers), np.empty(3)
    _quantiles(values, np.empty(SAMPLES), out)
    finite = np.where(np.isinf(values), 1e12, values)
    want = np.quantile(finite, [0.05, 0.5, 0.95], method="hazen")
    np.testing.assert_allclose(np.where(want > 1e6, np.inf, want), out)


def test_draws_are_standard_and_nearly_uncorrelated() -> None:
    normal = fan(120.0, 12.0, 20.0).normal
    np.testing.assert_allclose(normal.mean(axis=1), 0.0, atol=1e-12)
    np.testing.assert_allclose(normal.std(axis=1), 1.0)
    assert np.abs(np.corrcoef(normal) - np.eye(len(normal))).max() < 0.1

"""Approach against Monte Carlo: another discretisation, random draws, no shared code."""

import numpy as np
import pytest

from tocsin.model.threat import Asset, Zone
from tocsin.threat.approach import approaches, fan
from tocsin.threat.places import places

ASSET = Asset("tower", 0.0, 0.0, 0.0, 150.0, 30.0)
GARDEN = Zone("garden", ((-200.0, -200.0), (200.0, -200.0), (200.0, 200.0), (-200.0, 200.0)), 0.0, 120.0)
HORIZON_S = 120.0
CASES = {  # position, velocity, sigmas, wander
    "straight in": ((-1500, 40, 60), (20, 0, 0), (15, 15, 10, 2, 2, 1), 1.5),
    "passing by": ((-1500, 300, 60), (20, 0, 0), (15, 15, 10, 1.5, 1.5, 1), 1.5),
    "hovering near": ((-400, 0, 60), (0, 0, 0), (20, 20, 10, 1, 1, 1), 4.0),
    "going away": ((-600, 0, 60), (-15, 0, 0), (15, 15, 10, 2, 2, 1), 1.5),
    "above, coming down": ((-900, 0, 180), (12, 0, -4), (10, 10, 10, 1, 1, 1), 1.0),
    "on the edge": ((-160, 0, 60), (3, 3, 0), (40, 40, 10, 2, 2, 1), 2.0),
}


def _monte_carlo(case, place: str, n: int = 4000, step_s: float = 0.5) -> np.ndarray:
    random = np.random.default_rng(3)
    position, velocity, sigma, wander = case
    state = np.array([*position, *velocity], float) + random.normal(size=(n, 6)) * sigma
    xy, going, strayed = state[:, :2].copy(), state[:, 3:5], np.zeros((n, 2))
    entered = np.full(n, np.inf)
    for k in range(int(HORIZON_S / step_s) + 1):
        t = k * step_s
        up = state[:, 2] + state[:, 5] * 20.0 * (1 - np.exp(-t / 20.0))
        if place == "tower":
            within = np.hypot(xy[:, 0], xy[:, 1]) <= 150.0
        else:
            within = (np.abs(xy) <= 200.0).all(axis=1) & (up >= 0) & (up <= 120.0)
        entered[within & np.isinf(entered)] = t
        before = strayed
        strayed = strayed - strayed * step_s / 12.0 + wander * np.sqrt(2 * step_s / 12.0) * random.normal(size=(n, 2))
        xy += (going + 0.5 * (before + strayed)) * step_s
    return entered


@pytest.mark.parametrize("place", ["tower", "garden"])
@pytest.mark.parametrize("name", CASES)
def test_entry_times_agree_with_monte_carlo(name: str, place: str) -> None:
    position, velocity, sigma, wander = (np.array(part, float) for part in CASES[name])
    _, site = places([ASSET], [GARDEN])
    keeps = np.array([[velocity[0], velocity[1], 1.0]])
    pair, number = approaches(
        fan(HORIZON_S, 12.0, 20.0),
        site,
        5000.0,
        position[None],
        velocity[None],
        np.diag(sigma**2)[None],
        keeps,
        wander[None],
    )
    row = number[pair[:, 1] == (place == "garden")][0]
    entered = _monte_carlo(CASES[name], place)
    assert row[2] == pytest.approx(np.isfinite(entered).mean(), abs=0.1)
    assert row[1] == pytest.approx((entered == 0).mean(), abs=0.08)
    for k, share in enumerate((0.05, 0.5, 0.95)):
        low, high = np.quantile(np.minimum(entered, 1e6), [max(share - 0.06, 0), min(share + 0.06, 1)])
        assert low - 2.5 <= min(row[3 + k], 1e6) <= high + 2.5, (name, share)


def test_a_fan_without_doubt_is_a_straight_line() -> None:
    _, site = places([ASSET], [])
    pair, number = approaches(
        fan(HORIZON_S, 12.0, 20.0),
        site,
        500.0,
        np.array([[-1150.0, 90.0, 50.0]]),
        np.array([[20.0, 0.0, 0.0]]),
        np.zeros((1, 6, 6)),
        np.array([[20.0, 0.0, 1.0]]),
        np.zeros(1),
    )
    assert pair.tolist() == [[0, 0]]
    np.testing.assert_allclose(number[0, 3:6], (1150.0 - 120.0) / 20.0)  # 120 = sqrt(150^2 - 90^2)
    np.testing.assert_allclose(number[0, 6:9], 90.0)
    assert number[0, 9] == pytest.approx(57.5)
    assert number[0, 2] == 1.0


def test_tracks_without_a_place_in_reach_or_without_a_position_have_no_pair() -> None:
    _, site = places([ASSET], [])
    position = np.array([[50_000.0, 0.0, 0.0], [np.nan, 0.0, 0.0], [300.0, 0.0, np.nan]])
    covariance = np.tile(np.eye(6), (3, 1, 1))
    going, wander = np.zeros((3, 3)), np.ones(3)
    pair, _ = approaches(fan(HORIZON_S, 12.0, 20.0), site, 500.0, position, np.zeros((3, 3)), covariance, going, wander)
    assert pair.tolist() == [[2, 0]]

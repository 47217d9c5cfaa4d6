"""Falling objects through the tracker: found by their motion, carried to the ground, and nothing else taken for one."""

import math

import numpy as np
import pytest

from tocsin.model.detection import MeasurementKind
from tocsin.model.identity import IdentityColumns
from tocsin.model.scan import Scan
from tocsin.model.threat import Asset
from tocsin.sensing.view import View
from tocsin.threat import Assessor
from tocsin.threat import Settings as ThreatSettings
from tocsin.tracking import SensorModel, Settings, Tracker

SIGMA = (5.0, math.radians(0.2), math.radians(0.2))


def scan(place, time_s: float, rng) -> Scan:
    """One look of a 3-D radar at the origin."""
    east, north, up = place
    ground = math.hypot(east, north)
    true = np.array([math.hypot(ground, up), math.atan2(east, north) % (2 * math.pi), math.atan2(up, ground)])
    values = (true + rng.normal(0.0, SIGMA)).reshape(1, 3)
    covariance = np.diag(np.square(SIGMA)).reshape(1, 3, 3)
    none, times_s = np.empty(0), np.array([time_s])
    kind = MeasurementKind.POLAR_3D
    return Scan("radar", kind, time_s, time_s, times_s, values, covariance, np.zeros(3), none, none)


def thrown(seconds_s: float, period_s: float = 0.25):
    """A heavy body in the second half of a free path, by small steps and with little drag."""
    place, velocity = np.array([3000.0, 4200.0, 3000.0]), np.array([-110.0, -160.0, -120.0])
    step_s, found = 0.01, []
    for k in range(round(60.0 / step_s)):
        if k % round(period_s / step_s) == 0 and k * step_s <= seconds_s:
            found.append((k * step_s, place.copy()))
        speed = float(np.linalg.norm(velocity))
        velocity = velocity + step_s * (-0.5 * 1.1 * 2e-4 * speed * velocity - np.array([0.0, 0.0, 9.8]))
        place = place + step_s * velocity
        if place[2] <= 0.0:
            return found, place
    raise AssertionError("it never came down")


def tracker() -> Tracker:
    return Tracker(Settings(), [SensorModel("radar", view=View(range_m=(0.0, 20_000.0)), false_per_look=0.1)])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_fall_is_found_early_and_its_impact_covers_where_it_comes_down(seed: int) -> None:
    rng, one = np.random.default_rng(seed), tracker()
    path, ground = thrown(8.0)
    columns = None
    found_s = None
    for time_s, place in path:
        columns = one.step(scan(place, time_s, rng))
        if found_s is None and columns.ballistic is not None and len(columns.ballistic):
            found_s = time_s
    assert columns is not None and found_s is not None and found_s <= 4.0
    assets = [Asset("hit", ground[0], ground[1], 0.0, 300.0, 10.0), Asset("far", -9000.0, 0.0, 0.0, 300.0, 10.0)]
    n = len(columns)
    identity = IdentityColumns(np.full((n, 10), 0.1), np.zeros(n, np.int64), ("",) * n, (None,) * n)
    impact = Assessor(ThreatSettings(), assets, []).step(columns, identity).impact
    assert impact is not None and len(impact.track) == 1
    assert bool(impact.warned[0, 0]) and not bool(impact.warned[0, 1])
    assert impact.hit_probability[0, 0] > 0.5 > impact.hit_probability[0, 1]


def test_level_flight_is_not_a_fall() -> None:
    rng, one = np.random.default_rng(5), tracker()
    for k in range(60):
        columns = one.step(scan((2000.0 - 8.0 * k, 3000.0, 200.0), 0.5 * k, rng))
    assert columns.ballistic is None or not len(columns.ballistic)

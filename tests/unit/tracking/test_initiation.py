"""What is learnt of births and false reports, against streams with known rates."""

import msgspec
import numpy as np
import pytest
from scipy.stats import truncnorm

from tocsin.model.detection import MeasurementKind
from tocsin.model.track import TrackStatus
from tocsin.tracking import Settings, Tracker
from tocsin.tracking.initiation import UNDETECTED, Expectation, positive_mean
from unit.tracking.scenes import RADAR, SIGMA, START_S, scan


@pytest.mark.parametrize("mean", [-400.0, -50.0, -7.0, -1.0, 0.0, 3.0, 100.0])
def test_mean_of_a_normal_that_is_positive(mean: float):
    assert positive_mean(mean, 2.0) == pytest.approx(truncnorm(-mean / 2.0, np.inf, mean, 2.0).mean(), rel=2e-3)


def test_a_first_look_at_a_crowd_expects_a_crowd():
    e = Expectation([400.0])
    assert e.look(0, 0.0, 1300, 0.0, 0.0, 0.9, True) == pytest.approx(1000.0, rel=0.05)
    assert e.values[0, UNDETECTED] == pytest.approx(100.0, rel=0.06)


def test_a_first_look_at_clutter_alone_expects_few():
    assert Expectation([100.0]).look(0, 0.0, 100, 0.0, 0.0, 0.9, True) < 12.0


@pytest.mark.parametrize("rate", [0.05, 0.5, 8.0])
def test_the_birth_rate_is_found(rate: float):
    rng, e = np.random.default_rng(1), Expectation([100.0])
    for k in range(300):
        e.look(0, float(k), int(rng.poisson(100.0)), 0.0, 0.0, 0.9, True)
        e.learn(0, 100.0)
        e.credit(0, int(rng.poisson(rate)))
    assert e.birth_rate(0) == pytest.approx(rate, rel=0.6)
    quiet = e.birth_rate(0)
    for k in range(300, 600):
        e.look(0, float(k), int(rng.poisson(100.0)), 0.0, 0.0, 0.9, True)
    assert e.birth_rate(0) < 0.1 * quiet + 0.01


@pytest.mark.parametrize("actual", [30, 300])
def test_false_reports_other_than_stated_are_learnt_and_start_no_tracks(actual: int):
    """Nothing but clutter, three times more or less of it than the sensor was said to give."""
    rng = np.random.default_rng(2)
    radar = msgspec.structs.replace(RADAR, false_per_look=100.0)
    tracker, confirmed = Tracker(Settings(), [radar], site_seed="test"), 0
    for k in range(120):
        m = rng.poisson(actual)
        z = np.column_stack((rng.uniform(100, 8000, m), rng.uniform(0, 2 * np.pi, m), rng.uniform(-0.2, 1.57, m)))
        columns = tracker.step(scan(MeasurementKind.POLAR_3D, START_S + k, z, SIGMA**2))
        confirmed += int((columns.status != TrackStatus.TENTATIVE).sum()) if k >= 60 else 0
    assert tracker.statistics()["sensors"]["radar"]["false_per_look"] == pytest.approx(actual, rel=0.2)
    assert confirmed <= 30


def test_a_surprise_is_taken_seriously():
    e = Expectation([1.0])
    for k in range(50):
        e.look(0, float(k), 1, 0.0, 0.0, 0.9, True)
    calm = e.look(0, 50.0, 1, 0.0, 0.0, 0.9, True)
    assert e.look(0, 51.0, 25, 0.0, 0.0, 0.9, True) > 10 * calm

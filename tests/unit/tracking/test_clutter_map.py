"""Where false reports crowd is learnt, and a tracker told too little of them makes no tracks of them."""

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.model.detection import DIMENSION, MeasurementKind
from tocsin.model.track import TrackStatus
from tocsin.sensing.view import View
from tocsin.tracking import Scan, SensorModel, Settings, Tracker
from tocsin.tracking.clutter_map import ClutterMap
from unit.tracking.scenes import SIGMA, START_S, polar, scan

Kind = MeasurementKind
WIDE = SensorModel("radar", view=View(range_m=(0.0, 8000.0), elevation_rad=(-0.1, 1.5)), false_per_look=60.0)


def low_clutter(rng: np.random.Generator, m: int) -> np.ndarray:
    """False reports as the ground makes them: far lower than the view reaches. Azimuth, range, elevation."""
    return np.column_stack((rng.uniform(0, 2 * math.pi, m), rng.uniform(200, 8000, m), rng.uniform(0.0, 0.12, m)))


def test_an_even_spread_is_told_nothing_new_and_a_crowd_is_found():
    rng = np.random.default_rng(1)
    even, low = ClutterMap((WIDE,)), ClutterMap((WIDE,))
    for _ in range(50):
        spread = np.column_stack((*low_clutter(rng, 60)[:, :2].T, rng.uniform(-0.1, 1.5, 60)))
        even.learn(0, Kind.POLAR_3D, spread, np.ones(60))
        low.learn(0, Kind.POLAR_3D, low_clutter(rng, 60), np.ones(60))
    here = low_clutter(rng, 500)
    assert np.abs(np.log(even.factor(0, Kind.POLAR_3D, here))).mean() < 0.15
    assert 6.0 < low.factor(0, Kind.POLAR_3D, here).mean() < 14.0  # in truth 1.6 / 0.12
    assert low.factor(0, Kind.POLAR_3D, here + [0.0, 0.0, 1.0]).max() < 0.1


def test_a_few_reports_change_little():
    found = ClutterMap((WIDE,))
    z = np.tile([1.0, 2000.0, 0.3], (3, 1))
    found.learn(0, Kind.POLAR_3D, z, np.ones(3))
    assert 1.0 < found.factor(0, Kind.POLAR_3D, z)[0] < 6.0


def test_a_sensor_that_states_its_density_or_reports_positions_or_bearings_keeps_it():
    told = ClutterMap((msgspec.structs.replace(WIDE, false_density=0.1), WIDE))
    for s, kind in ((0, Kind.POLAR_3D), (1, Kind.POSITION_3D), (1, Kind.AZIMUTH_ELEVATION)):
        z = np.tile([1.0, 2000.0, 0.05], (30, 1))[:, : DIMENSION[kind]]
        told.learn(s, kind, z, np.ones(30))
        assert (told.factor(s, kind, z) == 1.0).all()


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([Kind.POLAR_2D, Kind.POLAR_3D]),
    st.integers(0, 99),
    st.sampled_from([None, (5.5, 1.0), (0.2, 2.0)]),
)
def test_whatever_is_reported_the_density_is_positive_and_its_mean_over_the_view_is_one(kind, seed, sector):
    rng = np.random.default_rng(seed)
    view = View(range_m=(100.0, 5000.0), elevation_rad=(0.0, 1.0), azimuth_rad=sector)
    found = ClutterMap((SensorModel("s", view=view),))
    z = rng.normal(0.0, 1e4, (40, DIMENSION[kind]))
    found.learn(0, kind, z, rng.uniform(0, 1, 40))
    assert (found.factor(0, kind, z) > 0.0).all()
    start, turn = (sector[0], (sector[1] - sector[0]) % (2 * math.pi)) if sector else (0.0, 2 * math.pi)
    everywhere = [start + (np.arange(16) + 0.5) / 16 * turn]
    everywhere += [100.0 + (np.arange(16) + 0.5) / 16 * 4900.0]
    everywhere += [(np.arange(16) + 0.5) / 16] if kind is Kind.POLAR_3D else []
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*everywhere, indexing="ij")], axis=1)
    assert math.isclose(found.factor(0, kind, grid).mean(), 1.0, rel_tol=1e-9)


def mean_shown(stated: float) -> float:
    """Confirmed tracks at a time, of one target in low clutter, after half a minute."""
    rng = np.random.default_rng(3)
    t = Tracker(Settings(), [msgspec.structs.replace(WIDE, false_per_look=stated)], site_seed="t")
    place, velocity = np.array([[2500.0, 1500.0, 200.0]]), np.array([[-15.0, 10.0, 0.0]])
    shown = []
    for k in range(60):
        z = polar(place + k * velocity, np.zeros(3)) + rng.normal(size=(1, 3)) * SIGMA
        clutter = low_clutter(rng, rng.poisson(60))[:, [1, 0, 2]]
        one: Scan = scan(Kind.POLAR_3D, START_S + k, np.vstack((z, clutter)), SIGMA**2)
        columns = t.step(one)
        confirmed = columns.status != TrackStatus.TENTATIVE
        shown.append(int(confirmed.sum()))
        if k > 30:
            off = np.linalg.norm(columns.position_enu_m[confirmed] - place - k * velocity, axis=1)
            assert off.min() < 100.0  # the target is always among them
    return float(np.mean(shown[30:]))


@pytest.mark.parametrize("stated", [60.0, 6.0])
def test_clutter_that_crowds_low_makes_far_fewer_false_tracks(stated: float, monkeypatch: pytest.MonkeyPatch):
    learnt = mean_shown(stated)
    monkeypatch.setattr(ClutterMap, "factor", lambda self, s, kind, values: np.ones(len(values)))
    assert learnt - 1.0 <= 0.5 * (mean_shown(stated) - 1.0)

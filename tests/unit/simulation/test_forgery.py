"""Forgery: nothing is false before it begins, and each lie is the one that was asked for."""

import numpy as np
import pytest

from tocsin.simulation.forgery import clock_ahead_s, forged, signal_dbm
from tocsin.simulation.plan import Forgery, SensorPose

TIME_S = np.arange(0.0, 60.0)
POSITION_M = np.column_stack([10.0 * TIME_S, 500.0 + 0.0 * TIME_S, 100.0 + 0.0 * TIME_S])
VELOCITY_MPS = np.tile([10.0, 0.0, 0.0], (60, 1))
POSE = SensorPose(east_m=0.0, north_m=0.0, up_m=0.0)


@pytest.mark.parametrize(
    "forgery", [None, Forgery(from_s=100.0, shift_east_m=900.0, back_s=10.0, sender_east_m=0.0, sender_north_m=0.0)]
)
def test_nothing_is_false_before_it_begins(forgery: Forgery | None) -> None:
    position_m, velocity_mps = forged(forgery, TIME_S, 1.0, POSITION_M, VELOCITY_MPS)
    np.testing.assert_array_equal(position_m, POSITION_M)
    np.testing.assert_array_equal(velocity_mps, VELOCITY_MPS)
    honest = signal_dbm(None, POSE, TIME_S, POSITION_M, np.random.default_rng(1))
    np.testing.assert_array_equal(signal_dbm(forgery, POSE, TIME_S, POSITION_M, np.random.default_rng(1)), honest)
    assert clock_ahead_s(forgery, 50.0) == 0.0


def test_places_are_shifted() -> None:
    position_m, velocity_mps = forged(
        Forgery(from_s=30.0, shift_east_m=900.0, shift_north_m=-70.0), TIME_S, 1.0, POSITION_M, VELOCITY_MPS
    )
    np.testing.assert_array_equal(position_m[:30], POSITION_M[:30])
    np.testing.assert_array_equal(position_m[30:], POSITION_M[30:] + [900.0, -70.0, 0.0])
    np.testing.assert_array_equal(velocity_mps, VELOCITY_MPS)


def test_what_was_said_is_said_again() -> None:
    position_m, _ = forged(Forgery(from_s=30.0, back_s=20.0), TIME_S, 1.0, POSITION_M, VELOCITY_MPS)
    np.testing.assert_array_equal(position_m[30:], POSITION_M[10:40])


def test_a_clock_is_ahead_from_then_on() -> None:
    forgery = Forgery(from_s=30.0, clock_ahead_s=12.0)
    assert (clock_ahead_s(forgery, 29.9), clock_ahead_s(forgery, 30.0)) == (0.0, 12.0)


def test_strength_falls_as_in_free_space_and_tells_where_the_sender_is() -> None:
    """Free space at 2.4 GHz loses 40.05 dB in the first metre and 6.02 dB with each doubling."""
    many = np.zeros(4000)
    for range_m in (500.0, 1000.0):
        heard_dbm = signal_dbm(None, POSE, many, np.tile([range_m, 0.0, 0.0], (4000, 1)), np.random.default_rng(2))
        assert heard_dbm.mean() == pytest.approx(20.0 - 40.05 - 20.0 * np.log10(range_m), abs=0.5)
        assert heard_dbm.std() == pytest.approx(4.0, abs=0.3)
    near = Forgery(from_s=0.0, sender_east_m=50.0, sender_north_m=0.0)
    forged_dbm = signal_dbm(near, POSE, many, np.tile([2000.0, 0.0, 0.0], (4000, 1)), np.random.default_rng(3))
    assert forged_dbm.mean() == pytest.approx(20.0 - 40.05 - 20.0 * np.log10(50.0), abs=0.5)

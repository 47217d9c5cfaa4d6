"""Lost objects are found again where the motion allows, and only there."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model.track import EndedTrack
from tocsin.tracking.joins import LostObjects
from tocsin.tracking.settings import Joining

FIELD_M2 = math.pi * 6000.0**2
KNOWN = np.diag((20.0, 20.0, 20.0, 3.0, 3.0, 3.0)) ** 2


def lost_objects(*lost: tuple[int, float, float, float]) -> LostObjects:
    """Objects lost at (number, time_s, east_m, speed towards the east), each on y = 0."""
    found = LostObjects(Joining(), FIELD_M2, 25.0)
    found.find(0.0, 0.0, "first", np.zeros(6), KNOWN)  # the clock begins
    found.add(
        [EndedTrack(n, f"u{n}", f"o{n}", t + 10.0, t, (x + 10.0 * v, 0.0, 50.0), (v, 0.0, 0.0)) for n, t, x, v in lost]
    )
    return found


def at(east_m: float, north_m: float = 0.0, east_mps: float = 0.0, north_mps: float = 0.0) -> np.ndarray:
    return np.array([east_m, north_m, 50.0, east_mps, north_mps, 0.0])


def test_one_that_kept_its_course_is_found_again_with_its_number_and_object():
    lost = lost_objects((7, 100.0, 0.0, 20.0))
    join = lost.find(141.0, 140.0, "new", at(820.0, 30.0, 19.0), KNOWN)
    assert join is not None
    assert (join.number, join.uid, join.object, join.before, join.gap_s) == (7, "new", "o7", "u7", 40.0)
    assert join.odds > 100.0
    assert lost.find(142.0, 141.0, "other", at(820.0, 30.0, 19.0), KNOWN) is None  # it is lost no more


def test_one_that_turned_back_is_found_too_but_with_less_certainty():
    kept = lost_objects((7, 100.0, 0.0, 20.0)).find(141.0, 140.0, "new", at(820.0, 0.0, 20.0), KNOWN)
    back = lost_objects((7, 100.0, 0.0, 20.0)).find(141.0, 140.0, "new", at(100.0, 0.0, -15.0), KNOWN)
    assert kept is not None and back is not None and back.odds < kept.odds


def test_what_the_object_cannot_have_become_is_new():
    far, fast, early, late = (
        lost_objects((7, 100.0, 0.0, 10.0)).find(born_s + 1.0, born_s, "new", state, KNOWN)
        for born_s, state in (
            (110.0, at(4000.0)),  # 400 m/s away
            (140.0, at(400.0, 0.0, 250.0)),  # an airliner where a drone was lost
            (99.0, at(0.0, 0.0, 10.0)),  # it flew while the other was still seen
            (221.0, at(300.0)),  # too long ago
        )
    )
    assert [far, fast, early, late] == [None] * 4


def test_between_two_that_fit_alike_nothing_is_decided():
    assert lost_objects((1, 100.0, 0.0, 10.0), (2, 100.0, 10.0, 10.0)).find(131.0, 130.0, "n", at(300.0), KNOWN) is None
    only = lost_objects((1, 100.0, 0.0, 10.0), (2, 100.0, 3000.0, 10.0)).find(131.0, 130.0, "n", at(300.0), KNOWN)
    assert only is not None and only.number == 1


def test_where_many_new_objects_appear_a_return_is_believed_less():
    quiet, busy = lost_objects((1, 100.0, 0.0, 10.0)), lost_objects((1, 100.0, 0.0, 10.0))
    for k in range(2000):
        busy.find(100.0, 100.0, f"t{k}", at(5000.0), KNOWN)
    one, other = (found.find(161.0, 160.0, "n", at(250.0), KNOWN) for found in (quiet, busy))
    assert one is not None and other is None


@given(
    st.floats(-2e4, 2e4), st.floats(-2e4, 2e4), st.floats(-400, 400), st.floats(-400, 400), st.floats(0.001, 200),
    st.floats(1e-3, 1e6),
)  # fmt: skip
def test_whatever_comes_the_odds_are_sound(
    east_m: float, north_m: float, east_mps: float, north_mps: float, gap_s: float, sigma: float
):
    lost = lost_objects((1, 100.0, 0.0, 30.0), (2, 90.0, 500.0, 0.0))
    join = lost.find(100.0 + gap_s, 100.0 + gap_s, "n", at(east_m, north_m, east_mps, north_mps), np.eye(6) * sigma)
    assert join is None or (math.isfinite(join.odds) and join.odds >= 32.0 and 0.0 < join.gap_s <= 120.0)

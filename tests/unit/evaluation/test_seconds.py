"""Which seconds are judged, and where drones were then."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.evaluation.seconds import judged_seconds, place_at
from tocsin.model.errors import TocsinError
from tocsin.model.truth import TruthTrack


def log(time_s, flying=None, east_per_s=10.0, target="a"):
    time_s = np.array(time_s, dtype=np.float64)
    position = np.column_stack((time_s * east_per_s, np.full(len(time_s), 3.0), np.full(len(time_s), np.nan)))
    flying = np.ones(len(time_s), dtype=bool) if flying is None else np.array(flying, dtype=bool)
    return TruthTrack(target, time_s, position, flying)


def test_whole_seconds_within_the_log_on_the_line_between_fixes():
    seconds = judged_seconds([log([100.4, 101.3, 102.9, 103.2])])
    assert seconds.time_s.tolist() == [101.0, 102.0, 103.0]
    assert seconds.position_m[:, 0, 0] == pytest.approx([1010.0, 1020.0, 1030.0])
    assert seconds.hours == pytest.approx(3 / 3600)


def test_a_gap_in_flight_is_not_judged_and_is_counted():
    seconds = judged_seconds([log([10.0, 11.0, 12.0, 15.0, 16.0])])
    assert seconds.time_s.tolist() == [10.0, 11.0, 12.0, 15.0, 16.0]
    assert seconds.unknown == 2


def test_a_gap_of_two_seconds_is_bridged():
    assert judged_seconds([log([10.0, 12.0])]).time_s.tolist() == [10.0, 11.0, 12.0]


def test_a_gap_on_the_ground_hides_nobody():
    first = log([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    second = log([0.0, 5.0], flying=[False, False], target="b")
    seconds = judged_seconds([first, second])
    assert len(seconds.time_s) == 6
    assert seconds.flying.tolist() == [[True, False]] * 6


def test_a_second_with_one_drone_lost_in_flight_is_not_judged_for_any():
    first = log([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
    second = log([0.0, 1.0, 4.0, 5.0], target="b")
    assert judged_seconds([first, second]).time_s.tolist() == [0.0, 1.0, 4.0, 5.0]


def test_only_flying_seconds_are_judged():
    assert judged_seconds([log([0.0, 1.0, 2.0, 3.0], flying=[0, 1, 1, 0])]).time_s.tolist() == [1.0, 2.0]


def test_truth_without_flight_is_refused():
    with pytest.raises(TocsinError, match="no target is flying"):
        judged_seconds([log([0.0, 1.0], flying=[0, 0])])
    with pytest.raises(TocsinError, match="no whole second"):
        judged_seconds([log([0.2, 0.8])])


@settings(deadline=None)
@given(st.lists(st.floats(0.0, 50.0), min_size=2, max_size=12, unique=True).map(sorted))
def test_places_lie_on_the_path_or_are_unknown(time_s):
    truth = log(time_s)
    asked = np.arange(-2.0, 53.0, 0.25)
    place, flying, lost = place_at(truth, asked)
    known = np.isfinite(place[:, 0])
    assert np.allclose(place[known, 0], asked[known] * 10.0)
    assert not (flying & ~known).any()
    assert not (flying & lost).any()
    outside = (asked < time_s[0]) | (asked > time_s[-1])
    assert not (known | lost)[outside].any()
    assert (known | lost)[~outside].all()

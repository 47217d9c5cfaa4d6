"""Journeys: real recordings of aircraft are the truth for what is clean; leaps, paces and replays are built by hand."""

import math

from hypothesis import given
from hypothesis import strategies as st

from tocsin.identity.doubt import Doubt
from tocsin.identity.journey import Fix, Journey


def fix(time_s: float, east_m: float, north_m: float = 0.0, speed_mps: float = 10.0, **more: float) -> Fix:
    plain = Fix(time_s, east_m, north_m, math.nan, math.nan, speed_mps, math.pi / 2, 5.0)
    return plain._replace(**more)


def add(journey: Journey, fixes: list[Fix], clock_ahead_s: float | None = None) -> list[Doubt]:
    return [doubt for one in fixes for doubt in journey.add(one, clock_ahead_s)]


def kinds(doubts: list[Doubt]) -> set[str]:
    return {doubt.kind for doubt in doubts}


@given(st.floats(0.0, 60.0), st.floats(0.0, 2.0 * math.pi), st.lists(st.floats(0.1, 5.0), min_size=2, max_size=30))
def test_a_straight_flight_that_states_its_speed_is_never_doubted(
    speed_mps: float, course_rad: float, gaps: list[float]
) -> None:
    journey, time_s, found = Journey(True, None, 5.0), 0.0, []
    for gap_s in gaps:
        time_s += gap_s
        away_m = speed_mps * time_s
        place = (away_m * math.sin(course_rad), away_m * math.cos(course_rad))
        found += journey.add(fix(time_s, *place, speed_mps=speed_mps, course_rad=course_rad), 0.0)
    assert found == []


def test_a_leap_of_two_kilometres_is_doubted_at_once() -> None:
    doubts = add(Journey(True, None, 5.0), [fix(t, 10.0 * t) for t in range(10)] + [fix(10.0, 100.0, 2000.0)])
    assert "leap" in kinds(doubts) and not any(doubt.momentary for doubt in doubts)


def test_a_place_that_comes_late_on_its_course_doubts_that_claim_alone() -> None:
    frozen = [fix(t, 200.0 * min(t, 3), speed_mps=200.0) for t in range(9)] + [fix(9.0, 1800.0, speed_mps=200.0)]
    doubts = add(Journey(False, None, 5.0), frozen)
    assert [(doubt.kind, doubt.momentary) for doubt in doubts] == [("late", True)]


def test_a_single_fault_that_goes_back_lasts_no_longer_than_itself() -> None:
    journey = Journey(False, None, 5.0)
    add(journey, [fix(t, 100.0 * t, speed_mps=100.0) for t in range(5)])
    assert kinds(journey.add(fix(5.0, 500.0, 9000.0, speed_mps=100.0), None)) == {"leap"}
    assert all(doubt.momentary for doubt in journey.add(fix(6.0, 600.0, speed_mps=100.0), None))
    assert journey.returned


def test_two_senders_of_one_identifier_are_told_apart_from_a_fault() -> None:
    places = [fix(0.5 * k, 5.0 * k, 3000.0 * (k % 2)) for k in range(8)]
    assert "twice" in kinds(add(Journey(True, None, 5.0), places))


def test_stating_to_stand_while_moving_and_to_move_while_standing() -> None:
    assert "pace" in kinds(add(Journey(True, None, 5.0), [fix(t, 40.0 * t, speed_mps=0.0) for t in range(6)]))
    assert "pace" in kinds(add(Journey(True, None, 5.0), [fix(t, 0.0, speed_mps=45.0) for t in range(12)]))
    assert not add(Journey(True, None, 5.0), [fix(t, 0.0, speed_mps=0.0) for t in range(12)])


def test_a_clock_that_is_off_and_one_that_is_not() -> None:
    flight = [fix(t, 10.0 * t) for t in range(5)]
    assert kinds(add(Journey(True, None, 5.0), flight, -40.0)) == {"clock"}
    assert not add(Journey(True, None, 5.0), flight, -1.3)  # as a real drone has it


def test_heights_that_change_or_differ_as_none_can() -> None:
    journey = Journey(False, None, 5.0)
    assert not journey.add(fix(0.0, 0.0, pressure_m=4300.0, height_m=4200.0), None)
    assert kinds(journey.add(fix(1.0, 10.0, pressure_m=9441.0, height_m=4200.0), None)) == {"climb"}
    assert kinds(Journey(False, None, 5.0).add(fix(0.0, 0.0, pressure_m=9441.0, height_m=3848.0), None)) == {"heights"}


def test_a_flight_said_again_is_a_replay_and_a_hover_is_none() -> None:
    flight = [fix(t, 10.0 * t) for t in range(20)]
    again = [one._replace(time_s=one.time_s + 60.0) for one in flight]
    assert "replay" in kinds(add(Journey(True, None, 5.0), flight + again))
    assert not add(Journey(True, None, 5.0), [fix(t, 0.0, speed_mps=0.0) for t in range(100)])

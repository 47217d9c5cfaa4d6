"""Matching: by the way flown and not by who is nearest."""

import math

import numpy as np

from tocsin.identity.journey import Fix
from tocsin.identity.matching import Matcher
from track_builder import track_columns

NORTH, EAST = 0.0, math.pi / 2


def fix(time_s: float, east_m: float, north_m: float, speed_mps: float, course_rad: float) -> Fix:
    return Fix(time_s, east_m, north_m, math.nan, math.nan, speed_mps, course_rad, 5.0)


def test_the_track_that_moves_as_it_says_and_not_the_nearer_one() -> None:
    matcher = Matcher()
    for k in range(12):
        place = [
            (10.0 * k + 20.0, 0.0, 50.0),
            (0.0, 10.0 * k - 55.0, 50.0),
        ]  # the second crosses close by, elsewhere bound
        velocity = [(10.0, 0.0, 0.0), (0.0, 10.0, 0.0)]
        tracks = track_columns(["right", "crossing"], float(k), place, velocity)
        matcher.add(fix(float(k), 10.0 * k, 0.0, 10.0, EAST), tracks)
    assert matcher.track == "right"


def test_nothing_is_matched_at_first_sight_nor_far_away() -> None:
    matcher = Matcher()
    matcher.add(fix(0.0, 0.0, 0.0, 0.0, NORTH), track_columns(["a"], 0.0))
    assert matcher.track == ""
    far = Matcher()
    for k in range(20):
        far.add(fix(float(k), 900.0, 0.0, 0.0, NORTH), track_columns(["a"], float(k)))
    assert far.track == ""


def test_two_tracks_that_fly_alike_leave_it_open() -> None:
    matcher = Matcher()
    for k in range(20):
        places = [(10.0 * k, 6.0, 50.0), (10.0 * k, -6.0, 50.0)]
        matcher.add(fix(float(k), 10.0 * k, 0.0, 10.0, EAST), track_columns(["a", "b"], float(k), places, (10.0, 0, 0)))
    assert matcher.track == ""


def test_it_parts_from_a_track_that_goes_elsewhere() -> None:
    matcher = Matcher()
    for k in range(40):
        heading = (10.0, 0.0, 0.0) if k < 15 else (0.0, 10.0, 0.0)
        place = (10.0 * min(k, 15), 10.0 * max(k - 15, 0), 50.0)
        tracks = track_columns(["a"], float(k), place, heading)
        matcher.add(fix(float(k), 10.0 * k, 0.0, 10.0, EAST), tracks)
        if k == 14:
            assert matcher.track == "a"
    assert matcher.track == "" and matcher.parted == "a"


def test_a_track_that_is_gone_is_forgotten_without_a_doubt() -> None:
    matcher = Matcher()
    for k in range(10):
        matcher.add(fix(float(k), 0.0, 0.0, 0.0, NORTH), track_columns(["a"], float(k)))
    assert matcher.track == "a"
    matcher.add(fix(10.0, 0.0, 0.0, 0.0, NORTH), track_columns([], 10.0))
    assert (matcher.track, matcher.parted) == ("", "")
    assert np.isnan(matcher.since_s)

"""Repeats are remembered for a while after they were last given, and forgotten in bounded memory."""

import math

from tocsin.formats.reading import Reading
from tocsin.sensors.table.session import Repeats


def report(time_s: float, place: tuple[float, float, float] = (1.0, 2.0, 3.0), track: str | None = None) -> Reading:
    return Reading(1, time_s, math.nan, place, sensor_track=track)


def test_a_report_is_known_while_it_goes_on_being_given() -> None:
    repeats = Repeats(10.0)
    assert [repeats.seen(report(1.0), now) for now in (0.0, 9.0, 18.0, 27.9)] == [False, True, True, True]
    assert not repeats.seen(report(1.0), 38.0)


def test_another_time_place_or_track_is_another_report() -> None:
    repeats = Repeats(10.0)
    reports = [report(1.0), report(2.0), report(1.0, (1.0, 2.0, 4.0)), report(1.0, track="7"), report(1.0, track="8")]
    assert [repeats.seen(one, 0.0) for one in reports] == [False] * 5
    assert [repeats.seen(one, 1.0) for one in reports] == [True] * 5


def test_what_is_old_is_forgotten() -> None:
    repeats = Repeats(10.0)
    for k in range(1000):
        assert not repeats.seen(report(float(k)), float(k))
    assert len(repeats._last_s) == 11


def test_without_a_span_nothing_is_remembered() -> None:
    repeats = Repeats(0.0)
    assert [repeats.seen(report(1.0), 0.0) for _ in range(2)] == [False, False]
    assert repeats._last_s == {}

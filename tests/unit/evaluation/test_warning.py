"""Warning times of made-up alerts and a drone that flies in and out of a circle."""

import msgspec
import numpy as np
import pytest

from tocsin.evaluation.seconds import judged_seconds
from tocsin.evaluation.warning import always_and_never, measure_warning
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.threat import Asset, Zone
from tocsin.model.truth import TruthTrack

PIER = Asset("pier", 0.0, 0.0, 0.0, 100.0, 30.0)
SQUARE = Zone("pier zone", ((-300.0, -300.0), (300.0, -300.0), (300.0, 300.0), (-300.0, 300.0)))
ELSEWHERE = Zone("harbour", ((500.0, 500.0), (900.0, 500.0), (900.0, 900.0)))


def flight(easts, start_s=1000.0):
    easts = np.array(easts, dtype=np.float64)
    position = np.column_stack((easts, np.zeros(len(easts)), np.zeros(len(easts))))
    return judged_seconds([TruthTrack("a", start_s + np.arange(len(easts)), position, np.ones(len(easts), dtype=bool))])


def alert(at_s, state=AlertState.UNACKNOWLEDGED, name="A1", place="pier", track=7, version=1):
    key = AlertKey("drone near", place, "object")
    return Alert(name, key, state, Priority.HIGH, at_s, at_s, version, "go in", "it comes", track=track)


def times(figures):
    return tuple(entry.warning_s for entry in figures.entries)


def warning(seconds, alerts, assets=(PIER,), zones=()):
    return measure_warning(seconds, {"a": frozenset({7})}, alerts, assets, zones)


IN_AFTER_20 = flight([*np.linspace(400, 105, 20), *np.linspace(100, 0, 5)])


def test_warning_is_from_the_alert_to_the_entry():
    found = warning(IN_AFTER_20, [alert(1008.0)])
    assert found.first_alert_s == 8.0
    assert times(found) == (12.0,)
    assert found.warning_min_s == 12.0


def test_an_alert_about_something_else_or_elsewhere_is_no_warning():
    assert times(warning(IN_AFTER_20, [alert(1008.0, track=3)])) == (0.0,)
    assert warning(IN_AFTER_20, [alert(1008.0, track=3)]).false_alerts == 1
    assert times(warning(IN_AFTER_20, [alert(1008.0, place="harbour")], zones=(ELSEWHERE,))) == (0.0,)
    silent = warning(IN_AFTER_20, [alert(1008.0, place="radar", track=0)])
    assert np.isnan(silent.first_alert_s)
    assert silent.false_alerts == 0


def test_an_alert_for_a_place_that_was_not_entered_is_counted():
    harbour = Asset("harbour", 0.0, 5000.0, 0.0, 100.0, 30.0)
    found = warning(IN_AFTER_20, [alert(1008.0), alert(1008.0, place="harbour", name="A2")], assets=(PIER, harbour))
    assert (found.misplaced, found.misplaced_most, found.false_alerts) == (1, 1, 0)
    other = [alert(1008.0, place="harbour", name="A2", track=3), alert(1008.0, place="nowhere", name="A3")]
    assert warning(IN_AFTER_20, other, assets=(PIER, harbour)).misplaced == 0
    around = warning(IN_AFTER_20, [alert(1008.0, place="pier zone")], zones=(SQUARE,))
    assert (around.misplaced, around.misplaced_most) == (0, 0)


def test_a_zone_around_the_asset_speaks_of_it():
    assert times(warning(IN_AFTER_20, [alert(1008.0, place="pier zone")], zones=(SQUARE,))) == (12.0,)


def test_an_alert_that_was_gone_again_did_not_warn_of_a_later_entry():
    away_and_back = flight([50, *[200] * 10, 50, *[200] * 10, 50])
    gone = alert(1004.0, AlertState.RETURNED, version=2)
    found = warning(away_and_back, [alert(1001.5), gone])
    assert times(found) == (9.5, 0.0)
    assert found.warning_min_s == 0.0


def test_an_alert_from_inside_that_was_gone_before_the_entry_did_not_warn_of_it():
    away_and_back = flight([*[50] * 5, *[200] * 10, 50])
    raised_inside = [alert(1002.0), alert(1009.0, AlertState.RETURNED, version=2)]
    assert times(warning(away_and_back, raised_inside)) == (0.0,)
    raised_outside = [alert(1006.0), alert(1009.0, AlertState.RETURNED, version=2)]
    assert times(warning(away_and_back, raised_outside)) == (9.0,)


def test_an_alert_that_still_stands_warns_of_each_entry_from_the_time_it_was_out():
    away_and_back = flight([50, *[200] * 10, 50, *[200] * 10, 50])
    again = [alert(1001.5), alert(1003.0, AlertState.ACKNOWLEDGED, version=2)]
    assert times(warning(away_and_back, again)) == (9.5, 10.0)


def test_a_suppressed_alert_warns_from_when_it_is_let_through():
    kept = [alert(1004.0, AlertState.SUPPRESSED), alert(1012.0, version=2)]
    assert times(warning(IN_AFTER_20, kept)) == (8.0,)
    assert times(warning(IN_AFTER_20, kept[:1])) == (0.0,)


def test_no_entry_no_warning_time():
    assert np.isnan(warning(flight([400] * 5), [alert(1001.0)]).warning_min_s)
    assert np.isnan(warning(flight([20] * 5), [alert(1001.0)]).warning_min_s)
    assert np.isnan(warning(flight([20] * 5), [], assets=()).first_alert_s)


def test_an_alert_after_the_entry_is_none():
    assert times(warning(IN_AFTER_20, [alert(1022.0)])) == (0.0,)


def test_always_and_never_are_the_bounds():
    always, never = always_and_never(IN_AFTER_20, (PIER,))
    assert (always.first_alert_s, times(always)) == (0.0, (20.0,))
    assert times(never) == (0.0,)
    assert 0.0 <= warning(IN_AFTER_20, [alert(1008.0)]).warning_min_s <= always.warning_min_s


@pytest.mark.parametrize(
    ("east_m", "north_m", "inside"), [(0.0, 0.0, True), (299.0, -299.0, True), (301.0, 0.0, False), (0.0, 400.0, False)]
)
def test_point_in_zone(east_m, north_m, inside):
    asset = Asset("pier", east_m, north_m, 0.0, 100.0, 30.0)
    straight = flight([*np.linspace(east_m + 400, east_m + 105, 20), east_m])
    seconds = msgspec.structs.replace(straight, position_m=straight.position_m + np.array((0.0, north_m)))
    found = warning(seconds, [alert(1008.0, place="pier zone")], assets=(asset,), zones=(SQUARE,))
    assert (times(found) == (12.0,)) is inside

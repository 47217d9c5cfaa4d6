"""Silence of sensors, from times alone."""

from tocsin.alerts import SilenceWatch
from tocsin.model.sensor import Health


def _said(statuses) -> list[tuple[str, Health]]:
    return [(status.sensor, status.health) for status in statuses]


def test_silent_after_its_own_time_said_once_and_heard_again() -> None:
    watch = SilenceWatch({"radar": 5.0, "radio": 60.0})
    assert _said(watch.heard("radio", 0.5)) == [("radio", Health.OK)]
    assert _said(watch.heard("radar", 1.0)) == [("radar", Health.OK)]
    assert _said(watch.tick(6.0)) == []
    assert _said(watch.tick(6.1)) == [("radar", Health.SILENT)]
    assert _said(watch.tick(20.0)) == []
    assert _said(watch.heard("radar", 21.0)) == [("radar", Health.OK)]
    assert _said(watch.heard("radar", 22.0)) == []
    assert _said(watch.tick(61.0)) == [("radio", Health.SILENT), ("radar", Health.SILENT)]


def test_a_sensor_without_input_is_off_and_never_silent() -> None:
    watch = SilenceWatch({"radar": 5.0, "absent": 5.0})
    watch.heard("radar", 0.0)
    assert _said(watch.tick(100.0)) == [("radar", Health.SILENT)]


def test_a_step_of_the_clock_makes_nobody_silent() -> None:
    watch = SilenceWatch({"radar": 5.0})
    watch.heard("radar", 0.0)
    watch.clock_step(3600.0)
    assert _said(watch.tick(3604.0)) == []
    assert _said(watch.tick(3606.0)) == [("radar", Health.SILENT)]


def test_names_that_are_not_watched_are_ignored() -> None:
    assert SilenceWatch({}).heard("stranger", 1.0) == ()

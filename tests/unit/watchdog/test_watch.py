"""Who is down, and since when."""

from hypothesis import given
from hypothesis import strategies as st

from tocsin.watchdog.watch import DEGRADED_S, DOWN_S, START_S, Change, Life, Watch


def test_degraded_then_down_then_well_each_said_once() -> None:
    watch = Watch(("line",), 0.0)
    watch.sign("line", 10.0)
    said = [change for k in range(0, 70) for change in watch.look(10.0 + k / 10)]
    assert [(one.life, round(one.silent_s, 1)) for one in said] == [(Life.DEGRADED, DEGRADED_S), (Life.DOWN, DOWN_S)]
    watch.sign("line", 17.0)
    assert watch.look(17.1) == (Change("line", Life.WELL, 17.1 - 17.0),)
    assert watch.lives() == {"line": "well"}


def test_what_is_expected_may_take_its_time_to_start_and_what_ends_is_not_missed() -> None:
    watch = Watch(("line", "channels"), 0.0)
    assert watch.look(START_S - DOWN_S) == ()
    assert {one.name for one in watch.look(START_S)} == {"line", "channels"}
    watch.leave("line")
    assert "line" not in watch.lives()


@given(st.lists(st.tuples(st.floats(0.0, 10.0), st.booleans()), max_size=30))
def test_nobody_is_down_who_gave_a_sign_in_time(steps) -> None:
    watch, time_s, last_s = Watch((), 0.0), 0.0, 0.0
    watch.sign("line", 0.0)
    for step_s, sign in steps:
        time_s += step_s
        if sign:
            watch.sign("line", time_s)
            last_s = time_s
        watch.look(time_s)
        assert (watch.lives()["line"] == "down") == (time_s - last_s >= DOWN_S)

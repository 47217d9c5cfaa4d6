"""The latch: n of m looks up, a quiet time down, chatter held."""

from hypothesis import given
from hypothesis import strategies as st

from tocsin.alerts.hysteresis import Latch


def _latch(needed: int = 2, of: int = 3) -> Latch:
    return Latch(needed, of, off_delay_s=10.0, chatter_rises=3, chatter_s=60.0, chatter_hold_s=60.0)


def test_rises_on_n_of_m_looks_and_not_between_looks() -> None:
    latch = _latch()
    assert not latch.step(True, True, True, 0.0)
    assert not latch.step(True, True, False, 1.0)  # the clock ticks, nothing new was seen
    assert not latch.step(False, False, True, 2.0)
    assert latch.step(True, True, True, 3.0)


def test_falls_only_after_the_whole_quiet_time() -> None:
    latch = _latch(1, 1)
    latch.step(True, True, True, 0.0)
    assert latch.step(False, False, True, 1.0)
    assert latch.step(False, True, True, 9.0)  # the weaker condition holds again: the quiet time starts anew
    assert latch.step(False, False, True, 10.0)
    assert latch.step(False, False, False, 19.9)
    assert not latch.step(False, False, False, 20.0)


def test_the_third_rise_within_a_minute_is_held() -> None:
    latch = Latch(1, 1, off_delay_s=1.0, chatter_rises=3, chatter_s=60.0, chatter_hold_s=60.0)
    for start in (0.0, 10.0, 20.0):
        assert latch.step(True, True, True, start)
        latch.step(False, False, True, start + 1.0)
        latch.step(False, False, True, start + 3.0)
    assert latch.active and latch.chattering
    assert latch.step(False, False, True, 80.0)
    assert not latch.step(False, False, True, 81.0)
    assert not latch.chattering


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=60))
def test_never_rises_without_enough_looks_and_never_falls_while_it_holds(steps) -> None:
    latch, looks = _latch(), []
    for k, (raises, holds, fresh) in enumerate(steps):
        was = latch.active
        looks = [*looks, raises][-3:] if fresh else looks
        active = latch.step(raises, holds or raises, fresh, float(k))
        if active and not was:
            assert raises and sum(looks) >= 2
        if was and not active:
            assert not (holds or raises)
            looks = []

import pytest

from tocsin.service import clock as module
from tocsin.service.clock import LiveClock


class System:
    """A machine's clocks, set by the test."""

    def __init__(self) -> None:
        self.utc_s, self.running_s = 1_790_000_000.0, 50.0

    def time(self) -> float:
        return self.utc_s

    def monotonic(self) -> float:
        return self.running_s


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> System:
    system = System()
    monkeypatch.setattr(module, "time", system)
    return system


def test_a_correction_of_the_system_clock_moves_nothing(system: System) -> None:
    clock = LiveClock()
    system.running_s += 10.0
    system.utc_s += 9.2  # set back by 0.8 s
    assert clock.now_s() == 1_790_000_010.0
    assert not clock.try_catch_up()
    assert clock.now_s() == 1_790_000_010.0


def test_after_a_sleep_the_clock_catches_up_once(system: System) -> None:
    clock = LiveClock()
    system.utc_s += 3600.0  # the monotonic clock stood still
    assert clock.try_catch_up()
    assert clock.now_s() == 1_790_003_600.0
    assert not clock.try_catch_up()


def test_a_clock_set_back_is_not_followed(system: System) -> None:
    clock = LiveClock()
    system.utc_s -= 3600.0
    assert not clock.try_catch_up()
    assert clock.now_s() == 1_790_000_000.0

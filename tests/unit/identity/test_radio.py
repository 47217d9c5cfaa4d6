"""Radio: free space by the textbook (100 dB over 1 km at 2.4 GHz), and signals that cannot be."""

import math

from tocsin.identity.radio import Radio, horizon_m, strongest_dbm


def test_a_signal_falls_by_twenty_decibels_a_decade() -> None:
    assert math.isclose(strongest_dbm(100.0) - strongest_dbm(1000.0), 20.0)
    assert strongest_dbm(1000.0) == 38.0 - 100.0


def test_the_horizon_is_that_of_four_thirds_of_the_earth() -> None:
    assert math.isclose(horizon_m(10_000.0) - horizon_m(5.0), 4120.0 * (100.0 - math.sqrt(5.0)), rel_tol=0.001)


def test_too_strong_for_where_it_says_it_is() -> None:
    radio = Radio()
    found = [doubt for k in range(5) for doubt in radio.add(float(k), 3000.0, 90.0, -55.0)]
    assert {doubt.kind for doubt in found} == {"signal"}
    near = Radio()
    assert not [doubt for k in range(5) for doubt in near.add(float(k), 300.0, 90.0, -55.0)]


def test_a_signal_that_does_not_follow_the_range() -> None:
    def heard(level: float) -> list[str]:
        radio = Radio()
        return [
            doubt.kind
            for k in range(30)
            for doubt in radio.add(float(k), 300.0 + 60.0 * k, 90.0, level * math.log10(5.0 + k) - 70.0 + k % 3)
        ]

    assert heard(0.0) and not heard(-24.0)


def test_a_sender_on_the_ground_is_not_heard_a_hundred_kilometres_away() -> None:
    assert [doubt.kind for doubt in Radio().add(0.0, 120_000.0, 100.0, None)] == ["horizon"]
    assert not Radio().add(0.0, 300_000.0, 11_000.0, None)
    assert not Radio().add(0.0, 300_000.0, math.nan, None)

"""Ids: short, unique, the same every time."""

from hypothesis import given
from hypothesis import strategies as st

from tocsin.alerts.identifier import alert_id, short_id
from tocsin.model.alert import AlertKey

KEY = AlertKey("near", "gate", "u1")


def test_the_time_part_is_that_of_the_ulid_standard() -> None:
    # 1469918176385 ms is "01ARYZ6S41", the example of the ULID specification
    assert alert_id("seed", 17, KEY, 1469918176.385).startswith("A17-01ARYZ6S41")
    assert short_id(alert_id("seed", 17, KEY, 1469918176.385)) == "A17"


@given(st.text(max_size=8), st.integers(1, 10**6), st.floats(0, 4e9))
def test_ids_repeat_and_differ_by_site_and_counter(seed: str, counter: int, raised_s: float) -> None:
    one = alert_id(seed, counter, KEY, raised_s)
    assert one == alert_id(seed, counter, KEY, raised_s)
    assert len(one.partition("-")[2]) == 26
    assert one != alert_id(seed + "x", counter, KEY, raised_s)
    assert one.partition("-")[2] != alert_id(seed, counter + 1, KEY, raised_s).partition("-")[2]

"""The load of an operator, from versions of alerts alone."""

import msgspec
import pytest

from tocsin.alerts.load import Load
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority

S = AlertState


def _alert(name: str, time_s: float, state: AlertState = S.UNACKNOWLEDGED, version: int = 1, **more) -> Alert:
    more = {"priority": Priority.HIGH, "raised_s": time_s, "message": "", "reason": "", **more}
    return Alert(name, AlertKey("near", "gate", name), state, changed_s=time_s, version=version, **more)


def test_counts_now_at_most_and_by_source() -> None:
    load = Load()
    for time_s in (0.0, 10.0, 20.0, 700.0):
        load.take(_alert(f"A{time_s}", time_s))
    counts = load.statistics()
    assert (counts["sounded"], counts["last_10_min"], counts["most_in_10_min"]) == (4, 1, 3)
    assert (counts["by_rule"], counts["by_priority"]) == ({"near": 4}, {"high": 4})
    load.pass_time(1300.0)
    assert load.statistics()["last_10_min"] == 0


def test_ten_within_ten_minutes_are_a_flood_until_fewer_than_five() -> None:
    load = Load()
    for k in range(10):
        assert load.first_out == ""
        load.take(_alert(f"A{k}", 10.0 * k))
    assert load.first_out == "A0"
    load.pass_time(640.0)  # those of 50 to 90 s still count
    assert load.figures().in_flood
    load.pass_time(650.0)
    figures = load.figures()
    assert (figures.floods, figures.in_flood, figures.first_out) == (1, False, "")
    assert figures.flood_share == pytest.approx((650.0 - 90.0) / 650.0)
    assert figures.per_operator_10_min == pytest.approx(10 / (650 / 600))


def test_time_to_acknowledge_counts_from_asking() -> None:
    load = Load()
    for k, answered_s in enumerate((5.0, 20.0, 60.0)):
        load.take(_alert(f"A{k}", 0.0))
        done = _alert(f"A{k}", answered_s, S.ACKNOWLEDGED, 2, acknowledged_by="N", acknowledged_s=answered_s)
        load.take(done)
        load.take(msgspec.structs.replace(done, version=3))  # told again: no second answer
    assert load.figures().acknowledge_s == (20.0, 60.0, 60.0)
    assert load.figures().waiting == 0


def test_chattering_stale_and_escalated() -> None:
    load = Load(stale_s=100.0)
    for k in range(3):
        load.take(_alert("A1", 10.0 * k, version=2 * k + 1))
        load.take(_alert("A1", 10.0 * k + 5.0, S.RETURNED, 2 * k + 2, raised_s=0.0))
    assert load.figures().chattering == 1
    load.take(_alert("A2", 40.0))
    load.take(_alert("A2", 50.0, version=2, escalated=1, raised_s=40.0))
    load.pass_time(200.0)
    figures = load.figures()
    assert (figures.chattering, figures.chattered, figures.stale, figures.escalated, figures.asked) == (0, 1, 2, 1, 4)


def test_two_operators_share_the_load() -> None:
    load = Load(operators=2)
    for k in range(10):
        load.take(_alert(f"A{k}", float(k)))
    assert (load.figures().most_10_min, load.figures().floods) == (5.0, 0)

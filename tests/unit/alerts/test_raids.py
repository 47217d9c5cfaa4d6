"""Objects that fly together have one alert."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_builder import picture
from tocsin.alerts import AlertEngine, Rule, Settings
from tocsin.alerts.conditions import EntryCondition
from tocsin.alerts.raids import Raids
from tocsin.model.alert import AlertKey, AlertState
from tocsin.model.command import Command, CommandKind
from tocsin.model.threat import Asset

GATE = Asset("gate", 0.0, 0.0, 0.0, 100.0, reaction_s=30.0)
NEAR = Rule(name="near", when="enters", looks=(1, 1), off_delay_s=1.0)


def _at(time_s: float, places: dict[str, float]):
    """A picture of objects by how far east they fly."""
    shown = picture(time_s, tuple(places))
    where = np.array(shown.tracks.position_enu_m)
    where[:, 0] = list(places.values())
    return msgspec.structs.replace(shown, tracks=msgspec.structs.replace(shown.tracks, position_enu_m=where))


def _gather(raids: Raids, places: dict[str, float]) -> dict[str, set[str]]:
    shown = _at(0.0, places)
    found = raids.gather(EntryCondition(NEAR, [GATE], ()).findings(shown), shown.tracks)
    return {one.key.subject: {shown.tracks.object[row] for row in one.rows} for one in found}


def test_near_ones_are_one_raid_and_far_ones_are_not() -> None:
    assert _gather(Raids(500.0), {"a": 0.0, "b": 400.0, "c": 800.0, "d": 3000.0}) == {"a": {"a", "b", "c"}, "d": {"d"}}
    assert _gather(Raids(0.0), {"a": 0.0, "b": 1.0}) == {"a": {"a"}, "b": {"b"}}


def test_a_raid_keeps_its_name_and_members() -> None:
    raids = Raids(500.0)
    _gather(raids, {"a": 0.0, "b": 100.0})
    assert _gather(raids, {"b": 0.0}) == {"a": {"b"}}
    assert _gather(raids, {"b": 0.0, "c": 5000.0}) == {"a": {"b"}, "c": {"c"}}
    assert _gather(raids, {"b": 5000.0, "c": 5000.0}) == {"a": {"b"}, "c": {"c"}}
    raids.keep([AlertKey("near", "gate", "c")])
    assert _gather(raids, {"b": 0.0}) == {"b": {"b"}}


@given(st.lists(st.dictionaries(st.sampled_from("abcdef"), st.floats(0.0, 3000.0), max_size=6), max_size=6))
def test_every_object_is_in_exactly_one_raid(looks) -> None:
    raids = Raids(500.0)
    for places in looks:
        found = _gather(raids, places)
        members = [one for raid in found.values() for one in raid]
        assert sorted(members) == sorted(places)


def test_one_alert_that_asks_again_when_the_raid_has_grown() -> None:
    engine = AlertEngine(Settings(), [NEAR], [GATE], [], ["radar"], "seed")
    (alert,) = engine.step(_at(0.0, {"a": 0.0}), (), (), 0.0, False)
    ask = Command("c", CommandKind.ACKNOWLEDGE, "N", alert.id)
    engine.step(None, (), [ask], 1.0, False)
    (grown,) = engine.step(_at(2.0, {"a": 0.0, "b": 100.0}), (), (), 2.0, False)
    assert (grown.id, grown.state, grown.tracks) == (alert.id, AlertState.UNACKNOWLEDGED, (1, 2))
    assert grown.message.startswith("2 objects together (T1, T2); the most pressing: Probable drone")
    assert grown.parents == ("a", "b")
    changed = engine.step(_at(3.0, {"b": 100.0}), (), (), 3.0, False)
    assert [one.state for one in changed] == []  # the first is gone, the raid goes on
    assert len(engine.alerts()) == 1


@pytest.mark.parametrize(("rule", "raised"), [
    ({"lowest_m": 50.0, "highest_m": 70.0}, True),
    ({"highest_m": 50.0}, False),
    ({"lowest_m": 70.0}, False),
    ({"hours_utc": ("23:00", "01:00")}, True),
    ({"hours_utc": ("01:00", "23:00")}, False),
    ({"affiliations": ("suspect",)}, False),
    ({"affiliations": ("unknown",)}, True),
    ({"confirmations": 2}, False),
])  # fmt: skip
def test_rules_in_plain_terms(rule, raised) -> None:
    asked = msgspec.structs.replace(NEAR, **rule)
    shown = picture(0.0, sensors=("radar", "camera"), sensor_bits=1)
    assert any(one.raises for one in EntryCondition(asked, [GATE], ()).findings(shown)) is raised


def test_a_second_sensor_confirms_and_a_self_report_does_not() -> None:
    asked = msgspec.structs.replace(NEAR, confirmations=2)
    both = picture(0.0, sensors=("radar", "camera"), sensor_bits=3)
    assert [one.raises for one in EntryCondition(asked, [GATE], ()).findings(both)] == [True]
    assert [one.raises for one in EntryCondition(asked, [GATE], ("camera",)).findings(both)] == [False]

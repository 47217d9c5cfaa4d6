"""What an alert says of a finding: of one track, of a raid, and of what falls."""

import msgspec
import numpy as np
import pytest

from picture_builder import picture
from tocsin.alerts import Rule
from tocsin.alerts.conditions import Finding
from tocsin.alerts.telling import Teller, advised
from tocsin.model.alert import AlertKey, Priority
from tocsin.model.picture import Picture
from tocsin.model.threat import Asset, ImpactColumns

NEAR = Rule(name="near", when="enters", within_s=90.0, advice="Clear the apron.")
FALLS = Rule(name="falls", when="falls", advice="Take shelter now.")
TELLER = Teller({"near": NEAR, "falls": FALLS}, [Asset("gate", 0.0, 0.0, 0.0, 100.0, reaction_s=30.0)])


def finding(rule: str = "near", rows: tuple[int, ...] = (), probability: float = 0.97) -> Finding:
    return Finding(AlertKey(rule, "gate", "u"), True, True, Priority.HIGH, probability, 0, 0, rows)


def test_it_says_what_where_when_and_what_to_do() -> None:
    told = TELLER.tell(finding(), picture(1.0), 1.0)
    for words in ("drone (multirotor) T1", "gate", "1.0 km", "inbound 20 m/s", "50 s (40 to 60 s)", "00:00:01Z"):
        assert words in told.message
    assert told.message.endswith("Clear the apron.")
    assert told.reason.startswith("rule 'near': within 90 s")
    assert told.reason.endswith("seen by radar")
    assert (told.track, told.tracks, told.parents) == (1, (1,), ("u",))
    assert told.time_to_entry_s == pytest.approx((40.0, 50.0, 60.0))


def test_a_raid_is_told_as_one_with_all_its_members() -> None:
    told = TELLER.tell(finding(rows=(0, 1, 2)), picture(1.0, ("u", "v", "w")), 1.0)
    assert (told.tracks, told.parents) == ((1, 2, 3), ("u", "v", "w"))
    assert "T1, T2" in told.message
    alone = TELLER.tell(finding(), picture(1.0, ("u", "v", "w")), 1.0)
    assert told.message.endswith(alone.message)


def test_an_entry_that_is_not_foreseen_has_no_time() -> None:
    assert TELLER.tell(finding(probability=0.2), picture(1.0, entry_probability=0.2), 1.0).time_to_entry_s is None


def test_a_fall_is_told_with_its_place_and_time() -> None:
    seen = _falling(picture(1.0))
    told = TELLER.tell(finding("falls", probability=0.6), seen, 1.0)
    assert "gate" in told.message
    assert told.message.endswith("Take shelter now.")
    assert "fall, by its motion" in told.reason
    assert told.time_to_entry_s == pytest.approx((4.0, 5.0, 6.0))


def test_a_fall_without_an_impact_is_a_fault_of_ours() -> None:
    with pytest.raises(LookupError):
        TELLER.tell(finding("falls"), picture(1.0), 1.0)


def test_a_rule_without_advice_adds_nothing() -> None:
    assert advised("Drone.", msgspec.structs.replace(NEAR, advice="")) == "Drone."


def _falling(seen: Picture) -> Picture:
    impact = ImpactColumns(
        track=np.array([0]),
        falling_probability=np.array([0.97]),
        point_enu_m=np.array([[30.0, 40.0]]),
        covariance=np.array([[[400.0, 0.0], [0.0, 400.0]]]),
        time_s=np.array([[4.0, 5.0, 6.0]]),
        hit_probability=np.array([[0.6]]),
        decided=np.array([True]),
        warned=np.array([[True]]),
    )
    return msgspec.structs.replace(seen, threats=msgspec.structs.replace(seen.threats, impact=impact))

"""One sender: what it says is kept apart from what is known, and a verdict outlives its cause by the time set."""

import math

import pytest

from tocsin.identity.roster import Roster
from tocsin.identity.sender import Sender
from tocsin.identity.settings import ClaimSettings
from tocsin.model.claim import Claim
from tocsin.model.identity import Verdict
from track_builder import track_columns

SETTINGS = ClaimSettings()


def said(time_s: float, **more: object) -> Claim:
    return Claim(
        "remote-id", "x", "receiver", time_s, time_s, **{"speed_mps": 10.0, "course_rad": 0.5 * math.pi, **more}
    )  # type: ignore[arg-type]


def heard(
    sender: Sender, place_m: tuple[float, float, float], time_s: float, flood: int = 0, **more: object
) -> Verdict:
    tracks = track_columns(["other"], time_s, (9000.0, 9000.0, 60.0), (10.0, 0.0, 0.0))
    sender.take(said(time_s, **more), place_m, None, tracks, time_s, flood)
    sender.judge(tracks, frozenset({"radar"}), Roster(), time_s)
    return sender.state.verdict


def fly(until_s: int) -> Sender:
    sender = Sender(said(0.0), SETTINGS, 0.0)
    for k in range(until_s + 1):
        assert heard(sender, (10.0 * k, 0.0, 80.0), float(k)) is Verdict.CLAIMED
    return sender


def test_what_nothing_speaks_of_is_claimed() -> None:
    sender = fly(10)
    assert sender.state.reasons[0] == "heard by receiver alone, 11 times"
    assert sender.state.track == ""


def test_it_is_carried_on_by_its_own_word() -> None:
    sender = fly(10)
    assert sender.place_at(13.0) == pytest.approx((130.0, 0.0, 80.0))
    assert sender.pace_mps() == 10.0
    assert sender.flying


def test_one_that_has_not_left_the_ground_does_not_fly() -> None:
    sender = Sender(said(0.0), SETTINGS, 0.0)
    heard(sender, (0.0, 0.0, 80.0), 0.0, height_takeoff_m=1.0)
    assert not sender.flying
    heard(sender, (0.0, 0.0, 80.0), 1.0, on_ground=True)
    assert not sender.flying


def test_a_contradiction_is_held_and_then_forgiven() -> None:
    sender = fly(10)
    assert heard(sender, (3000.0, 0.0, 80.0), 11.0) is Verdict.CONTRADICTED
    assert "moved 2900 m" in sender.state.reasons[0]
    later_s = 11.0 + SETTINGS.hold_s
    for k in range(12, int(later_s) + 3):
        verdict = heard(sender, (3000.0 + 10.0 * (k - 11), 0.0, 80.0), float(k))
        assert verdict is (Verdict.CONTRADICTED if k < later_s else Verdict.CLAIMED)


def test_a_flood_speaks_against_it() -> None:
    sender = Sender(said(0.0), SETTINGS, 0.0)
    assert heard(sender, (0.0, 0.0, 80.0), 0.0, flood=200) is Verdict.CONTRADICTED
    assert sender.state.reasons == ("one of 200 new senders within a minute at receiver",)

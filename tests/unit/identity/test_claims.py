"""The table of senders: a flood evicts nothing real, and is told as one; what is silent is forgotten."""

import math

from tocsin.geo.frames import Origin
from tocsin.identity import Identifier, Settings, Watch
from tocsin.identity.settings import ClaimSettings
from tocsin.model.claim import Claim
from tocsin.model.identity import ClaimState, Verdict
from tocsin.model.sensor import Pose
from tocsin.sensing.view import View
from track_builder import track_columns

ORIGIN = Origin(0.95, 0.33, 40.0)
RADIUS_M = 6_378_000.0
WATCHES = (
    Watch("radar", Pose(), View(range_m=(0.0, 9000.0)), True),
    Watch("receiver", Pose(), View(range_m=(0.0, 5000.0)), False),
)


def claim(identifier: str, time_s: float, east_m: float = 0.0, north_m: float = 0.0, **more: object) -> Claim:
    return Claim(
        means="remote-id", identifier=identifier, sensor="receiver", time_s=time_s, received_s=time_s,
        latitude_rad=ORIGIN.latitude_rad + north_m / RADIUS_M,
        longitude_rad=ORIGIN.longitude_rad + east_m / RADIUS_M / math.cos(ORIGIN.latitude_rad),
        height_m=100.0, speed_mps=10.0, course_rad=math.pi / 2, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def states(identifier: Identifier, claims: list[Claim], time_s: float) -> dict[str, ClaimState]:
    tracks = track_columns(["real"], time_s, (10.0 * time_s, 0.0, 60.0), (10.0, 0.0, 0.0))
    return {one.identifier: one for one in identifier.step(tracks, None, claims, (), time_s).claims}


def test_a_flood_evicts_nothing_real_and_every_forged_sender_is_named_part_of_it() -> None:
    identifier = Identifier(Settings(claims=ClaimSettings(most_senders=50)), ORIGIN, WATCHES)
    for k in range(60):
        forged = [claim(f"forged-{k}-{n}", k, 900.0 + 40.0 * n, 700.0) for n in range(20)]
        found = states(identifier, [*forged, claim("real", k, 10.0 * k)], float(k))
        assert len(found) <= 50
    assert found["real"].verdict is Verdict.CORROBORATED
    first = {f"forged-{k}-{n}" for k in range(2) for n in range(20)}  # before there were enough to be a flood
    false = [state for name, state in found.items() if name != "real" and name not in first]
    assert len(false) > 10
    assert all(
        state.verdict is Verdict.CONTRADICTED and "new senders within a minute" in state.reasons[0] for state in false
    )
    assert identifier.statistics()["judged"]["senders_evicted"] > 1000


def test_a_sender_without_a_place_is_claimed_and_says_so() -> None:
    nowhere = Claim("remote-id", "x", "receiver", 0.0, 0.0)
    found = states(Identifier(Settings(), ORIGIN, WATCHES), [nowhere], 0.0)
    assert (found["x"].verdict, found["x"].reasons) == (Verdict.CLAIMED, ("has not said where it is",))


def test_a_sender_that_is_silent_is_forgotten() -> None:
    identifier = Identifier(Settings(), ORIGIN, WATCHES)
    assert "x" in states(identifier, [claim("x", 0.0)], 0.0)
    assert "x" not in states(identifier, [], 500.0)


def test_one_message_of_two_receivers_is_no_leap() -> None:
    identifier = Identifier(Settings(), ORIGIN, WATCHES)
    for k in range(10):
        found = states(identifier, [claim("x", k, 10.0 * k), claim("x", k, 10.0 * k)], float(k))
    assert found["x"].verdict is Verdict.CORROBORATED

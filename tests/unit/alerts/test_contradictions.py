"""One alert a receiver, whatever the number of senders; a moment's doubt raises none."""

from tocsin.alerts.contradictions import contradicted, contradiction_told
from tocsin.alerts.rule import Rule
from tocsin.model.identity import ClaimState, Verdict

RULE = Rule(name="claims", when="contradicted", advice="Look at the track.")


def state(
    name: str, verdict: Verdict = Verdict.CONTRADICTED, momentary: bool = False, sensor: str = "rx"
) -> ClaimState:
    place = (0.0, 0.0, 0.0)
    return ClaimState("remote-id", name, sensor, verdict, ("leapt 2 km",), 1.0, 2.0, place, momentary=momentary)


def test_by_receiver_and_only_what_lasts() -> None:
    claims = [state("a"), state("b", momentary=True), state("c", Verdict.CLAIMED), state("d", sensor="ry")]
    found = contradicted(claims, RULE)
    assert {sensor: [one.identifier for one in held] for sensor, held in found.items()} == {"rx": ["a"], "ry": ["d"]}
    assert set(contradicted(claims, Rule(name="r", when="contradicted", sensors=("ry",)))) == {"ry"}


def test_a_hundred_senders_are_one_sentence() -> None:
    told = contradiction_told(RULE, "rx", [state(f"s{k:03d}") for k in range(100)], 0.0)
    assert "100 claims" in told.message and "s000" in told.message and "and 97 more" in told.message
    assert told.message.endswith("Look at the track.")
    assert "no contradicted claims any more" in contradiction_told(RULE, "rx", [], 0.0).message

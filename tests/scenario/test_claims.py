"""Forged claims are contradicted soon, honest ones are not, and a flood of them raises one alert and evicts nothing."""

import math

import pytest

from scenario.claims_run import contradicted_s, outputs, verdicts
from tocsin.model.identity import Affiliation, ClaimState, Verdict
from tocsin.service.pipeline import LineOutput

ONSET_S = {"TELEPORT-1": 40.0, "REPLAY-1": 40.0, "CLOCK-1": 40.0, "GHOST-1": 30.0, "STRONG-1": 30.0}


@pytest.fixture(scope="module")
def run() -> list[LineOutput]:
    return outputs(seed=1)


@pytest.fixture(scope="module")
def changes(run: list[LineOutput]) -> dict[str, list[tuple[float, ClaimState]]]:
    return verdicts(run)


@pytest.mark.parametrize("identifier", sorted(ONSET_S))
def test_a_forged_claim_is_contradicted_within_ten_seconds(changes, identifier: str) -> None:
    assert contradicted_s(changes[identifier], 0.0) >= ONSET_S[identifier]
    assert contradicted_s(changes[identifier], ONSET_S[identifier]) <= ONSET_S[identifier] + 10.0


def test_an_honest_sender_is_corroborated_beside_a_silent_neighbour(run: list[LineOutput], changes) -> None:
    assert contradicted_s(changes["HONEST-1"], 0.0) == math.inf
    assert changes["HONEST-1"][-1][1].verdict is Verdict.CORROBORATED
    last = next(output.picture for output in reversed(run) if output.picture is not None)
    states = {state.identifier: state for state in last.identity.claims}
    track = changes["HONEST-1"][-1][1].track
    assert track and states["HONEST-1"].reasons[0].startswith("T")
    assert all(state.track != track for name, state in states.items() if name != "HONEST-1")


def test_an_expected_flight_that_conforms_is_assumed_friendly_with_reason_and_author(run: list[LineOutput]) -> None:
    decisions = [
        decision
        for output in run
        for decision in (output.picture.identity.decisions if output.picture is not None else ())
        if decision is not None and decision.affiliation is Affiliation.ASSUMED_FRIEND
    ]
    assert decisions
    assert decisions[0].author == "tocsin" and "seen by radar" in decisions[0].reason
    assert "Survey of the field" in decisions[0].reason


def test_one_alert_speaks_for_all_of_a_receiver(run: list[LineOutput]) -> None:
    alerts = {alert.id for output in run for alert in output.alerts}
    assert len(alerts) == 1
    last = [alert for output in run for alert in output.alerts][-1]
    assert last.key.subject == "receiver" and "5 claims" in last.message

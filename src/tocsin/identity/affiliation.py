"""Affiliation: whose a track is; the only module that decides one.

A track is PENDING until it is confirmed and UNKNOWN from then on. It is ASSUMED_FRIEND by rule as long as four things
hold together: a person expects the flight, a claim names it, a track seen by our own sensors moves as the claim says,
and the flight keeps to its volume and time; a claim alone changes nothing. Everything else is declared by a person,
with author, reason and time, stays with the object through joins, and goes before the rule. HOSTILE only ever comes
from a declaration; no sensor, class, motion, claim or passing of time leads to it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tocsin.model.command import Command, CommandAnswer
from tocsin.model.identity import Affiliation, AffiliationDecision, ClaimState, Verdict
from tocsin.model.track import TrackColumns, TrackStatus

Ints = NDArray[np.int64]
Decision = AffiliationDecision | None
_PENDING = -1
RULE = "tocsin"  # the author of what no person decided


class Affiliations:
    """The declarations in force, by object, and the decision of each row."""

    def __init__(self) -> None:
        self._declared: dict[str, AffiliationDecision] = {}
        self._decisions: list[Decision] = []
        self._assumed: set[str] = set()
        self._affiliation = np.full(0, _PENDING)  # of each decision, `_PENDING` where there is none

    def declare(self, command: Command, tracks: TrackColumns, time_s: float) -> CommandAnswer:
        """Put a declaration in force for the object that `command.target` (a track's uid or object) names."""
        try:
            affiliation = Affiliation[command.value.strip().upper().replace("-", "_").replace(" ", "_")]
        except KeyError:
            names = ", ".join(one.name.lower().replace("_", "-") for one in Affiliation)
            return CommandAnswer(command.id, False, f"no affiliation {command.value!r}; use {names}", time_s)
        target = object_of(command.target, tracks)
        if target is None:
            return CommandAnswer(command.id, False, f"no live track {command.target!r}", time_s)
        if not command.author or not command.reason:
            return CommandAnswer(command.id, False, "a declaration needs an author and a reason", time_s)
        self._declared[target] = AffiliationDecision(affiliation, command.author, command.reason, time_s)
        return CommandAnswer(command.id, True, "declared", time_s)

    def follow(self, before: Ints) -> None:
        """Bring the decisions to new rows, `before` their old ones (-1 for a new track)."""
        decisions = [*self._decisions, None]
        self._decisions = [decisions[row] for row in before.tolist()]
        self._affiliation = np.append(self._affiliation, _PENDING)[before]

    def decide(
        self, tracks: TrackColumns, time_s: float, claims: Sequence[ClaimState] = ()
    ) -> tuple[Ints, tuple[Decision, ...]]:
        """(n,) Affiliation and the decision behind each, None while pending."""
        if self._declared:
            for row, name in enumerate(tracks.object):
                if name in self._declared:
                    self._decide(row, self._declared[name])
        confirmed = (tracks.status == TrackStatus.CONFIRMED) | (tracks.status == TrackStatus.COASTING)
        fresh = np.flatnonzero(confirmed & (self._affiliation == _PENDING)).tolist()
        if fresh:
            reason = "confirmed track that nobody has declared"
            evaluated = AffiliationDecision(Affiliation.UNKNOWN, RULE, reason, time_s)
            for row in fresh:
                self._decide(row, evaluated)
        self._follow_roster(tracks, time_s, claims)
        return np.maximum(self._affiliation, 0), tuple(self._decisions)

    def _decide(self, row: int, decision: AffiliationDecision) -> None:
        self._decisions[row] = decision
        self._affiliation[row] = decision.affiliation

    def _follow_roster(self, tracks: TrackColumns, time_s: float, claims: Sequence[ClaimState]) -> None:
        """Assume those friendly that keep to an expected flight, and no longer those that do not."""
        expected = {state.track: state for state in claims if state.roster is not None and state.track}
        if not expected and not self._assumed:
            return
        assumed = set()
        for row, uid in enumerate(tracks.uid):
            state, decision = expected.get(uid), self._decisions[row]
            if decision is None or decision.author != RULE or (state is None and uid not in self._assumed):
                continue
            keeps = state is not None and state.verdict is Verdict.CORROBORATED and state.conforms is True
            if state is not None and keeps:
                assumed.add(uid)
                if decision.affiliation is not Affiliation.ASSUMED_FRIEND:
                    reason = "; ".join(state.reasons)
                    self._decide(row, AffiliationDecision(Affiliation.ASSUMED_FRIEND, RULE, reason, time_s))
            elif decision.affiliation is Affiliation.ASSUMED_FRIEND:
                why = "no claim goes with it any more" if state is None else "; ".join(state.reasons)
                self._decide(row, AffiliationDecision(Affiliation.UNKNOWN, RULE, f"no longer assumed: {why}", time_s))
        self._assumed = assumed


def object_of(target: str, tracks: TrackColumns) -> str | None:
    """The object that a uid or object id names among the live tracks."""
    if target in tracks.uid:
        return tracks.object[tracks.uid.index(target)]
    return target if target in tracks.object else None

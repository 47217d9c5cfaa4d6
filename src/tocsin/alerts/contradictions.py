"""Contradictions: which receivers hear claims that cannot be true, and what is said of them.

One alert a receiver, however many senders: a flood of forged claims must not become a flood of alerts. A claim doubted
for a moment only raises nothing.
"""

from collections.abc import Sequence

from tocsin.alerts.message import clock
from tocsin.alerts.rule import Rule, priority_of
from tocsin.alerts.standing import Told
from tocsin.model.identity import ClaimState, Verdict

_NAMED = 3


def contradicted(claims: Sequence[ClaimState], rule: Rule) -> dict[str, list[ClaimState]]:
    """By receiver that the rule speaks of: the claims that are contradicted for more than a moment."""
    found: dict[str, list[ClaimState]] = {}
    for state in claims:
        if state.verdict is Verdict.CONTRADICTED and not state.momentary:
            if not rule.sensors or state.sensor in rule.sensors:
                found.setdefault(state.sensor, []).append(state)
    return found


def contradiction_told(rule: Rule, sensor: str, claims: Sequence[ClaimState], time_s: float) -> Told:
    """What an alert says of them; without any, that there are none any more."""
    if not claims:
        text = f"{sensor} hears no contradicted claims any more. As of {clock(time_s)}."
        return Told(priority_of(rule), text, f"rule {rule.name!r}", parents=(sensor,))
    first = sorted(claims, key=lambda state: (state.since_s, state.means, state.identifier))
    named = "; ".join(f"{state.identifier}: {state.reasons[0]}" for state in first[:_NAMED])
    more = f"; and {len(first) - _NAMED} more" if len(first) > _NAMED else ""
    word = "1 claim" if len(first) == 1 else f"{len(first)} claims"
    text = f"{sensor} hears {word} that cannot be true: {named}{more}. As of {clock(time_s)}."
    text = f"{text} {rule.advice}" if rule.advice else text
    tracks = dict.fromkeys(state.track for state in first if state.track)
    return Told(priority_of(rule), text, f"rule {rule.name!r}", parents=(sensor, *tracks))

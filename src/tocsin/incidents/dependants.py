"""Dependants: what has to be looked at again, and who has to be told, once a record is amended or retracted.

`dependants` follows references against their direction (an assessment rests on a statement, a statement on a source's
word) and adds copies: statements of which the quote or the content is a copy of the target's, so that a syndicated
text does not keep an error alive unflagged. `owed` lists each recipient of a report that held a corrected record, until
a later delivery to the same recipient held the correction.
"""

from collections.abc import Iterable

import msgspec

from tocsin.incidents.graph import Graph, references
from tocsin.incidents.resemblance import COPY, is_copy, resemblance
from tocsin.model.record import (
    Amendment,
    Assessment,
    Conflict,
    Decision,
    Delivery,
    Evidence,
    Record,
    Retraction,
    Source,
    Statement,
)

_SUBJECT = {"correction": "CORRECTED", "clarification": "CLARIFIED", "update": "UPDATED"}
# Records that only report on others, and references by which nothing rests on its target.
_REPORTING = (Amendment, Retraction, Decision, Delivery, Conflict)
_LOOSE = {(Statement, "incident"), (Assessment, "statements_against"), (Evidence, "source")}


class Dependant(msgspec.Struct, frozen=True):
    """A record that rests on `on`, and how."""

    id: str
    on: str
    how: str


class Owed(msgspec.Struct, frozen=True):
    """Somebody who has the erroneous text: `change` is the amendment or retraction to tell them of."""

    recipient: str
    change: str
    target: str
    subject: str
    delivery: str


def dependants(graph: Graph, target: str) -> list[Dependant]:
    """Everything that rests on `target`, nearest first, each once."""
    found: dict[str, Dependant] = {}
    pending = [target]
    while pending:
        on = pending.pop(0)
        for dependant in [*_referring(graph, on), *_copies(graph, on)]:
            if dependant.id != target and dependant.id not in found:
                found[dependant.id] = dependant
                pending.append(dependant.id)
    return list(found.values())


def changes(graph: Graph) -> list[tuple[Record, str]]:
    """Every amendment and retraction that stands, with its target, in order."""
    return [
        (record, record.body.target)
        for record in graph
        if isinstance(record.body, Amendment | Retraction) and graph.stands(record.id)
    ]


def flags(graph: Graph) -> dict[str, list[str]]:
    """For each record that rests on a changed one: what changed, in words."""
    flagged: dict[str, list[str]] = {}
    for change, target in changes(graph):
        if isinstance(change.body, Amendment) and change.body.severity == "minor":
            continue
        verb = "was retracted" if isinstance(change.body, Retraction) else f"was amended ({change.id})"
        for dependant in dependants(graph, target):
            flagged.setdefault(dependant.id, []).append(f"{target} {verb}; this {dependant.how}")
    return flagged


def touching(graph: Graph, shown: Iterable[str]) -> list[str]:
    """The changes that a reader of the records `shown` has to know: of these, and of what these rest on or copy."""
    seen = set(shown)
    return [
        change.id
        for change, target in changes(graph)
        if target in seen or seen & {dependant.id for dependant in dependants(graph, target)}
    ]


def owed(graph: Graph) -> list[Owed]:
    """Whom a correction has still to reach, in the order the corrections were made."""
    found = []
    for change, target in changes(graph):
        affected = {target, *(dependant.id for dependant in dependants(graph, target))}
        told = {delivery.recipient for _, delivery in graph.of(Delivery) if change.id in delivery.included}
        had: dict[str, str] = {}
        for identity, delivery in graph.of(Delivery):
            if graph.record(identity).seq < change.seq and affected & set(delivery.included):
                had.setdefault(delivery.recipient, identity)
        asked = change.body.notify if isinstance(change.body, Amendment) else ()
        for recipient in dict.fromkeys([*had, *asked]):
            if recipient not in told:
                found.append(Owed(recipient, change.id, target, subject(change), had.get(recipient, "")))
    return found


def subject(change: Record) -> str:
    """The word that stands first in what tells of a change."""
    if isinstance(change.body, Amendment):
        return _SUBJECT[change.body.kind]
    return "WITHDRAWN"


def _referring(graph: Graph, on: str) -> list[Dependant]:
    found = []
    for record, field in graph.referrers(on):
        kind = type(record.body)
        if isinstance(record.body, _REPORTING) or (kind, field) in _LOOSE or not graph.stands(record.id):
            continue
        if (field, on) in references(graph.current(record.id, kind)):
            found.append(Dependant(record.id, on, f"names it as {field.replace('_', ' ')}"))
    return found


def _copies(graph: Graph, on: str) -> list[Dependant]:
    """Statements that repeat `on`: by their own words, or as the nearest to it in a text that is a copy of its text."""
    body = graph.record(on).body
    if not isinstance(body, Statement):
        return []
    copies = dict[str, float]()
    nearest = dict[str, tuple[float, str]]()
    for identity, other in graph.of(Statement):
        share = _likeness(body, other) if identity != on else 0.0
        if share >= COPY and (is_copy(body.quote, other.quote) or is_copy(body.content, other.content)):
            copies[identity] = share
        for text in set(other.evidence) - set(body.evidence):
            nearest[text] = max(nearest.get(text, (COPY, "")), (share, identity))
    for text, (share, identity) in nearest.items():
        words = graph.current(text, Evidence).text
        if identity and any(is_copy(graph.current(own, Evidence).text, words) for own in body.evidence):
            copies[identity] = share
    return [
        Dependant(identity, on, f"is a copy of it ({share:.0%} of its three-word runs)")
        for identity, share in copies.items()
    ]


def _likeness(one: Statement, other: Statement) -> float:
    return max(resemblance(one.quote, other.quote), resemblance(one.content, other.content))


def upstream_of(graph: Graph, source: str) -> tuple[str, ...]:
    """The names of the sources that `source` took its words from."""
    return tuple(graph.current(above, Source).name for above in graph.current(source, Source).upstream)

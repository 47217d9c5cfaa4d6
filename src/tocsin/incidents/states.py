"""States: what a later state of a published table changes in the records made from earlier ones.

A row is known by its id in the table, the table's publisher and media type; a statement made from a row likewise. A
changed value becomes an amendment with old and new, a row that is gone a retraction, a row that is new, or that came
back, new records. A statement with another stance or actor is retracted and stated anew. Values are compared with the
records as amended so far, so that the same state again changes nothing. Nothing is overwritten, and what was withdrawn
is in no count: `counted` are the incidents that stand.
"""

from typing import Any, Literal

import msgspec

from tocsin.incidents.draft import Draft, IncidentItem, Origin, StatementItem, verdict
from tocsin.incidents.graph import Graph, plain
from tocsin.model.record import Amendment, Evidence, Incident, Retraction, Source, Statement

_COMPARED = sorted((set(IncidentItem.__struct_fields__) & set(Incident.__struct_fields__)) - {"tracks", "alerts"})
_LATER = ("status", "ends")  # change because time passes, not because something was wrong


class Step(msgspec.Struct, frozen=True):
    """From the store to the draft's state: `same` are draft ids with the record that tells of them already."""

    same: dict[str, str]
    amendments: tuple[Amendment, ...] = ()
    retractions: tuple[Retraction, ...] = ()


def counted(graph: Graph) -> int:
    """How many incidents stand."""
    return len(graph.standing(Incident))


def step(graph: Graph, draft: Draft) -> Step:
    """What leads from the records of the draft's table to the draft; nothing for a draft that is no whole table."""
    origin = draft.origin
    if origin is None or not origin.complete:
        return Step({})
    incidents, statements = _rows(graph, origin, Incident), _rows(graph, origin, Statement)
    same: dict[str, str] = {}
    amendments: list[Amendment] = []
    for item in draft.incidents:
        if item.id in incidents and not item.same_as and verdict(item) != "rejected":
            same[item.id] = incidents[item.id]
            current = graph.current(same[item.id], Incident)
            amendments += _changed(origin, same[item.id], current, {name: getattr(item, name) for name in _COMPARED})
    for said in draft.statements:
        if said.id in statements and verdict(said) != "rejected":
            statement = graph.current(statements[said.id], Statement)
            if (statement.stance, statement.names_actor) == (said.stance, said.names_actor):
                same[said.id] = statements[said.id]
                amendments += _changed(origin, same[said.id], statement, _words(said, statement))
    reason = f"no longer in the table ({_where(origin)})"
    kept = set(same) | {item.id for _, item in draft.items() if verdict(item) == "rejected"}
    gone = [known for rows in (statements, incidents) for row, known in rows.items() if row not in kept]
    return Step(same, tuple(amendments), tuple(Retraction(known, reason) for known in gone))


def _words(item: StatementItem, statement: Statement) -> dict[str, Any]:
    named = {"said_at": item.said, "time": item.time, "place": item.place}
    named["content"] = item.content or statement.content
    return named | {name: getattr(item, name) for name in ("subject", "predicate", "object")}


def _changed(origin: Origin, target: str, current: msgspec.Struct, wanted: dict[str, Any]) -> list[Amendment]:
    found = []
    for field, value in wanted.items():
        old, new = plain(getattr(current, field)), plain(value)
        if old != new:
            kind: Literal["correction", "update"] = "update" if field in _LATER or not old else "correction"
            reason = f"changed in a later state of the table ({_where(origin)})"
            found.append(Amendment(target, kind, field, old, new, reason))
    return found


def _where(origin: Origin) -> str:
    return f"{origin.file}, {origin.published}" if origin.published else origin.file


def _rows(graph: Graph, origin: Origin, kind: type[Incident] | type[Statement]) -> dict[str, str]:
    """What stands of the table's earlier states, by its id in the table."""
    found = {}
    for identity, body in graph.standing(kind):
        for evidence in (graph.current(piece, Evidence) for piece in body.evidence):
            publisher = graph.current(evidence.source, Source).name if evidence.source else ""
            is_ours = publisher.casefold() == (origin.publisher or "not stated").casefold()
            if body.external_id and is_ours and evidence.media_type == origin.media_type:
                found[body.external_id] = identity
    return found

"""Rules: what a record must be to be admitted after those before it; the first that is broken is told.

- Its author's key is known to the store, and was introduced by an author known before.
- What it refers to exists, is of the right type, and lies before it; a span lies within its text and quotes it.
- An amendment says truly what the target said before, and changes it; it never turns a stance into "asserts", never
  makes a statement name another actor, and never takes an upstream away: such a thing is retracted and stated anew.
- A retraction takes back what still stands; authors, decisions and deliveries are history and stay.
- An assessment rests on statements about its own incident.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from tocsin.incidents.graph import REFERENCES, Graph, amended, plain, references
from tocsin.model.errors import TocsinError
from tocsin.model.record import (
    Amendment,
    Assessment,
    Author,
    Body,
    Conflict,
    Delivery,
    Grade,
    Incident,
    Outcome,
    Record,
    Release,
    Retraction,
    Source,
    Statement,
    type_name,
)
from tocsin.model.statement import Stance

_NEEDED: dict[type, tuple[str, ...]] = {
    Author: ("name",),
    Source: ("name",),
    Incident: ("title",),
    Statement: ("said_by", "content"),
    Grade: ("statement", "grader"),
    Assessment: ("incident", "question", "author"),
    Amendment: ("target", "reason"),
    Retraction: ("target", "reason"),
    Outcome: ("incident", "outcome"),
    Conflict: ("arithmetic",),
    Delivery: ("recipient", "subject"),
    Release: ("statement", "reason"),
}


def admit(graph: Graph, record: Record, public_key: str) -> None:
    """Raise TocsinError with the reason if `record`, signed with `public_key`, may not come next."""
    for reason in _objections(graph, record, public_key):
        raise TocsinError(f"{record.id}: {reason}")


def is_time(text: str) -> bool:
    """Whether `text` is a moment as records write it: ISO 8601 in UTC, ending in Z."""
    try:
        return text.endswith("Z") and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _objections(graph: Graph, record: Record, public_key: str) -> Iterator[str]:
    body = record.body
    if not is_time(record.recorded_at):
        yield f'recorded_at: "{record.recorded_at}" is no time in UTC'
    yield from _of_author(graph, record, public_key)
    yield from _of_references(graph, body)
    for field in _NEEDED.get(type(body), ()):
        if not getattr(body, field).strip():
            yield f"{field}: must not be empty"
    if type(body) in _RULES:
        yield from _RULES[type(body)](graph, body)


def _of_author(graph: Graph, record: Record, public_key: str) -> Iterator[str]:
    body, name = record.body, record.recorded_by
    if isinstance(body, Author) and len(graph) == 0:
        if (body.name, body.public_key) != (name, public_key):
            yield "the first author vouches for itself"
        return
    known = graph.author_key(name)
    if known is None:
        yield f'recorded_by: "{name}" is not known here; let a known author admit that key (tocsin incidents admit)'
    elif known != public_key:
        yield f'recorded_by: "{name}" signs with another key'


def _of_references(graph: Graph, body: Body) -> Iterator[str]:
    allowed = REFERENCES[type(body)]
    for field, identity in references(body):
        if identity not in graph:
            yield f"{field}: there is no record {identity}"
        elif not isinstance(graph.record(identity).body, allowed[field]):
            yield f"{field}: {identity} is no {' or '.join(kind.__name__.lower() for kind in allowed[field])}"


def _of_statement(graph: Graph, body: Any) -> Iterator[str]:
    if body.span is None or not body.evidence:
        return
    text = graph.record(body.evidence[0]).body
    start, end = body.span
    content = getattr(text, "text", "")
    if not content:
        return
    if not 0 <= start < end <= len(content):
        yield f"span: [{start}, {end}] lies outside the text of {body.evidence[0]} ({len(content)} characters)"
    elif body.quote and body.quote != content[start:end]:
        yield "quote: is not what stands at the span"


def _of_amendment(graph: Graph, body: Any) -> Iterator[str]:
    target = graph.record(body.target)
    current = graph.current(body.target, type(target.body))
    if not graph.stands(body.target):
        yield f"target: {body.target} was retracted"
    if body.field not in current.__struct_fields__:
        yield f"field: a {type_name(target.body)} has no {body.field}"
        return
    value, old, new = plain(getattr(current, body.field)), plain(body.old), plain(body.new)
    if old == new:
        yield "new: is what it said before"
    if value != old and not _words_of(value, body):
        yield f"old: {body.target} does not say so; {body.field} is {value!r}"
    try:
        changed = amended(current, body)
    except msgspec.ValidationError as error:
        yield f"new: {error}"
        return
    if isinstance(changed, Statement) and isinstance(current, Statement):
        if changed.stance is Stance.ASSERTS and current.stance is not Stance.ASSERTS:
            yield "field: a stance is never turned into asserts; retract the statement and state it anew"
        if changed.names_actor not in ("", current.names_actor):
            yield "field: a statement is never made to name another actor; retract it and state it anew"
    for field in ("upstream", "reported_via", "depends_on"):
        if set(getattr(current, field, ())) - set(getattr(changed, field, ())):
            yield f"field: {field} may grow, never shrink"
    yield from _of_references(graph, changed)


def _words_of(value: Any, body: Any) -> bool:
    """Whether a text says the old words once, or says the new ones already (a story that carries its own notice)."""
    if not all(isinstance(text, str) and text for text in (value, body.old, body.new)):
        return False
    return value.count(body.old) == 1 or (body.old not in value and body.new in value)


def _of_retraction(graph: Graph, body: Any) -> Iterator[str]:
    if not graph.stands(body.target):
        yield f"target: {body.target} was retracted before"
    if body.replaced_by and type(graph.record(body.replaced_by).body) is not type(graph.record(body.target).body):
        yield "replaced_by: must be of the target's type"
    if body.replaced_by == body.target:
        yield "replaced_by: is the target itself"


def _of_assessment(graph: Graph, body: Any) -> Iterator[str]:
    for field in ("statements_for", "statements_against"):
        for identity in getattr(body, field):
            if graph.current(identity, Statement).incident != body.incident:
                yield f"{field}: {identity} is not about {body.incident}"


_RULES: dict[type, Callable[[Graph, Any], Iterator[str]]] = {
    Statement: _of_statement,
    Amendment: _of_amendment,
    Retraction: _of_retraction,
    Assessment: _of_assessment,
}

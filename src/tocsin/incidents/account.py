"""Account: everything the records say of one incident, ready to be written as text or as a page.

Plain values in the order a reader needs them; nothing is judged here beyond the rule of attribution. A corrected value
is a `Shown` with its old wording kept beside the new one; a retracted statement stays, marked. Figures that the line
measured say how (`how`).
"""

from collections.abc import Container, Mapping, Sequence

import msgspec

from tocsin.incidents.attribution import Attribution, attribution, grades_of
from tocsin.incidents.dependants import flags, subject, touching, upstream_of
from tocsin.incidents.graph import Graph
from tocsin.incidents.series import Earlier, series
from tocsin.model.errors import TocsinError
from tocsin.model.record import (
    PERCENT,
    Assessment,
    Conflict,
    Custody,
    Delivery,
    Evidence,
    Grade,
    Incident,
    Outcome,
    Retraction,
    Source,
    Statement,
)
from tocsin.model.statement import Stance

LINE_MEDIA = "application/x-tocsin-"  # evidence of the line itself: its text says what was measured and how
_FIELDS = (
    ("title", "What"),
    ("kind", "Kind"),
    ("begins", "Began"),
    ("ends", "Ended"),
    ("time_precision", "Time known to"),
    ("place", "Where"),
    ("place_precision", "Place known to"),
    ("latitude_deg", "Latitude, degrees"),
    ("longitude_deg", "Longitude, degrees"),
    ("count", "Objects"),
    ("status", "Status"),
)


class Change(msgspec.Struct, frozen=True):
    """One correction of a value: what it said, what it should have said, and why; `record` is the amendment."""

    old: str
    new: str
    kind: str
    severity: str
    reason: str
    at: str
    by: str
    record: str


class Shown(msgspec.Struct, frozen=True):
    """A value as it stands, under its label, with what was changed in it."""

    label: str
    value: str
    changes: tuple[Change, ...] = ()


class Said(msgspec.Struct, frozen=True):
    """One statement: who, with which stance, what, through whom, with its grade in words; `withdrawn` says why."""

    id: str
    speaker: str
    is_named: bool
    stance: str
    content: Shown
    quote: str
    span: str
    said_at: str
    place: str
    via: tuple[str, ...]
    grade: str
    about: tuple[str, ...]
    flags: tuple[str, ...] = ()
    withdrawn: str = ""


class Assessed(msgspec.Struct, frozen=True):
    """An assessment that names nobody, or that the rule bears out; `confidence` never stands in a likelihood's line."""

    id: str
    question: str
    author: str
    answers: tuple[str, ...]
    against: tuple[str, ...]
    flags: tuple[str, ...]


class Piece(msgspec.Struct, frozen=True):
    """A piece of evidence: what it is, where it is from, and its hash."""

    id: str
    what: str
    sha256: str
    captured: str
    how: str = ""


class Account(msgspec.Struct, frozen=True):
    """All of one incident; `head` and `size` are the log's when it was written, `told` whom it went to.

    `unsaid`: who would not say, or assumes and does not assert. `not_known`: what nobody has said or shown.
    `audience`: for whom it is.
    `besides`: what the same texts say of no incident (background, forecasts, threats); it counts for nothing here.
    """

    id: str
    title: str
    exercise: bool
    withdrawn: str
    known: tuple[Shown, ...]
    details: tuple[tuple[str, str], ...]
    said: tuple[Said, ...]
    besides: tuple[Said, ...]
    conflicts: tuple[str, ...]
    attribution: Attribution
    assessments: tuple[Assessed, ...]
    outcomes: tuple[str, ...]
    evidence: tuple[Piece, ...]
    earlier: tuple[Earlier, ...]
    told: tuple[str, ...]
    included: tuple[str, ...]
    head: str
    size: int
    unsaid: tuple[str, ...]
    not_known: tuple[str, ...]
    audience: str = "internal"


def account(graph: Graph, incident: str, head: str) -> Account:
    """What `graph` says of `incident`, under the log's `head` (hex)."""
    if not isinstance(graph.record(incident).body, Incident):
        raise TocsinError(f"{incident}: is no incident")
    body = graph.current(incident, Incident)
    flagged = flags(graph)
    pieces, labels = set(body.evidence), _labels(graph, body)
    said, besides = [], []
    for identity, _ in graph.of(Statement):
        statement = graph.current(identity, Statement)
        if statement.incident == incident:
            said.append(_said(graph, identity, flagged, labels))
            pieces.update(statement.evidence)
    for identity, _ in graph.of(Statement):
        statement = graph.current(identity, Statement)
        if not statement.incident and pieces & set(statement.evidence):
            besides.append(_said(graph, identity, flagged, labels))
    known = tuple(_shown(graph, incident, field, label) for field, label in _FIELDS)
    shown = tuple(one for one in known if one.value or one.changes)
    named, outcomes = attribution(graph, incident), outcomes_of(graph, incident)
    evidence = _evidence(graph, incident, said)
    return Account(
        incident,
        body.title,
        body.exercise,
        _withdrawn(graph, incident),
        shown,
        tuple(body.details.items()),
        tuple(said),
        tuple(besides),
        conflicts_of(graph, incident, {one.id for one in said}),
        named,
        _assessed(graph, incident, flagged),
        outcomes,
        evidence,
        tuple(series(graph, incident)),
        tuple(
            f"{told.recipient}: {told.subject} ({graph.record(identity).recorded_at})"
            for identity, told in _told(graph, incident)
        ),
        _included(graph, incident, [*said, *besides], evidence),
        head,
        len(graph),
        unsaid(said),
        not_known(shown, named, outcomes, said),
    )


def unsaid(said: Sequence[Said]) -> tuple[str, ...]:
    """Who would not say, and who assumes without asserting; withdrawn statements are left out."""
    words = {Stance.DECLINES: "would not say", Stance.ASSUMES: "assumes, and does not assert"}
    return tuple(
        f"{one.speaker} {words[Stance(one.stance)]}: {one.content.value}"
        for one in said
        if one.stance in words and not one.withdrawn
    )


def not_known(
    known: Sequence[Shown], named: Attribution, outcomes: Sequence[str], said: Sequence[Said]
) -> tuple[str, ...]:
    """What a reader would ask and nothing here answers."""
    labels = {one.label for one in known if one.value}
    asked = (("When it began", "Began"), ("Where it happened", "Where"), ("How many objects there were", "Objects"))
    missing = [question for question, label in asked if label not in labels]
    if not named.actors:
        missing.append("Who did it")
    if not outcomes:
        missing.append("How it ended")
    standing = [one for one in said if not one.withdrawn]
    ungraded = [one.id for one in standing if not one.grade]
    if ungraded:
        some = "any" if len(ungraded) == len(standing) else f"{len(ungraded)} of {len(standing)}"
        missing.append(f"How far {some} of the statements can be relied on: not graded")
    return tuple(missing)


def conflicts_of(graph: Graph, incident: str, statements: Container[str], only: bool = False) -> tuple[str, ...]:
    """What cannot all be so of an incident and these statements; `only` where nothing else is spoken of."""
    found = []
    for _, conflict in graph.standing(Conflict):
        inside = [one == incident or one in statements for one in conflict.between]
        if all(inside) if only else conflict.incident == incident or any(inside):
            found.append(conflict.arithmetic)
    return tuple(found)


def _shown(graph: Graph, identity: str, field: str, label: str) -> Shown:
    body = graph.current(identity, msgspec.Struct)
    changes = tuple(
        Change(
            _text(amendment.old),
            _text(amendment.new),
            amendment.kind,
            amendment.severity,
            amendment.reason,
            record.recorded_at,
            record.recorded_by,
            record.id,
        )
        for record, amendment in graph.amendments(identity)
        if amendment.field == field
    )
    return Shown(label, _text(getattr(body, field)), changes)


def _said(graph: Graph, identity: str, flagged: Mapping[str, Sequence[str]], labels: Mapping[str, str]) -> Said:
    body = graph.current(identity, Statement)
    speaker = graph.current(body.said_by, Source)
    notes = list(flagged.get(identity, ()))
    for field in ("stance", "said_at", "place", "names_actor", "incident", "said_by"):
        for change in _shown(graph, identity, field, field).changes:
            notes.append(
                f"{subject(graph.record(change.record))}: {field} was {change.old}, is {change.new} ({change.reason})"
            )
    span = f"characters {body.span[0]} to {body.span[1]} of {body.evidence[0]}" if body.span and body.evidence else ""
    return Said(
        identity,
        speaker.name,
        not speaker.anonymous,
        body.stance,
        _shown(graph, identity, "content", "content"),
        body.quote if body.quote != body.content else "",
        span,
        body.said_at,
        body.place,
        tuple(_outlet(graph, source) for source in body.reported_via),
        _grade_words(grades_of(graph, identity)),
        tuple(labels.get(one, one) for one in (*body.tracks, *body.alerts)),
        tuple(notes),
        _withdrawn(graph, identity),
    )


def _labels(graph: Graph, incident: Incident) -> dict[str, str]:
    """What people call the line's tracks and alerts, by the id that programs keep."""
    named = [graph.current(piece, Evidence) for piece in incident.evidence]
    pairs = [piece.reference.split(" ", 1) for piece in named if piece.media_type.startswith(LINE_MEDIA)]
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2}


def _outlet(graph: Graph, source: str) -> str:
    """A source on the way, with those it took its words from."""
    above = upstream_of(graph, source)
    return graph.current(source, Source).name + (f" (after {', '.join(above)})" if above else "")


def _grade_words(grades: Sequence[Grade]) -> str:
    return "; ".join(
        f"{grade.reliability}{grade.credibility} by {grade.grader} ({grade.rationale})" for grade in grades
    )


def _withdrawn(graph: Graph, identity: str) -> str:
    retraction = graph.retraction(identity)
    if retraction is None or not isinstance(retraction.body, Retraction):
        return ""
    instead = f"; replaced by {retraction.body.replaced_by}" if retraction.body.replaced_by else ""
    return f"{retraction.body.reason}{instead} ({retraction.recorded_at}, {retraction.recorded_by}, {retraction.id})"


def _assessed(graph: Graph, incident: str, flagged: Mapping[str, Sequence[str]]) -> tuple[Assessed, ...]:
    found = []
    for identity, body in graph.standing(Assessment):
        if body.incident != incident or _speaks_of_actors(graph, body):
            continue
        answers = tuple(
            f"{one.text}: {one.band} ({PERCENT[one.band][0]} to {PERCENT[one.band][1]} %)" for one in body.hypotheses
        )
        against = body.statements_against
        found.append(Assessed(identity, body.question, body.author, answers, against, tuple(flagged.get(identity, ()))))
    return tuple(found)


def _speaks_of_actors(graph: Graph, body: Assessment) -> bool:
    """Whether an assessment may name who did it: that is written by the attribution line, or not at all."""
    actors = {statement.names_actor for _, statement in graph.of(Statement)}
    actors |= {one.actor for _, assessment in graph.of(Assessment) for one in assessment.hypotheses}
    words = " ".join([body.question, *(one.text for one in body.hypotheses)]).casefold()
    return body.question.casefold().startswith("who") or any(actor.casefold() in words for actor in actors - {""})


def outcomes_of(graph: Graph, incident: str, stated_in: Container[str] | None = None) -> tuple[str, ...]:
    """How it ended for each object; only what one of `stated_in` says, if that is given."""
    found = []
    for _, body in graph.standing(Outcome):
        if body.incident == incident and (stated_in is None or body.stated_in in stated_in):
            stated = f", as stated in {body.stated_in}" if body.stated_in else ""
            found.append(f"{body.object or 'incident'}: {body.outcome}{stated}{f' ({body.at})' if body.at else ''}")
    return tuple(found)


def _evidence(graph: Graph, identity: str, said: Sequence[Said]) -> tuple[Piece, ...]:
    named = [*graph.current(identity, Incident).evidence]
    for one in said:
        named += graph.current(one.id, Statement).evidence
    for _, outcome in graph.standing(Outcome):
        named += outcome.evidence if outcome.incident == identity else ()
    pieces = []
    for piece in dict.fromkeys(named):
        body = graph.current(piece, Evidence)
        what = body.text if body.media_type.startswith(LINE_MEDIA) else body.reference or body.media_type
        source = f", {graph.current(body.source, Source).name}" if body.source else ""
        how = "; ".join(_step(step) for step in body.custody)
        pieces.append(Piece(piece, what + source, body.sha256, body.captured_at, how))
    return tuple(pieces)


def _step(step: Custody) -> str:
    return f"{step.action} ({', '.join(part for part in (step.by, step.at) if part)})"


def _told(graph: Graph, incident: str) -> list[tuple[str, Delivery]]:
    return [(identity, delivery) for identity, delivery in graph.of(Delivery) if incident in delivery.included]


def _included(graph: Graph, incident: str, said: Sequence[Said], evidence: Sequence[Piece]) -> tuple[str, ...]:
    """Every record that can be read in the account, and every change that it tells of."""
    shown = [incident, *(one.id for one in said), *(piece.id for piece in evidence)]
    about = [
        record.id
        for identity in shown
        for record, _ in graph.referrers(identity)
        if isinstance(record.body, Grade | Assessment | Outcome | Conflict)
    ]
    return tuple(dict.fromkeys([*shown, *about, *touching(graph, [*shown, *about])]))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return str(value)

"""Propose: the text of a story as a draft of records, for a person to read, change and accept.

`propose(text, published, parse)` is pure and by rules: the same text, day and parser give the same draft. Every
statement has a span; every field that is not empty has the span it was read at in `spans`. What is not printed stays
empty. Without a parser (`parse` None) fewer statements are found.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal

from tocsin.incidents.acceptance import THE_TEXT
from tocsin.incidents.draft import (
    AmendmentItem,
    ConflictItem,
    Draft,
    IncidentItem,
    ObjectItem,
    Origin,
    SourceItem,
    StatementItem,
    sealed,
)
from tocsin.incidents.story.parser import Parse
from tocsin.incidents.story.read_story import read_story
from tocsin.incidents.story.reading import (
    NOT_STATED,
    ReadAmendment,
    ReadConflict,
    ReadIncident,
    Reading,
    ReadSource,
    ReadStatement,
    SpeakerKind,
)
from tocsin.incidents.story.span import Span, overlap
from tocsin.incidents.story.speakers import is_body, speaks_officially

Named = Iterable[tuple[str, Span | None]]


def propose(
    text: str, published: date | None = None, parse: Parse | None = None, file: str = "story.txt", reference: str = ""
) -> Draft:
    """The draft of one story; `file` is the name under which its text, as UTF-8, stands beside the draft."""
    reading = read_story(text, published, parse)
    names = _names(reading)
    return Draft(
        _origin(reading.source, file, reference),
        tuple(_sources(reading, names)),
        sealed(_incident(one) for one in reading.incident),
        sealed(_statement(one, names) for one in reading.statement),
        sealed(_amendment(one) for one in reading.amendment),
        sealed(_conflict(one, reading) for one in reading.conflict),
        hashlib.sha256(text.encode()).hexdigest(),
    )


def _spans(named: Named) -> dict[str, Span]:
    return {name: span for name, span in named if span is not None}


def _origin(source: ReadSource, file: str, reference: str) -> Origin:
    credits = [(f"credit_{at}", span) for at, span in enumerate(source.credit_spans, 1)]
    return Origin(
        file=file,
        sha256=source.text_sha256,
        publisher=source.agency,
        published=source.published or source.date,
        reference=reference,
        headline=source.headline,
        city=source.city,
        day=source.date,
        year=source.year,
        year_reason=source.year_reason,
        credits=source.credits,
        rules=source.rules,
        spans=_spans(
            [
                ("headline", source.headline_span),
                ("city", source.city_span),
                ("day", source.dateline_span if source.dateline_day else None),
                ("publisher", source.agency_span),
                *credits,
            ]
        ),
    )


def _names(reading: Reading) -> dict[str, str]:
    """A name for each speaker, told apart where two unnamed ones are described alike."""
    names: dict[str, str] = {}
    for one in reading.statement:
        if one.speaker_ref and one.speaker_ref not in names:
            alike = sum(name == one.speaker or name.startswith(one.speaker + " (") for name in names.values())
            names[one.speaker_ref] = f"{one.speaker} ({alike + 1})" if alike else one.speaker
    return names


def _sources(reading: Reading, names: dict[str, str]) -> Iterable[SourceItem]:
    if reading.source.agency:
        yield SourceItem(reading.source.agency, "agency")
    told = {one.speaker_ref: one for one in reading.statement if one.speaker_ref}
    for ref, name in names.items():
        one = told[ref]
        if name == reading.source.agency:
            continue
        kind: Literal["person", "official"] = "official" if speaks_officially(one.speaker) else "person"
        yield SourceItem(name, kind, anonymous=one.speaker_kind is not SpeakerKind.NAMED and not is_body(one.speaker))


def _incident(one: ReadIncident) -> IncidentItem:
    first = one.objects[0] if one.objects else None
    what = f"{first.count_text} {first.what}".strip() if first else one.kind
    return IncidentItem(
        id=one.id,
        title=f"{what[:1].upper()}{what[1:]}" + (f", {one.place}" if one.place else ""),
        kind=one.kind,
        begins=one.date,
        time_precision="day" if one.date else "",
        place=one.place,
        count=first.count if first else None,
        spans=_spans([("place", one.place_span), ("begins", one.date_span), ("count", first.span if first else None)]),
    )


def _statement(one: ReadStatement, names: dict[str, str]) -> StatementItem:
    counted = [item for item in one.objects if item.count is not None]
    via = [(f"via_{at}", span) for at, span in enumerate(one.reported_via_spans, 1)]
    return StatementItem(
        id=one.id,
        speaker=names.get(one.speaker_ref, NOT_STATED),
        stance=one.stance,
        content=one.content,
        incident=one.incident,
        span=one.span,
        pieces=one.pieces,
        anonymous=None if not one.speaker_ref else one.speaker_kind is not SpeakerKind.NAMED,
        time=one.time,
        said=one.said,
        place=one.place,
        count=counted[0].count if counted else None,
        objects=tuple(ObjectItem(item.what, item.span, item.count) for item in one.objects),
        speaker_kind=one.speaker_kind.value,
        speaker_ref=one.speaker_ref,
        via=one.reported_via if one.speaker_ref else (),
        spans=_spans(
            [
                ("speaker", one.speaker_span),
                ("speaker_named", one.speaker_named_span),
                ("verb", one.cue_span),
                ("time", one.time_span),
                ("said", one.said_span),
                ("place", one.place_span),
                ("count", counted[0].span if counted else None),
                *via,
            ]
        ),
    )


def _amendment(one: ReadAmendment) -> AmendmentItem:
    kind: Literal["correction", "clarification", "update"] = "correction"
    if one.kind in ("clarification", "update"):
        kind = one.kind  # type: ignore[assignment]
    where = f" (paragraph {one.paragraph})" if one.paragraph else ""
    withdrawn = "withdrawn: " if one.kind == "withdrawal" else ""
    # Without the old wording nobody can say what in a statement is to be replaced.
    target = one.statement if one.old and one.statement else THE_TEXT
    return AmendmentItem(
        id=one.id,
        target=target,
        field="" if target == THE_TEXT else "content",
        old=one.old,
        new=one.new,
        kind=kind,
        span=one.span,
        spans=_spans([("old", one.old_span), ("new", one.new_span)]),
        reason=f"{withdrawn}{one.text}{where}",
    )


def _conflict(one: ReadConflict, reading: Reading) -> ConflictItem:
    touched = [item.id for item in reading.statement if _meets(item, one.spans)]
    return ConflictItem(
        id=one.id,
        arithmetic=one.reason,
        between=tuple(touched),
        spans=_spans((f"{one.kind}_{at}", span) for at, span in enumerate(one.spans, 1)),
    )


def _meets(item: ReadStatement, spans: Sequence[Span]) -> bool:
    return any(overlap(item.span, span) for span in spans)

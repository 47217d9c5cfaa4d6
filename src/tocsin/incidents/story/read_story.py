"""Reading a story: from its text to what it says, by rules alone.

`read_story(text, published, parse)` is pure: the same text, day and parser give the same reading. Without a parser
(`parse` None) it finds fewer statements, not worse ones. Every field carries its span; nothing is filled that is not
printed.
"""

import hashlib
import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

import msgspec

from tocsin.incidents.story import events, facts
from tocsin.incidents.story.calendar import Settled, settle
from tocsin.incidents.story.dateline import Dateline
from tocsin.incidents.story.disagreements import disagreements
from tocsin.incidents.story.find import find
from tocsin.incidents.story.layout import Layout
from tocsin.incidents.story.mentions import Mention, mentions
from tocsin.incidents.story.notices import Notice, notices
from tocsin.incidents.story.parser import Parse
from tocsin.incidents.story.raw import Raw
from tocsin.incidents.story.reading import (
    NOT_STATED,
    ReadAmendment,
    ReadConflict,
    Reading,
    ReadSource,
    ReadStatement,
    SpeakerKind,
)
from tocsin.incidents.story.span import Span, overlap
from tocsin.incidents.story.speakers import Speaker, Speakers
from tocsin.incidents.story.told import told
from tocsin.incidents.story.writers import writers


def read_story(text: str, published: date | None = None, parse: Parse | None = None) -> Reading:
    """What one story says."""
    found = find(text, parse)
    parts = found.parts
    printed = mentions(text, parts.paragraphs)
    settled = settle(text, _story_day(parts.dateline), printed, published)
    flat = [sentence for listed in found.sentences for sentence in listed]
    raws = told(text, found.attributions) + writers(text, flat, found.attributions, found.quoted, printed, settled)
    raws.sort(key=lambda raw: (raw.span, raw.cue or raw.span))
    speakers = _speakers(text, raws)
    statements = [
        _statement(text, f"s{at}", raw, speakers, raws, printed, settled, parts.dateline)
        for at, raw in enumerate(raws, 1)
    ]
    incidents, belongs = events.events(statements)
    statements = [msgspec.structs.replace(one, incident=belongs[one.id]) for one in statements]
    changes = [
        _amendment(text, f"a{at}", one, statements, parts) for at, one in enumerate(notices(text, parts.notices), 1)
    ]
    against = [("date", reason, spans) for reason, spans in settled.conflicts] + disagreements(statements)
    conflicts = [ReadConflict(f"c{at}", kind, reason, spans) for at, (kind, reason, spans) in enumerate(against, 1)]
    return Reading(
        _source(text, parts, settled, published, "patterns" if parse is None else "grammar"),
        tuple(incidents),
        tuple(statements),
        tuple(changes),
        tuple(conflicts),
    )


def _story_day(line: Dateline | None) -> Mention | None:
    if line is None or line.month is None or line.day is None:
        return None
    return Mention(line.day_span or line.span, month=line.month, day=line.day, year=line.year)


def _speakers(text: str, raws: Sequence[Raw]) -> dict[Span, Speaker]:
    """Every mention of a speaker traced, in the order of the story."""
    known = Speakers(text)
    spans = {span for raw in raws for span in (raw.speaker, *raw.via) if span}
    found: dict[Span, Speaker] = {}
    last = 0
    between = sorted(raw.span for raw in raws if raw.is_writers)
    for span in sorted(spans):
        place = bisect_left(between, (last, 0))
        cut_off = place < len(between) and between[place][1] <= span[0]
        found[span] = known.of(span, cut_off)
        last = span[1]
    return found


def _statement(
    text: str,
    name: str,
    raw: Raw,
    speakers: dict[Span, Speaker],
    raws: Sequence[Raw],
    printed: Sequence[Mention],
    settled: Settled,
    line: Dateline | None,
) -> ReadStatement:
    who = speakers[raw.speaker] if raw.speaker else None
    inner = [other for other in raws if other is not raw and raw.speaker in other.via and other.span != raw.span]
    when = _day_in(raw.pieces, printed, settled, inner)
    said = _said(raw, printed, settled)
    where = facts.place(text, raw.pieces)
    agency = line.agency if line and raw.is_writers else ""
    return ReadStatement(
        id=name,
        span=raw.span,
        content=" ".join(" ".join(text[slice(*piece)].split()) for piece in raw.pieces),
        stance=raw.stance,
        speaker=who.name if who else NOT_STATED,
        speaker_kind=who.kind if who else SpeakerKind.AGENCY if raw.is_writers else SpeakerKind.NOT_STATED,
        speaker_ref=who.ref if who else "",
        speaker_span=raw.speaker,
        speaker_named_span=who.named_at if who and who.named_at != raw.speaker else None,
        cue=" ".join(text[slice(*raw.cue)].split()) if raw.cue else "",
        cue_span=raw.cue,
        pieces=raw.pieces if len(raw.pieces) > 1 else (),
        time=when[1].isoformat() if when and when[1] else "",
        time_span=when[0] if when else None,
        said=said[1].isoformat() if said and said[1] else "",
        said_span=said[0] if said else None,
        place=" ".join(text[slice(*where)].split()) if where else "",
        place_span=where,
        objects=facts.objects(text, raw.pieces),
        reported_via=tuple(speakers[span].name for span in raw.via) or ((agency,) if agency else ()),
        reported_via_spans=raw.via or ((line.agency_span,) if agency and line and line.agency_span else ()),
    )


def _day_in(
    pieces: Sequence[Span], printed: Sequence[Mention], settled: Settled, inner: Sequence[Raw]
) -> tuple[Span, date | None] | None:
    """The first day printed in the content that is not another's, told within it."""
    start, end = pieces[0][0], pieces[-1][1]
    for one in printed:
        if one.years is not None or one.span[1] <= start or one.span[0] >= end:
            continue
        if not any(overlap(one.span, piece) for piece in pieces):
            continue
        if any(
            one.span[0] >= min(other.span[0], (other.cue or other.span)[0]) and one.span[1] <= other.sentence[1]
            for other in inner
        ):
            continue
        return one.span, settled.dates.get(one.span)
    return None


def _said(raw: Raw, printed: Sequence[Mention], settled: Settled) -> tuple[Span, date | None] | None:
    """The day printed beside the verb, outside all content."""
    if raw.cue is None:
        return None
    beside = [
        one
        for one in printed
        if overlap(one.span, raw.sentence)
        and not any(overlap(one.span, piece) for piece in raw.pieces)
        and one.years is None
        and min(abs(one.span[0] - raw.cue[1]), abs(raw.cue[0] - one.span[1])) < 60
    ]
    nearest = min(beside, key=lambda one: abs(one.span[0] - (raw.cue or raw.span)[1]), default=None)
    return (nearest.span, settled.dates.get(nearest.span)) if nearest else None


def _amendment(text: str, name: str, one: Notice, statements: Sequence[ReadStatement], parts: Layout) -> ReadAmendment:
    new = " ".join(text[slice(*one.new)].split()) if one.new else ""
    old = " ".join(text[slice(*one.old)].split()) if one.old else ""
    touched = _touched(text, one, new, old, statements)
    return ReadAmendment(
        id=name,
        kind=one.kind,
        text=" ".join(text[slice(*one.span)].split()),
        span=one.span,
        field=one.field,
        old=old,
        old_span=one.old,
        new=new,
        new_span=one.new,
        paragraph=one.paragraph,
        statement=touched,
    )


def _touched(text: str, one: Notice, new: str, old: str, statements: Sequence[ReadStatement]) -> str:
    """The statement that holds the new wording (or, uncorrected, the old) and most of the field's words."""
    field = {word for word in one.field.lower().split() if len(word) > 3}
    wanted, replaced = new.casefold(), old.casefold()
    scored = []
    for item in statements:
        content = item.content.casefold()
        score = 2 * _holds(content, wanted) + _holds(content, replaced)
        if score:
            scored.append((score + len(field & set(content.split())), item))
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1].id if best else ""


def _holds(content: str, wording: str) -> bool:
    return bool(wording) and re.search(rf"(?<!\w){re.escape(wording)}(?!\w)", content) is not None


def _source(text: str, parts: Layout, settled: Settled, published: date | None, rules: str) -> ReadSource:
    line = parts.dateline
    return ReadSource(
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        characters=len(text),
        rules=rules,
        headline=" ".join(text[slice(*parts.headline)].split()) if parts.headline else "",
        headline_span=parts.headline,
        city=line.city if line else "",
        city_span=line.city_span if line else None,
        dateline_day=" ".join(text[slice(*line.day_span)].split()) if line and line.day_span else "",
        dateline_span=line.day_span if line else None,
        agency=line.agency if line else "",
        agency_span=line.agency_span if line else None,
        published=published.isoformat() if published else "",
        date=settled.day.isoformat() if settled.day else "",
        year=settled.year,
        year_reason=settled.reason,
        credits=tuple(" ".join(text[slice(*span)].split()) for span in parts.credits),
        credit_spans=tuple(parts.credits),
    )

"""Reading: what the rules make of one story, each field with the characters it comes from; `propose` writes it as a
draft.

A `span` is (start, end) in the text as given; `text[start:end]` is the printed wording. No statement is without one.
Empty strings, None and empty tuples mean "not printed or not understood"; nothing is guessed. Dates are ISO 8601 days.
"""

from enum import StrEnum

import msgspec

from tocsin.incidents.story.span import Span
from tocsin.model.statement import Stance

NOT_STATED = "not stated"


class SpeakerKind(StrEnum):
    """How far the story says who speaks."""

    NAMED = "named"
    UNNAMED = "unnamed"
    SEVERAL = "several"
    AGENCY = "agency"  # the writer: nobody else is named for the sentence
    NOT_STATED = "not stated"  # somebody says it, nobody is named: "is believed to"


class ReadSource(msgspec.Struct, frozen=True, omit_defaults=True):
    """The story itself: what is printed about where, when and by whom it was written."""

    text_sha256: str
    characters: int
    rules: str  # "grammar" or "patterns"
    headline: str = ""
    headline_span: Span | None = None
    city: str = ""
    city_span: Span | None = None
    dateline_day: str = ""  # as printed
    dateline_span: Span | None = None
    agency: str = ""
    agency_span: Span | None = None
    published: str = ""  # as told by the importing person
    date: str = ""  # of the dateline, with the year that was worked out
    year: int | None = None
    year_reason: str = ""
    credits: tuple[str, ...] = ()
    credit_spans: tuple[Span, ...] = ()


class ReadObject(msgspec.Struct, frozen=True, omit_defaults=True):
    """Things counted in a statement; `count` None where the number is not one ("several")."""

    what: str
    span: Span
    count: int | None = None
    count_text: str = ""


class ReadStatement(msgspec.Struct, frozen=True, omit_defaults=True):
    """One statement. `span` runs from its first to its last character, `pieces` are its parts if there are several.

    `speaker_span` is the mention beside the verb, which may be "he"; `speaker` the name it was traced to, printed at
    `speaker_named_span`. The same `speaker_ref` means the same speaker, another one another, unnamed ones included.
    """

    id: str
    span: Span
    content: str
    stance: Stance
    speaker: str = NOT_STATED
    speaker_kind: SpeakerKind = SpeakerKind.AGENCY
    speaker_ref: str = ""
    speaker_span: Span | None = None
    speaker_named_span: Span | None = None
    cue: str = ""
    cue_span: Span | None = None
    pieces: tuple[Span, ...] = ()
    incident: str = ""
    time: str = ""
    time_span: Span | None = None
    said: str = ""
    said_span: Span | None = None
    place: str = ""
    place_span: Span | None = None
    objects: tuple[ReadObject, ...] = ()
    reported_via: tuple[str, ...] = ()
    reported_via_spans: tuple[Span, ...] = ()


class ReadIncident(msgspec.Struct, frozen=True, omit_defaults=True):
    """One event that statements speak of."""

    id: str
    kind: str
    place: str = ""
    place_span: Span | None = None
    date: str = ""
    date_span: Span | None = None
    objects: tuple[ReadObject, ...] = ()


class ReadAmendment(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a correction notice changes, as far as printed; `statement` is the one it touches, if one does."""

    id: str
    kind: str  # correction, clarification, update, withdrawal
    text: str
    span: Span | None = None
    field: str = ""
    old: str = ""
    old_span: Span | None = None
    new: str = ""
    new_span: Span | None = None
    paragraph: int | None = None
    statement: str = ""


class ReadConflict(msgspec.Struct, frozen=True, omit_defaults=True):
    """Printed facts that cannot all hold, with the arithmetic; nothing is chosen."""

    id: str
    kind: str
    reason: str
    spans: tuple[Span, ...] = ()


class Reading(msgspec.Struct, frozen=True):
    """All that was read in one story."""

    source: ReadSource
    incident: tuple[ReadIncident, ...] = ()
    statement: tuple[ReadStatement, ...] = ()
    amendment: tuple[ReadAmendment, ...] = ()
    conflict: tuple[ReadConflict, ...] = ()

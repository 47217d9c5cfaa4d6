"""Statement: what a person or agency says of an event; never a fact, and never a claim of the target itself."""

from enum import StrEnum

import msgspec


class Stance(StrEnum):
    """What the speaker does with the content. DECLINES, ASSUMES and CONTEXT never count as asserting."""

    ASSERTS = "asserts"
    DENIES = "denies"
    DECLINES = "declines"
    ASSUMES = "assumes"
    WARNS = "warns"
    THREATENS = "threatens"
    CONTEXT = "context"


class Statement(msgspec.Struct, frozen=True):
    """One statement. `speaker` may be a name, a described person, several, an agency, or "not stated".

    `span` is the (start, end) of the characters in the source text it came from, None for one entered by hand.
    `said_s` is UTC seconds, None if not known. `tracks` and `alerts` are uids and ids it was tied to by a person.
    """

    id: str
    speaker: str
    stance: Stance
    content: str
    source: str
    span: tuple[int, int] | None = None
    said_s: float | None = None
    place: str | None = None
    reported_via: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    packet: int = 0

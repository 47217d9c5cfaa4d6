"""Passages that a correction notice asks to be read: "please read in second paragraph ... two drones ...".

`passages(text, span)` answers what stands behind the place ("in second paragraph", "as follows") up to "instead of" or
the words about the correction itself, and what stands behind "instead of". A passage in quotation marks ends with
them, and another may follow behind "and first paragraph:".
"""

import re

import msgspec

from tocsin.incidents.story.numerals import ORDINALS
from tocsin.incidents.story.span import Span, trimmed

EDGE = ' \n\t,;.:"“”+)('
ASKS = r"(?:[Pp]lease\s+read|(?:para(?:graph)?|graf|take|headline|item|story|line|sentence)\s+should\s+read)\b"
_ASKS = re.compile(rf"(?:[Aa]lso\s+)?{ASKS}")
_ABOUT = re.compile(
    r"(?:[,;]|\.{1,3}|[\"“”+)])\s*(?:[Cc]ompany\s+)?(?:[Cc]orrect(?:s|ing|ed)|[Cc]larif(?:ies|ying)|[Ii]nserting)\b"
    r"|\s[-–—]+\s*(?:[Cc]orrect(?:s|ing)|[Cc]larif(?:ies|ying))\b|\bcorrect(?:s|ing)\s+(?!the\b)"
)
_OPENS, _CLOSES = '"“+', '"”+'
_QUOTED = re.compile(r"[\"“]\s*\.*\s*(?P<words>[^\"“”]+)[\"”]|\+\s*\.*\s*(?P<words2>[^+]+)\+")
_INSTEAD = re.compile(r"\s*\.*\s*\binstead\s+of\b\s*")
_PART = r"(?:para(?:graph)?s?|grafs?|headline|lead|page|lines?|sentences?|take|item|story)"
_WHERE = re.compile(
    rf"(?:[\s,]*(?:(?:item|story)(?:\s+headlined)?,?\s*[\"“][^\"“”]+[\"”]|{_PART}\s+(?:one|two|three|four|five|\d+)\b"
    rf"|(?:in|at|on|of|and|the|end|start|beginning|subsequent|last|final|throughout|as\s+follows|also|\d+(?:st|nd|rd|th)"
    rf"|{'|'.join(ORDINALS)}|{_PART})\b))*[\s,:]*"
)
_AS = re.compile(r"[^\"“+.\d]*?\bas\s+(?=[\"“+\d$])")


class Passages(msgspec.Struct, frozen=True):
    """What should be read, what it stands for if that is printed, and the notice's words about it."""

    new: tuple[Span, ...]
    old: Span | None
    about: Span | None


def is_asked(text: str, span: Span) -> bool:
    """Whether the notice at `span` asks for a passage to be read."""
    return _ASKS.match(text, *span) is not None


def passages(text: str, span: Span) -> Passages:
    """The passages of the notice at `span`, which begins with its asking."""
    start, end = _ASKS.match(text, *span).end(), span[1]  # type: ignore[union-attr]
    about = _ABOUT.search(text, start, end)
    told: Span | None = (about.start(), end) if about else None
    stop = about.start() + (text[about.start()] in _CLOSES) if about else end
    instead = _INSTEAD.search(text, start, stop)
    if instead is not None and not _is_inside(text, start, instead.start()):
        old = trimmed(text, (instead.end(), stop), EDGE)
        return Passages(tuple(_new(text, start, instead.start())), old if old[1] > old[0] else None, told)
    return Passages(tuple(_new(text, start, stop)), None, told)


def _is_inside(text: str, start: int, at: int) -> bool:
    """Whether `at` lies within quotation marks."""
    before = text[start:at]
    return bool(before.count('"') % 2 or before.count("“") > before.count("”") or before.count("+") % 2)


def _new(text: str, start: int, end: int) -> list[Span]:
    found: list[Span] = []
    at = start
    while at < end:
        where = _WHERE.match(text, at, end)
        place = where.end() if where else at
        if found and not text[at:place].strip(" \n\t,:."):
            break
        called = _AS.match(text, place, end)
        place = called.end() if called else place
        quoted = _QUOTED.match(text, place, end)
        stop = quoted.end() if quoted else end
        span = trimmed(text, (place, stop), EDGE)
        if span[1] > span[0]:
            found.append(span)
        at = stop
    return found

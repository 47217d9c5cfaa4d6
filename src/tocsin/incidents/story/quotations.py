"""Quotations of a story: where somebody's own words begin and end, whatever marks the paper uses.

`quotations(text, paragraphs)` answers the quotations in order, never overlapping, none reaching over a paragraph's end.
Curly, straight, low and angular marks count, two apostrophes or accents, and single marks if they hold words enough not
to be an apostrophe. A quotation that a paragraph leaves open ends with it; the next paragraph continues it if it opens
with a mark. No combination of marks is an error.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import msgspec

from tocsin.incidents.story.span import Span

OPENING = {"“": "”", "«": "»", "„": "“", "``": "''"}
_MARK = re.compile(r"''|``|[\"“”«»„]")
_SINGLE = re.compile(
    r"(?:(?<=\s)|(?<=^)|(?<=[(\[—–-]))[‘'](?=[\w\"“$])(.{12,}?)(?<=[,.?!;…])[’'](?=[\s)\]—–]|$)", re.DOTALL
)
# A quotation whose closing mark was forgotten: the sentence goes on with who said it.
_SAID_AT_END = re.compile(r"[,?!]\s+(?:[\w.'’-]+\s+){1,6}(?:said|says|told \w+)(?:\s+[\w.'’-]+){0,6}\.?\s*$")
_SPACE_OR_OPENER = frozenset(" \t\n\u00a0\u2009([{—–-/")


class Quotation(msgspec.Struct, frozen=True):
    """One quotation, its marks included; `continues` if it carries on one that the paragraph before left open."""

    start: int
    end: int
    is_closed: bool
    continues: bool = False

    @property
    def span(self) -> Span:
        return self.start, self.end


def quotations(text: str, paragraphs: list[Span]) -> list[Quotation]:
    """All quotations of `text`, in order."""
    found: list[Quotation] = []
    was_open = False
    for paragraph in paragraphs:
        here = list(_in_paragraph(text, paragraph))
        if here and was_open and not text[paragraph[0] : here[0].start].strip():
            here[0] = Quotation(here[0].start, here[0].end, here[0].is_closed, continues=True)
        was_open = bool(here) and not here[-1].is_closed
        found += here
    return found


def meeting(found: Sequence[Quotation], span: Span) -> list[Quotation]:
    """Those of `found`, which are in order, that share a character with `span` or touch it."""
    first = bisect_left(found, span[0], key=lambda one: one.end)
    last = bisect_right(found, span[1], key=lambda one: one.start)
    return list(found[first:last])


def _in_paragraph(text: str, paragraph: Span) -> list[Quotation]:
    double = list(_double(text, paragraph))
    covered = [quotation.span for quotation in double]
    single = [
        Quotation(match.start(), match.end(), is_closed=True)
        for match in _SINGLE.finditer(text, *paragraph)
        if not any(start < match.end() and match.start() < end for start, end in covered)
    ]
    return sorted(double + single, key=lambda quotation: quotation.start)


def _double(text: str, paragraph: Span) -> Iterator[Quotation]:
    begin, stop = paragraph
    opened: int | None = None
    for match in _MARK.finditer(text, begin, stop):
        mark, at = match.group(), match.start()
        before = text[at - 1] if at > begin else " "
        after = text[match.end()] if match.end() < stop else " "
        if opened is None:
            if _opens(mark, before, after):
                opened = at
        elif mark not in OPENING or mark == "“" and (text[opened] == "„" or not before.isspace() and after.isspace()):
            if mark in ('"', "''") and before.isspace() and not after.isspace() and after.isalnum():
                continue  # a second opening mark: one quotation inside another, or the first was never closed
            yield Quotation(opened, match.end(), is_closed=True)
            opened = None
    if opened is not None:
        forgotten = _SAID_AT_END.search(text, opened, stop)
        if forgotten:
            yield Quotation(opened, forgotten.start() + 1, is_closed=True)
        else:
            yield Quotation(opened, len(text[:stop].rstrip()), is_closed=False)


def _opens(mark: str, before: str, after: str) -> bool:
    if mark in OPENING:
        return True
    if mark in "”»":
        return (before.isspace() or before == "\u202a") and after.isalnum()
    return before in _SPACE_OR_OPENER or not after.isspace() and not before.isalnum() and before not in ",.?!"

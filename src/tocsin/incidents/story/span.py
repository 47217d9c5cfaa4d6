"""Span: the characters [start, end) of a story that something comes from, and how spans meet.

Offsets count characters of the text as it was given to `propose`; nothing is ever measured in a changed copy.
"""

import re
from collections.abc import Iterable

Span = tuple[int, int]

_EDGE = " \t\n\r\u00a0\u2009,;:.–—-"


def trimmed(text: str, span: Span, edge: str = _EDGE) -> Span:
    """`span` without space and stops at its ends; an empty span at its start if nothing else is there."""
    start, end = span
    while start < end and text[start] in edge:
        start += 1
    while end > start and text[end - 1] in edge:
        end -= 1
    return start, end


def merged(spans: Iterable[Span], text: str = "") -> list[Span]:
    """The spans in order, those that overlap, touch or have only space between them joined into one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and (start <= joined[-1][1] or text and not text[joined[-1][1] : start].strip()):
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        elif start < end:
            joined.append((start, end))
    return joined


def overlap(first: Span, second: Span) -> int:
    """How many characters the two share."""
    return max(0, min(first[1], second[1]) - max(first[0], second[0]))


def cut(span: Span, holes: Iterable[Span]) -> list[Span]:
    """What is left of `span` without `holes`."""
    left: list[Span] = []
    at, end = span
    for start, stop in sorted(holes):
        if stop <= at or start >= end:
            continue
        if start > at:
            left.append((at, start))
        at = max(at, stop)
    return [*left, (at, end)] if at < end else left


def words(text: str) -> set[str]:
    """The words of `text`, lower case."""
    return {word.lower() for word in re.findall(r"\w+", text)}

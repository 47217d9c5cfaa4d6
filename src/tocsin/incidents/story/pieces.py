"""Pieces: a sentence as its words, stops and whole quotations, for rules that look at the surface only.

A quotation is one piece, whatever it holds. Spans are those of the story.
"""

import re
from collections.abc import Sequence
from enum import Enum, auto

import msgspec

from tocsin.incidents.story.span import Span

_WORD = re.compile(r"(?:[A-Z]\.){2,}(?:-\w+)?|[\w$€£#@%](?:[\w'’&@$%/-]|\.(?=\w))*|[^\w\s]")
_TITLE = frozenset("mr mrs ms dr sen rep gov lt col gen maj capt sgt adm prof rev st jr sr".split())


class Kind(Enum):
    """What a piece is."""

    WORD = auto()
    STOP = auto()
    QUOTATION = auto()


class Piece(msgspec.Struct, frozen=True):
    """One word, stop or quotation."""

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        """The word in lower case."""
        return self.text.lower()

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[:1].isupper()


def pieces(text: str, sentence: Span, quoted: Sequence[Span]) -> list[Piece]:
    """The pieces of one sentence in order."""
    found: list[Piece] = []
    at, stop = sentence
    for start, end in [*quoted, (stop, stop)]:
        start, end = max(start, at), min(end, stop)
        if start > stop:
            break
        found += [_piece(match) for match in _WORD.finditer(text, at, start)]
        if end > start:
            found.append(Piece(Kind.QUOTATION, text[start:end], start, end))
        at = max(at, end)
    return _with_titles(found)


def _piece(match: re.Match[str]) -> Piece:
    text = match.group()
    kind = Kind.WORD if text[0].isalnum() or text[0] in "$€£#@_" else Kind.STOP
    return Piece(kind, text, match.start(), match.end())


def _with_titles(found: list[Piece]) -> list[Piece]:
    """The full stop of a title or an initial is part of the word."""
    result: list[Piece] = []
    for piece in found:
        last = result[-1] if result else None
        if (
            piece.text == "."
            and last is not None
            and last.kind is Kind.WORD
            and last.end == piece.start
            and (last.lower in _TITLE or len(last.text) == 1 and last.is_capital)
        ):
            result[-1] = Piece(Kind.WORD, last.text + ".", last.start, piece.end)
        else:
            result.append(piece)
    return result

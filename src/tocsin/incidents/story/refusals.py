"""Refusals that no verb of saying carries: "gave no further details", "did not give casualties", "had no comment".

`refusals(text, sentence, quoted)` answers attributions of stance `declines`. The one who refuses is the name before the
verb or, behind "but" or "and", the speaker that the caller already has for the sentence (`speaker` is then None).
"""

import re
from collections.abc import Sequence

from tocsin.incidents.story.attribution import Attribution
from tocsin.incidents.story.lexicon import Cue, Takes
from tocsin.incidents.story.names import name_before
from tocsin.incidents.story.pieces import Kind, Piece, pieces
from tocsin.incidents.story.span import Span, overlap, trimmed
from tocsin.model.statement import Stance

_NO = re.compile(
    r"\b(?:gave|give|offered|provided|had|made|issued)\s+no\s+(?:(?:further|other|immediate|more|additional)\s+)?"
    r"(?:details?|comment|explanation|information|reason|indication|specifics"
    r"|elaboration)\b(?:\s+(?:of|on|about|as to)\s+[^,.;]*)?"
)
_DID_NOT = re.compile(
    r"\b(?:did|would|could|will|can)(?:\s+not|n['’]t)\s+(?:immediately\s+|further\s+|yet\s+|be\s+able\s+to\s+)?"
    r"(?P<verb>give(?!\s+(?:up|in|way)\b)|identify|name|specify|elaborate|comment|provide|disclose|release|discuss"
    r"|describe|confirm|say|rule\s+out|deny|respond(?:\s+to\s+(?P<matter>[^,.;]+))?)\b[^,.;]*"
)
_TELLS_OF_SPEAKER = re.compile(
    r"\bwho\s+(?:\w+\s+)?(?:declined|refused|asked|spoke|requested|did not want|was not authori[sz]ed|wished)\b[^,.;]*"
)


def refusals(text: str, sentence: Span, quoted: Sequence[Span]) -> list[Attribution]:
    """The refusals of one sentence outside its quotations."""
    found: list[Attribution] = []
    for pattern in (_NO, _DID_NOT):
        for match in pattern.finditer(text, *sentence):
            if any(overlap(match.span(), mark) for mark in quoted):
                continue
            parts = pieces(text, (sentence[0], match.start()), quoted)
            name = name_before(parts, _last(parts))
            speaker = (parts[name[0]].start, parts[name[1]].end) if name else None
            if speaker is None and not _follows_and(parts):
                continue
            verb = match.groupdict().get("verb") or "give"
            known = Cue(verb, Takes.CLAUSE, Stance.DECLINES)
            start = match.start("matter") if match.groupdict().get("matter") else match.start()
            content = trimmed(text, (start, match.end()))
            found.append(
                Attribution(known, (match.start(), content[1]), speaker, (content,), sentence, is_negated=True)
            )
    return found


def tells_of_speaker(text: str, sentence: Span) -> list[Span]:
    """Clauses like "who declined to be identified": they describe a speaker and are no refusal."""
    return [match.span() for match in _TELLS_OF_SPEAKER.finditer(text, *sentence)]


def _last(parts: Sequence[Piece]) -> int:
    last = len(parts) - 1
    while last >= 0 and parts[last].lower in ("also", "still", "immediately", "so", "far"):
        last -= 1
    return last


def _follows_and(parts: Sequence[Piece]) -> bool:
    last = _last(parts)
    return last >= 0 and parts[last].kind is Kind.WORD and parts[last].lower in ("but", "and")

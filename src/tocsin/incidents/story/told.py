"""Statements that somebody is said to make: an attribution cut where its stance changes.

`told(text, found)` answers one raw statement a stretch of one stance: a quotation that asserts and then refuses gives
two, a refusal of two questions ("which country ... or who ...") two. An attribution inside another's content is
reported via it.
"""

import re
from collections.abc import Sequence

from tocsin.incidents.story.attribution import Attribution
from tocsin.incidents.story.raw import Raw
from tocsin.incidents.story.sentences import sentences
from tocsin.incidents.story.span import Span, cut, trimmed
from tocsin.incidents.story.stance import of_words, stance
from tocsin.model.statement import Stance

_QUESTIONS = re.compile(r"\s+(?:or|nor|and)\s+(?=(?:who|whose|whom|which|what|where|when|how|why|whether)\b)")
_PASSED_ON = (Stance.WARNS, Stance.DENIES, Stance.THREATENS)
_QUESTION = re.compile(r"(?:who|whose|whom|which|what|where|when|how|why|whether)\b")


def told(text: str, found: Sequence[Attribution]) -> list[Raw]:
    """The statements of all attributions, in order of the text."""
    result: list[Raw] = []
    for one in found:
        via = tuple(other.speaker for other in found if other is not one and other.speaker and _holds(other, one))
        others = [other for other in found if other.speaker != one.speaker and other is not one and _holds(one, other)]
        for pieces, taken in _stretches(text, one, _inherited(text, one, found), others):
            result += [
                Raw(part, taken, one.sentence, one.speaker, one.cue_span, via)
                for part in _questions(text, pieces, taken)
            ]
    return sorted(result, key=lambda raw: raw.span)


def _holds(outer: Attribution, inner: Attribution) -> bool:
    return any(start <= inner.cue_span[0] < end for start, end in outer.content)


def _inherited(text: str, one: Attribution, found: Sequence[Attribution]) -> Stance | None:
    """ "Iran warned the fleet, saying ...": what is said so is still the warning."""
    if text[slice(*one.cue_span)].lower() != "saying":
        return None
    before = [
        other
        for other in found
        if other.sentence == one.sentence and other.cue_span[0] < one.cue_span[0] and other.speaker == one.speaker
    ]
    return before[-1].cue.stance if before and before[-1].cue.stance in _PASSED_ON else None


def _stretches(
    text: str, one: Attribution, inherited: Stance | None, others: Sequence[Attribution]
) -> list[tuple[tuple[Span, ...], Stance]]:
    """The content in stretches of one stance; what the verb itself decides is not cut."""
    told_by_others = [(other.cue_span[0], max(end for _, end in other.content)) for other in others if other.content]
    whole = " ".join(text[slice(*rest)] for piece in one.content for rest in cut(piece, told_by_others))
    by_verb = inherited or stance(one.cue, whole, one.is_negated)
    units = [unit for piece in one.content for unit in sentences(text, piece)]
    if by_verb is not Stance.ASSERTS and by_verb != of_words(whole) or len(units) < 2:
        return [(tuple(one.content), by_verb)]
    stretches: list[tuple[tuple[Span, ...], Stance]] = []
    for unit in units:
        here = of_words(text[slice(*unit)])
        if stretches and stretches[-1][1] is here:
            stretches[-1] = (*stretches[-1][0], unit), here
        else:
            stretches.append(((unit,), here))
    return stretches


def _questions(text: str, pieces: tuple[Span, ...], taken: Stance) -> list[tuple[Span, ...]]:
    if taken is not Stance.DECLINES or len(pieces) > 1 or not _QUESTION.match(text, pieces[0][0]):
        return [pieces]
    start, end = pieces[0]
    cuts = [match.span() for match in _QUESTIONS.finditer(text, start, end)]
    bounds = [start, *(at for cut in cuts for at in cut), end]
    return [(trimmed(text, (a, b)),) for a, b in zip(bounds[::2], bounds[1::2], strict=True)]

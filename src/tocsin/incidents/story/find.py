"""Finding the attributions of a story: by the parser where there is one, by patterns of words where there is none.

`find(text, parse)` answers them in order with their pieces joined. Sentences without a verb of attribution outside
their quotations are not parsed.
"""

import re

import msgspec

from tocsin.incidents.story import dependency, joining, patterns, refusals
from tocsin.incidents.story.attribution import Attribution
from tocsin.incidents.story.layout import Layout, layout
from tocsin.incidents.story.lexicon import CUES
from tocsin.incidents.story.parser import Parse
from tocsin.incidents.story.quotations import Quotation, quotations
from tocsin.incidents.story.said_nouns import SAID_NOUNS
from tocsin.incidents.story.sentences import sentences
from tocsin.incidents.story.span import Span, overlap, trimmed
from tocsin.model.statement import Stance

_WORD = re.compile(r"[A-Za-z-]+")
_CUES = frozenset(("according", *CUES, *SAID_NOUNS))

LEAST_WORDS = 5  # "...; another said it never closed": fewer cannot hold a speaker, a verb and what is said


class Found(msgspec.Struct, frozen=True):
    """A story taken apart: its layout, sentences by paragraph, quotations, and attributions."""

    parts: Layout
    sentences: list[list[Span]]
    quoted: list[Quotation]
    attributions: list[Attribution]


def find(text: str, parse: Parse | None) -> Found:
    """The parts and attributions of `text`."""
    parts = layout(text)
    quoted = quotations(text, parts.paragraphs)
    marks = [quotation.span for quotation in quoted]
    cut = [
        [half for sentence in sentences(text, paragraph) for half in _halves(text, sentence, marks)]
        for paragraph in parts.paragraphs
    ]
    candidates = [one for listed in cut for one in listed if _has_cue(text, one, marks)]
    inside = [[mark for mark in marks if mark[0] < end and start < mark[1]] for start, end in candidates]
    found = [
        one
        for sentence, quotes in zip(candidates, inside, strict=True)
        for one in patterns.attributions(text, sentence, quotes)
    ]
    if parse is not None:
        parsed = [
            one
            for sentence, tree, quotes in zip(candidates, parse(text, candidates), inside, strict=True)
            for one in dependency.attributions(tree, text, sentence, quotes)
        ]
        found = _agreed(text, parsed, found, marks)
    found = [one for one in found if not _describes_speaker(text, one) and not _is_neither(text, one)]
    found += [one for listed in cut for sentence in listed for one in _refused(text, sentence, marks, found)]
    found.sort(key=lambda one: one.cue_span)
    whole = joining.joined(text, found, parts.paragraphs, cut, quoted)
    return Found(parts, cut, quoted, [_without_refusals(text, one, whole) for one in whole])


def _without_refusals(text: str, one: Attribution, found: list[Attribution]) -> Attribution:
    """ "Said it fell at sea, but gave no details": the refusal is the speaker's own and no part of what was said."""
    content = list(one.content)
    for other in found:
        if other is one or other.speaker != one.speaker or other.cue_span[0] < one.cue_span[1]:
            continue
        if other.cue.stance is Stance.DECLINES and other.content == (other.cue_span,):
            content = [
                trimmed(text, _before_joint(text, (start, min(end, other.cue_span[0]))))
                if start < other.cue_span[0] < end
                else (start, end)
                for start, end in content
            ]
    return msgspec.structs.replace(one, content=tuple(content))


def _before_joint(text: str, span: Span) -> Span:
    """The span without the "but" or "and" that joins what follows."""
    joint = re.search(r"[,\s]*\b(?:but|and)\s+(?:he\s+|she\s+|it\s+|they\s+)?$", text[slice(*span)])
    return (span[0], span[0] + joint.start()) if joint else span


def _halves(text: str, sentence: Span, marks: list[Span]) -> list[Span]:
    """A sentence cut at a semicolon behind which somebody else speaks: "..., said one; another said ..."."""
    for match in re.finditer(r";\s+", text[slice(*sentence)]):
        at, behind = sentence[0] + match.start(), sentence[0] + match.end()
        if any(start < at < end for start, end in marks):
            continue
        own_words = len(text[behind : sentence[1]].split())
        if own_words >= LEAST_WORDS and _has_cue(text, (behind, sentence[1]), marks):
            return [(sentence[0], at + 1), *_halves(text, (behind, sentence[1]), marks)]
    return [sentence]


def _describes_speaker(text: str, one: Attribution) -> bool:
    """ "A guard, who declined to give his name": told of the speaker, no statement."""
    return any(overlap(one.cue_span, span) for span in refusals.tells_of_speaker(text, one.sentence))


def _is_neither(text: str, one: Attribution) -> bool:
    """ "A claim the group has neither made nor rejected": no stance at all."""
    return (
        re.search(r"\b(?:neither|nor)\s+(?:\w+\s+(?:nor\s+)?)?$", text[one.sentence[0] : one.cue_span[0]]) is not None
    )


def _refused(text: str, sentence: Span, marks: list[Span], found: list[Attribution]) -> list[Attribution]:
    """Refusals of the sentence that no verb of saying carries; behind "but" they are the last speaker's."""
    start, end = sentence
    refused = refusals.refusals(text, sentence, [mark for mark in marks if mark[0] < end and start < mark[1]])
    if not refused:
        return []
    here = [one for one in found if one.sentence == sentence and one.content]
    result: list[Attribution] = []
    for one in refused:
        if any(overlap(one.cue_span, other.cue_span) for other in here):
            continue
        before = [other.speaker for other in here if other.speaker and other.cue_span[0] < one.cue_span[0]]
        speaker = one.speaker or (before[-1] if before else None)
        if speaker is not None and not any(
            overlap(one.cue_span, span) for span in refusals.tells_of_speaker(text, sentence)
        ):
            result.append(msgspec.structs.replace(one, speaker=speaker))
    return result


def _agreed(text: str, parsed: list[Attribution], patterned: list[Attribution], marks: list[Span]) -> list[Attribution]:
    """The grammar's attributions, mended where words leave no doubt ("..., said NAME") or it found no subject."""
    by_cue = {one.cue_span: one for one in patterned}
    mended: list[Attribution] = []
    for one in parsed:
        pattern = by_cue.get(one.cue_span)
        if pattern is None or pattern.speaker is None:
            mended.append(one)
        elif one.speaker is None and (one.content or _is_sure(text, pattern, marks)):
            mended.append(msgspec.structs.replace(one, speaker=pattern.speaker, content=one.content or pattern.content))
        elif _is_inverted_quotation(pattern, marks) and one.speaker and not overlap(pattern.speaker, one.speaker):
            mended.append(pattern)
        else:
            mended.append(one)
    known = {one.cue_span for one in parsed}
    added = [one for one in patterned if one.cue_span not in known and _is_sure(text, one, marks)]
    verbs = [one.cue_span for one in added]
    return added + [one for one in mended if not (one.speaker and any(overlap(one.speaker, verb) for verb in verbs))]


def _is_inverted_quotation(one: Attribution, marks: list[Span]) -> bool:
    """A quotation, the verb, the name."""
    behind = one.speaker is not None and one.speaker[0] > one.cue_span[1]
    return behind and any(0 < one.cue_span[0] - end < 4 for _, end in marks)


def _is_sure(text: str, one: Attribution, quoted: list[Span]) -> bool:
    """Whether a pattern is believed where the grammar saw nothing: the plainest verbs, or somebody's own words."""
    start, end = one.cue_span
    is_plain = text[start:end].lower() in (
        "said",
        "says",
        "denies",
        "rejects",
        "denied",
        "rejected",
        "confirms",
        "warns",
    )
    return is_plain or any(overlap(piece, mark) for piece in one.content for mark in quoted)


def _has_cue(text: str, sentence: Span, quoted: list[Span]) -> bool:
    start, end = sentence
    marks = [mark for mark in quoted if mark[0] < end and start < mark[1]]
    for match in _WORD.finditer(text, start, end):
        if match.group().lower() in _CUES and not any(a <= match.start() < b for a, b in marks):
            return True
    return False

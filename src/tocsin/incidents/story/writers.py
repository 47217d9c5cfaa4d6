"""Statements of the writer: sentences, or main clauses behind "While X said ...", that nobody else is named for.

`writers(...)` answers them with their stance: a dated event is asserted, a hedge assumed, everything else context, so
that no background is ever taken for a report. Absences ("There was no claim of responsibility") state nothing.
Neighbouring context is one statement.
"""

import re
from collections.abc import Sequence

from tocsin.incidents.story.attribution import Attribution
from tocsin.incidents.story.calendar import Settled
from tocsin.incidents.story.lexicon import AMBIGUOUS, CUES
from tocsin.incidents.story.mentions import Mention
from tocsin.incidents.story.quotations import Quotation, meeting
from tocsin.incidents.story.raw import Raw
from tocsin.incidents.story.span import Span, overlap, trimmed
from tocsin.incidents.story.stance import of_words
from tocsin.model.statement import Stance

_ABSENCE = re.compile(
    r"^(?:But |And |Yet |So far,? )?(?:there (?:was|were|is|are|has been|have been|had been) "
    r"(?:still )?no\b|no (?:group|one|organi[sz]ation|country|party) "
    r"(?:has |had |have )?(?:so far |yet |immediately )?claim)",
    re.IGNORECASE,
)
_UNREACHED = re.compile(
    r"\b(?:could not|couldn't) (?:immediately )?be (?:reached|verified|confirmed|contacted)|not immediately available",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:fell|saw|held|crashed|landed|shot down|downed|closed|exploded|flew|crossed|hit|struck|injured"
    r"|wounded|killed|damaged|hovered|seen|spotted|sighted|foiled"
    r"|intercepted|diverted|suspended|evacuated|found|recovered|attacked|launched|fired|entered"
    r"|approached|detected|burned|caught fire|halted|reopened|stopped"
    r"|grounded|delayed|destroyed|came down|broke|sank|set ablaze|targeted|raided|disrupted|forced)\b",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(r"(?:While|Although|Though|Even though|Even as)\b")
_NOT_ONLY_SAYING = frozenset(
    "called noted added detailed related posted credited described hinted mocked hailed briefed".split()
)
_SAYING = frozenset(
    form
    for form, known in CUES.items()
    if known.is_speech and (form.endswith("ed") or form in ("said", "says", "told", "denies", "according"))
) - _NOT_ONLY_SAYING - AMBIGUOUS | {"according"}
_WORD = re.compile(r"[a-z-]+")
_PASSIVE = re.compile(r"\b(?:was|were|been|be|is|are|being|not|as|a|an|the)\s+(?:\w+ly\s+)?$")
_RECENT_DAYS = 40


def writers(
    text: str,
    sentences: Sequence[Span],
    found: Sequence[Attribution],
    quoted: Sequence[Quotation],
    mentions: Sequence[Mention],
    settled: Settled,
) -> list[Raw]:
    """The writer's statements, in order."""
    raws: list[Raw] = []
    last = -2
    for at, sentence in enumerate(sentences):
        own = _own(text, sentence, found, quoted)
        if own is None:
            continue
        taken = _stance(text, own, mentions, settled)
        if (
            taken is Stance.CONTEXT
            and raws
            and raws[-1].stance is Stance.CONTEXT
            and last == at - 1
            and own == sentence
        ):
            raws[-1] = Raw((*raws[-1].pieces, own), taken, raws[-1].sentence, is_writers=True)
        else:
            raws.append(Raw((own,), taken, sentence, is_writers=True))
        last = at
    return raws


def _own(text: str, sentence: Span, found: Sequence[Attribution], quoted: Sequence[Quotation]) -> Span | None:
    """What of the sentence is the writer's own statement."""
    printed = text[slice(*sentence)]
    if len(re.findall(r"\w+", printed)) < 4 or _ABSENCE.search(printed) or _UNREACHED.search(printed):
        return None
    here = [one for one in found if _meets(one, sentence)]
    if here:
        return _main_clause(text, sentence, here)
    if sum(overlap(quotation.span, sentence) for quotation in meeting(quoted, sentence)) > 0.6 * (
        sentence[1] - sentence[0]
    ):
        return None
    return None if _has_unread_saying(text, sentence, quoted) else sentence


def _meets(one: Attribution, sentence: Span) -> bool:
    """Whether the attribution has its verb or some of its content in the sentence."""
    start, end = sentence
    first, last = one.sentence
    return first < end and start < last or any(a < end and start < b for a, b in one.content)


def _has_unread_saying(text: str, sentence: Span, quoted: Sequence[Quotation]) -> bool:
    """Whether a verb of saying stands here that was not read: then the words may be anybody's, and are nobody's."""
    for match in _WORD.finditer(text, *sentence):
        if match.group() not in _SAYING:
            continue
        is_inside = any(one.start <= match.start() < one.end for one in meeting(quoted, match.span()))
        if not is_inside and not _PASSIVE.search(text[sentence[0] : match.start()]):
            return True
    return False


def _main_clause(text: str, sentence: Span, here: Sequence[Attribution]) -> Span | None:
    """Behind "While this official did not say ..., " the main clause, if nobody's content reaches into it."""
    if not _SUBORDINATE.match(text, sentence[0]):
        return None
    last = max(max(one.cue_span[1], *(end for _, end in one.content)) for one in here if one.content)
    comma = re.compile(r"\s*,\s+").match(text, last)
    if comma is None or comma.end() >= sentence[1]:
        return None
    rest = trimmed(text, (comma.end(), sentence[1]), edge=" \n")
    return rest if len(text[slice(*rest)].split()) >= 5 else None


def _stance(text: str, own: Span, mentions: Sequence[Mention], settled: Settled) -> Stance:
    printed = text[slice(*own)]
    taken = of_words(printed)
    if taken in (Stance.ASSUMES, Stance.CONTEXT):
        return taken
    if not _EVENT.search(printed):
        return Stance.CONTEXT
    is_dated = any(_is_recent(one, settled) for one in mentions if overlap(one.span, own))
    return Stance.ASSERTS if is_dated else Stance.CONTEXT


def _is_recent(one: Mention, settled: Settled) -> bool:
    if one.years is not None:
        return False
    day = settled.dates.get(one.span)
    if day is not None and settled.day is not None:
        return abs((settled.day - day).days) <= _RECENT_DAYS
    return one.weekday is not None or one.offset_days is not None or one.month is not None and one.year is None

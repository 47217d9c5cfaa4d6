"""Joining the pieces of one statement: both halves of a split quotation, whole quotations, and quotations carried on.

`joined(...)` answers the attributions with their content completed: a piece that meets a quotation takes in the whole
of it; a quotation after the verb belongs to the one before it; a sentence or paragraph that is a quotation through and
through, with no verb of its own, belongs to the attribution before it in the paragraph, or to the one that the last
paragraph ended with.
"""

import re
from collections.abc import Sequence

import msgspec

from tocsin.incidents.story.attribution import Attribution
from tocsin.incidents.story.lexicon import cue
from tocsin.incidents.story.quotations import Quotation, meeting
from tocsin.incidents.story.span import Span, merged, overlap, trimmed

_LEAD = re.compile(r"(?:On|In|At|After|During|For|When|As|Asked|While|Before|Speaking|Last|Earlier)\b")
_ASIDE = re.compile(r",\s+(?:who|which|whose|where)\b")


def joined(
    text: str,
    found: Sequence[Attribution],
    paragraphs: Sequence[Span],
    sentences: Sequence[Sequence[Span]],
    quoted: Sequence[Quotation],
) -> list[Attribution]:
    """`found`, in order, with their pieces joined."""
    whole = [_with_own_words(text, one, meeting(quoted, _reach(one))) for one in found]
    whole = [_led(text, one, paragraphs, sentences, quoted) for one in whole]
    return _carried(text, _without_doubles(whole), paragraphs, sentences, quoted)


def _reach(one: Attribution) -> Span:
    """From the first of its sentence and content to the last."""
    spans = (one.sentence, *one.content)
    return min(start for start, _ in spans), max(end for _, end in spans) + 3


def _with_own_words(text: str, one: Attribution, quoted: Sequence[Quotation]) -> Attribution:
    whole = _with_tail(text, _with_quotations(text, one, quoted), quoted)
    return msgspec.structs.replace(whole, content=_pruned(text, whole, meeting(quoted, _reach(whole))))


def _pruned(text: str, one: Attribution, quoted: Sequence[Quotation]) -> tuple[Span, ...]:
    """The pieces without a lead that belongs to the verb ("On Monday she said of it, ...") and the writer's asides."""
    marks = [quotation.span for quotation in quoted]
    kept = list(one.content)
    own_words = [piece for piece in kept if any(overlap(piece, mark) > 0.8 * (piece[1] - piece[0]) for mark in marks)]
    if own_words and len(kept) > 1 and _LEAD.match(text, kept[0][0]) and kept[0] not in own_words:
        kept = kept[1:]
    if own_words and kept[0] == own_words[0] and _is_finished(text, kept[0]):
        kept = [piece for piece in kept if piece in own_words or any(overlap(piece, mark) for mark in marks)]
    return tuple(_without_aside(text, piece, marks) for piece in kept)


def _without_aside(text: str, piece: Span, marks: Sequence[Span]) -> Span:
    """A piece without the relative clause that ends it: ", who runs the port" is told by the writer."""
    for match in _ASIDE.finditer(text, *piece):
        inside = any(start < match.start() < end for start, end in marks)
        quoted_later = any(match.start() < start < piece[1] for start, _ in marks)
        if not inside and not quoted_later and match.start() - piece[0] > 0.35 * (piece[1] - piece[0]):
            if not re.search(r"[,;]", text[match.end() : piece[1]]):
                return piece[0], match.start()
    return piece


def _led(
    text: str,
    one: Attribution,
    paragraphs: Sequence[Span],
    sentences: Sequence[Sequence[Span]],
    quoted: Sequence[Quotation],
) -> Attribution:
    """For a sentence that only introduces: the quotation behind it or, behind a colon, the next paragraph."""
    if one.content or one.speaker is None:
        return one
    ends_with_colon = text[one.sentence[1] - 1] == ":"
    flat = [(sentence, at) for at, listed in enumerate(sentences) for sentence in listed]
    place = next((at for at, (sentence, _) in enumerate(flat) if sentence == one.sentence), len(flat))
    if place + 1 >= len(flat) or flat[place + 1][1] != flat[place][1] and not ends_with_colon:
        return one
    following, paragraph = flat[place + 1]
    if _is_quotation(text, following, quoted):
        return msgspec.structs.replace(one, content=(following,))
    if ends_with_colon and paragraph != flat[place][1]:
        return msgspec.structs.replace(one, content=(trimmed(text, paragraphs[paragraph], " \n"),))
    return one


def _without_doubles(found: Sequence[Attribution]) -> list[Attribution]:
    """Of two that claim the same words the one whose verb is nearer stays; a thought inside another's content goes."""
    spoken = [
        one for one in found if one.content and (one.cue.is_speech or not any(_holds(other, one) for other in found))
    ]
    kept: list[Attribution] = []
    for one in spoken:
        rivals = [
            other for other in spoken if other is not one and other.sentence == one.sentence and _same(one, other)
        ]
        rivals = [other for other in rivals if not _holds(one, other) and not _holds(other, one)]
        if not any((_distance(other), other.cue_span) < (_distance(one), one.cue_span) for other in rivals):
            kept.append(one)
    return kept


def _holds(outer: Attribution, inner: Attribution) -> bool:
    """Whether the verb of `inner` stands inside the content of `outer`."""
    return inner is not outer and any(start <= inner.cue_span[0] < end for start, end in outer.content)


def _same(one: Attribution, other: Attribution) -> bool:
    shared = sum(overlap(a, b) for a in one.content for b in other.content)
    size = sum(end - start for start, end in (*one.content, *other.content))
    return size > 0 and 2 * shared / size > 0.8


def _distance(one: Attribution) -> int:
    start, end = one.cue_span
    return min(max(piece[0] - end, start - piece[1], 0) for piece in one.content)


def _with_quotations(text: str, one: Attribution, quoted: Sequence[Quotation]) -> Attribution:
    pieces = list(one.content)
    for quotation in quoted:
        if quotation.start <= one.cue_span[0] < quotation.end or one.speaker and overlap(quotation.span, one.speaker):
            continue
        touches = any(overlap(piece, quotation.span) > 2 for piece in pieces)
        if touches or any(
            0 <= quotation.start - piece[1] < 3 and not text[piece[1] : quotation.start].strip() for piece in pieces
        ):
            pieces.append(quotation.span)
    return msgspec.structs.replace(
        one, content=tuple(_own_words(text, piece, quoted) for piece in merged(pieces, text))
    )


def _is_finished(text: str, quotation: Span) -> bool:
    """Whether a quotation ends with a stop inside its marks."""
    return text[slice(*quotation)].rstrip("\"”'’")[-1:] in (",", ".", "?", "!")


def _own_words(text: str, piece: Span, quoted: Sequence[Quotation]) -> Span:
    """A piece that begins as a finished quotation ends with it: what follows is the writer's."""
    for quotation in quoted:
        if quotation.start == piece[0] and quotation.end < piece[1]:
            is_finished = _is_finished(text, quotation.span)
            goes_on = any(quotation.end < other.start < piece[1] for other in quoted)
            if is_finished and not goes_on:
                return quotation.span
    return piece


def _with_tail(text: str, one: Attribution, quoted: Sequence[Quotation]) -> Attribution:
    """A quotation that goes on behind the verb in the same sentence, where the content began before it."""
    if not one.content or one.content[0][0] > one.cue_span[0]:
        return one
    begun = any(overlap(quotation.span, piece) for quotation in quoted for piece in one.content)
    behind = [q.span for q in quoted if one.cue_span[1] <= q.start < one.sentence[1]]
    behind = [
        span for span in behind if span[0] - one.cue_span[1] < 120 and not _has_cue(text[one.cue_span[1] : span[0]])
    ]
    behind = [span for span in behind if text[: span[0]].rstrip()[-1:] in ",:;—–-"]
    if not begun or not behind:
        return one
    return msgspec.structs.replace(one, content=tuple(merged([*one.content, *behind])))


def _has_cue(text: str) -> bool:
    return any(cue(word.strip(",.")) for word in text.split())


def _carried(
    text: str,
    found: list[Attribution],
    paragraphs: Sequence[Span],
    sentences: Sequence[Sequence[Span]],
    quoted: Sequence[Quotation],
) -> list[Attribution]:
    result = list(found)
    last: int | None = None
    for paragraph, listed in zip(paragraphs, sentences, strict=True):
        for sentence in listed:
            here = [at for at, one in enumerate(result) if one.sentence == sentence]
            filled = [at for at, one in enumerate(result) if any(piece == sentence for piece in one.content)]
            if here:
                last = _main(result, here)
            elif filled:
                last = filled[0]
            elif any(_covers(one, sentence) for one in result):
                pass
            elif last is not None and _is_quotation(text, sentence, quoted) and not _is_heading(text, paragraph):
                pieces = [*result[last].content, trimmed(text, sentence, " \n")]
                result[last] = msgspec.structs.replace(result[last], content=tuple(merged(pieces, text)))
            else:
                last = None
    return result


def _is_heading(text: str, paragraph: Span) -> bool:
    """A paragraph of a few words in single marks: a heading between sections, whoever said it."""
    words = text[slice(*paragraph)]
    return words[:1] in ("'", "‘") and not words.startswith("''") and len(words.split()) <= 8


def _covers(one: Attribution, sentence: Span) -> bool:
    """Whether more than half of the sentence is the attribution's content."""
    start, end = sentence
    return any(2 * (min(b, end) - max(a, start)) > end - start for a, b in one.content)


def _main(found: Sequence[Attribution], here: Sequence[int]) -> int:
    """The attribution that a quotation behind the sentence carries on: the outermost, the last of those."""

    def size(at: int) -> int:
        return sum(end - start for start, end in found[at].content)

    spoken = [at for at in here if found[at].cue.is_speech and found[at].speaker] or list(here)
    return max(spoken, key=size)


def _is_quotation(text: str, sentence: Span, quoted: Sequence[Quotation]) -> bool:
    inside = sum(overlap(sentence, quotation.span) for quotation in meeting(quoted, sentence))
    return inside >= 0.9 * (sentence[1] - sentence[0])

"""Attributions of one sentence from its words alone: no parser, so only the shapes that leave little doubt.

`attributions(text, sentence, quoted)` knows "NAME said (that) ...", "..., NAME said", "..., said NAME", "NAME, TITLE,
said", "NAME told somebody", "according to NAME", and verbs with their object or infinitive ("denied the report",
"declined to ..."). A name is a run of words without a verb; where the run is not clear nothing is answered.
"""

from collections.abc import Sequence

from tocsin.incidents.story.attribution import Attribution
from tocsin.incidents.story.lexicon import AMBIGUOUS, Cue, Takes, cue
from tocsin.incidents.story.names import is_name, name_after, name_before
from tocsin.incidents.story.pieces import Kind, Piece, pieces
from tocsin.incidents.story.span import Span, trimmed

_SKIPPED = frozenset(
    "also later then again still has have had even first once just already repeatedly recently since now ’s 's "
    "previously earlier thus therefore both simply only often".split()
)
_NEGATING = frozenset("not never didn’t didn't wouldn’t wouldn't couldn’t couldn't doesn’t doesn't don't".split())
_INVERTED = frozenset(
    "said says asked asks added adds wrote writes explained noted replied recalled continued argued warned insisted "
    "declared joked tweeted remarked quipped concluded responded announced".split()
)
_MODIFIERS = frozenset(
    "in on at during by to from after before of via through late early last this earlier later again here there "
    "today yesterday tonight when as with about over for outside inside near following while because without".split()
)
_PRONOUNS = frozenset("he she it they we i this that".split())
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday today yesterday".split())
_CLAUSE_ENDS = frozenset("and but while although though because if when that which who where as so".split())


def attributions(text: str, sentence: Span, quoted: Sequence[Span]) -> list[Attribution]:
    """The attributions whose verb stands in this sentence, outside its quotations."""
    parts = pieces(text, sentence, quoted)
    found: list[Attribution] = []
    for at, piece in enumerate(parts):
        if piece.kind is not Kind.WORD:
            continue
        if piece.lower == "according" and at + 1 < len(parts) and parts[at + 1].lower == "to":
            one = _according(text, sentence, parts, at)
        else:
            known = cue(piece.text)
            one = _attribution(text, sentence, parts, at, known) if known and known.is_speech else None
        if one is not None and one.content:
            found.append(one)
    return found


def _attribution(text: str, sentence: Span, parts: list[Piece], at: int, known: Cue) -> Attribution | None:
    verb = parts[at]
    is_base = verb.lower == known.verb
    if is_base and not _follows_plural(parts, at) or not is_base and not verb.lower.endswith(("d", "s", "t", "e")):
        return None
    if verb.lower in AMBIGUOUS and not (_opens_content(parts, at + 1) and _is_said_by_one(parts, at)):
        return None
    inverted = _inverted(text, sentence, parts, at, known)
    if inverted is not None:
        return inverted
    left, is_negated = _left_of(parts, at)
    name = name_before(parts, left)
    if name is None or parts[name[0]].lower in ("i", "you"):
        return None
    first, last = name
    speaker = parts[first].start, parts[last].end
    content, is_object = _content(text, sentence, parts, at, first, known)
    if not content:
        return None
    return Attribution(
        known, (verb.start, verb.end), speaker, tuple(content), sentence, is_negated=is_negated, is_object=is_object
    )


def _opens_content(parts: list[Piece], at: int) -> bool:
    return at < len(parts) and (parts[at].lower == "that" or any(p.kind is Kind.QUOTATION for p in parts[at : at + 2]))


def _is_said_by_one(parts: list[Piece], at: int) -> bool:
    """Whether a name or "he" stands right before a form like "states", so that it is a verb."""
    return at > 0 and (parts[at - 1].is_capital or parts[at - 1].lower in ("he", "she", "it", "who", "which"))


def _follows_plural(parts: list[Piece], at: int) -> bool:
    return at > 0 and (
        parts[at - 1].lower.endswith("s") or parts[at - 1].lower in ("who", "they", "we", "police", "n't", "not")
    )


def _left_of(parts: list[Piece], at: int) -> tuple[int, bool]:
    """The last piece before the verb that is no adverb or auxiliary, and whether a negation was skipped."""
    left, is_negated = at - 1, False
    while left >= 0:
        word = parts[left].lower
        if word in _NEGATING:
            is_negated = True
        elif not (
            word in _SKIPPED
            or word in ("did", "would", "could")
            and is_negated
            or word.endswith("ly")
            and len(word) > 5
        ):
            break
        left -= 1
    return left, is_negated


def _inverted(text: str, sentence: Span, parts: list[Piece], at: int, known: Cue) -> Attribution | None:
    """ "..., said NAME" with what stands before as content, and a quotation that goes on behind."""
    if parts[at].lower not in _INVERTED or at == 0:
        return None
    before = parts[at - 1]
    if not (before.kind is Kind.QUOTATION or before.text in (",", "?", "!", "—", "–")):
        return None
    name = name_after(parts, at + 1)
    if name is None:
        return None
    after = name[1] + 1
    if before.text == "," and not (
        after >= len(parts) or parts[after].kind is Kind.STOP or parts[after].lower in _MODIFIERS | {"who"}
    ):
        return None
    if before.text == "," and parts[name[0]].lower in _PRONOUNS:
        return None
    content = [trimmed(text, (_content_start(parts, at), before.end), edge=" ,\n")]
    if after < len(parts) and parts[after].text == "," and any(p.kind is Kind.QUOTATION for p in parts[after:]):
        content.append(next((p.start, p.end) for p in parts[after:] if p.kind is Kind.QUOTATION))
    speaker = parts[name[0]].start, parts[name[1]].end
    return Attribution(known, (parts[at].start, parts[at].end), speaker, tuple(content), sentence)


def _content_start(parts: list[Piece], stop: int) -> int:
    """Where the content before the verb begins: the sentence, or its first quotation behind a short lead."""
    start = parts[0].start
    for at, piece in enumerate(parts[:stop]):
        if piece.kind is Kind.QUOTATION and at and parts[at - 1].text in (":", ","):
            return piece.start
    while parts[0].lower in ("but", "and", "still", "so") and len(parts) > 1:
        return parts[1].start
    return start


def _content(text: str, sentence: Span, parts: list[Piece], at: int, first: int, known: Cue) -> tuple[list[Span], bool]:
    before = parts[first - 1] if first else None
    right = at + 1
    if before is not None and (before.kind is Kind.QUOTATION or before.text in (",", "?", "!")):
        fronted = before.kind is Kind.QUOTATION or before.text != "," or _ends_soon(parts, right)
        if fronted and _is_long(parts, first):
            content = [trimmed(text, (_content_start(parts, first), before.end), edge=" ,\n")]
            tail = [p for p in parts[right:] if p.kind is Kind.QUOTATION]
            if tail and not any(cue(p.text) for p in parts[right:] if p.kind is Kind.WORD):
                content.append((tail[0].start, tail[0].end))
            return content, False
    return _behind(text, sentence, parts, right, known)


def _is_long(parts: list[Piece], first: int) -> bool:
    return (
        any(p.kind is Kind.QUOTATION for p in parts[:first])
        or first > 5
        or first > 3
        and parts[0].lower not in _MODIFIERS
    )


def _ends_soon(parts: list[Piece], right: int) -> bool:
    """Whether behind the verb stand only a day, a place, a listener."""
    rest = [piece for piece in parts[right:] if piece.kind is not Kind.STOP]
    if any(piece.kind is Kind.QUOTATION or piece.lower == "that" for piece in rest):
        return False
    return (
        not rest
        or len(rest) <= 12
        and (rest[0].lower in _MODIFIERS or rest[0].lower in _DAYS or parts[right - 1].lower == "told")
    )


def _behind(text: str, sentence: Span, parts: list[Piece], right: int, known: Cue) -> tuple[list[Span], bool]:
    """The content that follows the verb."""
    stop = sentence[1]
    if right >= len(parts):
        return [], False
    if known.verb in ("decline", "refuse", "vow", "threaten", "promise", "pledge") and parts[right].lower == "to":
        return [trimmed(text, (parts[right].start, _phrase_end(parts, right, stop)))], False
    start = _clause_start(parts, right, known)
    if start is not None:
        return [trimmed(text, (parts[start].start, _clause_end(parts, start, stop)))], False
    if known.takes in (Takes.OBJECT, Takes.ANYTHING) and known.stance.value == "denies":
        return [trimmed(text, (parts[right].start, _phrase_end(parts, right, stop)))], True
    return [], False


def _clause_start(parts: list[Piece], right: int, known: Cue) -> int | None:
    at, limit = right, min(len(parts), right + 22)
    is_told = known.verb in ("tell", "warn", "assure", "inform", "remind")
    first = parts[at]
    if first.text in (",", ":") and at + 1 < len(parts):
        return at + 1 if parts[at + 1].kind is Kind.QUOTATION or first.text == ":" else None
    if first.kind is Kind.QUOTATION:
        return at
    if first.lower == "that" and at + 1 < len(parts):
        return at + 1
    if not is_told and first.lower not in _MODIFIERS and first.lower not in _DAYS and known.takes is Takes.CLAUSE:
        return at if _may_begin_clause(parts, at) else None
    for look in range(at, limit):
        piece = parts[look]
        if piece.kind is Kind.QUOTATION and parts[look - 1].text in (",", ":"):
            return look
        if piece.lower == "that" and look + 1 < len(parts) and parts[look + 1].kind is Kind.WORD:
            return look + 1
        if piece.kind is Kind.WORD and cue(piece.text) and look > at:
            return None
        if first.lower in _DAYS and look == at + 1 and piece.kind is Kind.WORD and piece.lower not in _MODIFIERS:
            return look
    return None


def _may_begin_clause(parts: list[Piece], at: int) -> bool:
    """Whether a clause may begin here without "that": a name or article, not "to", "so", "yes"."""
    first = parts[at]
    if first.kind is not Kind.WORD or first.lower in (
        "to",
        "so",
        "no",
        "yes",
        "nothing",
        "little",
        "much",
        "more",
        "goodbye",
    ):
        return False
    return len(parts) - at > 2


def _clause_end(parts: list[Piece], start: int, stop: int) -> int:
    """The sentence's end, the comma that closes "While X said ...", or where a participle takes up the saying again."""
    if parts[0].lower in ("while", "although", "though"):
        return next((piece.start for piece in parts[start:] if piece.text == ","), stop)
    for at in range(start + 2, len(parts) - 1):
        if parts[at].text == "," and parts[at + 1].lower.endswith("ing") and cue(parts[at + 1].text):
            return parts[at].start
        if parts[at].text == "," and parts[at + 1].lower == "according":
            return parts[at].start
    return stop


def _phrase_end(parts: list[Piece], start: int, stop: int) -> int:
    for at in range(start + 1, len(parts)):
        if parts[at].text in (",", ";", "—", "–") or parts[at].lower in ("but", "and") and at > start + 2:
            return parts[at].start
    return stop


def _according(text: str, sentence: Span, parts: list[Piece], at: int) -> Attribution | None:
    name = name_after(parts, at + 2)
    if name is None:
        return None
    first, last = name
    behind = (parts[last + 1].start if last + 1 < len(parts) else sentence[1], sentence[1])
    sides = [trimmed(text, (sentence[0], parts[at].start), edge=" ,\n")] if at > 4 else [trimmed(text, behind)]
    content = tuple(side for side in sides if side[1] - side[0] > 12)
    if not content or not is_name(parts[first : last + 1]):
        return None
    known = Cue("according", Takes.CLAUSE)
    return Attribution(
        known, (parts[at].start, parts[at + 1].end), (parts[first].start, parts[last].end), content, sentence
    )

"""Names as runs of words: the speaker before or after a verb, told without grammar.

`name_before(parts, last)` and `name_after(parts, first)` answer the first and last piece of the name, or None where the
run is not clearly one: it must begin as a name does, hold no verb, and stand between the marks that bound one. A title
or description set off by commas is taken in.
"""

from collections.abc import Sequence

from tocsin.incidents.story.lexicon import CUES, PLURALS
from tocsin.incidents.story.pieces import Kind, Piece

LONGEST = 14
_PRONOUNS = frozenset("he she they it we i who another others one".split())
_DETERMINERS = frozenset(
    "the a an one two three four five six seven several some many another other this that these "
    "those his her its their our "
    "both all most few senior top local".split()
)
_VERBS = frozenset(
    "is are was were be been being has have had do does did will would can could may might must should 's 've 're "
    "says said told went came made took got gave became began left found put ran saw shot fell hit held set met led "
    "not n't that which if because when while although".split()
)
_LINKS = frozenset("of for the and in at on to from de la al van der von bin ibn el du da & with".split())
_BOUNDS = frozenset(
    "and but while as when because that after before although if since so then meanwhile or yet whether".split()
)
_BREAKS = frozenset({",", ";", ":", "—", "–", "-", "(", ")", ".", "?", "!", "/"})


def name_before(parts: Sequence[Piece], last: int) -> tuple[int, int] | None:
    """The name that ends at piece `last`, a description between commas included."""
    if last < 0:
        return None
    if parts[last].text == "," and last > 1:
        comma = next((at for at in range(last - 1, max(-1, last - 16), -1) if parts[at].text == ","), None)
        if comma is None or comma == 0:
            return None
        inside = parts[comma + 1 : last]
        name = _run_before(parts, comma - 1)
        if name is None or not inside or any(piece.kind is Kind.QUOTATION for piece in inside):
            return None
        # "its leader, Ari Tamm, said": the name stands behind the role and belongs to it.
        is_role = parts[name[1]].text.islower() and all(piece.is_capital for piece in inside)
        return (name[0], last - 1) if is_role else name
    return _run_before(parts, last)


def _run_before(parts: Sequence[Piece], last: int) -> tuple[int, int] | None:
    first = last
    while (
        first >= 0
        and last - first < LONGEST
        and parts[first].kind is Kind.WORD
        and parts[first].lower not in _BOUNDS | _VERBS
    ):
        first -= 1
    if (
        first >= 0
        and parts[first].lower == "and"
        and first > 0
        and parts[first - 1].kind is Kind.WORD
        and parts[first - 1].is_capital
    ):
        earlier = first - 1
        while earlier >= 0 and parts[earlier].kind is Kind.WORD and parts[earlier].lower not in _BOUNDS | _VERBS:
            earlier -= 1
        if is_name(parts[earlier + 1 : first]) and (earlier < 0 or parts[earlier].kind is not Kind.WORD):
            first = earlier
    bounded = first < 0 or parts[first].kind is Kind.QUOTATION or parts[first].text in _BREAKS
    bounded = bounded or parts[first].lower in _BOUNDS or parts[first].lower in ("said", "says")
    begin = first + 1
    if not bounded or begin > last:
        return None
    begin = _without_lead(parts, begin, last)
    return (begin, last) if is_name(parts[begin : last + 1]) else None


def _without_lead(parts: Sequence[Piece], begin: int, last: int) -> int:
    """Behind "In Washington on Monday the ..." the name begins at its article."""
    if parts[begin].lower in (
        "in",
        "on",
        "at",
        "for",
        "from",
        "late",
        "early",
        "last",
        "to",
        "of",
        "by",
        "with",
        "under",
    ):
        for at in range(begin + 1, last + 1):
            if (
                parts[at].lower in ("the", "a", "an", "another", "one", "two")
                and at > begin + 1
                or parts[at].lower in _PRONOUNS
            ):
                return at
    return begin


def name_after(parts: Sequence[Piece], first: int) -> tuple[int, int] | None:
    """The name that begins at piece `first`; a description behind a comma is left out."""
    last = first
    while last < len(parts) and last - first < LONGEST and parts[last].kind is Kind.WORD and not _is_verb(parts[last]):
        if parts[last].lower in _BOUNDS - {"and"} or parts[last].lower in ("who", "on", "in", "at") and last > first:
            break
        last += 1
    run = parts[first:last]
    if not run or not is_name(run):
        return None
    behind = last + 1
    while behind < len(parts) and parts[behind].kind is Kind.WORD and parts[behind].is_capital:
        behind += 1
    is_apposed = last < len(parts) and parts[last].text == "," and 2 <= behind - last - 1 <= 4
    return (first, behind - 1) if is_apposed and parts[last - 1].text.islower() else (first, last - 1)


def is_name(run: Sequence[Piece]) -> bool:
    """Whether the words may name a speaker."""
    if not run or len(run) > LONGEST:
        return False
    head = run[0].lower
    if len(run) == 1:
        return head in _PRONOUNS or head in PLURALS or run[0].is_capital and not _is_verb(run[0]) and head not in _LINKS
    followed = zip(run, run[1:], strict=False)
    if any(a.lower.endswith("ed") and b.lower in _DETERMINERS | _PRONOUNS for a, b in followed):
        return False
    if any(_is_verb(piece) for piece in run) or head in (
        "there",
        "what",
        "in",
        "on",
        "at",
        "for",
        "to",
        "by",
        "with",
        "of",
    ):
        return False
    if head in _DETERMINERS or run[0].text[:1].isdigit():
        return True
    if run[0].is_capital:
        return (
            any(piece.is_capital for piece in run[1:]) or any(piece.lower in PLURALS for piece in run) or len(run) <= 3
        )
    return any(piece.is_capital for piece in run) or run[-1].lower in PLURALS or run[-1].lower.endswith("s")


def _is_verb(piece: Piece) -> bool:
    word = piece.lower
    if word in _VERBS or word in _PRONOUNS and word != "who":
        return word in _VERBS
    return word in CUES and not piece.is_capital and word.endswith("ed")

"""Sentences of a story: full stops that end one, told from those of abbreviations, initials, numbers and ellipses.

`sentences(text, paragraph)` answers spans that cover the paragraph save for the space between them. A quotation of
several sentences is cut like any other text; the mark that closes it stays with the sentence it closes.
"""

import re

from tocsin.incidents.story.span import Span

_STOP = re.compile(r"(?:[.?!…]+|\.\s\.\s\.)(?:[\"”’')\]»]|'')*(?=\s+(\S+))")
_ABBREVIATED = frozenset(
    "mr mrs ms dr prof rev hon sen sens rep reps gov gen lt col maj capt cmdr sgt cpl adm brig pres sec amb st ft mt "
    "jr sr vs no nos pp vol fig inc ltd co corp bros jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu "
    "fri sat sun approx dept est ave blvd rd ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich "
    "minn miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo".split()
)
# After these a sentence may also end; it does if the next word opens sentences more often than it continues them.
_MAY_END = frozenset("jr sr inc ltd co corp bros no".split())
_STARTS = frozenset(
    "the a an in on at it he she they we i you this that these those but and so if when while as after before there "
    "his her their its our my what who why how some many most several two three one no not for from by with separately "
    "asked earlier later meanwhile however officials police".split()
)
_SAID_NEXT = re.compile(
    r"\s*(?:(?!Mr|Mrs|Ms|Dr|Sen|Rep|Gov)[\w’'-]+[,.]?\s+|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Col|Lt|Gen)\.?\s+){1,5}?"
    r"(?:later |then |also |has |had )?(?:said|says|asked|asks|told|tells|added|wrote|tweeted"
    r"|yelled|shouted|replied|joked)\b"
)
_WORD_BEFORE = re.compile(r"([\w.]+)$")


def sentences(text: str, paragraph: Span) -> list[Span]:
    """The sentences of one paragraph."""
    begin, stop = paragraph
    found: list[Span] = []
    for match in _STOP.finditer(text, begin, stop):
        if _ends(text, begin, match):
            found.append((begin, match.end()))
            begin = match.end()
            while begin < stop and text[begin].isspace():
                begin += 1
    if begin < stop:
        found.append((begin, stop))
    return found


def _ends(text: str, begin: int, match: re.Match[str]) -> bool:
    following = match.group(1)
    opener = following.lstrip("\"“‘'«([`—–-")
    if not opener or not (opener[0].isupper() or opener[0].isdigit() or following[0] in "\"“‘«'`"):
        return False
    closed = match.group().rstrip("\"”’')]»")
    if closed != match.group() and closed[0] in "?!" and _SAID_NEXT.match(text, match.end()):
        return False
    if match.group()[0] != "." or len(match.group().rstrip("\"”’')]»")) > 1:
        return True
    word = _WORD_BEFORE.search(text, begin, match.start())
    if word is None:
        return True
    return _word_ends(word.group(1), opener, closed=match.end() > match.start() + 1)


def _word_ends(before: str, opener: str, closed: bool) -> bool:
    starts = re.split(r"\W", opener)[0].lower() in _STARTS
    lower = before.lower()
    if closed:
        return lower not in _ABBREVIATED or starts
    if "." in before or len(before) == 1 and before.isupper() and before != "I":
        return starts and not (
            len(before) == 1 and opener[:1].isupper() and opener[:2].lower() not in ("th", "it", "he")
        )
    if lower in _ABBREVIATED and (before[0].isupper() or lower in ("vs", "no")):
        return lower in _MAY_END and starts
    return True

"""Facts printed in a statement: the place, and the things counted, each with its span.

`place(text, pieces)` prefers a named facility behind "near", "at", "over", then a facility, then a name behind "in".
`objects(text, pieces)` are drones, missiles, people and such with their number; a vague number has no count.
"""

import re
from collections.abc import Iterator, Sequence

from tocsin.incidents.story.numerals import NUMBER, VAGUE, number_of
from tocsin.incidents.story.reading import ReadObject
from tocsin.incidents.story.span import Span, trimmed

_FACILITY = (
    r"(?:air ?bases?|bases?|airports?|airfields?|air ?strip|villages?|harbou?rs?|ports?|piers?"
    r"|bridges?|camps?|stations?|depots?|refiner(?:y|ies)"
    r"|plants?|stadiums?|embass(?:y|ies)|moles?|quays?|terminals?|runways?|barracks|compounds?"
    r"|platforms?|power stations?|substations?|lighthouses?"
    r"|markets?|squares?|beach(?:es)?|slipways?|islands?|towers?|docks?|shipyards?|prisons?"
    r"|hospitals?|schools?|fields?|lakes?|rivers?"
    r"|valleys?|districts?|suburbs?|provinces?)"
)
_NAME = r"(?:U\.S\.|U\.N\.|[A-Z\u00c0-\u00de][\w’'\u00c0-\u024f-]+)"
_NAMES = rf"{_NAME}(?:[ -](?:(?:of|the|al|el|de|la)[ -])?{_NAME})*"
_DAY = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\\b|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_NAMED_FACILITY = re.compile(
    r"\b(?:near|at|over|above|towards?|approach(?:ed|ing)|outside|on|around|off|in|into|from|hit"
    r"|struck|crossed)\s+(?:the\s+|its\s+)?"
    rf"(?P<place>(?!{_DAY}){_NAMES}(?:\s+(?:international|military|air|naval|cargo|fishing|coast "
    rf"guard|fish|power))?\s+{_FACILITY}\b)"
)
_CAPITAL_FACILITY = re.compile(
    rf"\b(?P<place>{_NAMES}\s+(?:(?:International|Military|Naval|Air)\s+)*(?:Airport|Air Base"
    r"|Airfield|Base|Harbou?r|Port|Pier|Station|Bridge|Terminal|Island)\b)"
)
_PLAIN_FACILITY = re.compile(
    r"\b(?:near|at|over|above|towards?|approach(?:ed|ing)|outside|around|off|into|in|on|crossed|hit|struck)\s+"
    rf"(?P<place>(?:the|a|an|its)\s+(?:[a-z]+\s+){{0,2}}?{_FACILITY}"
    rf"(?:\s+(?:in|of|at|near|outside)\s+(?:the\s+)?{_NAMES}(?:\s+{_FACILITY}\b)?)?)"
)
_NAMED = re.compile(
    rf"\b(?:near|over|above|off|outside|around|towards?|approach(?:ed|ing))\s+(?:the\s+)?(?P<place>{_NAMES})"
)
_IN = re.compile(rf"\b(?:in|at)\s+(?:the\s+)?(?P<place>(?!{_DAY}){_NAMES}(?:\s+and\s+{_NAMES})?)")
_THINGS = (
    r"(?:drones?|quadcopters?|UAVs?|UASs?|unmanned (?:aircraft|aerial vehicles?|planes?)|aircraft"
    r"|helicopters?|planes?|jets?|balloons?|missiles?|rocket launchers?|rockets?|mortars?"
    r"|shells?|explosions?|bombs?|boats?|ships?|tankers?|vessels?|vehicles?|cars?|people|persons?"
    r"|civilians?|soldiers?|troops|passengers?|workers?|residents|"
    r"flights?|children|men|women|guards?|houses?|buildings?|fishermen|platforms?|warplanes?|rebels)"
)
_MODEL = r"(?-i:[A-Z][a-z]+[ -]\d{1,4}[A-Za-z]?\s+)"  # "Shahed 136"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?:[a-z]{1,6}|\\.)?"
_MADE = "Shahed|Geran|Gerbera|Mohajer|Orlan|Lancet|Mavic|Matrice|Phantom|Hermes|Iskander|Boeing|Airbus|Antonov|Cessna"
# A figure that is no count: of a clock or a decimal, of a date, or of a model.
_NO_COUNT = re.compile(rf"(?:\d[:.,]|[A-Za-z]-|\b{_MONTH}\s+(?:\d{{1,2}},?\s+)?|\b(?:{_MADE})\s+)$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_OF_A_YEAR = re.compile(r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Dd]uring|[Bb]y|(?:late|early|mid)[ -]?)\s*$")
_COUNTED = re.compile(
    rf"\b(?P<count>{'|'.join(VAGUE)}"
    rf"|{NUMBER}(?:[ -](?:hundred|thousand|million|dozen))?)\s+(?:more\s+)?"
    rf"(?P<what>(?:{_MODEL}|[A-Za-z][\w-]*\s+){{0,3}}?{_THINGS})\b(?!\s+("
    r"?:strike|attack|program|operator|footage|maker|unit|pilot|war)s?\b)",
    re.IGNORECASE,
)
_BARE = re.compile(r"\b(?P<what>(?:[a-z][\w-]*\s+)?(?:drones|missiles|rockets|rocket launchers))\b")
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12}


def place(text: str, pieces: Sequence[Span]) -> Span | None:
    """Where the statement says that it happened."""
    best: tuple[int, Span] | None = None
    for rank, pattern in enumerate((_CAPITAL_FACILITY, _NAMED_FACILITY, _PLAIN_FACILITY, _NAMED, _IN)):
        for piece in pieces:
            for match in pattern.finditer(text, *piece):
                found = trimmed(text, match.span("place"), edge=" \n,;")
                if best is None or rank < best[0] or rank <= 1 and best[0] <= 1 and found[0] < best[1][0]:
                    best = rank, found
        if best is not None and rank >= 1:
            break
    return best[1] if best else None


def objects(text: str, pieces: Sequence[Span]) -> tuple[ReadObject, ...]:
    """The things counted, in order."""
    found: list[ReadObject] = []
    for piece in pieces:
        for match in _counted(text, piece):
            what = " ".join(match["what"].split())
            if re.search(r"\b(?:of|in|on|and|or|the|than|to|by|at|as|year|day|hour)\b", what):
                continue
            found.append(ReadObject(what, match.span(), _count(match["count"]), match["count"]))
        taken = [one.span for one in found]
        for match in _BARE.finditer(text, *piece):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                what = re.sub(
                    r"^(?:the|of|by|with|and|or|some|more|that|two|its|their|any|such|no)\s+", "", match["what"]
                )
                start = match.end() - len(what)
                found.append(ReadObject(what, (start, match.end())))
    return tuple(sorted(found, key=lambda one: one.span))


def _counted(text: str, piece: Span) -> Iterator[re.Match[str]]:
    """Numbers with what they count; behind a figure that counts nothing the search goes on."""
    at, end = piece
    while match := _COUNTED.search(text, at, end):
        is_figure = match["count"][0].isdigit()
        before = text[max(piece[0], match.start() - 40) : match.start()]
        is_year = bool(_YEAR.fullmatch(match["count"]) and _OF_A_YEAR.search(before))
        is_date = is_figure and bool(re.match(rf"{_MONTH}\b", match["what"]))
        article = re.search(r"(?:^|\s)(?:an?)\s", match["what"], re.IGNORECASE)
        if is_year or is_date or article or is_figure and _NO_COUNT.search(before):
            at = match.end("count")
            continue
        yield match
        at = match.end()


def _count(printed: str) -> int | None:
    first, _, scale = printed.lower().partition(" ")
    number = number_of(first)
    if number is None or first in ("a", "an") and scale in ("few", "number of"):
        return None
    return number * _SCALES.get(scale.strip(), 1)

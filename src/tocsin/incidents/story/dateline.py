"""Dateline of a story: the city, day and agency printed before its first sentence.

`dateline(text, start)` reads "CITY, Region, Month D (Agency) -" and its kin at `start`, slips of case and spelling in
the month included; None if there is none. Fields not printed, or impossible (day 119), are empty. Fields carry the span
they come from. The year is printed almost never and is not guessed here.
"""

import re

import msgspec

from tocsin.incidents.story.months import MONTH_NAME, MONTH_WORD, month_number
from tocsin.incidents.story.span import Span, trimmed

_CITY = r"(?P<city>[A-Z\u00c0-\u00de][\w\u00c0-\u024f.'’]*(?:[ \-/][A-Za-z\u00c0-\u024f.'’]+){0,4}?)"
_REGION = r"(?:\s*,\s*(?P<region>[A-Z][\w.'’]*(?:,? [A-Z][A-Za-z.'’]*|[ -][A-Za-z.'’]+){0,4}?))?"
_DAY = (
    rf"(?:(?P<month>{MONTH_WORD})[.,]?\s*(?P<day>[\dl][\dO]?)(?![\dO])|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month2>{MONTH_WORD})\b\.?"
    rf"|(?P<month3>{MONTH_WORD})\.?\s*\d{{3,}})(?:,?\s+(?P<year>(?:19|20)\d\d))?"
)
_AGENCY = r"(?:\s*,?\s*\((?P<agency>[A-Z][^()\n]{1,40})\)|\s*,\s*(?P<agency2>Reuters?|AP|AFP|UPI|dpa|DPA|TASS|PA))?"
_DASH = r"\s*,?\s*(?:--?|[–—]|:(?=\s))(?=\s|$|[A-Z\"“'(])"
_LEAD = r"[\s*]*(?:RPT\s*-+\s*)?"
_DATED = re.compile(rf"{_LEAD}{_CITY}{_REGION}(?:[\s,.\-]+){_DAY}{_AGENCY}{_DASH}")
_WITH_AGENCY = re.compile(rf"{_LEAD}{_CITY}{_REGION}\s*\((?P<agency>[A-Z][^()\n]{{1,40}})\){_DASH}")
_LOWER_CASE = re.compile(
    rf"{_LEAD}(?P<city>[a-z]+(?: [a-z]+){{0,2}})\s*,\s*(?P<month>{MONTH_NAME})\s+(?P<day>\d{{1,2}}){_DASH}",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"{_LEAD}{_CITY}{_REGION}\s*,\s*{_DAY}{_AGENCY}\s*(?=\n|$)")
_BARE = re.compile(
    rf"{_LEAD}(?P<city>[A-Z\u00c0-\u00de][A-Z\u00c0-\u00de.'’ -]{{2,30}})(?:{_REGION[:-1]}\s*-|\s*(?:--|[–—]))(?=\s)"
)


class Dateline(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where and when a story was filed, as printed; `span` takes in the dash that closes it."""

    span: Span
    city: str
    city_span: Span
    region: str = ""
    month: int | None = None
    day: int | None = None
    year: int | None = None
    day_span: Span | None = None
    agency: str = ""
    agency_span: Span | None = None


def dateline(text: str, start: int = 0) -> Dateline | None:
    """The dateline that stands at `start`, or None."""
    line = text.find("\n\n", start)
    stop = min(len(text), start + 160, line if line >= 0 else len(text))
    for pattern in (_DATED, _ALONE, _LOWER_CASE, _WITH_AGENCY, _BARE):
        match = pattern.match(text, start, stop)
        if match:
            return _read(match)
    return None


def _read(match: re.Match[str]) -> Dateline | None:
    groups = match.groupdict()
    month_word = groups.get("month") or groups.get("month2") or groups.get("month3") or ""
    month = month_number(month_word) if month_word else None
    if month_word and month is None:
        return None
    day_text = (groups.get("day") or groups.get("day2") or "").replace("O", "0").replace("l", "1")
    day = int(day_text) if day_text and 1 <= int(day_text) <= 31 else None
    named = [name for name in ("month", "month2", "month3", "day", "day2", "year") if groups.get(name)]
    agency = "agency" if groups.get("agency") else "agency2"
    return Dateline(
        span=match.span(),
        city=" ".join(match["city"].split()),
        city_span=trimmed(match.string, match.span("city"), edge=" "),
        region=(groups.get("region") or "").strip(),
        month=month,
        day=day,
        year=int(groups["year"]) if groups.get("year") else None,
        day_span=(min(match.start(n) for n in named), max(match.end(n) for n in named)) if named else None,
        agency=groups.get(agency) or "",
        agency_span=match.span(agency) if groups.get(agency) else None,
    )

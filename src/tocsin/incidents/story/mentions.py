"""Mentions of days in a text: dates, weekdays, "yesterday", "the day before", anniversaries, each with its span.

`mentions(text, spans)` reads what is printed and works nothing out; that is `calendar`'s part. A weekday beside a date
("Tuesday, Jan 4", "Monday (April 13") is one mention with both.
"""

import re
from collections.abc import Sequence
from datetime import date

import msgspec

from tocsin.incidents.story.months import MONTH_NAME, WEEKDAY_NAME, month_number, weekday_number
from tocsin.incidents.story.numerals import ORDINALS, number_of
from tocsin.incidents.story.span import Span

_WEEKDAY = rf"(?P<weekday>{WEEKDAY_NAME})"
_DATE = (
    rf"(?:(?P<month>{MONTH_NAME})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.]\d)(?:(?:,\s*"
    r"|\s+)(?P<year>(?:19|20)\d\d))?"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month2>{MONTH_NAME})\b\.?(?:,?\s+(?P<year2>(?:19|20)\d\d))?"
    r"|(?P<year3>(?:19|20)\d\d)-(?P<month3>\d\d)-(?P<day3>\d\d))"
)
_NO_AMOUNT = r"(?!\s*(?:pct|mln|percent))"
_DATED = re.compile(rf"\b(?:the\s+)?{_DATE}\b{_NO_AMOUNT}", re.IGNORECASE)
_WEEKDAY_FIRST = re.compile(rf"\b{_WEEKDAY},?\s+\(?(?:the\s+)?{_DATE}\b{_NO_AMOUNT}", re.IGNORECASE)
_DATE_FIRST = re.compile(
    rf"\b(?:the\s+)?{_DATE}(?:,?\s+\(?an?\s+{_WEEKDAY}\b|(?:,\s+|\s+\()(?P<weekday2>{WEEKDAY_NAME})(?=[,.;:)]|\s*$))"
    rf"(?!,?\s+\(?(?:the\s+)?(?:{MONTH_NAME}\b|\d))",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"\b(?P<which>last|next|this)?\s*\b{_WEEKDAY}\b")
_RELATIVE = re.compile(
    r"\b(?P<word>today|yesterday|tomorrow|tonight|the day before yesterday|the day before|the previous day|the next day"
    r"|the following day|(?P<count>\w+) days? (?P<way>ago|earlier|later))\b",
    re.IGNORECASE,
)
_ANNIVERSARY = re.compile(
    r"\b(?P<eve>(?:on\s+)?(?:the\s+)?eve of\s+)?(?:the\s+|its\s+|a\s+)?(?:(?P<count>[\w-]+?)[- "
    rf"]year|(?P<ordinal>\d+(?:st|nd|rd|th)|{'|'.join(ORDINALS)}))"
    r"\s+anniversary(?:\s+of\s+(?P<of>[^.;]{0,120}))?",
    re.IGNORECASE,
)
_OFFSETS = {
    "today": 0, "tonight": 0, "yesterday": -1, "the day before": -1, "the previous day": -1, "tomorrow": 1,
    "the next day": 1, "the following day": 1, "the day before yesterday": -2,
}  # fmt: skip


class Mention(msgspec.Struct, frozen=True, omit_defaults=True):
    """One printed day. `weekday` 0 is Monday; `offset_days` from the story's own day; `years` of an anniversary."""

    span: Span
    month: int | None = None
    day: int | None = None
    year: int | None = None
    weekday: int | None = None
    which: str = ""  # "last" or "next" before a weekday
    offset_days: int | None = None
    years: int | None = None
    is_eve: bool = False
    of: Span | None = None

    def on(self, year: int) -> date | None:
        """The date in that year, None if there is none."""
        if self.month is None or self.day is None:
            return None
        try:
            return date(self.year or year, self.month, self.day)
        except ValueError:
            return None


def mentions(text: str, spans: Sequence[Span]) -> list[Mention]:
    """All mentions inside `spans`, in order; a longer one hides what it holds, save the date inside an anniversary."""
    found: list[Mention] = []
    for span in spans:
        found += [_anniversary(match) for match in _ANNIVERSARY.finditer(text, *span) if _count(match)]
        for pattern in (_WEEKDAY_FIRST, _DATE_FIRST, _DATED):
            found += [_date(match) for match in pattern.finditer(text, *span) if _is_date(text, match, found)]
        taken = [one.span for one in found if one.years is None]
        alone = [match for match in _ALONE.finditer(text, *span) if not _inside(match.span(), taken)]
        found += [_weekday(match) for match in alone]
        found += [one for match in _RELATIVE.finditer(text, *span) if (one := _relative(match))]
    return sorted(found, key=lambda one: one.span)


def _inside(span: Span, taken: Sequence[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in taken)


def _is_date(text: str, match: re.Match[str], found: list[Mention]) -> bool:
    groups = match.groupdict()
    month = groups.get("month") or groups.get("month2") or "Jan"
    return month[0].isupper() and not _inside(match.span(), [one.span for one in found if one.years is None])


def _date(match: re.Match[str]) -> Mention:
    groups = match.groupdict()
    month = groups.get("month") or groups.get("month2")
    day = groups.get("day") or groups.get("day2") or groups.get("day3")
    year = groups.get("year") or groups.get("year2") or groups.get("year3")
    weekday = groups.get("weekday") or groups.get("weekday2")
    return Mention(
        span=match.span(),
        month=month_number(month) if month else int(groups["month3"] or 0),
        day=int(day) if day else None,
        year=int(year) if year else None,
        weekday=weekday_number(weekday) if weekday else None,
    )


def _weekday(match: re.Match[str]) -> Mention:
    which = (match["which"] or "").lower()
    start = match.start("which") if which else match.start("weekday")
    return Mention((start, match.end()), weekday=weekday_number(match["weekday"]), which=which)


def _relative(match: re.Match[str]) -> Mention | None:
    word = match["word"].lower()
    if word in _OFFSETS:
        return Mention(match.span(), offset_days=_OFFSETS[word])
    count = number_of(match["count"])
    if count is None:
        return None
    return Mention(match.span(), offset_days=count if match["way"].lower() == "later" else -count)


def _count(match: re.Match[str]) -> int | None:
    if match["count"]:
        return number_of(match["count"])
    word = match["ordinal"].lower()
    return ORDINALS.get(word) or int(re.sub(r"\D", "", word) or 0) or None


def _anniversary(match: re.Match[str]) -> Mention:
    end = match.start("of") if match["of"] else match.end()
    of = match.span("of") if match["of"] else None
    return Mention((match.start(), end), years=_count(match), is_eve=bool(match["eve"]), of=of)

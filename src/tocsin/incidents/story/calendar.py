"""Calendar: the days of a story worked out together, and what cannot agree, with the arithmetic.

`settle(...)` looks for the year in which dateline, weekdays printed beside dates and anniversaries all hold. Told the
day of publication, only its year and the neighbours count. Else a weekday that the story names for its own day helps:
one of the weekdays of a dated story is its dateline's. A year is answered only if it alone is left. What no year can
satisfy is a conflict; nothing is repaired. Days then follow: a weekday is the last one on or before the dateline, its
own day included.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from tocsin.incidents.story.mentions import Mention
from tocsin.incidents.story.months import MONTHS, WEEKDAYS
from tocsin.incidents.story.span import Span, words

FIRST_YEAR, LAST_YEAR = 1900, 2099
NEAR_DAYS = 60  # an anniversary that a story speaks of lies this near to it
_COMMON = frozenset(
    "the and for with from iraq iran syria united states january february march april june july".split()
)


class Settled(msgspec.Struct, frozen=True):
    """The outcome: the year and why, the story's own day, the date of each mention, and conflicts (reason, spans)."""

    year: int | None
    reason: str
    day: date | None
    dates: dict[Span, date]
    conflicts: list[tuple[str, tuple[Span, ...]]]


class _Rule(msgspec.Struct, frozen=True):
    """A demand on the year: those that satisfy it, and what to say if none does."""

    years: frozenset[int]
    reason: str
    spans: tuple[Span, ...]


def settle(text: str, story: Mention | None, found: Sequence[Mention], published: date | None) -> Settled:
    """Work out the days of one story; `story` is the dateline's."""
    candidates = _candidates(story, published)
    conflicts = _plain_conflicts(found)
    rules = [rule for one in found if (rule := _pair_rule(text, one, candidates))]
    anniversaries = [(one, day) for one in found if one.years and (day := _day_of(text, one, found))]
    rules += [_anniversary_rule(one, day, story, candidates) for one, day in anniversaries if story or published]
    conflicts += _eves(found, anniversaries)
    years, reasons = candidates, [rule.reason for rule in rules]
    for rule in rules:
        if not rule.years & candidates:
            conflicts.append((rule.reason + "; no year fits", rule.spans))
        years &= rule.years
    if rules and not years and not conflicts:
        conflicts.append(
            ("; ".join(reasons) + ": no year satisfies all", tuple(s for rule in rules for s in rule.spans))
        )
    own = _own_weekday_years(story, found, candidates)
    if published is None and anniversaries and years and own is not None and not years & own and not conflicts:
        conflicts.append(
            (_own_reason(text, rules, years, story, found), tuple(s for rule in rules for s in rule.spans))
        )
        years = frozenset()
    if published is None and own is not None and len(years) > 1 and rules:
        years = years & own or years
    if len(candidates) == 1:
        years = candidates  # printed or told: a conflict takes away the days it touches, not the story's year
    year = next(iter(years)) if len(years) == 1 and (not conflicts or years == candidates) else None
    return _answer(year, _why(year, reasons, published, own), story, found, published, conflicts)


def _candidates(story: Mention | None, published: date | None) -> frozenset[int]:
    if story is not None and story.year:
        return frozenset([story.year])
    if published is None:
        return frozenset(range(FIRST_YEAR, LAST_YEAR + 1))
    if story is None or story.month is None:
        return frozenset([published.year])
    near = {year: story.on(year) for year in (published.year - 1, published.year, published.year + 1)}
    distances = {year: abs((day - published).days) for year, day in near.items() if day}
    return frozenset([min(distances, key=distances.__getitem__)]) if distances else frozenset([published.year])


def _plain_conflicts(found: Sequence[Mention]) -> list[tuple[str, tuple[Span, ...]]]:
    """Dates that do not exist, and weekdays printed beside a full date of another weekday."""
    conflicts: list[tuple[str, tuple[Span, ...]]] = []
    for one in found:
        if one.month is None or one.day is None:
            continue
        day = one.on(2000)
        if day is None:
            conflicts.append(
                (f"there is no {one.day} {_month(one.month)}{f' {one.year}' if one.year else ''}", (one.span,))
            )
        elif one.year and one.weekday is not None and day.weekday() != one.weekday:
            conflicts.append((f"{_named(day)} is a {_weekday(day)}, not a {_name(one.weekday)}", (one.span,)))
    return conflicts


def _pair_rule(text: str, one: Mention, candidates: frozenset[int]) -> _Rule | None:
    """A weekday beside a day and month: the years in which they fall together; a neighbouring year may be meant."""
    if one.weekday is None or one.month is None or one.year or one.on(2000) is None:
        return None
    fits = {year for year in range(FIRST_YEAR, LAST_YEAR + 1) if (day := one.on(year)) and day.weekday() == one.weekday}
    if len(candidates) == 1:
        year = next(iter(candidates))
        near = sorted({year - 1, year, year + 1} & fits)
        tried = ", ".join(
            f"{_named(day)} is a {_weekday(day)}" for y in (year - 1, year, year + 1) if (day := one.on(y))
        )
        return _Rule(
            candidates if near else frozenset(), f'"{text[slice(*one.span)]}" is printed, but {tried}', (one.span,)
        )
    return _Rule(frozenset(fits), f'"{text[slice(*one.span)]}" is printed', (one.span,))


def _day_of(text: str, one: Mention, found: Sequence[Mention]) -> tuple[Mention, date] | None:
    """The full date that an anniversary counts from: printed in it, or of the sentence that shares its names."""
    full = [(other, day) for other in found if other.year and (day := other.on(other.year))]
    if one.of is not None:
        inside = [(other, day) for other, day in full if one.of[0] <= other.span[0] < one.of[1]]
        if inside:
            return inside[0]
    names = _names(text[slice(*one.of)]) if one.of else set()
    scored = [(len(names & _names(_around(text, other.span))), other, day) for other, day in full]
    best = max(scored, key=lambda item: item[0], default=None)
    return (best[1], best[2]) if best and best[0] > 0 else None


def _names(text: str) -> set[str]:
    capital = {word.strip(".,;") for word in text.split() if word[:1].isupper()}
    return {name for word in capital for name in words(word) if len(name) > 3} - _COMMON


def _around(text: str, span: Span) -> str:
    start = max(text.rfind(". ", 0, span[0]), text.rfind("\n\n", 0, span[0])) + 1
    end = text.find(". ", span[1])
    return text[start : end if end >= 0 else len(text)]


def _anniversary_rule(
    one: Mention, day_of: tuple[Mention, date], story: Mention | None, candidates: frozenset[int]
) -> _Rule:
    other, event = day_of
    kept = _kept(event, one.years or 0)
    fits = {
        year
        for year in candidates
        if (day := story.on(year) if story and story.month else kept.replace(year=year, day=min(kept.day, 28)))
        and abs((day - kept).days) <= NEAR_DAYS
    }
    reason = f"the {_ordinal(one.years or 0)} anniversary of {_named(event)} is {_named(kept)}"
    if len(candidates) == 1 and not fits:
        reason += f", but the story is of {next(iter(candidates))}"
    return _Rule(frozenset(fits), reason, (one.span, other.span))


def _eves(
    found: Sequence[Mention], anniversaries: Sequence[tuple[Mention, tuple[Mention, date]]]
) -> list[tuple[str, tuple[Span, ...]]]:
    """ "Monday, the eve of the second anniversary of 1 March 2024": the weekday must be that day's."""
    conflicts: list[tuple[str, tuple[Span, ...]]] = []
    for one, (other, event) in anniversaries:
        beside = next(
            (w for w in found if w.weekday is not None and w.month is None and 0 < one.span[0] - w.span[1] <= 3), None
        )
        if beside is None:
            continue
        kept = _kept(event, one.years or 0)
        day = kept - timedelta(days=1) if one.is_eve else kept
        if day.weekday() != beside.weekday:
            what = "its eve" if one.is_eve else "the day"
            reason = (
                f"the {_ordinal(one.years or 0)} anniversary of {_named(event)} is {_named(kept)}; "
                f"{what}, {_named(day)}, "
                f"is a {_weekday(day)}, not a {_name(beside.weekday or 0)}"
            )
            conflicts.append((reason, (beside.span, one.span, other.span)))
    return conflicts


def _own_weekday_years(
    story: Mention | None, found: Sequence[Mention], candidates: frozenset[int]
) -> frozenset[int] | None:
    """The years in which the dateline's day is one of the weekdays that the story names."""
    named = {one.weekday for one in found if one.weekday is not None and one.month is None and not one.which}
    if story is None or story.month is None or not named:
        return None
    return frozenset(year for year in candidates if (day := story.on(year)) and day.weekday() in named)


def _own_reason(
    text: str, rules: Sequence[_Rule], years: frozenset[int], story: Mention | None, found: Sequence[Mention]
) -> str:
    year = min(years)
    day = story.on(year) if story else None
    named = [_name(one.weekday) for one in found if one.weekday is not None and one.month is None]
    said = " and ".join(dict.fromkeys(named))
    tail = f"; the story is then of {_named(day)}, a {_weekday(day)}, but the days it names are {said}" if day else ""
    return "; ".join(rule.reason for rule in rules) + tail


def _why(year: int | None, reasons: list[str], published: date | None, own: frozenset[int] | None) -> str:
    if year is None:
        return ""
    if published is not None:
        return "published " + published.isoformat()
    return "; ".join(reasons) + ("; its weekday agrees" if own and year in own else "")


def _answer(
    year: int | None, reason: str, story: Mention | None, found: Sequence[Mention], published: date | None,
    conflicts: list[tuple[str, tuple[Span, ...]]],
) -> Settled:  # fmt: skip
    day = story.on(year) if story and story.month and year else published if not conflicts else None
    dates: dict[Span, date] = {}
    for one in found:
        settled = _settled(one, day, year)
        if settled is not None and not any(one.span in spans for _, spans in conflicts):
            dates[one.span] = settled
    return Settled(year, reason, day, dates, conflicts)


def _settled(one: Mention, story: date | None, year: int | None) -> date | None:
    if one.month is not None:
        known = one.year or year
        if known is None:
            return None
        near = [day for near in (known, known - 1, known + 1) if (day := one.on(near)) and day.weekday() == one.weekday]
        return near[0] if near and not one.year else one.on(known)
    if story is None or one.years:
        return None
    if one.offset_days is not None:
        return story + timedelta(days=one.offset_days)
    if one.weekday is None:
        return None
    if one.which == "next":
        return story + timedelta(days=(one.weekday - story.weekday() - 1) % 7 + 1)
    back = (story.weekday() - one.weekday) % 7
    return story - timedelta(days=back or (7 if one.which == "last" else 0))


def _kept(event: date, years: int) -> date:
    """The day of the anniversary; that of a 29 February is the 1 March of a common year."""
    try:
        return event.replace(year=event.year + years)
    except ValueError:
        return date(event.year + years, 3, 1)


def _month(month: int) -> str:
    return MONTHS[month - 1].capitalize()


def _named(day: date) -> str:
    return f"{day.day} {_month(day.month)} {day.year}"


def _name(weekday: int) -> str:
    return WEEKDAYS[weekday].capitalize()


def _weekday(day: date) -> str:
    return _name(day.weekday())


def _ordinal(number: int) -> str:
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"

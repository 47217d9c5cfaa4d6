"""Weekdays beside dates, for any day and any weekday: what no year can satisfy is reported with the arithmetic, and
what one can is not. The truth is the calendar; the texts are in every shape of dateline and sentence that is read."""

from calendar import monthrange
from calendar import weekday as weekday_of
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tocsin.incidents.draft import ConflictItem
from tocsin.incidents.story.months import MONTHS, WEEKDAYS
from tocsin.incidents.story.propose import propose

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))
MONTH_DAYS = st.tuples(st.integers(1, 12), st.integers(1, 31)).filter(lambda one: one[1] <= monthrange(2000, one[0])[1])
DATELINES = st.sampled_from(
    [
        "VELMORA, {month} {day} - ",
        "VELMORA, {short} {day} (Harbor Wire) - ",
        "VELMORA, Coast, {short}. {day} (AP) -- ",
        "Velmora, {day} {month} (Harbor Wire) — ",
        "PORT ALDER, {month} {day}, {year} (Harbor Wire) - ",
        "velmora, {month} {day} - ",
    ]
)
WITHOUT_YEAR = st.sampled_from(
    [
        "A drone fell on {weekday}, {month} {day}.",
        "A drone fell on {weekday} {month} {day}, the mayor said.",
        "The mayor said a drone fell on {weekday}, {short} {day}, near the pier.",
        "A drone fell late on {weekday}, {short}. {day}.",
        '"It fell on {weekday}, {day} {month}," the mayor said.',
        "A drone fell on {weekday}, the {ordinal} of {month}.",
        "A drone fell on {weekday}, {month} {ordinal}, near the pier.",
        "A drone fell on {weekday} ({month} {day}) near the pier.",
        "A drone fell on {month} {day}, a {weekday}, near the pier.",
        "A drone fell on {month} {day} ({weekday}) near the pier.",
        "A drone fell on {day} {month}, a {weekday}, near the pier.",
        "A drone fell on {short}. {day}, {weekday}, near the pier.",
        "{weekday}, {month} {day}, was quiet, the mayor said.",
        "A drone fell on\n{weekday}, {month}\n{day}, near the pier.",
    ]
)
WITH_YEAR = st.sampled_from(
    [
        "A drone fell on {weekday}, {month} {day}, {year}.",
        "The mayor said a drone fell on {weekday}, {day} {month} {year}.",
        "A drone fell on {weekday} {short} {day}, {year}, near the pier.",
        "A drone fell on {weekday}, the {ordinal} of {month} {year}.",
        "A drone fell on {weekday} ({iso}) near the pier.",
        "A drone fell on {month} {day}, {year}, a {weekday}, near the pier.",
        "A drone fell on {day} {month} {year} ({weekday}).",
    ]
)


def printed(shape: str, month: int, day: int, year: int, weekday: int = 0) -> str:
    ordinal = f"{day}{'th' if 10 < day < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"
    name = MONTHS[month - 1].capitalize()
    return shape.format(
        month=name, short=name[:3], day=day, year=year, ordinal=ordinal, weekday=WEEKDAYS[weekday].capitalize(),
        iso=f"{year}-{month:02}-{day:02}",
    )  # fmt: skip


def conflicts(text: str, published: date | None) -> tuple[ConflictItem, ...]:
    return propose(text, published).conflicts


def sums(month: int, day: int, years: tuple[int, ...]) -> dict[str, int]:
    """The arithmetic that a conflict has to show: each day that there is, with its weekday."""
    days = [year for year in years if day <= monthrange(year, month)[1]]
    return {
        f"{day} {MONTHS[month - 1].capitalize()} {year} is a {WEEKDAYS[weekday_of(year, month, day)].capitalize()}":
        weekday_of(year, month, day)
        for year in days
    }  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(story=DAYS, about=MONTH_DAYS, weekday=st.integers(0, 6), line=DATELINES, shape=WITHOUT_YEAR)
@example(date(2025, 3, 1), (2, 29), 3, "VELMORA, {month} {day} - ", "A drone fell on {weekday}, {month} {day}.")
def test_a_pair_that_fits_neither_the_year_nor_its_neighbours(
    story: date, about: tuple[int, int], weekday: int, line: str, shape: str
) -> None:
    text = printed(line, story.month, story.day, story.year) + printed(shape, *about, story.year, weekday)
    shown = sums(*about, (story.year - 1, story.year, story.year + 1))
    found = conflicts(text, story)
    assert bool(found) == (weekday not in shown.values()), (text, found)
    for one in found:
        assert all(sentence in one.arithmetic for sentence in shown), (text, one.arithmetic)
        assert all(WEEKDAYS[weekday].capitalize() in text[slice(*span)] for span in one.spans.values())


@settings(max_examples=400, deadline=None)
@given(story=DAYS, day=DAYS, weekday=st.integers(0, 6), line=DATELINES, shape=WITH_YEAR, told=st.booleans())
def test_a_pair_with_its_year_printed(story: date, day: date, weekday: int, line: str, shape: str, told: bool) -> None:
    text = printed(line, story.month, story.day, story.year) + printed(shape, day.month, day.day, day.year, weekday)
    found = conflicts(text, story if told else None)
    assert bool(found) == (weekday != day.weekday()), (text, found)
    (shown,) = sums(day.month, day.day, (day.year,))
    assert all(shown in one.arithmetic and WEEKDAYS[weekday].capitalize() in one.arithmetic for one in found)


@settings(max_examples=200, deadline=None)
@given(about=MONTH_DAYS, weekday=st.integers(0, 6), shape=WITHOUT_YEAR)
def test_without_any_year_every_weekday_is_possible(about: tuple[int, int], weekday: int, shape: str) -> None:
    text = printed(shape, *about, 2000, weekday)
    assert conflicts(text, None) == ()

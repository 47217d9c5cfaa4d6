"""The days of a story hold together or are shown not to; the truth is the calendar itself."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.incidents.story.calendar import Settled, settle
from tocsin.incidents.story.mentions import Mention, mentions
from tocsin.incidents.story.months import MONTHS, WEEKDAYS

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))


def settled(text: str, published: date | None = None, story: Mention | None = None) -> Settled:
    return settle(text, story, mentions(text, [(0, len(text))]), published)


def pair(day: date, weekday: int) -> str:
    return f"{WEEKDAYS[weekday].capitalize()}, {MONTHS[day.month - 1].capitalize()} {day.day}"


@given(DAYS, st.integers(-1, 1))
def test_a_weekday_that_fits_this_or_a_neighbouring_year_is_no_conflict(day: date, years: int) -> None:
    published = date(day.year + years, 6, 15)
    assert settled(f"It fell on {pair(day, day.weekday())}.", published).conflicts == []


@given(DAYS, st.integers(0, 6))
def test_a_weekday_that_fits_no_year_is_one(day: date, weekday: int) -> None:
    if (day.month, day.day) == (2, 29):
        return
    near = {date(year, day.month, day.day).weekday() for year in (day.year - 1, day.year, day.year + 1)}
    found = settled(f"It fell on {pair(day, weekday)}.", day)
    assert bool(found.conflicts) == (weekday not in near)
    assert all("is a" in reason for reason, _ in found.conflicts)


@given(DAYS, st.integers(0, 6))
def test_a_weekday_alone_is_the_last_one(story: date, weekday: int) -> None:
    text = f"It fell on {WEEKDAYS[weekday].capitalize()}."
    line = Mention((0, 1), month=story.month, day=story.day, year=story.year)
    (day,) = settled(text, None, line).dates.values()
    assert day.weekday() == weekday and timedelta(0) <= story - day < timedelta(7)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("yesterday", "2026-03-02"),
        ("the day before", "2026-03-02"),
        ("three days ago", "2026-02-28"),
        ("on Tuesday", "2026-03-03"),
        ("last Tuesday", "2026-02-24"),
        ("next Tuesday", "2026-03-10"),
        ("late on Monday", "2026-03-02"),
        ("on 1 March", "2026-03-01"),
        ("on February 29, 2024", "2024-02-29"),
        ("on Saturday, January 4", "2025-01-04"),
    ],
)
def test_days_from_a_story_of_the_third_of_march(words: str, expected: str) -> None:
    line = Mention((0, 1), month=3, day=3)
    (day,) = settled(f"It fell {words}.", date(2026, 3, 3), line).dates.values()
    assert day.isoformat() == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("It fell on 30 February.", "there is no 30 February"),
        ("It fell on February 29, 2025.", "there is no 29 February 2025"),
        ("It fell on Saturday, March 5, 1987.", "5 March 1987 is a Thursday, not a Saturday"),
    ],
)
def test_days_that_cannot_be(text: str, reason: str) -> None:
    ((found, _),) = settled(text).conflicts
    assert found == reason


def test_an_anniversary_tells_the_year() -> None:
    text = (
        "It fell on Monday, ten years after. The tenth anniversary of the Alder fire is near. The "
        "Alder burned on 1 March 2016."
    )
    line = Mention((0, 1), month=3, day=2)
    found = settled(text, None, line)
    assert (found.year, found.conflicts) == (2026, [])


def test_without_evidence_the_year_stays_open() -> None:
    found = settled("It fell on Monday.", None, Mention((0, 1), month=3, day=2))
    assert (found.year, found.day, found.dates) == (None, None, {})


def test_the_year_of_publication_goes_to_the_nearest_dateline() -> None:
    found = settled("It fell.", date(2026, 1, 2), Mention((0, 1), month=12, day=31))
    assert found.day == date(2025, 12, 31)


def test_an_anniversary_of_a_leap_day_falls_on_the_first_of_march() -> None:
    text = "Monday, the first anniversary of the 29 February 2024 raid."
    ((reason, _),) = settled(text).conflicts
    assert "is 1 March 2025; the day, 1 March 2025, is a Saturday, not a Monday" in reason


def test_a_line_break_does_not_part_an_event_from_its_day() -> None:
    text = "It fell on Monday, near the tenth anniversary of the Alder fire. The Alder burned\non 1 March 2016."
    assert settled(text, None, Mention((0, 1), month=3, day=2)).year == 2026


@pytest.mark.parametrize(
    "text",
    [
        "It fell on Monday, March 2, Tuesday, March 3, and Wednesday, March 4.",
        "It fell on March 2, Tuesday it rained.",
        "It fell on March 2, Tuesday, March 3, and later.",
        "It fell on March 2. Tuesday was quiet.",
    ],
)
def test_a_weekday_of_another_day_is_not_this_ones(text: str) -> None:
    assert settled(text, date(2026, 3, 5)).conflicts == []

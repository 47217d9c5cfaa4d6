"""A real wire story, as found on the web (kept outside the repository): twelve statements, one amendment, one year."""

from datetime import date

import pytest

from shared_data import shared
from tocsin.incidents.story.parser import load
from tocsin.incidents.story.read_story import read_story
from tocsin.incidents.story.reading import Reading

# Stance, words of the speaker, words of the content: our reading of the story, before the rules were written.
EXPECTED = [
    ("asserts", "coalition official", "Ain al-Assad"),
    ("warns", "U.S. officials", "expect an increase"),
    ("asserts", "not stated", "foiled on Monday"),
    ("asserts", "another coalition official", "rocket launchers"),
    ("declines", "another coalition official", "which coalition country"),
    ("declines", "another coalition official", "who was responsible"),
    ("context", "not stated", "occasionally targeted"),
    ("denies", "the Pentagon", "not carried out by planes"),
    ("declines", "the Pentagon", "no further details"),
    ("declines", "John Kirby", "not in a position"),
    ("context", "John Kirby", "continue to see threats"),
    ("context", "not stated", "about 900 US troops"),
    ("threatens", "Ebrahim Raisi", "Tehran would retaliate"),
]


def story() -> str:
    return shared("samples/story/wire-story.txt").read_text("utf-8")


@pytest.fixture(params=["patterns", "grammar"])
def reading(request: pytest.FixtureRequest) -> Reading:
    return read_story(story(), None, load() if request.param == "grammar" else None)


def test_each_statement_and_no_other(reading: Reading) -> None:
    assert len(reading.statement) == len(EXPECTED)
    for one, (stance, speaker, words) in zip(reading.statement, EXPECTED, strict=True):
        assert one.stance == stance and speaker in one.speaker and words in one.content


def test_the_two_coalition_officials_are_two(reading: Reading) -> None:
    first, second = reading.statement[0], reading.statement[3]
    assert first.speaker_ref != second.speaker_ref == reading.statement[4].speaker_ref


def test_three_incidents_with_their_days(reading: Reading) -> None:
    found = [(one.place, one.date, [thing.count for thing in one.objects]) for one in reading.incident]
    assert found == [
        ("Ain al-Assad air base", "2022-01-04", [2]),
        ("Baghdad International Airport", "2022-01-03", [2]),
        ("the green village in Syria", "", [None]),
    ]


def test_the_amendment_touches_what_it_corrects(reading: Reading) -> None:
    (one,) = reading.amendment
    assert (one.old, one.new, one.paragraph, one.kind) == ("2021", "2020", 10, "correction")
    assert next(item for item in reading.statement if item.id == one.statement).time == "2020-01-03"


def test_the_year_is_worked_out_and_nothing_conflicts(reading: Reading) -> None:
    assert reading.source.year == 2022
    assert reading.conflict == ()


def test_with_the_uncorrected_year_the_days_cannot_agree() -> None:
    reading = read_story(story().replace("January 3, 2020", "January 3, 2021"), None, load())
    (conflict,) = reading.conflict
    assert "3 January 2023" in conflict.reason and "4 January 2023, a Wednesday" in conflict.reason
    assert reading.source.year is None
    assert all(one.date == "" for one in reading.incident)


def test_published_another_year_the_anniversary_cannot_be() -> None:
    text = story().replace("January 3, 2020", "January 3, 2021")
    (conflict,) = read_story(text, date(2022, 1, 4), load()).conflict
    assert "but the story is of 2022" in conflict.reason

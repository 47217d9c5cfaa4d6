"""Sentences that mislead: each says what must, and what must not, be proposed. Invented, all of them."""

import pytest

from tocsin.incidents.story.parser import Parse, load
from tocsin.incidents.story.read_story import read_story
from tocsin.incidents.story.reading import Reading, ReadStatement


@pytest.fixture(params=["patterns", "grammar"])
def parse(request: pytest.FixtureRequest) -> Parse | None:
    """Both ways to read; what misleads must mislead neither."""
    return load() if request.param == "grammar" else None


def said(reading: Reading) -> list[tuple[str, str, str]]:
    return [(one.speaker, one.stance.value, one.content) for one in reading.statement]


def of(reading: Reading, speaker: str) -> list[ReadStatement]:
    return [one for one in reading.statement if one.speaker == speaker]


def test_declining_to_be_named_describes_a_speaker(parse: Parse | None) -> None:
    text = "A port guard, who declined to give his name, said two drones crossed the mole."
    found = [one for one in said(read_story(text, None, parse)) if one[1] == "declines"]
    assert found == []


def test_the_guard_asserts() -> None:
    text = "A port guard, who declined to give his name, said two drones crossed the mole."
    (one,) = read_story(text, None, load()).statement
    assert (one.speaker, one.stance, one.content) == ("A port guard", "asserts", "two drones crossed the mole")
    assert [(thing.count, thing.what) for thing in one.objects] == [(2, "drones")]
    assert one.place == "the mole"


def test_not_denying_is_no_assertion_and_no_denial(parse: Parse | None) -> None:
    text = "The ministry did not deny that a drone fell in Velmora, but would not say whose it was."
    found = read_story(text, None, parse).statement
    assert [(one.speaker, one.stance.value) for one in found] == [("The ministry", "declines")] * 2
    assert "whose it was" in found[1].content and "fell in Velmora" in found[0].content


def test_one_quotation_may_hold_two_stances(parse: Parse | None) -> None:
    text = "“We know the type. We will not name the sender,” Col. Ada Brandt said."
    assert said(read_story(text, None, parse)) == [
        ("Col. Ada Brandt", "asserts", "“We know the type."),
        ("Col. Ada Brandt", "declines", "We will not name the sender,”"),
    ]


def test_a_report_of_a_warning_has_two_speakers() -> None:
    text = "Col. Ada Brandt said on Tuesday the mayor had warned residents on Sunday."
    reading = read_story(text, None, load())
    (brandt,), (mayor,) = of(reading, "Col. Ada Brandt"), of(reading, "the mayor")
    assert (brandt.stance, mayor.stance) == ("asserts", "warns")
    assert mayor.reported_via == ("Col. Ada Brandt",)
    assert mayor.time_span and text[slice(*mayor.time_span)] == "Sunday"
    assert brandt.time_span is None, "Sunday belongs to the warning"
    assert brandt.said_span and text[slice(*brandt.said_span)] == "Tuesday"


def test_one_and_another_are_two_and_disagree(parse: Parse | None) -> None:
    text = "The airfield was closed for an hour, said one official; another said it never closed."
    reading = read_story(text, None, parse)
    assert [one.speaker for one in reading.statement] == ["one official", "another"]
    assert len({one.speaker_ref for one in reading.statement}) == 2
    (conflict,) = reading.conflict
    assert conflict.kind == "statement"


def test_apostrophes_may_be_quotation_marks(parse: Parse | None) -> None:
    text = "''It came in low,'' the pilot said. ''Too low.''"
    assert said(read_story(text, None, parse)) == [("the pilot", "asserts", "''It came in low,'' ''Too low.''")]


def test_a_denied_report_of_a_report_is_one_statement(parse: Parse | None) -> None:
    text = "Police denied reports that a drone had been reported missing."
    (one,) = read_story(text, None, parse).statement
    assert (one.speaker, one.stance) == ("Police", "denies")
    assert one.content.endswith("a drone had been reported missing")


def test_one_notice_may_state_two_changes(parse: Parse | None) -> None:
    text = "(Corrects to three drones from five in second paragraph; removes reference to a fire.)"
    number, fire = read_story(text, None, parse).amendment
    assert (number.kind, number.old, number.new, number.paragraph) == ("correction", "five", "three drones", 2)
    assert (fire.kind, fire.old, fire.new) == ("withdrawal", "a fire", "")


def test_an_eve_on_another_weekday_is_shown_and_not_mended(parse: Parse | None) -> None:
    text = (
        "VELMORA, 1 March (Harbor Wire) - A drone fell here late on Monday, the eve of the second anniversary of the "
        "1 March 2024 raid."
    )
    reading = read_story(text, None, parse)
    (conflict,) = reading.conflict
    assert "28 February 2026, is a Saturday, not a Monday" in conflict.reason
    assert reading.source.year is None
    assert reading.statement[0].time == ""


def test_an_assumption_in_quotation_marks_counts_for_nothing(parse: Parse | None) -> None:
    text = 'The alliance said it "assumes" the group did it, a claim the group has neither made nor rejected.'
    (one,) = read_story(text, None, parse).statement
    assert (one.speaker, one.stance) == ("The alliance", "assumes")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The market expects a correction, dealers said.", [("dealers", "asserts")]),
        ('"He said he would come," the guard said.', [("the guard", "asserts")]),
        ("The group has vowed to attack every port on the coast.", [("The group", "threatens")]),
        ("Two drones may have crossed the border, the army said.", [("the army", "assumes")]),
        ("There was no immediate claim of responsibility.", []),
        ("“It was loud, the guard said.\n\n“We ran. It was very loud.” There was smoke.", [("the guard", "asserts")]),
    ],
)
def test_lesser_traps(text: str, expected: list[tuple[str, str]], parse: Parse | None) -> None:
    reading = read_story(text, None, parse)
    assert [(one.speaker, one.stance.value) for one in reading.statement if one.speaker != "not stated"] == expected
    assert reading.amendment == ()


def test_an_abbreviation_may_end_a_sentence(parse: Parse | None) -> None:
    reading = read_story("He served in the U.S. The drone came down on Friday near the pier.", None, parse)
    assert [one.content for one in reading.statement] == [
        "He served in the U.S.",
        "The drone came down on Friday near the pier.",
    ]

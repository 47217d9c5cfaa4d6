"""Passages that should be read, and a notice's words about them. All invented."""

import pytest

from tocsin.incidents.story.notices import notices
from tocsin.incidents.story.passages import is_asked, passages

SLUG = "CORRECTION - VELMORA - HARBOR\n"


@pytest.mark.parametrize(
    ("text", "new", "old"),
    [
        ("please read in second paragraph ... two drones ...", ["two drones"], ""),
        ('please read in 2nd graf: "Two drones." instead of "Ten drones."', ["Two drones"], "Ten drones"),
        ("please read last paragraph as follows\n “The ferry sails.”", ["The ferry sails"], ""),
        ('Please read at end of first para of item "HARBOR SHUTS" "... A drone fell."', ["A drone fell"], ""),
        ('please read in headline "Harbor shuts" and first paragraph: The harbor shut.',
         ["Harbor shuts", "The harbor shut"], ""),
        ("please read toll as 9.9 million.", ["9.9 million"], ""),
        ("please read in first para +...ten boats...+, correcting from +two boats+.", ["ten boats"], ""),
        ('please read on page one "Read it instead of a map." ', ["Read it instead of a map"], ""),
        ("the take should read", [], ""),
    ],
)  # fmt: skip
def test_what_should_be_read(text: str, new: list[str], old: str) -> None:
    start = text.find("take") if "take" in text else 0
    assert is_asked(text, (start, len(text)))
    found = passages(text, (start, len(text)))
    assert [text[slice(*span)] for span in found.new] == new
    assert (text[slice(*found.old)] if found.old else "") == old


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("please read in first para ... Sail on April 7 ...\n(Corrects day from April 17).",
         "April 17", "Sail on April 7"),
        ("please read in second para ... The fall was ...\n(changing rise to fall)", "rise", "fall"),
        ('please read: "It cost 10 to 100 marks."\nCorrects figures from 100 to 900 marks.',
         "100 to 900 marks", "It cost 10 to 100 marks"),
        ("please read in first para ... Global and Flumar ... instead of ... Globo and Flumar ... corrects name.",
         "Globo and Flumar", "Global and Flumar"),
    ],
)  # fmt: skip
def test_a_passage_and_the_words_about_it_are_one_change(text: str, old: str, new: str) -> None:
    text = SLUG + text
    (one,) = notices(text)
    assert [text[slice(*span)] if span else "" for span in (one.old, one.new)] == [old, new]


def test_without_a_slug_nothing_is_asked() -> None:
    assert notices("Please read in second paragraph of the sign what it says.") == []

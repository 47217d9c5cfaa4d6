"""A claim, a warning or a threat that somebody owns is a statement of theirs."""

import pytest

from tocsin.incidents.story.parser import load
from tocsin.incidents.story.read_story import read_story
from tocsin.incidents.story.said_nouns import SAID_NOUNS


@pytest.mark.parametrize(
    ("text", "speaker", "stance", "content"),
    [
        (
            "The harbour closed after the mayor's warning that drones were near.",
            "the mayor",
            "warns",
            "drones were near",
        ),
        ("Nobody believed the League's claim that it sent no drones.", "the League", "asserts", "it sent no drones"),
        ("The port lived with the League's threat to burn the fleet.", "the League", "threatens", "to burn the fleet"),
    ],
)
def test_an_owned_noun(text: str, speaker: str, stance: str, content: str) -> None:
    found = [one for one in read_story(text, None, load()).statement if one.speaker_ref]
    assert [(one.speaker, one.stance.value, one.content) for one in found] == [(speaker, stance, content)]


def test_a_noun_that_nobody_owns_is_none() -> None:
    reading = read_story("The claim that drones came was old.", None, load())
    assert [one for one in reading.statement if one.speaker_ref] == []
    assert "claim" in SAID_NOUNS

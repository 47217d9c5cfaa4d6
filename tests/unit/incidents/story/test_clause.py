"""When a verb of judgement or of calling with a mere noun behind it is a statement, and when not. All invented."""

import pytest

from tocsin.incidents.story.parser import load
from tocsin.incidents.story.read_story import read_story

parse = load()
pytestmark = pytest.mark.skipif(parse is None, reason="the parser is not installed")


def said(text: str) -> list[tuple[str, str]]:
    return [(one.speaker, one.content) for one in read_story(text, None, parse).statement if one.speaker_ref]


@pytest.mark.parametrize(
    "text",
    [
        "The mayor slammed the harbour office.",
        "Colonel Ada Brandt dismissed two of her officers.",
        "The minister highlighted the new radar.",
        "The league called a vote for March on the closure of the mole.",
        "Mayor Oren Tal called the colonel and left the harbour.",
        "All told, the league raised four million crowns for the mole.",
    ],
)
def test_what_is_done_to_a_thing_is_no_statement(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "speaker", "part"),
    [
        ("Mayor Oren Tal dismissed the report as a rumour.", "Oren Tal", "a rumour"),
        ('Colonel Ada Brandt slammed the "cowardly" attack.', "Ada Brandt", "cowardly"),
        ("Mayor Oren Tal called for a second radar.", "Oren Tal", "a second radar"),
        ("Colonel Ada Brandt called the attack a crime.", "Ada Brandt", "a crime"),
        ("Mayor Oren Tal told reporters that the mole was closed.", "Oren Tal", "the mole was closed"),
    ],
)
def test_what_is_given_a_name_or_asked_for_is(text: str, speaker: str, part: str) -> None:
    [(who, content)] = said(text)
    assert speaker in who and part in content

"""Drafts of stories: sound for any text, strict to read again, acceptable as they are."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from record_builder import Records
from tocsin.incidents.acceptance import accepted
from tocsin.incidents.draft import Draft, parse_draft, sealed, toml
from tocsin.incidents.story.parser import load
from tocsin.incidents.story.propose import propose
from tocsin.model.record import Amendment, Incident, Statement

STORY = """CORRECTED-Drone falls on mole

(Corrects number of drones to two, from three)

VELMORA, March 3 (Harbor Wire) - Two drones fell on the north mole on Tuesday, a port official said.

"We know the type. We will not name the sender," Colonel Ada Brandt told reporters. Another official said nothing more
would be said, but gave no details.
"""
FRAGMENTS = st.sampled_from(
    [
        *"said|told reporters|that|did not say|according to|was|believed to|He|they|declined to".split("|"),
        *"the guard|Col. Ada Brandt|two drones|near the mole|U.S.|on Monday|March 3|Tuesday, March 4".split("|"),
        *"“It came low|,”|”|''|\"|‘|’|``|«|»|.|?”|, |; | |\n|\n\n|\u00a0|\r\n|é|\U0001f6f8|(".split("|"),
        "the eve of the second anniversary of the 1 March 2024 raid",
        "VELMORA, March 3 (Harbor Wire) - ",
        "(Corrects to two from three)",
    ]
)


def check(text: str, draft: Draft) -> None:
    for one in draft.statements:
        assert one.span is not None and 0 <= one.span[0] < one.span[1] <= len(text)
        spans = one.pieces or (one.span,)
        assert one.content == " ".join(" ".join(text[start:end].split()) for start, end in spans)
        for name, (start, end) in one.spans.items():
            assert 0 <= start < end <= len(text), name
        if "speaker" in one.spans and "speaker_named" not in one.spans:
            printed = " ".join(text[slice(*one.spans["speaker"])].split())
            assert one.speaker == printed or one.speaker.startswith(printed + " (")
    parse_draft(toml(draft).encode())


@settings(deadline=None, max_examples=300)
@given(st.lists(FRAGMENTS, max_size=30).map("".join))
def test_any_text_gives_a_sound_draft(text: str) -> None:
    check(text, propose(text, date(2026, 3, 4)))


@settings(deadline=None, max_examples=40)
@given(st.lists(FRAGMENTS, max_size=20).map("".join))
def test_any_text_gives_a_sound_draft_with_the_parser(text: str) -> None:
    check(text, propose(text, None, load()))


def test_the_same_text_gives_the_same_draft() -> None:
    assert toml(propose(STORY, None, load())) == toml(propose(STORY, None, load()))


def test_every_field_has_the_span_it_was_read_at() -> None:
    draft = propose(STORY, date(2026, 3, 3), load())
    check(STORY, draft)
    first = draft.statements[0]
    printed = {name: STORY[slice(*span)] for name, span in first.spans.items()}
    assert printed == {
        "speaker": "a port official",
        "verb": "said",
        "time": "Tuesday",
        "place": "the north mole",
        "count": "Two drones",
    }
    assert (first.time, first.count, first.speaker_kind) == ("2026-03-03", 2, "unnamed")
    origin = draft.origin
    assert origin is not None
    assert (origin.publisher, origin.city, origin.day, origin.year) == ("Harbor Wire", "VELMORA", "2026-03-03", 2026)
    assert STORY[slice(*origin.spans["city"])] == "VELMORA"
    (amendment,) = draft.amendments
    assert {name: STORY[slice(*span)] for name, span in amendment.spans.items()} == {"old": "three", "new": "two"}


def test_a_draft_can_be_accepted_as_it_is() -> None:
    draft = propose(STORY, date(2026, 3, 3), load(), "story.txt")
    records = Records()
    bodies = accepted(records.graph, draft, STORY, 2).bodies
    kinds = [type(body) for body in bodies]
    assert kinds.count(Statement) == len(draft.statements) == 5
    assert kinds.count(Incident) == kinds.count(Amendment) == 1
    said = [body for body in bodies if isinstance(body, Statement)]
    assert said[0].time == "2026-03-03" and said[0].said_at == ""


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("“It fell,” an official said. “It never fell,” an official said.", {"an official", "an official (2)"}),
        ("The guard said it fell. It said the mole was closed.", {"The guard"}),
    ],
)
def test_unnamed_speakers_described_alike_stay_apart(text: str, names: set[str]) -> None:
    draft = propose(text)
    assert {one.speaker for one in draft.statements} == {source.name for source in draft.sources} == names


def test_a_notice_that_touches_no_statement_corrects_the_text() -> None:
    (amendment,) = propose("(Removes reference to a fire)\n\nThe mole was closed on Monday.").amendments
    assert (amendment.target, amendment.old, amendment.new) == ("text", "a fire", "")


def test_proposals_are_sealed() -> None:
    draft = propose(STORY)
    assert draft.statements == sealed(draft.statements)
    assert all(one.seal for _, one in draft.items())


@pytest.mark.parametrize(
    "more", ["", "Three balloons were seen over the airfield of Karst on Sunday, its manager said. "]
)
def test_a_refusal_stands_with_the_only_incident_and_never_with_one_of_several(more: str) -> None:
    text = (
        "VELMORA, Feb 3 - Two drones came down beside the harbour of Velmora on Monday, the harbour master said. "
        f"{more}A ministry spokesman declined to say who had sent them.\n"
    )
    found = propose(text, date(2031, 2, 3))
    refusal = next(one for one in found.statements if one.stance == "declines")
    assert refusal.incident == ("" if more else found.incidents[0].id)
    assert len(found.incidents) == (2 if more else 1)

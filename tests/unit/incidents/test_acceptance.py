"""A story of an invented place, accepted, edited and rejected; then its reworded copy."""

import hashlib

import pytest

from record_builder import AT, Records
from tocsin.incidents.acceptance import accepted
from tocsin.incidents.attribution import NOT_ATTRIBUTED, attribution
from tocsin.incidents.dependants import flags, owed
from tocsin.incidents.draft import (
    AmendmentItem,
    ConflictItem,
    Draft,
    IncidentItem,
    Origin,
    SourceItem,
    StatementItem,
    sealed,
)
from tocsin.model.errors import TocsinError
from tocsin.model.record import Amendment, Conflict, Decision, Evidence, Incident, Record, Source, Statement
from tocsin.model.statement import Stance

STORY = (
    "VELMORA, 3 March (Harbor Wire) - (Corrects the year of the raid to 2029, not 2028) A drone fell on the northern"
    " mole on Sunday, said a port guard who asked not to be named. Col. Ada Brandt of the harbour office said The Guild"
    " had sent it. She would not say where it took off. The raid on the lighthouse was in March 2029. Two fishing boats"
    " were towed out of the basin while the fire brigade looked for parts, and the mole stays closed until Tuesday."
)
COPY = (
    "A drone came down on the northern mole on Sunday, said a port guard who asked not to be named. Col. Ada Brandt of"
    " the harbour office said The Guild had sent it. She declined to say where it took off. The raid on the lighthouse"
    " was in March 2028. Two fishing boats were towed out of the harbour while the fire brigade looked for parts, and"
    " the mole remains closed until Tuesday noon."
)


def span(text: str, words: str) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


def draft_of(text: str, publisher: str, refusal: str, raid: str) -> Draft:
    incident = IncidentItem("i", "A drone fell on the mole", "drone", "2030-03-03", place="northern mole", count=1)
    guard, said = span(text, "on the northern mole on Sunday"), span(text, "The Guild had sent it")
    statements = [
        StatementItem("s1", "a port guard", Stance.ASSERTS, incident="i", span=guard, anonymous=True),
        StatementItem("s2", "Col. Ada Brandt", Stance.ASSERTS, incident="i", span=said, names_actor="The Guild"),
        StatementItem("s3", "Col. Ada Brandt", Stance.DECLINES, incident="i", span=span(text, refusal)),
        StatementItem("s4", "not stated", Stance.CONTEXT, span=span(text, raid)),
    ]
    return Draft(
        Origin("story.txt", hashlib.sha256(text.encode()).hexdigest(), publisher, "2030-03-03"),
        (SourceItem("Col. Ada Brandt", "official", organisation="harbour office"),),
        sealed([incident]),
        sealed(statements),
    )


def taken(records: Records, draft: Draft, text: str) -> list[Record]:
    first = len(records.graph) + 1 + (len(records.graph) == 0)
    found = accepted(records.graph, draft, text, first)
    return records.store.append(found.bodies, "ann", records.key, AT)


@pytest.fixture
def first() -> Draft:
    draft = draft_of(
        STORY, "Harbor Wire", "She would not say where it took off", "The raid on the lighthouse was in March 2029"
    )
    notice = AmendmentItem("a1", "s4", "2028", "2029", span=span(STORY, "Corrects the year"), notify=("desk",))
    clash = ConflictItem("c1", "3 March 2030 is a Sunday; the story agrees", ("s1",))
    return Draft(draft.origin, draft.sources, draft.incidents, draft.statements, sealed([notice]), sealed([clash]))


def bodies(records: list[Record], kind: type) -> list[object]:
    return [record.body for record in records if isinstance(record.body, kind)]


def test_a_draft_becomes_records(first: Draft) -> None:
    records = Records()
    made = taken(records, first, STORY)
    guard, brandt = (one for one in bodies(made, Source) if one.name != "Harbor Wire")  # type: ignore[attr-defined]
    assert (guard.anonymous, brandt.organisation, brandt.kind) == (True, "harbour office", "official")  # type: ignore[attr-defined]
    (text,) = bodies(made, Evidence)
    assert text.text == STORY  # type: ignore[attr-defined]
    statements = [one for _, one in records.graph.standing(Statement)]
    assert [one.stance for one in statements] == ["asserts", "asserts", "declines", "context"]
    assert all(STORY[slice(*one.span)] == one.quote == one.content for one in statements if one.span)
    wire = next(identity for identity, one in records.graph.of(Source) if one.name == "Harbor Wire")
    assert [one.reported_via for one in statements] == [(wire,), (wire,), (wire,), ()]
    assert statements[3].said_by == wire
    assert [(one.field, one.old, one.new) for one in bodies(made, Amendment)] == [("content", "2028", "2029")]  # type: ignore[attr-defined]
    assert len(bodies(made, Conflict)) == 1


def test_every_proposal_has_its_decision(first: Draft) -> None:
    records = Records()
    s1, s2, s3, s4 = first.statements
    decided = Draft(
        first.origin,
        first.sources,
        first.incidents,
        (
            StatementItem(**{**fields(s1), "verdict": "edited", "changed": ("stance",), "stance": Stance.WARNS}),
            StatementItem(**{**fields(s2), "verdict": "rejected", "reason": "she said the opposite"}),
            StatementItem(**{**fields(s3), "content": "does not tell the place"}),
            s4,
        ),
    )
    made = taken(records, decided, STORY)
    told = {one.proposal: one for one in bodies(made, Decision)}  # type: ignore[attr-defined]
    assert [(one.verdict, one.changed, bool(one.record)) for one in told.values()] == [  # type: ignore[attr-defined]
        ("accepted", (), True),
        ("edited", ("stance",), True),
        ("rejected", (), False),
        ("edited", (), True),
        ("accepted", (), True),
    ]
    assert told["statement[2] s2"].reason == "she said the opposite"  # type: ignore[attr-defined]
    assert len(records.graph.standing(Statement)) == 3


def fields(item: StatementItem) -> dict[str, object]:
    return {name: getattr(item, name) for name in item.__struct_fields__}


def test_a_reworded_copy_is_no_corroboration_and_is_flagged(first: Draft) -> None:
    records = Records()
    taken(records, first, STORY)
    second = draft_of(
        COPY, "Velmora Post", "She declined to say where it took off", "The raid on the lighthouse was in March 2028"
    )
    found = accepted(records.graph, second, COPY, len(records.graph) + 1)
    assert "is a copy of story.txt (Harbor Wire; " in found.notes[0]
    made = records.store.append(found.bodies, "ann", records.key, AT)
    assert len(records.graph.standing(Incident)) == 1  # the same incident, not a second one
    post = next(one for _, one in records.graph.standing(Source) if one.name == "Velmora Post")
    assert [records.graph.current(above, Source).name for above in post.upstream] == ["Harbor Wire"]
    naming = [identity for identity, one in records.graph.standing(Statement) if one.names_actor]
    assert len(naming) == 2
    for statement in naming:
        records.grade(statement, "A", 1)
    (incident,) = [identity for identity, _ in records.graph.standing(Incident)]
    records.assessment(incident, tuple(naming))
    assert attribution(records.graph, incident).text == NOT_ATTRIBUTED
    raids = [record.id for record in made if isinstance(record.body, Statement) and "2028" in record.body.content]
    assert set(raids) <= set(flags(records.graph))
    assert [one.recipient for one in owed(records.graph)] == ["desk"]


def test_one_person_is_one_source_and_every_unnamed_one_another(first: Draft) -> None:
    records = Records()
    taken(records, first, STORY)
    other = Draft(
        Origin("other.txt", "0" * 64, "Coast Radio"),
        first.sources,
        first.incidents,
        (
            StatementItem("s1", "Col. Ada Brandt", Stance.ASSERTS, "it was small", "i"),
            StatementItem("s2", "a port guard", Stance.ASSERTS, "it was large", "i", anonymous=True),
        ),
    )
    taken(records, other, "")
    names = [one.name for _, one in records.graph.standing(Source)]
    assert (names.count("Col. Ada Brandt"), names.count("a port guard")) == (1, 2)


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (StatementItem("s9", "Ada", Stance.ASSERTS, "x", incident="i7"), 'statement[1].incident: there is no "i7"'),
        (StatementItem("s9", "Ada", Stance.ASSERTS), "statement[1].content: neither content nor span"),
        (
            StatementItem("s9", "Ada", Stance.ASSERTS, span=(0, 9999)),
            "statement[1].span: [0, 9999] ends after the text",
        ),
        (StatementItem("s9", "Ada", Stance.ASSERTS, "x", depends_on=("i0",)), "statement[1].depends_on"),
    ],
)
def test_what_cannot_be_made_a_record_is_told_with_its_place(first: Draft, item: StatementItem, told: str) -> None:
    records = Records()
    with pytest.raises(TocsinError) as error:
        taken(records, Draft(first.origin, statements=(item,)), STORY)
    assert told in str(error.value)
    assert len(records.graph) == 0


def test_a_correction_of_words_that_nobody_said_is_refused(first: Draft) -> None:
    notice = AmendmentItem("a1", "s4", "1999", "1998")
    draft = Draft(first.origin, first.sources, first.incidents, first.statements, (notice,))
    with pytest.raises(TocsinError, match="amendment"):
        taken(Records(), draft, STORY)

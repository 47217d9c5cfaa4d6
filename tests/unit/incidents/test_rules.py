"""What is admitted and what is not, and that nothing that was admitted is ever overwritten."""

import pytest

from record_builder import AT, Records
from tocsin.incidents.rules import is_time
from tocsin.model.errors import TocsinError
from tocsin.model.record import (
    Amendment,
    Assessment,
    Band,
    Evidence,
    Grade,
    Hypothesis,
    Incident,
    Outcome,
    Retraction,
    Source,
    Statement,
)
from tocsin.model.statement import Stance

SHA = "0" * 64


@pytest.fixture
def records() -> Records:
    records = Records()
    records.source("Ada Brandt", "Harbour office")  # source-2
    records.incident()  # incident-3
    records.statement("source-2", "incident-3")  # statement-4
    return records


def amend(field: str, old: object, new: object, target: str = "statement-4") -> Amendment:
    return Amendment(target, "correction", field, old, new, "misheard")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (Statement("incident-3", Stance.ASSERTS, "x"), "said_by: incident-3 is no source"),
        (Statement("source-9", Stance.ASSERTS, "x"), "said_by: there is no record source-9"),
        (Statement("source-2", Stance.ASSERTS, " "), "content: must not be empty"),
        (Grade("incident-3", "A", 1, "x", "ann"), "statement: incident-3 is no statement"),
        (Outcome("incident-3", "fell", stated_in="source-2"), "stated_in: source-2 is no statement"),
        (amend("content", "never said", "x"), "old: statement-4 does not say so"),
        (amend("content", "The Guild", "The Guild"), "new: is what it said before"),
        (amend("attribution", "x", "y", "incident-3"), "a incident has no attribution"),
        (amend("stance", "asserts", "shouts"), "new: Invalid enum value"),
        (amend("names_actor", "The Guild", "The League"), "never made to name another actor"),
        (amend("said_by", "source-2", "incident-3"), "said_by: incident-3 is no source"),
        (Retraction("author-1", "x"), "target: author-1 is no"),
        (Retraction("statement-4", " "), "reason: must not be empty"),
        (Retraction("statement-4", "x", replaced_by="source-2"), "replaced_by: must be of the target's type"),
        (Amendment("author-1", "correction", "name", "ann", "eve", "x"), "target: author-1 is no"),
    ],
)
def test_refused(records: Records, body: object, reason: str) -> None:
    before = len(records.graph)
    with pytest.raises(TocsinError, match=reason):
        records.add(body)  # type: ignore[arg-type]
    assert len(records.graph) == before


def test_a_time_is_in_utc(records: Records) -> None:
    for time in ("2031-02-03", "2031-02-03T19:40:00+02:00", "2031-02-03T19:40:00", "yesterday", ""):
        assert not is_time(time)
        with pytest.raises(TocsinError, match="recorded_at"):
            records.store.append([Incident("x")], "ann", records.key, time)
    assert is_time(AT)


def test_a_correction_changes_what_is_current_and_keeps_what_was_said(records: Records) -> None:
    amendment = records.add(amend("content", "The Guild sent", "The Guild may have sent"))
    assert records.graph.current("statement-4", Statement).content == "The Guild may have sent them"
    body = records.graph.record("statement-4").body
    assert isinstance(body, Statement)
    assert body.content == "The Guild sent them"
    records.add(Retraction(amendment, "was right the first time"))
    assert records.graph.current("statement-4", Statement).content == "The Guild sent them"


def test_a_second_correction_speaks_of_the_first(records: Records) -> None:
    records.add(amend("content", "The Guild", "The League"))
    with pytest.raises(TocsinError, match="does not say so"):
        records.add(amend("content", "The Guild", "The Order"))
    records.add(amend("content", "The League", "The Order"))
    assert records.graph.current("statement-4", Statement).content == "The Order sent them"


def test_a_story_that_carries_its_own_notice_is_amended_without_change(records: Records) -> None:
    records.add(Statement("source-2", Stance.CONTEXT, "built in 2020"))
    records.add(amend("content", "2021", "2020", "statement-5"))
    assert records.graph.current("statement-5", Statement).content == "built in 2020"


def test_words_that_occur_twice_must_be_told_apart(records: Records) -> None:
    records.add(Statement("source-2", Stance.CONTEXT, "one here, one there"))
    with pytest.raises(TocsinError, match="does not say so"):
        records.add(amend("content", "one", "two", "statement-5"))


def test_a_stance_is_softened_and_never_hardened(records: Records) -> None:
    records.add(amend("stance", "asserts", "declines"))
    with pytest.raises(TocsinError, match="never turned into asserts"):
        records.add(amend("stance", "declines", "asserts"))


def test_upstream_grows_and_never_shrinks(records: Records) -> None:
    records.add(amend("upstream", [], [records.source("Harbor Wire")], "source-2"))
    with pytest.raises(TocsinError, match="never shrink"):
        records.add(amend("upstream", ["source-5"], [], "source-2"))


def test_what_was_retracted_is_history(records: Records) -> None:
    retraction = records.add(Retraction("statement-4", "withdrawn"))
    for body in (Retraction("statement-4", "again"), amend("content", "The Guild", "x"), Retraction(retraction, "x")):
        with pytest.raises(TocsinError):
            records.add(body)
    assert not records.graph.stands("statement-4")
    assert records.graph.current("statement-4", Statement).content == "The Guild sent them"


def test_an_assessment_rests_on_its_own_incident(records: Records) -> None:
    other = records.incident("Elsewhere")
    with pytest.raises(TocsinError, match=f"statement-4 is not about {other}"):
        records.add(Assessment(other, "Who?", (Hypothesis("x", Band.LIKELY),), "ann", ("statement-4",)))


@pytest.mark.parametrize(
    ("span", "quote", "reason"), [((3, 99), "", "outside the text"), ((0, 5), "drone", "not what stands")]
)
def test_a_span_lies_in_its_text_and_quotes_it(
    records: Records, span: tuple[int, int], quote: str, reason: str
) -> None:
    text = records.add(Evidence(SHA, "text/plain", text="A drone fell."))
    good = Statement("source-2", Stance.ASSERTS, "fell", span=(2, 7), quote="drone", evidence=(text,))
    records.add(good)
    with pytest.raises(TocsinError, match=reason):
        records.add(Statement("source-2", Stance.ASSERTS, "x", span=span, quote=quote, evidence=(text,)))


def test_an_incident_has_no_field_for_who_did_it() -> None:
    telling = {"actor", "attribution", "attributed_to", "perpetrator", "responsible", "sender"}
    assert not telling & (
        set(Incident.__struct_fields__) | set(Source.__struct_fields__) | set(Outcome.__struct_fields__)
    )

"""Who may be told what: nothing without a release, to the public nothing ungraded, no name by what is held back."""

import pytest

from record_builder import Records
from tocsin.incidents.account import Account
from tocsin.incidents.release import NOTHING_RELEASED, level_of, released
from tocsin.incidents.report import html, markdown, text
from tocsin.model.record import Evidence, Level, Outcome, Release, Retraction
from tocsin.model.statement import Stance

HEAD = "00" * 32


@pytest.fixture
def records() -> Records:
    return Records()


def told(records: Records, incident: str, audience: Level) -> Account:
    return released(records.graph, incident, HEAD, audience)


def release(records: Records, statement: str, level: Level) -> str:
    return records.add(Release(statement, level, "agreed with the mayor"))


def test_without_a_release_a_statement_is_internal_and_the_last_one_counts(records: Records) -> None:
    incident = records.incident()
    said = records.statement(records.source("the mayor"), incident)
    assert level_of(records.graph, said) == "internal"
    release(records, said, "public")
    later = release(records, said, "partners")
    assert level_of(records.graph, said) == "partners"
    records.add(Retraction(later, "too careful"))
    assert level_of(records.graph, said) == "public"


def test_each_audience_gets_what_was_released_to_it_and_the_public_what_is_graded(records: Records) -> None:
    incident = records.incident()
    sources = [records.source(name) for name in ("the mayor", "a pilot", "a clerk", "a guard")]
    graded, ungraded, partly, held = (records.statement(source, incident) for source in sources)
    for statement, level in ((graded, "public"), (ungraded, "public"), (partly, "partners")):
        release(records, statement, level)  # type: ignore[arg-type]
    for statement in (graded, partly, held):
        records.grade(statement)
    shown = {
        level: [one.id for one in told(records, incident, level).said] for level in ("public", "partners", "internal")
    }  # type: ignore[arg-type]
    assert shown == {
        "public": [graded],
        "partners": [graded, ungraded, partly],
        "internal": [graded, ungraded, partly, held],
    }


def test_what_was_withdrawn_after_its_release_stays_in_sight(records: Records) -> None:
    incident = records.incident()
    said = records.statement(records.source("the mayor"), incident)
    records.grade(said)
    release(records, said, "public")
    records.add(Retraction(said, "it was a gull"))
    page = markdown(told(records, incident, "public"))
    assert "**withdrawn** (it was a gull" in page


def test_nobody_is_named_to_whom_what_bears_it_out_may_not_be_told(records: Records) -> None:
    incident = records.incident()
    statements = tuple(records.statement(records.source(name), incident) for name in ("the mayor", "a pilot"))
    for one in statements:
        records.grade(one)
    records.assessment(incident, statements)
    assert told(records, incident, "internal").attribution.actors == ("The Guild",)
    release(records, statements[0], "public")
    public = told(records, incident, "public")
    assert (public.attribution.text, public.attribution.actors, public.attribution.missing) == (
        "not attributed",
        (),
        (),
    )
    assert "Who did it" in public.not_known
    release(records, statements[1], "public")
    assert told(records, incident, "public").attribution.actors == ("The Guild",)


def test_nothing_is_told_of_an_incident_of_which_nothing_may_be(records: Records) -> None:
    incident = records.incident("Drones over the vault")
    said = records.statement(records.source("a guard"), incident)
    records.add(Outcome(incident, "fell into the vault", stated_in=said))
    records.add(Evidence("ab" * 32, "text/plain", text="secret"))
    for write in (text, html, markdown):
        page = write(told(records, incident, "public"))
        assert NOTHING_RELEASED in page and "Nothing that was said may be told." in page
        assert "vault" not in page and "guard" not in page and "secret" not in page


def test_who_would_not_say_is_told_and_what_is_not_known(records: Records) -> None:
    incident = records.incident()
    records.statement(records.source("a spokesman"), incident, stance=Stance.DECLINES)
    whole = told(records, incident, "internal")
    assert whole.unsaid == ("a spokesman would not say: The Guild sent them",)
    assert whole.not_known == (
        "Where it happened",
        "How many objects there were",
        "Who did it",
        "How it ended",
        "How far any of the statements can be relied on: not graded",
    )

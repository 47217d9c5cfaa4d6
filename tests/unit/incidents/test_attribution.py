"""An actor is named by the rule alone: worked cases, and random graphs that a plain reading of the rule judges."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from record_builder import Records
from tocsin.incidents.attribution import NOT_ATTRIBUTED, attribution
from tocsin.incidents.graph import Graph
from tocsin.incidents.report import account_of, html, text
from tocsin.model.errors import TocsinError
from tocsin.model.record import Amendment, Assessment, Band, Grade, Hypothesis, Retraction, Source, Statement, type_name
from tocsin.model.statement import Stance

ACTORS = ["The Guild", "The League"]


def two_sources(records: Records) -> tuple[str, str, str]:
    """An incident with two graded statements that are independent."""
    incident = records.incident()
    first = records.statement(records.source("Ada Brandt", "Harbour office"), incident)
    second = records.statement(records.source("Jon Marek", "Air ministry"), incident)
    for statement in (first, second):
        records.grade(statement, "C", 3)
    return incident, first, second


def test_two_independent_graded_assertions_name_an_actor() -> None:
    records = Records()
    incident, first, second = two_sources(records)
    assert attribution(records.graph, incident).text == NOT_ATTRIBUTED
    records.assessment(incident, (first, second))
    found = attribution(records.graph, incident)
    assert found.text == "The Guild: likely (55 to 80 %), as assessed by ann."
    assert found.actors == ("The Guild",)
    assert found.rests_on == (first, second)


@pytest.mark.parametrize("stance", [stance for stance in Stance if stance is not Stance.ASSERTS])
def test_no_other_stance_counts(stance: Stance) -> None:
    records = Records()
    incident, first, _ = two_sources(records)
    other = records.statement(records.source("Mia Holt", "Police"), incident, stance=stance)
    records.grade(other, "A", 1)
    records.assessment(incident, (first, other))
    found = attribution(records.graph, incident)
    assert (found.text, found.missing) == (
        NOT_ATTRIBUTED, ("one statement only that asserts it and is graded C3 or better",),
    )  # fmt: skip


@pytest.mark.parametrize(("reliability", "credibility"), [("D", 1), ("C", 4), ("F", 3), ("A", 6), ("E", 5)])
def test_a_worse_grade_does_not_count_even_beside_a_better_one(reliability: str, credibility: int) -> None:
    records = Records()
    incident, first, second = two_sources(records)
    records.grade(second, reliability, credibility)
    records.assessment(incident, (first, second))
    assert attribution(records.graph, incident).text == NOT_ATTRIBUTED


def test_one_voice_in_two_papers_is_one() -> None:
    records = Records()
    incident = records.incident()
    papers = [records.source("Harbor Wire"), records.source("Velmora Post")]
    speakers = [records.source("Ada Brandt"), records.source("Col. Ada Brandt")]
    said = []
    for speaker, paper in zip(speakers, papers, strict=True):
        body = Statement(speaker, Stance.ASSERTS, "x", incident, names_actor="The Guild", reported_via=(paper,))
        said.append(records.add(body))
        records.grade(said[-1])
    records.assessment(incident, tuple(said))
    assert "may be one source" in attribution(records.graph, incident).missing[0]


@pytest.mark.parametrize("what", ["statement", "grade", "assessment", "softened", "incident"])
def test_what_is_taken_back_takes_the_name_back(what: str) -> None:
    records = Records()
    incident, first, second = two_sources(records)
    grade = next(record.id for record, _ in records.graph.referrers(first) if type_name(record.body) == "grade")
    assessment = records.assessment(incident, (first, second))
    assert attribution(records.graph, incident).actors
    other = records.incident("Elsewhere")
    bodies = {
        "statement": Retraction(first, "misheard"),
        "grade": Retraction(grade, "too kind"),
        "assessment": Retraction(assessment, "too early"),
        "softened": Amendment(first, "correction", "stance", "asserts", "assumes", "he said he assumed so"),
        "incident": Amendment(first, "correction", "incident", incident, other, "spoke of the other one"),
    }
    records.add(bodies[what])  # type: ignore[arg-type]
    assert attribution(records.graph, incident).text == NOT_ATTRIBUTED


def test_a_softening_that_is_taken_back_does_not_harden_the_statement_again() -> None:
    records = Records()
    incident, first, second = two_sources(records)
    records.assessment(incident, (first, second))
    softened = records.add(Amendment(first, "correction", "stance", "asserts", "assumes", "he said he assumed so"))
    records.add(Retraction(softened, "he did assert it"))
    assert records.graph.current(first, Statement).stance is Stance.ASSERTS
    assert attribution(records.graph, incident).text == NOT_ATTRIBUTED


def test_a_later_assessment_of_the_same_analyst_replaces_the_earlier() -> None:
    records = Records()
    incident, first, second = two_sources(records)
    records.assessment(incident, (first, second))
    records.add(Assessment(incident, "who sent them?", (Hypothesis("not known", Band.LIKELY),), "ann"))
    assert attribution(records.graph, incident).text == NOT_ATTRIBUTED


def test_who_declined_stands_beside_not_attributed() -> None:
    records = Records()
    incident = records.incident()
    records.statement(records.source("Ada Brandt"), incident, stance=Stance.DECLINES)
    records.statement(records.source("Ada Brandt"), incident, stance=Stance.ASSUMES)
    found = attribution(records.graph, incident)
    assert found.missing == (
        "nobody has assessed it; Ada Brandt declined to say; Ada Brandt assumes, which is no assertion",
    )


def test_an_assessment_cannot_name_an_actor_in_passing() -> None:
    records = Records()
    incident, first, _ = two_sources(records)
    records.assessment(incident, (first,))
    loose = (Hypothesis("a launch by the guild from the dunes", Band.VERY_LIKELY),)
    records.add(Assessment(incident, "Where did they start?", loose, "bob"))
    records.add(Assessment(incident, "Who, then?", (Hypothesis("friends of the mayor", Band.LIKELY),), "bob"))
    harmless = (Hypothesis("from the sea", Band.EVEN),)
    records.add(Assessment(incident, "From where?", harmless, "bob"))
    account = account_of(records.store, incident)
    assert [one.question for one in account.assessments] == ["From where?"]
    for written in (text(account), html(account)):
        assert "from the dunes" not in written
        assert "friends of the mayor" not in written
        assert "roughly even chance (45 to 55 %)" in written


PICK = st.integers(0, 9)
STEPS = st.one_of(
    st.tuples(st.just("source"), st.integers(0, 5), st.integers(0, 3), st.booleans(), st.lists(PICK, max_size=2)),
    st.tuples(st.just("statement"), PICK, PICK, st.booleans(), st.sampled_from(list(Stance))),
    st.tuples(st.just("assertion"), PICK, st.integers(0, 2), st.sampled_from("ABCCD"), st.integers(1, 4)),
    st.tuples(st.just("assessment"), st.sets(PICK, min_size=2, max_size=5), st.integers(0, 1), st.integers(0, 3)),
    st.tuples(st.just("amend"), PICK, st.sampled_from(list(Stance)), st.integers(0, 2)),
    st.tuples(st.just("rename"), PICK, st.integers(0, 5), st.integers(0, 3)),
    st.tuples(st.just("retract"), st.integers(0, 60)),
)
NAMES = ["Ada Brandt", "Brandt", "Jon Marek", "an official", "Harbor Wire", "Mia Holt"]
ORGANISATIONS = ["", "Harbour office", "Air ministry", "Police"]


class Newsroom:
    """Two incidents, three sources and what random steps add; numbers pick from what is there."""

    def __init__(self) -> None:
        self.records = Records()
        self.incidents = [self.records.incident("First"), self.records.incident("Second")]
        self.sources = [self.records.source(NAMES[i], ORGANISATIONS[k]) for i, k in ((0, 1), (2, 2), (5, 3))]
        self.statements: list[str] = []
        self.step("assertion", 0, 0, "B", 2)

    def step(self, kind: str, *numbers: Any) -> None:
        try:
            getattr(self, kind)(*numbers)
        except TocsinError:
            event(f"refused: {kind}")

    def source(self, name: int, organisation: int, anonymous: bool, upstream: list[int]) -> None:
        above = tuple(dict.fromkeys(self.sources[i % len(self.sources)] for i in upstream))
        body = Source("official", NAMES[name], anonymous, ORGANISATIONS[organisation], upstream=above)
        self.sources.append(self.records.add(body))

    def statement(self, source: int, via: int, second: bool, stance: Stance) -> None:
        speaker, outlet = (self.sources[i % len(self.sources)] for i in (source, via))
        place = self.incidents[second]
        body = Statement(speaker, stance, "said so", place, names_actor=ACTORS[0], reported_via=(outlet,))
        self.statements.append(self.records.add(body))
        self.records.grade(self.statements[-1])

    def assertion(self, source: int, actor: int, reliability: str, credibility: int) -> None:
        speaker = self.sources[source % len(self.sources)]
        self.statements.append(self.records.statement(speaker, self.incidents[0], ["", *ACTORS][-1 - actor % 2]))
        self.records.grade(self.statements[-1], reliability, credibility)

    def assessment(self, statements: set[int], incident: int, actor: int) -> None:
        place = self.incidents[incident]
        chosen = dict.fromkeys(self.statements[i % len(self.statements)] for i in sorted(statements))
        own = [one for one in chosen if self.records.graph.current(one, Statement).incident == place]
        self.records.assessment(place, tuple(own), ACTORS[actor % 2])

    def amend(self, number: int, stance: Stance, actor: int) -> None:
        target = self.statements[number % len(self.statements)]
        body = self.records.graph.current(target, Statement)
        if actor:
            self.records.add(Amendment(target, "correction", "stance", body.stance, stance, "x"))
        else:
            self.records.add(Amendment(target, "correction", "names_actor", body.names_actor, ACTORS[number % 2], "x"))

    def rename(self, number: int, name: int, organisation: int) -> None:
        target = self.sources[number % len(self.sources)]
        body = self.records.graph.current(target, Source)
        self.records.add(
            Amendment(target, "correction", "organisation", body.organisation, ORGANISATIONS[organisation], "x")
        )
        self.records.add(Amendment(target, "correction", "name", body.name, NAMES[name], "x"))

    def retract(self, number: int) -> None:
        self.records.add(Retraction(list(self.records.graph)[number % len(self.records.graph)].id, "x"))


@settings(max_examples=300, deadline=None)
@given(st.lists(STEPS, max_size=25))
def test_no_sequence_of_records_names_an_actor_without_the_rule_or_overwrites(steps: list[tuple[Any, ...]]) -> None:
    newsroom = Newsroom()
    kept: list[bytes] = []
    for step in [*steps, ("assessment", set(range(10)), 0, 0), ("assessment", set(range(10)), 0, 1)]:
        newsroom.step(*step)
        store = newsroom.records.store
        stored = [store.entry(seq).signed for seq in range(1, len(store.graph) + 1)]
        assert stored[: len(kept)] == kept
        kept = stored
        for incident in newsroom.incidents:
            found = attribution(store.graph, incident)
            event(f"named: {bool(found.actors)}")
            assert found.actors or found.text == NOT_ATTRIBUTED
            for actor in ACTORS:
                assert (actor in found.text) == (actor in found.actors)
                assert actor not in found.actors or allowed(store.graph, incident, actor)


def allowed(graph: Graph, incident: str, actor: str) -> bool:
    """What the rule demands at least, read from the records one by one without the code under test."""
    log: list[tuple[str, Any]] = [(record.id, record.body) for record in graph]
    gone = {body.target for _, body in log if isinstance(body, Retraction)}
    touched = {
        body.target for _, body in log if isinstance(body, Amendment) and body.field in ("stance", "names_actor")
    }
    good = []
    for identity, body in log:
        if isinstance(body, Statement) and identity not in gone | touched:
            grades = [
                one for name, one in log if isinstance(one, Grade) and one.statement == identity and name not in gone
            ]
            graded = bool(grades) and all(one.reliability in "ABC" and one.credibility <= 3 for one in grades)
            if graded and (body.stance, body.names_actor, body.incident) == ("asserts", actor, incident):
                good.append((identity, body))
    named = {
        statement
        for identity, body in log
        if isinstance(body, Assessment) and identity not in gone and body.incident == incident
        for statement in body.statements_for
        if any(one.actor == actor for one in body.hypotheses)
    }
    return any(
        not ancestors(graph, one) & ancestors(graph, other)
        for (first, one), (second, other) in combinations(good, 2)
        if {first, second} <= named
    )


def ancestors(graph: Graph, statement: Statement) -> set[str]:
    """The first sources a statement goes back to, as first recorded."""
    found, pending = set[str](), [statement.said_by, *statement.reported_via]
    while pending:
        identity = pending.pop()
        body: Any = graph.record(identity).body
        pending += body.upstream
        found |= set() if body.upstream else {identity}
    return found

"""Statements that could be wrong for one reason are not two."""

import pytest

from record_builder import Records
from tocsin.incidents.independence import dependence, lineage
from tocsin.model.record import Amendment, Evidence, Source, Statement
from tocsin.model.statement import Stance

STORY = " ".join(f"word{i}" for i in range(200))
REWORDED = " ".join(f"word{i}" if i % 4 else f"other{i}" for i in range(200))
OWN = " ".join(f"own{i}" for i in range(200))


def said(
    records: Records, source: str, via: tuple[str, ...] = (), text: str = "", depends: tuple[str, ...] = ()
) -> str:
    incident = next((one for one, _ in records.graph.of(Source)), "")
    evidence = (records.add(Evidence("0" * 64, "text/plain", text=text)),) if text else ()
    assert incident
    body = Statement(source, Stance.ASSERTS, "x", reported_via=via, evidence=evidence, depends_on=depends)
    return records.add(body)


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (("Ada Brandt", ""), ("Jon Marek", ""), ""),
        (("Ada Brandt", "Police"), ("Jon Marek", "Air ministry"), ""),
        (("Ada Brandt", ""), ("Brandt", ""), "may be one source"),
        (("Ada Brandt", "Police"), ("Jon Marek", "the police"), "both speak for Police"),
        (("the Police", ""), ("Jon Marek", "Police"), "may be one source"),
        (("Air ministry", ""), ("a spokesman of the Air Ministry", ""), "may be one source"),
    ],
)
def test_named_speakers(first: tuple[str, str], second: tuple[str, str], reason: str) -> None:
    records = Records()
    one, other = (said(records, records.source(*names)) for names in (first, second))
    found = dependence(records.graph, one, other)
    assert reason in found if reason else not found


@pytest.mark.parametrize(
    ("organisation", "other", "independent"),
    [("", "", False), ("Police", "", False), ("Police", "police", False), ("Police", "Air ministry", True)],
)
def test_an_unnamed_speaker_may_be_anybody_of_the_same_organisation(
    organisation: str, other: str, independent: bool
) -> None:
    records = Records()
    first = said(records, records.source("an official", organisation, anonymous=True))
    second = said(records, records.source("Jon Marek", other))
    third = said(records, records.source("another official", other, anonymous=True))
    assert (not dependence(records.graph, first, second)) is independent
    assert (not dependence(records.graph, first, third)) is independent


def test_what_came_through_one_outlet_falls_with_it() -> None:
    records = Records()
    agency = records.add(Source("agency", "Harbor Wire"))
    paper = records.source("Velmora Post", upstream=(agency,))
    ann, jon = records.source("Ada Brandt", "Police"), records.source("Jon Marek", "Air ministry")
    first, second, direct = said(records, ann, (agency,)), said(records, jon, (paper,)), said(records, jon)
    assert lineage(records.graph, second) == {jon, paper, agency}
    assert dependence(records.graph, first, second) == "both came through Harbor Wire"
    assert not dependence(records.graph, first, direct)


def test_a_reworded_copy_is_a_copy() -> None:
    records = Records()
    ann, jon = records.source("Ada Brandt", "Police"), records.source("Jon Marek", "Air ministry")
    story, copy, own = said(records, ann, text=STORY), said(records, jon, text=REWORDED), said(records, jon, text=OWN)
    assert "one is a copy of the other (25% of its three-word runs)" in dependence(records.graph, story, copy)
    assert not dependence(records.graph, story, own)


def test_what_rests_on_the_other_is_not_independent() -> None:
    records = Records()
    ann, jon = records.source("Ada Brandt", "Police"), records.source("Jon Marek", "Air ministry")
    first = said(records, ann)
    second = said(records, records.source("Mia Holt", "Coast guard"), depends=(first,))
    third = said(records, jon, depends=(second,))
    assert (
        dependence(records.graph, first, third) == dependence(records.graph, third, first) == "one rests on the other"
    )


def test_no_correction_makes_two_of_one() -> None:
    records = Records()
    ann, other = records.source("Ada Brandt", "Police"), records.source("A. Brandt", "Police")
    first, second = said(records, ann), said(records, other)
    records.add(Amendment(other, "correction", "name", "A. Brandt", "Jon Marek", "misheard"))
    records.add(Amendment(other, "correction", "organisation", "Police", "Air ministry", "misheard"))
    assert dependence(records.graph, first, second)


def test_sources_that_copy_each_other_are_one() -> None:
    records = Records()
    one = records.source("Velmora Post")
    other = records.source("Harbor Wire", upstream=(one,))
    records.add(Amendment(one, "correction", "upstream", [], [other], "it copies, too"))
    assert lineage(records.graph, said(records, one)) & lineage(records.graph, said(records, other))

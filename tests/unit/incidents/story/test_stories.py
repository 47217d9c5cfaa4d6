"""Whole stories of different shapes, all invented: wire, local paper, ministry, airport, a flash corrected."""

from pathlib import Path

import pytest

from tocsin.incidents.story.parser import load
from tocsin.incidents.story.read_story import read_story
from tocsin.incidents.story.reading import Reading

STORIES = Path(__file__).parent / "stories"
# Speaker and stance of every statement in order; "-" is the writer.
EXPECTED = {
    "harbor-wire": """
        a port official asserts | Tomas Aldery, a net mender asserts | The Ministry of Ports asserts
        The Ministry of Ports declines | Colonel Ada Brandt asserts | Colonel Ada Brandt declines
        Another official assumes | Another official declines | The Northern League denies | Its spokesman warns
        - context
    """,
    "local-paper": """
        - asserts | Harbour master Pia Venn asserts | Harbour master Pia Venn asserts | - context | One of them asserts
        the police asserts | Sergeant Ivo Hald assumes | The ferry company declines
    """,
    "ministry-statement": """
        The Ministry of Ports asserts | - context | The Ministry of Ports denies | The Minister, Oda Lund asserts
        The Ministry of Ports declines
    """,
    "airport-notice": """
        - asserts | - context | The airport asserts | duty manager Rolf Aker asserts | - context | They declines
    """,
    "wire-flash": """
        the harbour guard asserts | the hospital asserts | - context | the harbour guard asserts
        The Northern League threatens | Analysts assumes | Col. Ada Brandt asserts | the mayor warns
    """,
    "anniversary": """
        the harbour guard asserts | officials asserts | officials assumes | - context | one official asserts
        another denies
    """,
    "parliament": """
        - asserts | Interior Minister Sten Falk asserts | Ports Minister Oda Lund asserts
        the guard's commander, Major Hanne Brock declines | the guard's commander, Major Hanne Brock assumes
        The opposition asserts | its leader, Ari Tamm asserts | The alliance assumes
        Interior Minister Sten Falk asserts
    """,
}


def text_of(name: str) -> str:
    return (STORIES / f"{name}.txt").read_text("utf-8")


def stances(reading: Reading) -> list[str]:
    writer = {"not stated": "-"}
    return [f"{writer.get(one.speaker, one.speaker)} {one.stance.value}" for one in reading.statement]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_statement_of_a_story(name: str) -> None:
    expected = [part.strip() for line in EXPECTED[name].strip().splitlines() for part in line.split("|")]
    assert stances(read_story(text_of(name), None, load())) == expected


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_without_a_parser_less_is_found_and_nothing_else(name: str) -> None:
    grammar = read_story(text_of(name), None, load())
    plain = read_story(text_of(name), None, None)
    known = {(one.speaker, one.stance) for one in grammar.statement} | {("not stated", "context")}
    found = [one for one in plain.statement if (one.speaker, one.stance) in known]
    assert len(found) >= len(plain.statement) - 1
    assert 2 * len(found) >= len(grammar.statement)


def test_days_places_and_numbers_of_a_ministry() -> None:
    reading = read_story(text_of("ministry-statement"), None, load())
    (incident,) = reading.incident
    assert (incident.kind, incident.date) == ("drone", "2026-03-03")
    assert [(thing.count, thing.what) for thing in incident.objects] == [(3, "unmanned aircraft")]
    assert (reading.source.city, reading.source.date) == ("Velmora", "2026-03-04")


def test_a_flash_with_its_correction() -> None:
    text = text_of("wire-flash")
    reading = read_story(text, None, load())
    hurt, fire = reading.amendment
    assert (hurt.old, hurt.new, hurt.paragraph) == ("five", "three", 2)
    corrected = next(one for one in reading.statement if one.id == hurt.statement)
    assert corrected.content == "Three people were hurt"
    assert (fire.kind, fire.old, fire.statement) == ("withdrawal", "a fire", "")


def test_an_anniversary_finds_the_year() -> None:
    reading = read_story(text_of("anniversary"), None, load())
    assert reading.source.year == 2026
    assert "10th anniversary of 1 March 2016" in reading.source.year_reason
    assert reading.incident[0].date == "2026-03-02"
    assert reading.conflict[0].kind == "statement"


def test_two_ministers_count_differently() -> None:
    reading = read_story(text_of("parliament"), None, load())
    (conflict,) = reading.conflict
    assert conflict.reason == "Interior Minister Sten Falk counts 2 drones, Ports Minister Oda Lund 3 drones"


def test_credits_headline_and_agency_are_no_statements() -> None:
    reading = read_story(text_of("harbor-wire"), None, load())
    assert reading.source.agency == "Harbor Wire"
    assert reading.source.credits == ("(Reporting by Mara Quist in Velmora; Editing by Jon Pell)",)
    assert read_story(text_of("local-paper"), None, load()).source.headline.startswith("Ferry stopped")

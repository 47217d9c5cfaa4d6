"""A report shows what is known, who said it and what was corrected where it stood; no record forges a line of it."""

import re

import pytest
from lxml import html as parser

from record_builder import Records
from tocsin.incidents.dependants import owed
from tocsin.incidents.report import account_of, html, text
from tocsin.model.errors import TocsinError
from tocsin.model.record import (
    Amendment,
    Conflict,
    Custody,
    Delivery,
    Evidence,
    Incident,
    Outcome,
    Retraction,
    Statement,
)
from tocsin.model.statement import Stance

SHA = "0" * 64


@pytest.fixture
def records() -> Records:
    records = Records()
    records.source("Ada Brandt")  # source-2
    records.source("a port guard", anonymous=True)  # source-3
    how = (Custody("Tocsin", "2031-02-03T19:41:00Z", "estimated from east-radar; 95 % within 21 m"),)
    records.add(Evidence(SHA, "application/x-tocsin-track", text="Track T4: probable drone", custody=how))  # evidence-4
    records.add(
        Incident("A drone over the mole", "drones", count=3, evidence=("evidence-4",), exercise=True)
    )  # incident-5
    records.add(Statement("source-2", Stance.DECLINES, "would not say whose it was", "incident-5"))  # statement-6
    records.add(Statement("source-3", Stance.ASSERTS, "three drones, at noon", "incident-5"))  # statement-7
    return records


def both(records: Records, incident: str = "incident-5") -> tuple[str, str]:
    account = account_of(records.store, incident)
    page = parser.fromstring(html(account))
    return text(account), re.sub(r"\s+", " ", page.text_content())


def test_everything_has_its_place(records: Records) -> None:
    records.grade("statement-7", "C", 3)
    records.add(Conflict(("statement-6", "statement-7"), "12:00 is not 19:40", "incident-5"))
    records.add(Outcome("incident-5", "lost", "T4"))
    records.add(Delivery("mayor", "A drone over the mole", ("incident-5",), SHA, SHA))
    for shown in both(records):
        for words in (
            "Exercise" if "EXERCISE" not in shown else "EXERCISE",
            "not attributed",
            "Ada Brandt declined to say",
            "unnamed",
            "three drones, at noon",
            "C3 by ann (known for years)",
            "12:00 is not 19:40",
            "T4: lost",
            "estimated from east-radar; 95 % within 21 m",
            SHA,
            "mayor: A drone over the mole",
            account_of(records.store, "incident-5").head,
        ):
            assert words in shown


def test_a_correction_stands_where_the_old_text_was(records: Records) -> None:
    records.add(
        Amendment("statement-7", "correction", "content", "three drones", "two drones", "the guard counted anew")
    )
    records.add(Amendment("incident-5", "correction", "count", 3, 2, "see the statement"))
    account = account_of(records.store, "incident-5")
    page = parser.fromstring(html(account))
    (article,) = page.xpath("//article[@id='statement-7']")
    assert article.xpath(".//del/text()") == ["three drones"]
    assert article.xpath(".//ins/text()") == ["two drones"]
    assert "the guard counted anew" in article.text_content()
    assert "two drones, at noon" in article.text_content()
    (row,) = page.xpath("//th[text()='Objects']/following-sibling::td")
    assert (row.xpath(".//del/text()"), row.xpath(".//ins/text()")) == (["3"], ["2"])
    assert 'CORRECTION: was "three drones", is "two drones": the guard counted anew' in text(account)


def test_what_was_withdrawn_stays_readable_and_struck_through(records: Records) -> None:
    records.add(Retraction("statement-7", "he was not there"))
    page = parser.fromstring(html(account_of(records.store, "incident-5")))
    (article,) = page.xpath("//article[@id='statement-7']")
    assert article.xpath(".//del/text()") == ["three drones, at noon"]
    assert "Withdrawn: he was not there" in article.text_content()
    assert "WITHDRAWN: he was not there" in both(records)[0]
    records.add(Retraction("incident-5", "did not happen"))
    assert all("did not happen" in shown for shown in both(records))


def test_a_changed_stance_is_told(records: Records) -> None:
    records.add(Amendment("statement-7", "correction", "stance", "asserts", "assumes", "he said he thought so"))
    for shown in both(records):
        assert "CORRECTED: stance was asserts, is assumes (he said he thought so)" in shown


def test_what_the_same_text_says_of_no_incident_stands_apart(records: Records) -> None:
    records.add(Statement("source-2", Stance.THREATENS, "there will be more", evidence=("evidence-4",)))
    account = account_of(records.store, "incident-5")
    assert [one.content.value for one in account.besides] == ["there will be more"]
    assert "there will be more" not in [one.content.value for one in account.said]
    assert all("there will be more" in shown for shown in both(records))


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "</title><h1>x",
        "nothing\nWHO DID IT: The Guild",
        "\x1b[2Jgone",
        "\u202edesrever",
        "{{ account }}",
        "a\u2028WHO DID IT: The Guild",
    ],
)
def test_no_record_forges_a_line_of_the_report(words: str) -> None:
    records = Records()
    incident = records.add(Incident(words, words, place=words, details={words: words}))
    source = records.source(words)
    statement = records.add(Statement(source, Stance.ASSERTS, words, incident, quote=words + "!", place=words))
    records.add(Amendment(statement, "correction", "place", words, "x", words))
    records.add(Conflict((statement,), words, incident))
    account = account_of(records.store, incident)
    page, plain = html(account), text(account)
    assert not parser.fromstring(page).xpath("//script|//h1[position()>1]|//body//title")
    assert len(parser.fromstring(page).xpath("//h1")) == 1
    for shown in (page, plain):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]", shown)
    assert [line for line in plain.splitlines() if line.startswith("WHO DID IT")] == [
        "WHO DID IT: not attributed (nobody has assessed it)"
    ]


def test_only_an_incident_has_an_account(records: Records) -> None:
    for identity in ("statement-6", "incident-99"):
        with pytest.raises(TocsinError):
            account_of(records.store, identity)


def test_the_page_loads_nothing_and_runs_nothing(records: Records) -> None:
    page = parser.fromstring(html(account_of(records.store, "incident-5")))
    assert not page.xpath("//script|//link|//img|//iframe|//form|//@src|//@*[starts-with(name(), 'on')]")
    assert all(target.startswith("#") for target in page.xpath("//@href"))


def test_a_report_on_a_copy_tells_of_the_original_s_correction(records: Records) -> None:
    words = "three drones came in low over the northern mole at noon and one of them fell into the basin"
    original = records.add(Statement("source-2", Stance.ASSERTS, words))
    records.add(Statement("source-3", Stance.ASSERTS, words, "incident-5"))
    before = account_of(records.store, "incident-5").included
    records.add(Delivery("mayor", "A drone over the mole", before, SHA, SHA))
    change = records.add(Amendment(original, "correction", "content", "three drones", "two drones", "counted anew"))
    assert [(one.recipient, one.change) for one in owed(records.graph)] == [("mayor", change)]
    after = account_of(records.store, "incident-5").included
    records.add(Delivery("mayor", "CORRECTED: A drone over the mole", after, SHA, SHA))
    assert owed(records.graph) == []

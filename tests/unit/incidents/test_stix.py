"""STIX 2.1 bundles, held to the OASIS library for it."""

import json
from typing import Any

import pytest
import stix2

from record_builder import Records
from tocsin.incidents.release import released
from tocsin.incidents.stix import bundle
from tocsin.model.record import Amendment, Release, Retraction
from tocsin.model.statement import Stance

HEAD = "00" * 32


@pytest.fixture
def records() -> Records:
    return Records()


def exported(records: Records, incident: str, audience: Any = "internal") -> list[dict[str, Any]]:
    genesis = records.store.hashes()[0].hex()
    made = bundle(records.graph, released(records.graph, incident, HEAD, audience), genesis)
    assert made == bundle(records.graph, released(records.graph, incident, HEAD, audience), genesis)
    parsed = stix2.parse(made.decode(), allow_custom=False)
    assert parsed.type == "bundle"
    return json.loads(made)["objects"]


def of(items: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [item for item in items if item["type"] == kind]


def test_statements_are_notes_with_stance_confidence_and_revocation(records: Records) -> None:
    incident = records.incident()
    first = records.statement(records.source("the mayor"), incident)
    second = records.statement(records.source("a spokesman"), incident, stance=Stance.DECLINES)
    records.grade(first, "B", 2)
    records.grade(first, "C", 3)
    records.add(Retraction(second, "misheard"))
    records.add(Amendment(first, "correction", "content", "The Guild sent them", "Nobody sent them", "misheard"))
    items = exported(records, incident)
    notes = of(items, "note")
    assert [(one["labels"], one["revoked"], one.get("confidence")) for one in notes] == [
        (["asserts"], False, 50),
        (["declines"], True, None),
    ]
    assert notes[0]["content"] == "Nobody sent them"
    known = {item["id"] for item in items}
    assert all(ref in known for item in items for ref in item.get("object_refs", []))
    (report,) = of(items, "report")
    assert len(report["object_refs"]) == len(items) - 1
    assert "not attributed" in report["description"]


def test_somebody_is_named_only_where_the_rule_names_them_and_the_audience_may_know(records: Records) -> None:
    incident = records.incident()
    statements = tuple(records.statement(records.source(name), incident) for name in ("the mayor", "a pilot"))
    assert not of(exported(records, incident), "relationship")
    for one in statements:
        records.grade(one)
    records.assessment(incident, statements)
    (tie,) = of(exported(records, incident), "relationship")
    assert (tie["relationship_type"], tie["confidence"]) == ("attributed-to", 67)  # "likely" is 55 to 80 %
    records.add(Release(statements[0], "public", "agreed"))
    assert not of(exported(records, incident, "public"), "relationship")
    assert len(of(exported(records, incident, "public"), "note")) == 1

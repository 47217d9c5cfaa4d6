"""The graph answers what records say after all that followed, and can take back what was not written."""

import pytest

from record_builder import Records
from tocsin.incidents.graph import REFERENCES, Graph
from tocsin.model.errors import TocsinError
from tocsin.model.record import Amendment, Body, Incident, Retraction, Source, Statement


def test_every_type_of_record_says_where_its_references_are() -> None:
    assert set(REFERENCES) == set(Body.__args__)  # type: ignore[attr-defined]
    for kind, fields in REFERENCES.items():
        assert set(fields) <= set(kind.__struct_fields__)  # type: ignore[attr-defined]


def test_forgetting_leaves_the_graph_as_it_was() -> None:
    records = Records()
    incident = records.incident()
    statement = records.statement(records.source("Ada Brandt"), incident)
    count, graph = len(records.graph), Graph(records.graph)
    graph_ids = [record.id for record in graph]
    for record in [records.add(Retraction(statement, "x")), records.incident("Later")]:
        graph.add(records.graph.record(record))
    assert not graph.stands(statement)
    graph.forget_after(count)
    assert [record.id for record in graph] == graph_ids
    assert graph.stands(statement)
    assert graph.standing(Incident) == [(incident, records.graph.current(incident, Incident))]


def test_every_version_of_a_record_can_be_had() -> None:
    records = Records()
    source = records.source("Ada Brand")
    first = records.add(Amendment(source, "correction", "name", "Ada Brand", "Ada Brandt", "x"))
    records.add(Retraction(first, "x"))
    records.add(Amendment(source, "correction", "role", "", "colonel", "x"))
    names = [(version.name, version.role) for version in records.graph.every_version(source, Source)]
    assert names == [("Ada Brand", ""), ("Ada Brandt", ""), ("Ada Brandt", "colonel"), ("Ada Brand", "colonel")]


def test_what_is_not_there_or_of_another_type_is_told() -> None:
    records = Records()
    with pytest.raises(TocsinError, match="no such record"):
        records.graph.record("statement-9")
    with pytest.raises(TocsinError, match="is no statement"):
        records.graph.current(records.incident(), Statement)

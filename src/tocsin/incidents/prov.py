"""PROV-JSON (W3C member submission 2013): where each record of an incident comes from.

Records are entities, attributed to who signed them. A statement is derived from the evidence it was read in, and its
words are attributed to who said them; an amendment makes a revision, a retraction invalidates. Attribution here is of
authorship alone: it says nothing of who did it.
"""

from typing import Any

import msgspec

from tocsin.incidents.account import Account
from tocsin.incidents.graph import Graph
from tocsin.model.record import Evidence, Incident, Source, Statement, type_name

Tables = dict[str, dict[str, Any]]


def document(graph: Graph, account: Account, genesis: str) -> bytes:
    """The document of an account, as JSON; `genesis` is the hash of the store's first record (hex)."""
    tables: Tables = {"prefix": {"tocsin": f"urn:tocsin:{genesis}:", "t": "urn:tocsin:terms:"}}
    for table in ("entity", "agent", "activity", "wasAttributedTo", "wasDerivedFrom", "wasInvalidatedBy"):
        tables[table] = {}
    shown = [account.id, *(one.id for one in account.said), *(piece.id for piece in account.evidence)]
    for identity in shown:
        _entity(graph, tables, identity)
    for identity in shown:
        body = graph.current(identity, msgspec.Struct)
        if isinstance(body, Statement):
            _speaker(graph, tables, identity, body)
        if isinstance(body, Statement | Incident):
            for evidence in body.evidence:
                if evidence in shown:
                    _tie(tables, "wasDerivedFrom", generatedEntity=identity, usedEntity=evidence)
    _changes(graph, tables, shown)
    return msgspec.json.format(msgspec.json.encode({name: rows for name, rows in tables.items() if rows}), indent=1)


def _name(identity: str) -> str:
    return f"tocsin:{identity}"


def _entity(graph: Graph, tables: Tables, identity: str) -> None:
    record = graph.record(identity)
    body = record.body
    attributes = {
        "prov:type": {"$": f"t:{type_name(body)}", "type": "prov:QUALIFIED_NAME"},
        "t:recordedAt": record.recorded_at,
    }
    if isinstance(body, Evidence):
        attributes |= {"t:sha256": body.sha256, "t:mediaType": body.media_type}
    if isinstance(body, Statement):
        attributes |= {"prov:value": body.content, "t:stance": str(body.stance)}
    if isinstance(body, Incident):
        attributes |= {"prov:label": body.title}
    tables["entity"][_name(identity)] = attributes
    author = f"author-{record.recorded_by}"
    tables["agent"].setdefault(_agent(author), {"prov:label": record.recorded_by})
    _tie(tables, "wasAttributedTo", entity=identity, agent=author)


def _agent(name: str) -> str:
    """An id that any name can have: letters that no id may hold are written as their codes."""
    return _name("".join(one if one.isalnum() and one.isascii() or one in "-_" else f".{ord(one):x}." for one in name))


def _speaker(graph: Graph, tables: Tables, identity: str, body: Statement) -> None:
    source = graph.current(body.said_by, Source)
    tables["agent"].setdefault(_agent(body.said_by), {"prov:label": source.name, "t:kind": source.kind})
    _tie(tables, "wasAttributedTo", entity=identity, agent=body.said_by)


def _changes(graph: Graph, tables: Tables, shown: list[str]) -> None:
    """What amended or took back any of the records, each as a revision or an end."""
    for identity in shown:
        for record, _ in graph.amendments(identity):
            _entity(graph, tables, record.id)
            _tie(tables, "wasDerivedFrom", generatedEntity=record.id, usedEntity=identity)
            last = list(tables["wasDerivedFrom"])[-1]
            tables["wasDerivedFrom"][last]["prov:type"] = {"$": "prov:Revision", "type": "prov:QUALIFIED_NAME"}
        taken = graph.retraction(identity)
        if taken is not None:
            tables["activity"][_name(taken.id)] = {
                "prov:startTime": taken.recorded_at,
                "prov:endTime": taken.recorded_at,
            }
            _tie(tables, "wasInvalidatedBy", entity=identity, activity=taken.id)


def _tie(tables: Tables, relation: str, **ends: str) -> None:
    ties = tables[relation]
    named = {f"prov:{role}": _agent(one) if role == "agent" else _name(one) for role, one in ends.items()}
    ties[f"_:{relation}{len(ties) + 1}"] = named

"""STIX 2.1 (OASIS): an incident as a bundle: who speaks as identities, what they say as notes, under one report.

A statement's stance is the note's label, its credibility the note's confidence by the Admiralty table of the
standard's appendix A. A withdrawn statement is revoked, an amended one modified. Who did it is an `attributed-to`
relationship only where the rule of attribution names somebody. Ids follow from the store's first record: the same
records, the same ids.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from tocsin.incidents.account import Account
from tocsin.incidents.attribution import grades_of
from tocsin.incidents.graph import Graph
from tocsin.model.record import PERCENT, Assessment, Band, Incident, Source, Statement

CREDIBILITY = {1: 90, 2: 70, 3: 50, 4: 30, 5: 10}  # STIX 2.1, appendix A; 6 cannot be judged and says nothing
_CLASSES = {"person": "individual", "official": "individual", "agency": "organization"}
Item = dict[str, Any]


def bundle(graph: Graph, account: Account, genesis: str) -> bytes:
    """The bundle of an account, as JSON; `genesis` is the hash of the store's first record (hex)."""
    names = _Names(genesis)
    objects: list[Item] = []
    shown = [one.id for one in account.said]
    speakers = dict.fromkeys(graph.current(one, Statement).said_by for one in shown)
    authors = dict.fromkeys(graph.record(one).recorded_by for one in (account.id, *shown))
    first = graph.record(account.id)
    objects += [_author(names, author, first.recorded_at) for author in authors]
    objects += [_identity(graph, names, source) for source in speakers]
    objects.append(_incident(graph, names, account))
    objects += [_note(graph, names, account, one.id, bool(one.withdrawn)) for one in account.said]
    objects += _attributed(graph, names, account)
    objects.append(_report(graph, names, account, [item["id"] for item in objects]))
    whole = {"type": "bundle", "id": names.id("bundle", account.id + account.head), "objects": objects}
    return msgspec.json.format(msgspec.json.encode(whole), indent=1)


class _Names:
    def __init__(self, genesis: str) -> None:
        self._space = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:tocsin:{genesis}")

    def id(self, kind: str, record: str) -> str:
        return f"{kind}--{uuid.uuid5(self._space, f'{kind} {record}')}"


def _time(text: str) -> str:
    """A time as STIX writes it, to the millisecond."""
    moment = datetime.fromisoformat(text)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _common(kind: str, identity: str, created: str, modified: str = "") -> Item:
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": identity,
        "created": _time(created),
        "modified": _time(modified or created),
    }


def _author(names: _Names, author: str, at: str) -> Item:
    return _common("identity", names.id("identity", f"author {author}"), at) | {"name": author}


def _identity(graph: Graph, names: _Names, source: str) -> Item:
    body, record = graph.current(source, Source), graph.record(source)
    item = _common("identity", names.id("identity", source), record.recorded_at, _modified(graph, source))
    item |= {"name": body.name, "identity_class": _CLASSES.get(body.kind, "unknown")}
    if body.organisation or body.role:
        item["description"] = ", ".join(part for part in (body.role, body.organisation) if part)
    return item


def _incident(graph: Graph, names: _Names, account: Account) -> Item:
    body, record = graph.current(account.id, Incident), graph.record(account.id)
    item = _common("incident", names.id("incident", account.id), record.recorded_at, _modified(graph, account.id))
    known = "; ".join(f"{shown.label}: {shown.value}" for shown in account.known if shown.value)
    item |= {
        "created_by_ref": names.id("identity", f"author {record.recorded_by}"),
        "name": body.title,
        "description": known,
        "revoked": bool(account.withdrawn),
    }
    return item if not body.exercise else item | {"labels": ["exercise"]}


def _note(graph: Graph, names: _Names, account: Account, statement: str, is_withdrawn: bool) -> Item:
    body, record = graph.current(statement, Statement), graph.record(statement)
    item = _common("note", names.id("note", statement), record.recorded_at, _modified(graph, statement))
    item |= {
        "created_by_ref": names.id("identity", f"author {record.recorded_by}"),
        "abstract": f"{graph.current(body.said_by, Source).name} {body.stance}",
        "content": body.content,
        "authors": [graph.current(body.said_by, Source).name],
        "object_refs": [names.id("incident", account.id), names.id("identity", body.said_by)],
        "labels": [str(body.stance)],
        "revoked": is_withdrawn,
    }
    judged = [CREDIBILITY.get(grade.credibility) for grade in grades_of(graph, statement)]
    known = [value for value in judged if value is not None]
    return item if not known or len(known) < len(judged) else item | {"confidence": min(known)}


def _attributed(graph: Graph, names: _Names, account: Account) -> Iterator[Item]:
    """Whom the rule names, with the middle of the band as confidence."""
    for assessment in account.attribution.assessments:
        body, record = graph.current(assessment, Assessment), graph.record(assessment)
        for hypothesis in body.hypotheses:
            if hypothesis.actor not in account.attribution.actors:
                continue
            actor = names.id("identity", f"actor {hypothesis.actor}")
            yield _common("identity", actor, record.recorded_at) | {"name": hypothesis.actor}
            tie = names.id("relationship", f"{account.id} {assessment} {hypothesis.actor}")
            yield _common("relationship", tie, record.recorded_at) | {
                "relationship_type": "attributed-to",
                "source_ref": names.id("incident", account.id),
                "target_ref": actor,
                "confidence": sum(PERCENT[Band(hypothesis.band)]) // 2,
                "description": account.attribution.text,
            }


def _report(graph: Graph, names: _Names, account: Account, refs: Iterable[str]) -> Item:
    record = graph.record(account.id)
    last = max(one.recorded_at for one in graph)
    item = _common("report", names.id("report", account.id), record.recorded_at, last)
    told = [account.attribution.text, *account.conflicts, *(f"Not known: {one}" for one in account.not_known)]
    return item | {
        "name": account.title,
        "description": "; ".join(told),
        "published": _time(last),
        "object_refs": list(refs),
        "external_references": [{"source_name": "tocsin-log", "external_id": f"{account.size} {account.head}"}],
    }


def _modified(graph: Graph, identity: str) -> str:
    """When a record was last amended or taken back; "" if it never was."""
    changes: Mapping[str, str] = {record.id: record.recorded_at for record, _ in graph.amendments(identity)}
    taken = graph.retraction(identity)
    return max([*changes.values(), *([taken.recorded_at] if taken else [])], default="")

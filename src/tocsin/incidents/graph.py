"""Graph: what a sequence of records says, with each record's later amendments, retraction and referrers at hand.

`current` is a body with its standing amendments applied in order; `record(id).body` stays what was first recorded.
`REFERENCES` says, for each type, which fields hold ids and of which types; the rules and the flags both read it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from tocsin.model.errors import TocsinError
from tocsin.model.record import (
    Amendment,
    Assessment,
    Author,
    Body,
    Conflict,
    Decision,
    Delivery,
    Evidence,
    Grade,
    Incident,
    Outcome,
    Record,
    Release,
    Retraction,
    Source,
    Statement,
)

T = TypeVar("T")
Types = tuple[type, ...]

CONTENT: Types = (Source, Evidence, Incident, Statement, Grade, Assessment, Outcome, Conflict, Release)
_ANY: Types = (*CONTENT, Amendment, Retraction)
REFERENCES: dict[type, dict[str, Types]] = {
    Author: {},
    Source: {"upstream": (Source,)},
    Evidence: {"source": (Source,)},
    Incident: {"evidence": (Evidence,)},
    Statement: {
        "said_by": (Source,),
        "incident": (Incident,),
        "reported_via": (Source,),
        "evidence": (Evidence,),
        "depends_on": (Statement,),
    },
    Grade: {"statement": (Statement,)},
    Assessment: {"incident": (Incident,), "statements_for": (Statement,), "statements_against": (Statement,)},
    Amendment: {"target": CONTENT, "source": (Source, Evidence)},
    Retraction: {"target": (*CONTENT, Amendment), "replaced_by": CONTENT},
    Outcome: {"incident": (Incident,), "stated_in": (Statement,), "evidence": (Evidence,)},
    Conflict: {"between": (Statement, Incident, Evidence), "incident": (Incident,)},
    Decision: {"record": _ANY},
    Delivery: {"included": _ANY},
    Release: {"statement": (Statement,)},
}


class Graph:
    """The records so far; grows by `add`, and `forget_after` takes back what could not be written."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._records: list[Record] = []
        self._by_id: dict[str, Record] = {}
        self._of_type: dict[type, list[Record]] = defaultdict(list)
        self._referrers: dict[str, list[tuple[Record, str]]] = defaultdict(list)
        for record in records:
            self.add(record)

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._records)

    def __contains__(self, identity: str) -> bool:
        return identity in self._by_id

    def add(self, record: Record) -> None:
        """Add the record that comes next."""
        self._records.append(record)
        self._by_id[record.id] = record
        self._of_type[type(record.body)].append(record)
        for field, identity in references(record.body):
            self._referrers[identity].append((record, field))
        if isinstance(record.body, Amendment) and record.body.target in self._by_id:
            target, field = self._by_id[record.body.target], record.body.field
            if field in REFERENCES[type(target.body)]:
                self._refer(target, field, record.body.new)

    def _refer(self, record: Record, field: str, value: Any) -> None:
        for identity in [value] if isinstance(value, str) else value:
            if (record, field) not in self._referrers[identity]:
                self._referrers[identity].append((record, field))

    def forget_after(self, count: int) -> None:
        """Be as after the first `count` records."""
        Graph.__init__(self, self._records[:count])

    def record(self, identity: str) -> Record:
        """The record of that id."""
        if identity not in self._by_id:
            raise TocsinError(f"{identity}: there is no such record")
        return self._by_id[identity]

    def of(self, kind: type[T]) -> list[tuple[str, T]]:
        """(id, body as first recorded) of every record of that type, in order."""
        return [(record.id, record.body) for record in self._of_type[kind]]  # type: ignore[misc]

    def standing(self, kind: type[T]) -> list[tuple[str, T]]:
        """(id, body as amended) of every record of that type that was not retracted."""
        return [(identity, self.current(identity, kind)) for identity, _ in self.of(kind) if self.stands(identity)]

    def referrers(self, identity: str) -> list[tuple[Record, str]]:
        """The records that name `identity`, or ever did, each with the field it stands in."""
        return list(self._referrers.get(identity, ()))

    def retraction(self, identity: str) -> Record | None:
        """What took `identity` back, if anything did."""
        for record, field in self._referrers.get(identity, ()):
            if isinstance(record.body, Retraction) and field == "target":
                return record
        return None

    def stands(self, identity: str) -> bool:
        """Whether `identity` was not retracted."""
        return self.retraction(identity) is None

    def amendments(self, identity: str) -> list[tuple[Record, Amendment]]:
        """The standing amendments of `identity`, in order."""
        return [
            (record, record.body)
            for record, field in self._referrers.get(identity, ())
            if isinstance(record.body, Amendment) and field == "target" and self.stands(record.id)
        ]

    def current(self, identity: str, kind: type[T]) -> T:
        """The body of `identity`, which is a `kind`, as its standing amendments leave it."""
        body = self.record(identity).body
        for _, amendment in self.amendments(identity):
            body = amended(body, amendment)
        if not isinstance(body, kind):
            raise TocsinError(f"{identity}: is no {kind.__name__.lower()}")
        return body

    def every_version(self, identity: str, kind: type[T]) -> list[T]:
        """The body of `identity` as first recorded and after each amendment ever made, retracted ones too."""
        versions = [self.record(identity).body]
        for record, field in self._referrers.get(identity, ()):
            if isinstance(record.body, Amendment) and field == "target":
                versions.append(amended(versions[-1], record.body))
        return [body for body in [*versions, self.current(identity, kind)] if isinstance(body, kind)]

    def author_key(self, name: str) -> str | None:
        """The public key by which `name` signs now."""
        keys = [author.public_key for _, author in self.of(Author) if author.name == name]
        return keys[-1] if keys else None


def references(body: Body) -> list[tuple[str, str]]:
    """(field, id) of every reference in `body`."""
    found = []
    for field in REFERENCES[type(body)]:
        value: str | tuple[str, ...] = getattr(body, field)
        found += [(field, identity) for identity in ([value] if isinstance(value, str) else value) if identity]
    return found


def amended(body: Body, amendment: Amendment) -> Body:
    """`body` with the amendment's new value; unchanged where a text says the new words already."""
    if amendment.field not in body.__struct_fields__:
        return body
    value = plain(getattr(body, amendment.field))
    changed = _replaced(value, plain(amendment.old), plain(amendment.new))
    fields: dict[str, Any] = {**msgspec.to_builtins(body), amendment.field: changed}
    return msgspec.convert(fields, type(body))


def plain(value: Any) -> Any:
    """`value` as it is read back from JSON: a tuple is a list, an enum its text."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _replaced(value: Any, old: Any, new: Any) -> Any:
    """`new` in the place of `old`: the whole value, or the words `old` of a text where they occur once."""
    if value == old or not isinstance(value, str) or not isinstance(old, str) or not old:
        return new
    return value.replace(old, str(new)) if value.count(old) == 1 else value

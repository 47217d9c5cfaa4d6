"""Acceptance: a draft with a person's verdicts becomes records; rejected proposals leave a decision and no more.

`bodies` answers the records to append, decisions last, each proposal with its own. Ids of the draft become ids of
records. Speakers become sources: a named one is the same source wherever it is met, an unnamed one is new in every
text. A text that is a copy of one already kept is tied to it: its publisher names the earlier one as its upstream, and
its incidents of the same kind, place and day are taken to be the earlier ones. A later state of a table amends and
retracts what an earlier one said (`states`). What cannot be made a record raises
TocsinError that names the place, and then nothing is made.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from tocsin.incidents.draft import (
    AmendmentItem,
    ConflictItem,
    Draft,
    IncidentItem,
    Item,
    SourceItem,
    StatementItem,
    verdict,
)
from tocsin.incidents.graph import Graph
from tocsin.incidents.resemblance import is_copy, resemblance
from tocsin.incidents.states import step
from tocsin.model.errors import TocsinError
from tocsin.model.record import (
    Amendment,
    Body,
    Conflict,
    Decision,
    Evidence,
    Incident,
    Source,
    Statement,
    type_name,
)

NOT_STATED = "not stated"
THE_TEXT = "text"


class Acceptance(msgspec.Struct, frozen=True):
    """What is to be appended, and what a person should be told (a copy found, an incident recognised)."""

    bodies: tuple[Body, ...]
    notes: tuple[str, ...]


class _Maker:
    """The records made so far; `first` is the number the next appended record will get."""

    def __init__(self, graph: Graph, draft: Draft, text: str, first: int) -> None:
        self.graph = graph
        self.draft = draft
        self.text = text
        self.first = first
        self.bodies: list[Body] = []
        self.notes: list[str] = []
        self.ids: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self.described = {source.name: source for source in draft.sources}
        self.publisher = ""
        self.evidence = ""
        self.copied = ""
        self.rows: dict[str, str] = {}

    def add(self, body: Body) -> str:
        self.bodies.append(body)
        return f"{type_name(body)}-{self.first + len(self.bodies) - 1}"

    def made(self, identity: str) -> Any:
        """The body of a record of this draft or the store."""
        for number, body in enumerate(self.bodies, start=self.first):
            if f"{type_name(body)}-{number}" == identity:
                return body
        return self.graph.current(identity, object)

    def origin(self) -> None:
        """The publisher and the text, with the earlier text it is a copy of."""
        origin = self.draft.origin
        if origin is None:
            return
        for _, evidence in self.graph.standing(Evidence) if self.text else ():
            if is_copy(evidence.text, self.text) and evidence.source:
                name = self.graph.current(evidence.source, Source).name
                share = f"{resemblance(evidence.text, self.text):.0%} of its three-word runs"
                self.notes.append(
                    f"{origin.file} is a copy of {evidence.reference} ({name}; {share}): no corroboration"
                )
                self.copied = evidence.source
                break
        self.publisher = self.source(origin.publisher or NOT_STATED, kind="agency", upstream=self.copied)
        self.evidence = self.add(
            Evidence(
                origin.sha256,
                origin.media_type,
                captured_at=origin.published,
                reference=origin.reference or origin.file,
                source=self.publisher,
                text=self.text,
            )
        )

    def source(self, name: str, kind: str = "person", anonymous: bool | None = None, upstream: str = "") -> str:
        """The id of the source of that name, made if it is not there."""
        described = self.described.get(name)
        item = described or SourceItem(name, kind=kind, anonymous=bool(anonymous))  # type: ignore[arg-type]
        if anonymous is not None:
            item = msgspec.structs.replace(item, anonymous=anonymous)
        if name in self.sources:
            return self.sources[name]
        if not item.anonymous and not upstream:
            for identity, known in self.graph.standing(Source):
                same = known.name.casefold() == name.casefold() and not known.anonymous
                if same and item.organisation in ("", known.organisation):
                    return self.sources.setdefault(name, identity)
        above = [self.source(other, kind="agency") for other in item.upstream if other != name]
        body = Source(
            item.kind,
            name,
            item.anonymous,
            item.organisation,
            item.role,
            item.reliability,
            item.reason,
            tuple(dict.fromkeys([*above, *([upstream] if upstream else [])])),
        )
        return self.sources.setdefault(name, self.add(body))

    def identity(self, name: str, place: str) -> str:
        """The record's id for an id of the draft, or an id of the store as it is."""
        if name in self.ids:
            if not self.ids[name]:
                raise TocsinError(f'{place}: "{name}" was rejected')
            return self.ids[name]
        if name in self.graph:
            return name
        raise TocsinError(f'{place}: there is no "{name}" in this draft or the store')

    def incident(self, item: IncidentItem, place: str) -> str:
        if item.same_as:
            return self.identity(item.same_as, f"{place}.same_as")
        if item.id in self.rows:
            return self.rows[item.id]
        body = Incident(
            **{name: getattr(item, name) for name in _SHARED},
            external_id=item.id,
            evidence=(self.evidence,) if self.evidence else (),
        )
        if self.copied:
            for identity, known in self.graph.standing(Incident):
                if _same(known, body):
                    self.notes.append(f"{place} is taken to be {identity} ({known.title})")
                    return identity
        return self.add(body)

    def statement(self, item: StatementItem, place: str) -> str:
        if item.id in self.rows:
            return self.rows[item.id]
        if item.span and self.text and item.span[1] > len(self.text):
            raise TocsinError(f"{place}.span: {list(item.span)} ends after the text ({len(self.text)} characters)")
        quote = self.text[slice(*item.span)] if item.span else ""
        own = item.speaker.casefold().startswith(NOT_STATED)
        speaker = self.publisher if own and self.publisher else self.source(item.speaker, anonymous=item.anonymous)
        via = [self.source(name, kind="agency") for name in item.via]
        if self.publisher and self.publisher not in (speaker, *via):
            via.append(self.publisher)
        if not (item.content or quote):
            raise TocsinError(f"{place}.content: neither content nor span")
        return self.add(
            Statement(
                speaker,
                item.stance,
                item.content or quote,
                incident=self.identity(item.incident, f"{place}.incident") if item.incident else "",
                subject=item.subject,
                predicate=item.predicate,
                object=item.object,
                names_actor=item.names_actor,
                said_at=item.said,
                time=item.time,
                place=item.place,
                quote=quote,
                span=item.span,
                reported_via=tuple(via),
                evidence=(self.evidence,) if self.evidence else (),
                depends_on=tuple(self.identity(name, f"{place}.depends_on") for name in item.depends_on),
                tracks=item.tracks,
                alerts=item.alerts,
                external_id=item.id,
            )
        )

    def amendment(self, item: AmendmentItem, place: str) -> str:
        if item.target == THE_TEXT and self.evidence:
            target, field = self.evidence, "words"  # no field: what was read stays as it was read
        else:
            target = self.identity(item.target, f"{place}.target")
            body = self.made(target)
            field = item.field if item.field in body.__struct_fields__ else _field(body, item)
        if not field:
            raise TocsinError(f"{place}: neither {item.old!r} nor {item.new!r} stands in {item.target}")
        return self.add(
            Amendment(
                target,
                item.kind,
                field,
                item.old,
                item.new,
                item.reason or "as the notice in the text says",
                item.severity,
                source=self.publisher,
                notify=item.notify,
            )
        )

    def conflict(self, item: ConflictItem, place: str) -> str:
        between = tuple(self.identity(name, f"{place}.between") for name in item.between)
        incident = self.identity(item.incident, f"{place}.incident") if item.incident else ""
        return self.add(Conflict(between, item.arithmetic, incident))


_SHARED = sorted(set(IncidentItem.__struct_fields__) & set(Incident.__struct_fields__))
_MAKE: dict[type, Callable[[_Maker, Any, str], str]] = {
    IncidentItem: _Maker.incident,
    StatementItem: _Maker.statement,
    AmendmentItem: _Maker.amendment,
    ConflictItem: _Maker.conflict,
}


def accepted(graph: Graph, draft: Draft, text: str, first: int) -> Acceptance:
    """What `draft`, made from `text`, adds to `graph`; the first of it will be record number `first`."""
    maker = _Maker(graph, draft, text, first)
    maker.origin()
    later = step(graph, draft)
    maker.rows = later.same
    maker.bodies += [*later.amendments, *later.retractions]
    decisions: list[Decision] = []
    for place, item in draft.items():
        decided = verdict(item)
        maker.ids[item.id] = "" if decided == "rejected" else _MAKE[type(item)](maker, item, place)
        decisions.append(_decision(draft, place, item, decided, maker.ids[item.id]))
    return Acceptance((*maker.bodies, *decisions), tuple(maker.notes))


def _decision(draft: Draft, place: str, item: Item, decided: str, record: str) -> Decision:
    changed = item.changed if decided == "edited" else ()
    return Decision(draft.sha256, f"{place} {item.id}", decided, record, changed, item.reason)  # type: ignore[arg-type]


def _field(body: Any, item: AmendmentItem) -> str:
    """The text field of `body` in which the old words stand, else the new ones."""
    for words in (item.old, item.new):
        for field in ("content", "object", "quote", "title", "place", "text"):
            if isinstance(words, str) and words and words in getattr(body, field, ""):
                return field
    return ""


def _same(known: Incident, new: Incident) -> bool:
    return (known.place.casefold(), known.begins[:10], known.kind) == (new.place.casefold(), new.begins[:10], new.kind)

"""Draft: proposals for records, in a TOML file that a person reads, changes and then accepts.

Tables: `[origin]` (the text or table they were made from), `[[source]]`, `[[incident]]`, `[[statement]]`,
`[[amendment]]`, `[[conflict]]`. Reading is strict: an unknown key, a wrong type, an id given twice or one that is not
there raises TocsinError with the place ("statement[2].stance"), positions counted from 1. A proposal without a
`verdict` counts as accepted by whoever accepts the draft, or as edited if it no longer matches its `seal`, which
`sealed` gives it when it is made. Spans count characters of the origin's text, (start, end).
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from tocsin.model.errors import TocsinError
from tocsin.model.record import Sha256
from tocsin.model.statement import Stance

SCHEMA = 1
Verdict = Literal["", "accepted", "edited", "rejected"]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Span = tuple[int, int]
T = TypeVar("T", bound=msgspec.Struct)


class Origin(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the draft was made from. `file` stands beside the draft. `complete`: a whole table, so that what an earlier
    state of it held and this does not was withdrawn. `city` and `day` are the dateline's, `day` with the year that
    `year_reason` accounts for; `rules` says how the text was read; `spans`: where each of these was read."""

    file: str
    sha256: Sha256
    publisher: str = ""
    published: str = ""
    media_type: str = "text/plain"
    reference: str = ""
    complete: bool = False
    headline: str = ""
    city: str = ""
    day: str = ""
    year: int | None = None
    year_reason: str = ""
    credits: tuple[str, ...] = ()
    rules: str = ""
    spans: dict[str, Span] = {}


class ObjectItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Things that a statement counts. `count` None: no number is printed ("several")."""

    what: Text
    span: Span
    count: int | None = None


class SourceItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """More about a speaker or publisher that statements name: `upstream` are names, too."""

    name: Text
    kind: Literal["sensor", "person", "agency", "official", "social"] = "person"
    anonymous: bool = False
    organisation: str = ""
    role: str = ""
    reliability: Literal["A", "B", "C", "D", "E", "F"] = "F"
    reason: str = ""
    upstream: tuple[str, ...] = ()


class IncidentItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One incident. `same_as` is the id of a record that already tells of it. `spans`: where each field was read."""

    id: Text
    title: Text
    kind: str = ""
    begins: str = ""
    ends: str = ""
    time_precision: str = ""
    place: str = ""
    place_precision: str = ""
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    count: int | None = None
    status: str = ""
    details: dict[str, str] = {}
    tracks: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    spans: dict[str, Span] = {}
    same_as: str = ""
    verdict: Verdict = ""
    reason: str = ""
    changed: tuple[str, ...] = ()
    seal: str = ""


class StatementItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One statement. `speaker` is a name, a description, or "not stated" for the publisher itself. `via`: names of
    sources it passed through before the publisher. `incident` and `depends_on` are ids of this draft or of records.
    `time` is the day that the content speaks of, `said` the day it was said on. The same `speaker_ref` is the same
    speaker; `spans` has where the speaker, the verb, the days and the place are printed."""

    id: Text
    speaker: Text
    stance: Stance
    content: str = ""
    incident: str = ""
    span: Span | None = None
    pieces: tuple[Span, ...] = ()
    spans: dict[str, Span] = {}
    anonymous: bool | None = None
    subject: str = ""
    predicate: str = ""
    object: str = ""
    names_actor: str = ""
    time: str = ""
    said: str = ""
    place: str = ""
    count: int | None = None
    objects: tuple[ObjectItem, ...] = ()
    speaker_kind: Literal["", "named", "unnamed", "several", "agency", "not stated"] = ""
    speaker_ref: str = ""
    via: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    verdict: Verdict = ""
    reason: str = ""
    changed: tuple[str, ...] = ()
    seal: str = ""


class AmendmentItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One correction. `target` is an id of this draft or of a record, or "text" for the text the draft was made from,
    as a whole; `field` is found by the words if left out."""

    id: Text
    target: Text
    old: Any
    new: Any
    kind: Literal["correction", "clarification", "update"] = "correction"
    severity: Literal["meaning", "minor"] = "meaning"
    field: str = ""
    span: Span | None = None
    spans: dict[str, Span] = {}
    notify: tuple[str, ...] = ()
    verdict: Verdict = ""
    reason: str = ""
    changed: tuple[str, ...] = ()
    seal: str = ""


class ConflictItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Two things that cannot both be so. `between`: ids; `arithmetic`: why not, to be read by people."""

    id: Text
    arithmetic: Text
    between: tuple[str, ...] = ()
    incident: str = ""
    spans: dict[str, Span] = {}
    verdict: Verdict = ""
    reason: str = ""
    changed: tuple[str, ...] = ()
    seal: str = ""


Item = IncidentItem | StatementItem | AmendmentItem | ConflictItem
_ITEMS: dict[str, type[msgspec.Struct]] = {
    "source": SourceItem,
    "incident": IncidentItem,
    "statement": StatementItem,
    "amendment": AmendmentItem,
    "conflict": ConflictItem,
}
_DECISION = ("verdict", "reason", "changed", "seal")


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """A whole draft; `sha256` is that of the file it was read from."""

    origin: Origin | None = None
    sources: tuple[SourceItem, ...] = ()
    incidents: tuple[IncidentItem, ...] = ()
    statements: tuple[StatementItem, ...] = ()
    amendments: tuple[AmendmentItem, ...] = ()
    conflicts: tuple[ConflictItem, ...] = ()
    sha256: str = "0" * 64

    def items(self) -> Iterator[tuple[str, Item]]:
        """Every proposal with the place it stands at, as in "statement[2]"."""
        for table, rows in self._tables():
            for position, item in enumerate(rows, start=1):
                yield f"{table}[{position}]", item

    def _tables(self) -> tuple[tuple[str, Sequence[Item]], ...]:
        return (
            ("incident", self.incidents),
            ("statement", self.statements),
            ("amendment", self.amendments),
            ("conflict", self.conflicts),
        )


def read_draft(path: Path) -> Draft:
    """The draft in the file `path`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TocsinError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        return parse_draft(content)
    except TocsinError as error:
        raise TocsinError(f"{path}: {error}") from error


def parse_draft(content: bytes) -> Draft:
    """The draft that `content`, TOML in UTF-8, holds."""
    try:
        tables = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise TocsinError(f"is no TOML: {error}") from error
    if tables.pop("schema", SCHEMA) not in (SCHEMA,):
        raise TocsinError(f"schema: this program reads drafts of schema {SCHEMA}")
    for name in tables:
        if name not in _ITEMS and name != "origin":
            raise TocsinError(f"{name}: unknown table; known are origin, {', '.join(_ITEMS)}")
    origin = _converted(tables["origin"], Origin, "origin") if "origin" in tables else None
    draft = Draft(
        origin,
        tuple(_rows(tables, "source", SourceItem)),
        tuple(_rows(tables, "incident", IncidentItem)),
        tuple(_rows(tables, "statement", StatementItem)),
        tuple(_rows(tables, "amendment", AmendmentItem)),
        tuple(_rows(tables, "conflict", ConflictItem)),
        hashlib.sha256(content).hexdigest(),
    )
    _check_ids(draft)
    return draft


def toml(draft: Draft) -> str:
    """The text of a draft, to be read by `parse_draft`."""
    lines = [f"schema = {SCHEMA}"]
    if draft.origin is not None:
        lines += ["", "[origin]", *_lines(draft.origin)]
    for source in draft.sources:
        lines += ["", "[[source]]", *_lines(source)]
    for place, item in draft.items():
        lines += ["", f"[[{place.partition('[')[0]}]]", *_lines(item)]
    return "\n".join(lines) + "\n"


def seal(item: Item) -> str:
    """What tells whether a proposal is still as it was made: 16 hex digits over all but the decision on it."""
    fields = {name: value for name, value in msgspec.to_builtins(item).items() if name not in _DECISION}
    return hashlib.sha256(msgspec.json.encode(fields, order="sorted")).hexdigest()[:16]


def sealed(items: Iterable[T]) -> tuple[T, ...]:
    """The proposals with their seals, as whoever proposes them writes them."""
    return tuple(msgspec.structs.replace(item, seal=seal(item)) for item in items)  # type: ignore[arg-type]


def verdict(item: Item) -> str:
    """What was decided: the verdict given, else edited if the seal is broken, else accepted."""
    return item.verdict or ("edited" if item.seal and item.seal != seal(item) else "accepted")


def _rows(tables: dict[str, Any], name: str, kind: type[T]) -> Iterator[T]:
    rows = tables.get(name, [])
    if not isinstance(rows, list):
        raise TocsinError(f"{name}: write [[{name}]]")
    for position, row in enumerate(rows, start=1):
        yield _converted(row, kind, f"{name}[{position}]")


def _converted(value: Any, kind: type[T], place: str) -> T:
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        reason, _, path = str(error).partition(" - at `$")
        raise TocsinError(f"{place}{path.rstrip('`')}: {reason}") from error


def _check_ids(draft: Draft) -> None:
    seen: dict[str, str] = {}
    for place, item in draft.items():
        if item.id in seen:
            raise TocsinError(f'{place}.id: "{item.id}" is taken by {seen[item.id]}')
        seen[item.id] = place
        for span in filter(None, (getattr(item, "span", None), *getattr(item, "spans", {}).values())):
            if not 0 <= span[0] < span[1]:
                raise TocsinError(f"{place}.span: {list(span)} is not (start, end)")


def _lines(item: msgspec.Struct) -> list[str]:
    return [f"{name} = {_value(value)}" for name, value in msgspec.to_builtins(item).items() if value is not None]


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_value(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)

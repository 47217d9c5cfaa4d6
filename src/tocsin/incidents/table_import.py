"""Table import: a published table of incident reports, CSV or JSON, as a draft; a row is an incident with the table's
own id.

`table_draft(content, file, ...)` reads columns by the names that such tables use (`_COLUMNS`); what is not known stays
in `details` as it stood. Who did it is never an incident's field: a column that names or suspects somebody becomes a
statement of the table's maker, an assumption unless the table itself says "claimed". The draft is marked complete, so
that accepting a later state amends what changed, retracts what is gone, and adds what is new (`states`). A row without
an id, or an id given twice, raises TocsinError that names the row.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tocsin.incidents.draft import Draft, IncidentItem, Origin, SourceItem, StatementItem, sealed
from tocsin.model.errors import TocsinError
from tocsin.model.statement import Stance

Row = Mapping[str, Any]
_COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "incident_id", "event_id", "uuid"),
    "kind": ("incident_type", "incident.category", "category", "type", "kind", "event_type"),
    "begins": ("date_start_utc", "first_seen_utc", "started_at", "begins", "start", "date", "event_date"),
    "ends": ("date_end_utc", "ended_at", "ends", "end"),
    "place": ("airport_name", "asset.name", "place", "location", "site", "name"),
    "latitude": ("lat", "latitude", "asset.lat", "latitude_deg"),
    "longitude": ("lon", "lng", "longitude", "asset.lon", "longitude_deg"),
    "count": ("uav_count", "incident.uav_count", "count", "drones"),
    "status": ("incident.status", "status"),
    "attribution": ("attribution", "evidence.attribution", "actor", "perpetrator"),
}
_NOBODY = frozenset(("", "none", "unknown", "not attributed", "n/a", "null"))


def table_draft(content: bytes, file: str, publisher: str = "", published: str = "", reference: str = "") -> Draft:
    """The draft of a table; its media type follows from the content."""
    text = _text(content, file)
    is_json = text.lstrip()[:1] in ("{", "[")
    rows = list(_json_rows(text, file) if is_json else _csv_rows(text))
    taken: dict[str, int] = {}
    incidents: list[IncidentItem] = []
    statements: list[StatementItem] = []
    for number, row in enumerate(rows, start=1):
        incident = _incident(row, f"{file}, row {number}")
        if incident.id in taken:
            raise TocsinError(f"{file}, row {number}: id {incident.id!r} is that of row {taken[incident.id]}")
        taken[incident.id] = number
        incidents.append(incident)
        statements += _attribution(row, incident.id)
    origin = Origin(
        file,
        hashlib.sha256(content).hexdigest(),
        publisher,
        published,
        "application/json" if is_json else "text/csv",
        reference,
        complete=True,
    )
    sources = (SourceItem(publisher, "agency"),) if publisher else ()
    return Draft(origin, sources, sealed(incidents), sealed(statements))


def _text(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TocsinError(f"{file}: is not UTF-8") from error


def _csv_rows(text: str) -> Iterator[Row]:
    for row in csv.DictReader(io.StringIO(text)):
        yield {str(name).strip(): value for name, value in row.items() if name is not None and isinstance(value, str)}


def _json_rows(text: str, file: str) -> Iterator[Row]:
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise TocsinError(f"{file}: is no JSON: {error}") from error
    inside = found.values() if isinstance(found, dict) else ()
    rows = found if isinstance(found, list) else next((v for v in inside if isinstance(v, list)), None)
    if rows is None or not all(isinstance(row, dict) for row in rows):
        raise TocsinError(f"{file}: holds no list of incidents")
    for row in rows:
        yield dict(_flat(row, ""))


def _flat(value: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """Inner fields under their path ("asset.lat"); lists as one text."""
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from _flat(inner, f"{path}{name}.")
        elif isinstance(inner, list):
            yield f"{path}{name}", json.dumps(inner, ensure_ascii=False, sort_keys=True) if inner else ""
        else:
            yield f"{path}{name}", inner


def _incident(row: Row, where: str) -> IncidentItem:
    identity = _cell(row, "id")
    if not identity:
        raise TocsinError(f"{where}: has no id")
    kind, place = _cell(row, "kind"), _cell(row, "place")
    used = {name for names in _COLUMNS.values() for name in names if name in row}
    begins = _cell(row, "begins")
    return IncidentItem(
        id=identity,
        title=f"{kind[:1].upper()}{kind[1:]}, {place}" if kind and place else place or kind or identity,
        kind=kind,
        begins=begins,
        ends=_cell(row, "ends"),
        time_precision="day" if len(begins) == 10 else "",
        place=place,
        latitude_deg=_number(row, "latitude", where, 90.0),
        longitude_deg=_number(row, "longitude", where, 180.0),
        count=_count(row, where),
        status=_cell(row, "status"),
        details={name: str(value) for name, value in row.items() if name not in used and value not in (None, "")},
    )


def _attribution(row: Row, identity: str) -> Sequence[StatementItem]:
    said = _cell(row, "attribution")
    if said.lower() in _NOBODY:
        return ()
    stance = Stance.ASSERTS if said.lower() == "claimed" else Stance.ASSUMES
    return (StatementItem(f"{identity}/attribution", "not stated", stance, f"attribution: {said}", identity),)


def _cell(row: Row, field: str) -> str:
    value = next((row[name] for name in _COLUMNS[field] if row.get(name) not in (None, "")), "")
    return str(value).strip()


def _number(row: Row, field: str, where: str, limit: float) -> float | None:
    cell = _cell(row, field)
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError as error:
        raise TocsinError(f"{where}: {field} {cell!r} is no number") from error
    if not -limit <= value <= limit:
        raise TocsinError(f"{where}: {field} {cell} is out of range")
    return value


def _count(row: Row, where: str) -> int | None:
    cell = _cell(row, "count")
    if not cell:
        return None
    try:
        return int(float(cell))
    except ValueError as error:
        raise TocsinError(f"{where}: count {cell!r} is no number") from error

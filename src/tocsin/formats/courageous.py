"""The COURAGEOUS test format, version 0.4.1: what a counter-drone system reported in a trial, as one JSON document.

`read_document` and `write_document` convert between bytes and `Document`; every field is the standard's own, in its
units: degrees clockwise from true north, metres above mean sea level (EGM96), UTC in milliseconds. A document that is
none raises `CourageousError` with the path of the fault; a record that breaks the form is left out and told of in
`broken`, so that one bad line of a system loses no other. Source: the schema of COURAGEOUS-isf/format, 0.4.1.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from tocsin.model.errors import UNREADABLE, TocsinError

VERSION = "0.4.1"
Classification = Literal["Unknown", "UAV", "GCS", "Other"]
_DEGREES = 360.0


class CourageousError(TocsinError):
    """Bytes that are no document of this format."""


class Position3d(msgspec.Struct, frozen=True):
    """A place: WGS-84 degrees, metres above mean sea level."""

    lat: float
    lon: float
    height_amsl: float


class Arc(msgspec.Struct, frozen=True, tag="Arc", tag_field="$type"):
    """Between two compass angles, clockwise."""

    from_: float = msgspec.field(name="from")
    to: float


class Quad(msgspec.Struct, frozen=True, tag="Quad", tag_field="$type"):
    """A quarter of the compass."""

    quad: Literal["North", "East", "South", "West"]


class Bearing(msgspec.Struct, frozen=True, tag="Bearing", tag_field="$type"):
    """A compass angle."""

    bearing: float


class BearingElevation(msgspec.Struct, frozen=True, tag="BearingElevation", tag_field="$type"):
    """A compass angle and one above the horizon."""

    bearing: float
    elevation: float


class BearingElevationDistance(msgspec.Struct, frozen=True, tag="BearingElevationDistance", tag_field="$type"):
    """Angles, and metres along the line of sight."""

    bearing: float
    elevation: float
    distance: float


class Place2d(msgspec.Struct, frozen=True, tag="Position2d", tag_field="$type"):
    """A place without height."""

    lat: float
    lon: float


class Place3d(msgspec.Struct, frozen=True, tag="Position3d", tag_field="$type"):
    """A place with height."""

    lat: float
    lon: float
    height_amsl: float


Location = Arc | Quad | Bearing | BearingElevation | BearingElevationDistance | Place2d | Place3d


class Alarm(msgspec.Struct, frozen=True):
    """Whether the operator is being alerted, and how sure that is, 0 to 1."""

    active: bool
    certainty: float


class Velocity(msgspec.Struct, frozen=True):
    """Metres a second at the target."""

    east: float
    north: float
    up: float


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """One report. `time` in milliseconds; `cuas_location` only where the system was not at its static place."""

    record_number: int
    time: int
    classification: Classification
    identification: str | None = None
    alarm: Alarm | None = None
    location: Location | None = None
    velocity: Velocity | None = None
    cuas_location: Position3d | None = None


class RecordSet(msgspec.Struct, frozen=True, omit_defaults=True):
    """One unbroken lock (in `tracks`), or sporadic hits (in `detection`); `uas_id` links the pieces of one target."""

    records: tuple[Record, ...]
    uas_id: int | None = None
    name: str | None = None
    uav_home_location: Position3d | None = None


class Document(msgspec.Struct, frozen=True):
    """What one system reported. `broken`: what was left out, with its path; `repeated`: how many records
    came again under a number that had been used. Neither is written."""

    vendor_name: str
    system_name: str
    static_cuas_location: Position3d
    tracks: tuple[RecordSet, ...]
    detection: tuple[RecordSet, ...]
    broken: tuple[str, ...] = ()
    repeated: int = 0


class _Set(msgspec.Struct, frozen=True):
    records: tuple[msgspec.Raw, ...]
    uas_id: int | None = None
    name: str | None = None
    uav_home_location: Position3d | None = None


class _Sheet(msgspec.Struct, frozen=True):
    version: str
    vendor_name: str
    system_name: str
    static_cuas_location: Position3d
    tracks: tuple[_Set, ...]
    detection: tuple[_Set, ...]


def is_document(begin: bytes) -> bool:
    """Whether bytes that begin so may be such a document."""
    return begin.lstrip()[:1] == b"{" and (b'"static_cuas_location"' in begin or b'"cuas_location"' in begin)


def read_document(data: bytes) -> Document:
    """The document in `data`; raises CourageousError."""
    try:
        sheet = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Sheet)
    except UNREADABLE as error:
        raise CourageousError(f"no COURAGEOUS document: {error}") from error
    if sheet.version != VERSION:
        raise CourageousError(f"version: {sheet.version!r} is not {VERSION}")
    if reason := _off(sheet.static_cuas_location):
        raise CourageousError(f"static_cuas_location: {reason}")
    reading = _Reading()
    tracks = tuple(reading.take(one, f"tracks[{k}]", True) for k, one in enumerate(sheet.tracks))
    hits = tuple(reading.take(one, f"detection[{k}]", False) for k, one in enumerate(sheet.detection))
    return Document(
        sheet.vendor_name,
        sheet.system_name,
        sheet.static_cuas_location,
        tracks,
        hits,
        tuple(reading.broken),
        reading.repeated,
    )


def write_document(document: Document) -> bytes:
    """The document as JSON."""
    whole: dict[str, Any] = {
        "version": VERSION,
        "vendor_name": document.vendor_name,
        "system_name": document.system_name,
        "static_cuas_location": document.static_cuas_location,
        "tracks": document.tracks,
        "detection": document.detection,
    }
    return msgspec.json.encode(whole)


class _Reading:
    """The record sets of one document."""

    def __init__(self) -> None:
        self.broken: list[str] = []
        self.repeated = 0
        self._seen: set[int] = set()

    def take(self, found: _Set, path: str, is_track: bool) -> RecordSet:
        """One set, without the records that break the form or come again."""
        if is_track and found.uas_id is None:
            self.broken.append(f"{path}.uas_id: missing")
        records = tuple(self._records(found.records, f"{path}.records", is_track))
        return RecordSet(records, found.uas_id, found.name, found.uav_home_location)

    def _records(self, raw: tuple[msgspec.Raw, ...], path: str, is_track: bool) -> Iterator[Record]:
        for number, one in enumerate(raw):
            try:
                record = msgspec.json.decode(one, type=Record)
            except UNREADABLE as error:
                self.broken.append(f"{path}[{number}]: {error}")
                continue
            if reason := _fault(record, is_track):
                self.broken.append(f"{path}[{number}].{reason}")
            elif record.record_number in self._seen:
                self.repeated += 1
            else:
                self._seen.add(record.record_number)
                yield record


def _fault(record: Record, is_track: bool) -> str:
    """What breaks the form, with its place; "" if nothing does."""
    if record.time < 0 or record.record_number < 0:
        return "time, record_number: must not be negative"
    if is_track and (record.alarm is None or record.location is None):
        return f"{'alarm' if record.alarm is None else 'location'}: missing in a track"
    if record.alarm is not None and not 0.0 <= record.alarm.certainty <= 1.0:
        return "alarm.certainty: not between 0 and 1"
    for name, place in (("location", record.location), ("cuas_location", record.cuas_location)):
        if place is not None and (reason := _off(place)):
            return f"{name}: {reason}"
    if record.velocity is not None and not all(map(math.isfinite, msgspec.structs.astuple(record.velocity))):
        return "velocity: not finite"
    return ""


def _off(place: Location | Position3d) -> str:
    """Why a place can be none."""
    fields: Mapping[str, Any] = msgspec.structs.asdict(place)
    numbers = {name.rstrip("_"): value for name, value in fields.items() if isinstance(value, float)}
    limits = {"lat": 90.0, "lon": 180.0, "elevation": 90.0}
    for name, value in numbers.items():
        if not math.isfinite(value) or abs(value) > limits.get(name, math.inf):
            return f"{name} {value} cannot be meant"
        if name in ("bearing", "from", "to") and not -_DEGREES <= value <= _DEGREES:
            return f"{name} {value} cannot be meant"
        if name == "distance" and value <= 0.0:
            return f"distance {value} cannot be meant"
    return ""

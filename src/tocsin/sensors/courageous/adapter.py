"""Adapter: documents of the COURAGEOUS test format to detections, live or recorded.

Each record with a location is one detection, made where the system stood at that time; a pilot's place (class GCS) is
kept as that system's claim. A record without a location is counted. Nothing that is received raises.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from tocsin.formats.courageous import (
    CourageousError,
    Document,
    Place2d,
    Place3d,
    Position3d,
    Record,
    RecordSet,
    read_document,
    write_document,
)
from tocsin.formats.json_objects import JsonReader
from tocsin.formats.problems import Problems
from tocsin.geo.frames import Origin
from tocsin.model.adapter import AdapterContext, AdapterInfo, Decoded, Grade
from tocsin.model.claim import Claim
from tocsin.model.detection import Detection
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.sensors.courageous.placing import Placing, lla_of
from tocsin.sensors.courageous.settings import Settings as CourageousSettings
from tocsin.units import RAD_PER_DEG, S_PER_MS

MEANS = "courageous"
_PILOT = "GCS"


class Adapter:
    """One system's documents."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="courageous",
        summary="what another counter-drone system reported in a trial",
        standard="COURAGEOUS test format 0.4.1",
        grade=Grade.SAMPLED,
    )
    Settings: ClassVar[type[CourageousSettings]] = CourageousSettings

    def __init__(self, settings: CourageousSettings, context: AdapterContext) -> None:
        self._name = context.name
        origin = Origin(context.origin_latitude_rad, context.origin_longitude_rad, context.origin_height_m)
        self._placing = Placing(settings, origin)
        self._readers: dict[int, JsonReader] = {}
        self._rows: Counter[int] = Counter()
        self._problems = Problems()
        self._counts: Counter[str] = Counter()

    def packets(self, data: bytes, file: str) -> Iterator[Packet]:
        """Cut a recorded document into one packet a time, each a document of the records of that time."""
        try:
            document = read_document(data)
        except CourageousError as error:
            raise TocsinError(f"{file}: {error}") from error
        self._counts["records_repeated"] += document.repeated
        for reason in document.broken:
            self._problems.count("record: broken", file, 0, reason)
        moments = _by_time(document)
        if not moments:
            raise TocsinError(f"{file}: holds no record")
        times = sorted(moments)
        yield self._packet(PacketKind.OPENED, times[0], b"", file, 1)
        for row, time_ms in enumerate(times, start=1):
            yield self._packet(PacketKind.DATA, time_ms, write_document(moments[time_ms]), file, row)
        yield self._packet(PacketKind.CLOSED, times[-1], b"end of file", file, len(times))

    def decode(self, packet: Packet) -> Iterable[Decoded]:
        """What the documents that the packet completes report."""
        if packet.kind is PacketKind.OPENED:
            self._readers[packet.connection] = JsonReader()
        elif packet.kind is PacketKind.CLOSED:
            reader = self._readers.pop(packet.connection, None)
            if reader is not None:
                self._counts["documents_broken_off"] += reader.dropped + bool(reader.waiting_bytes)
        elif packet.kind is PacketKind.DATA:
            reader = self._readers.setdefault(packet.connection, JsonReader())
            return [item for value in reader.feed(packet.data) for item in self._document(value, packet)]
        return ()

    def on_tick(self, time_s: float) -> Iterable[Decoded]:
        """Nothing happens by time alone."""
        return ()

    def statistics(self) -> Mapping[str, Any]:
        """Documents, records and what became of them, and the problems with their first places."""
        open_ones = sum(reader.dropped for reader in self._readers.values())
        counts = {**self._counts, "documents_broken_off": self._counts["documents_broken_off"] + open_ones}
        return {**counts, "problems": self._problems.statistics()}

    def _packet(self, kind: PacketKind, time_ms: int, data: bytes, file: str, row: int) -> Packet:
        time_s = time_ms * S_PER_MS
        return Packet(kind, self._name, time_s, data, connection=1, origin=f"{file}:{row}", exercise=True)

    def _document(self, value: bytes, packet: Packet) -> Iterator[Decoded]:
        self._counts["documents"] += 1
        try:
            document = read_document(value)
        except CourageousError as error:
            self._problems.count("document: broken", packet.origin, self._rows[packet.connection] + 1, error)
            return
        self._counts["records_repeated"] += document.repeated
        for reason in document.broken:
            self._problems.count("record: broken", packet.origin, 0, reason)
        for found in (*document.tracks, *document.detection):
            for record in found.records:
                self._rows[packet.connection] += 1
                self._counts["records"] += 1
                item = self._item(record, found, document.static_cuas_location, packet)
                if item is None:
                    self._counts["records_without_place"] += 1
                else:
                    self._counts["claims" if isinstance(item, Claim) else "detections"] += 1
                    yield item

    def _item(self, record: Record, found: RecordSet, static: Position3d, packet: Packet) -> Detection | Claim | None:
        if record.location is None:
            return None
        if record.classification == _PILOT:
            return self._pilot(record, found, packet)
        stood = lla_of(record.cuas_location or static)
        measured = self._placing.measured(record.location, stood)
        velocity = record.velocity
        return Detection(
            sensor=self._name,
            kind=measured.kind,
            time_s=record.time * S_PER_MS,
            received_s=packet.received_s,
            values=measured.values,
            covariance=measured.covariance,
            sensor_enu_m=self._placing.enu_m(stood),
            velocity_enu_mps=None if velocity is None else self._placing.velocity_enu_mps(velocity, stood),
            lla=measured.lla,
            class_word=None if record.classification == "Unknown" else record.classification,
            score=None if record.alarm is None else record.alarm.certainty,
            sensor_track=None if found.uas_id is None else str(found.uas_id),
            packet=packet.sequence,
            row=self._rows[packet.connection],
            exercise=packet.exercise,
        )

    def _pilot(self, record: Record, found: RecordSet, packet: Packet) -> Claim | None:
        """Where that system says the pilot is: kept as its word."""
        place = record.location
        if not isinstance(place, Place2d | Place3d) or found.uas_id is None:
            return None
        height_m = lla_of(place)[2] if isinstance(place, Place3d) else None
        return Claim(
            means=MEANS,
            identifier=str(found.uas_id),
            sensor=self._name,
            time_s=record.time * S_PER_MS,
            received_s=packet.received_s,
            pilot_lla=(place.lat * RAD_PER_DEG, place.lon * RAD_PER_DEG, height_m),
            packet=packet.sequence,
            row=self._rows[packet.connection],
            exercise=packet.exercise,
        )


def _by_time(document: Document) -> dict[int, Document]:
    """The document's records by their times, each moment a document of its own."""
    moments: dict[int, tuple[list[RecordSet], list[RecordSet]]] = defaultdict(lambda: ([], []))
    for kind, sets in enumerate((document.tracks, document.detection)):
        for found in sets:
            for record in found.records:
                moments[record.time][kind].append(msgspec.structs.replace(found, records=(record,)))
    return {
        time_ms: msgspec.structs.replace(document, tracks=tuple(tracks), detection=tuple(hits), broken=(), repeated=0)
        for time_ms, (tracks, hits) in moments.items()
    }

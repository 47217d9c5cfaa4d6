"""Adapter: Cursor on Target events of a TAK server or network to claims, from XML and TAK protobuf in one stream.

An event of a thing with a place is one claim; the affiliation that others give it is not taken over. Errors are taken
as one standard deviation. What this site has sent itself, told by its flow tag, is left out and counted; so are
drawings, messages, pings and deletions. Nothing that is received raises.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from tocsin.formats.cot import CotError, CotEvent, read_event
from tocsin.formats.cot_protobuf import read_message
from tocsin.formats.cot_stream import CotReader, Unit
from tocsin.formats.problems import Problems
from tocsin.geo.flow import flow_tag
from tocsin.geo.frames import Origin
from tocsin.model.adapter import AdapterContext, AdapterInfo, Decoded, Grade
from tocsin.model.claim import Claim
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.sensors.cot.settings import Settings as CotSettings
from tocsin.units import RAD_PER_DEG

MEANS = "cot"
CATEGORY: tuple[tuple[str, str], ...] = (
    ("A-M-H-Q", "multirotor"),
    ("A-M-F-Q", "fixed-wing drone"),
    ("A-M-H", "helicopter"),
    ("A-C-H", "helicopter"),
    ("A-M-F", "aeroplane"),
    ("A-C-F", "aeroplane"),
    ("A-M-L", "balloon"),
    ("A-C-L", "balloon"),
    ("G", "ground vehicle"),
    ("S", "vessel"),
)
_ATOM = "a-"
_EXERCISE = "EXERCISE"
_NOWHERE = 0.0  # devices without a fix report 0, 0


class Adapter:
    """One connection to a TAK server, or one group of a TAK network."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="cot",
        summary="what others on a TAK network report",
        standard="Cursor on Target 2.0, XML and TAK protobuf 1",
        grade=Grade.SAMPLED,
    )
    Settings: ClassVar[type[CotSettings]] = CotSettings

    def __init__(self, settings: CotSettings, context: AdapterContext) -> None:
        self._settings = settings
        self._name = context.name
        self._own = flow_tag(Origin(context.origin_latitude_rad, context.origin_longitude_rad, context.origin_height_m))
        self._readers: dict[int, CotReader] = {}
        self._rows: Counter[int] = Counter()
        self._problems = Problems()
        self._counts: Counter[str] = Counter()

    def packets(self, data: bytes, file: str) -> Iterator[Packet]:
        """Cut a recorded stream into packets, each at the time of its event, none before the one that came earlier."""
        reader, received_s, row = CotReader(), -math.inf, 0
        for row, unit in enumerate(reader.feed(data), start=1):
            event = self._read(unit, file, row)
            if event is not None:
                received_s = max(received_s, event.time_s)
            if not math.isfinite(received_s):
                raise TocsinError(f"{file}: its first event cannot be read")
            if row == 1:
                yield self._packet(PacketKind.OPENED, received_s, b"", file, row)
            raw = unit.data if unit.is_xml else b"\xbf\x01\xbf" + unit.data
            yield self._packet(PacketKind.DATA, received_s, raw, file, row)
        if row:
            yield self._packet(PacketKind.CLOSED, received_s, b"end of file", file, row)
        self._problems = Problems()  # what cannot be read is counted when it is decoded

    def decode(self, packet: Packet) -> Iterable[Decoded]:
        """The claims of the events that the packet completes."""
        if packet.kind is PacketKind.OPENED:
            self._readers[packet.connection] = CotReader()
        elif packet.kind is PacketKind.CLOSED:
            reader = self._readers.pop(packet.connection, None)
            if reader is not None:
                self._counts["bytes_skipped"] += reader.skipped
                self._counts["events_broken_off"] += reader.dropped
                if reader.waiting_bytes:
                    self._problems.count("stream: cut", packet.origin, 0, f"{reader.waiting_bytes} bytes")
        elif packet.kind is PacketKind.DATA:
            reader = self._readers.setdefault(packet.connection, CotReader())
            return list(self._claims(reader, packet))
        return ()

    def on_tick(self, time_s: float) -> Iterable[Decoded]:
        """Nothing happens by time alone."""
        return ()

    def statistics(self) -> Mapping[str, Any]:
        """Events and claims, what was left out, and the problems with their first places."""
        readers = self._readers.values()
        return {
            **self._counts,
            "bytes_skipped": self._counts["bytes_skipped"] + sum(reader.skipped for reader in readers),
            "events_broken_off": self._counts["events_broken_off"] + sum(reader.dropped for reader in readers),
            "problems": self._problems.statistics(),
        }

    def _packet(self, kind: PacketKind, received_s: float, data: bytes, file: str, row: int) -> Packet:
        return Packet(kind, self._name, received_s, data, connection=1, origin=f"{file}:{row}", exercise=True)

    def _read(self, unit: Unit, origin: str, row: int) -> CotEvent | None:
        try:
            return read_event(unit.data) if unit.is_xml else read_message(unit.data)
        except CotError as error:
            self._problems.count("event: broken", origin, row, error)
            return None

    def _claims(self, reader: CotReader, packet: Packet) -> Iterator[Claim]:
        for unit in reader.feed(packet.data):
            self._rows[packet.connection] += 1
            row = self._rows[packet.connection]
            self._counts["events"] += 1
            problems = self._problems.total
            event = self._read(unit, packet.origin, row)
            if event is None:
                self._counts["negotiations"] += self._problems.total == problems
                continue
            if reason := self._why_not(event):
                self._counts[reason] += 1
                continue
            if not (abs(event.latitude_deg) <= 90.0 and abs(event.longitude_deg) <= 180.0):
                place = f"{event.latitude_deg}, {event.longitude_deg}"
                self._problems.count("event: not on the earth", packet.origin, row, place)
                continue
            self._counts["claims"] += 1
            yield self._claim(event, packet, row)

    def _why_not(self, event: CotEvent) -> str:
        """Why an event is left out; "" if it is not."""
        if self._own in event.flow:
            return "events_of_this_site"
        if not event.type.startswith(self._settings.types):
            return "events_of_other_types"
        return "events_excluded" if event.uid.startswith(self._settings.exclude) else ""

    def _claim(self, event: CotEvent, packet: Packet, row: int) -> Claim:
        placed = not event.latitude_deg == _NOWHERE == event.longitude_deg
        return Claim(
            means=MEANS,
            identifier=event.uid,
            sensor=self._name,
            time_s=event.time_s,
            received_s=packet.received_s,
            latitude_rad=event.latitude_deg * RAD_PER_DEG if placed else None,
            longitude_rad=event.longitude_deg * RAD_PER_DEG if placed else None,
            height_m=event.height_m if placed else None,
            speed_mps=event.speed_mps,
            course_rad=None if event.course_deg is None else event.course_deg % 360.0 * RAD_PER_DEG,
            sigma_horizontal_m=event.ce_m or None,
            sigma_vertical_m=event.le_m or None,
            category=_category(event.type),
            callsign=event.callsign or None,
            packet=packet.sequence,
            row=row,
            exercise=packet.exercise or _is_exercise(event),
        )


def _is_exercise(event: CotEvent) -> bool:
    """Whether it says so anywhere: servers drop the attribute that is meant for it, and keep the words."""
    return bool(event.exercise) or event.callsign.startswith(_EXERCISE) or event.remarks.startswith(_EXERCISE)


def _category(kind: str) -> str | None:
    """The words for a type's end ("A-M-H-Q"), whatever its affiliation."""
    end = kind.partition("-")[2].partition("-")[2] if kind.startswith(_ATOM) else ""
    return next((words for begin, words in CATEGORY if end == begin or end.startswith(f"{begin}-")), None)

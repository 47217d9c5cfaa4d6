"""Adapter: ADS-B to claims, from receivers (Beast, AVR, SBS-1) and from their servers' aircraft.json.

Every position that can be resolved is one claim with what the aircraft has said of itself while that is fresh. Pressure
altitude and height above the ellipsoid are kept apart; "ground" is `on_ground`, never an altitude; MLAT, TIS-B and
ADS-R are told apart from ADS-B by `means`. Nothing that is received raises; what gives no claim is counted.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, ClassVar

import msgspec
import numpy as np

from tocsin.formats.aircraft_json import AircraftJsonError, read_document
from tocsin.formats.avr import AvrError
from tocsin.formats.avr import read_line as read_avr
from tocsin.formats.beast import BeastFrame
from tocsin.formats.problems import Problems
from tocsin.formats.sbs import SbsError
from tocsin.formats.sbs import read_line as read_sbs
from tocsin.geo.frames import Origin, lla_from_enu
from tocsin.model.adapter import AdapterContext, AdapterInfo, Decoded, Grade
from tocsin.model.claim import Claim
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.sensors.adsb.aircraft import Receiver
from tocsin.sensors.adsb.documents import Documents
from tocsin.sensors.adsb.lines import Lines
from tocsin.sensors.adsb.settings import Settings as AdsbSettings
from tocsin.sensors.adsb.squitters import Squitters
from tocsin.sensors.adsb.stream import Stream
from tocsin.units import RAD_PER_DEG

_SBS_OTHERS = (b"SEL", b"ID,", b"AIR", b"STA", b"CLK")  # lines of the format that hold no message


class Adapter:
    """One ADS-B receiver or server."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="adsb",
        summary="aircraft's own reports: Beast, AVR, SBS-1, aircraft.json",
        standard="RTCA DO-260B (Mode S extended squitter); readsb and dump1090 outputs",
        grade=Grade.SAMPLED,
    )
    Settings: ClassVar[type[AdsbSettings]] = AdsbSettings

    def __init__(self, settings: AdsbSettings, context: AdapterContext) -> None:
        self._settings = settings
        self._name = context.name
        receiver = Receiver(_place(context) if settings.reference else None, settings.furthest_m)
        self._squitters = Squitters(receiver, settings.forget_s)
        self._lines = Lines(receiver, settings.clock_s, settings.forget_s)
        self._documents = Documents(receiver, settings.clock_s)
        self._streams: dict[int, Stream] = {}
        self._problems = Problems()
        self._counts: Counter[str] = Counter()

    def packets(self, data: bytes, file: str) -> Iterator[Packet]:
        """Cut a recorded file that says when things were received: SBS lines, AVR lines with times, aircraft.json."""
        stream = Stream(self._settings.format)
        units = [unit for unit in (*stream.feed(data), *stream.close()) if isinstance(unit, bytes)]
        timed = list(_rising(_received_s(stream.form, unit) for unit in units))
        if not timed or math.isnan(timed[-1]):
            raise TocsinError(f"{file}: nothing in it says when it was received")
        first_s = next(time_s for time_s in timed if not math.isnan(time_s))
        times = [first_s if math.isnan(time_s) else time_s for time_s in timed]
        row = 1
        yield self._packet(PacketKind.OPENED, times[0], b"", file, row)
        for time_s, group in groupby(zip(times, units, strict=True), key=lambda pair: pair[0]):
            together = [unit for _, unit in group]
            yield self._packet(PacketKind.DATA, time_s, b"".join(unit + b"\n" for unit in together), file, row)
            row += len(together)
        yield self._packet(PacketKind.CLOSED, times[-1], b"end of file", file, row)

    def decode(self, packet: Packet) -> Iterable[Decoded]:
        """The claims that the packet completes, in the order of the bytes."""
        if packet.kind is PacketKind.OPENED:
            self._streams[packet.connection] = Stream(self._settings.format)
        elif packet.kind is PacketKind.CLOSED:
            stream = self._streams.pop(packet.connection, None)
            if stream is not None:
                claims = self._claims(stream, stream.close(), packet)
                self._counts.update(stream.lost())
                return claims
        elif packet.kind is PacketKind.DATA:
            stream = self._streams.setdefault(packet.connection, Stream(self._settings.format))
            return self._claims(stream, stream.feed(packet.data), packet)
        return ()

    def on_tick(self, time_s: float) -> Iterable[Decoded]:
        """Forget aircraft that are silent, once a second."""
        if int(time_s) != int(time_s - 0.1):
            self._squitters.forget(time_s)
            self._lines.forget(time_s)
        return ()

    def statistics(self) -> Mapping[str, Any]:
        """Units read, claims made, what was left out and why, and the problems with their first places."""
        counts = self._counts + self._squitters.counts + self._lines.counts + self._documents.counts
        for stream in self._streams.values():
            counts.update(stream.lost())
        return {**counts, "problems": self._problems.statistics()}

    def _packet(self, kind: PacketKind, received_s: float, data: bytes, file: str, row: int) -> Packet:
        return Packet(kind, self._name, received_s, data, connection=1, origin=f"{file}:{row}", exercise=True)

    def _claims(self, stream: Stream, units: Iterator[BeastFrame | bytes], packet: Packet) -> list[Decoded]:
        found: list[Decoded] = []
        for unit in units:
            stream.row += 1
            if isinstance(unit, BeastFrame):
                claims = self._frame(unit.data, unit.counter, unit.is_mlat, packet)
            elif stream.form == "json":
                claims = self._document(unit, stream, packet)
            else:
                claims = self._line(unit, stream, packet)
            for claim in claims:
                if claim is not None:
                    found.append(
                        msgspec.structs.replace(claim, packet=packet.sequence, row=stream.row, exercise=packet.exercise)
                    )
        self._counts["claims"] += len(found)
        return found

    def _frame(self, data: bytes, counter: int, mlat: bool, packet: Packet) -> Iterable[Claim | None]:
        self._counts["frames"] += 1
        rate_hz = self._settings.counter_hz
        counter_s = counter / rate_hz if counter and rate_hz and not mlat else math.nan
        return (self._squitters.claim(data, packet.received_s, counter_s, self._name, mlat),)

    def _line(self, line: bytes, stream: Stream, packet: Packet) -> Iterable[Claim | None]:
        self._counts["lines"] += 1
        try:
            if stream.form == "avr":
                frame = read_avr(line)
                return self._frame(frame.data, frame.counter, False, packet)
            if line.startswith(_SBS_OTHERS):
                self._counts["lines_of_other_types"] += 1
                return ()
            return (self._lines.claim(read_sbs(line), packet.received_s, self._name),)
        except (AvrError, SbsError) as error:
            self._problems.count(f"{stream.form}: broken line", packet.origin, stream.row, error)
            return ()

    def _document(self, data: bytes, stream: Stream, packet: Packet) -> Iterable[Claim | None]:
        self._counts["documents"] += 1
        try:
            document = read_document(data)
        except AircraftJsonError as error:
            self._problems.count("json: no aircraft.json", packet.origin, stream.row, error)
            return ()
        for reason in document.broken:
            self._problems.count("json: broken entry", packet.origin, stream.row, reason)
        return self._documents.claims(document, packet.received_s, self._name)


def _received_s(form: str, unit: bytes) -> float:
    """When a recorded unit was received, NaN if it does not say or cannot be read."""
    try:
        if form == "sbs":
            return read_sbs(unit).logged_s
        time_s = read_document(unit).now_s if form == "json" else read_avr(unit).received_s
    except (SbsError, AvrError, AircraftJsonError):
        return math.nan
    return math.nan if time_s is None else time_s


def _rising(times_s: Iterable[float]) -> Iterator[float]:
    """Each time, or the highest before it where it is lower or unknown."""
    highest = math.nan
    for time_s in times_s:
        highest = highest if time_s < highest or math.isnan(time_s) else time_s
        yield highest


def _place(context: AdapterContext) -> tuple[float, float]:
    origin = Origin(context.origin_latitude_rad, context.origin_longitude_rad, context.origin_height_m)
    latitude_rad, longitude_rad, _ = lla_from_enu(
        origin, np.array([[context.pose.east_m, context.pose.north_m, context.pose.up_m]])
    )[0].tolist()  # fmt: skip
    return latitude_rad / RAD_PER_DEG, longitude_rad / RAD_PER_DEG

"""Adapter: positions of a satellite navigation receiver to claims: NMEA and GeoJSON live, GPX and KML from files too.

Each place is one claim of whoever carries the receiver. A connection carries NMEA sentences or GeoJSON features, told
by its first byte; a recorded file of any form is cut into features, one a packet, at the times it says. Nothing that
is received raises.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from tocsin.formats.fixes import Fix, FixesError, read_fixes, write_feature
from tocsin.formats.json_objects import JsonReader
from tocsin.formats.nmea import SentenceReader
from tocsin.formats.problems import Problems
from tocsin.model.adapter import AdapterContext, AdapterInfo, Decoded, Grade
from tocsin.model.claim import Claim
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.sensors.positions.settings import Settings as PositionsSettings
from tocsin.units import RAD_PER_DEG

MEANS = "gnss"
_LONGEST_BYTES = 4096  # of a line


class Session:
    """One connection: what has come of a line, or of a JSON value."""

    def __init__(self) -> None:
        self.is_json: bool | None = None
        self.json, self.sentences = JsonReader(), SentenceReader()
        self.line = bytearray()
        self.row = 0


class Adapter:
    """One receiver, or one log."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="positions",
        summary="where a receiver of satellite navigation says it is",
        standard="NMEA 0183, GPX 1.1, KML 2.2, GeoJSON (RFC 7946)",
        grade=Grade.FIELD,
    )
    Settings: ClassVar[type[PositionsSettings]] = PositionsSettings

    def __init__(self, settings: PositionsSettings, context: AdapterContext) -> None:
        self._settings = settings
        self._name = context.name
        self._sessions: dict[int, Session] = {}
        self._problems = Problems()
        self._counts: Counter[str] = Counter()

    def packets(self, data: bytes, file: str) -> Iterator[Packet]:
        """Cut a recorded log into packets, each a place at its time."""
        try:
            found = read_fixes(data)
        except FixesError as error:
            raise TocsinError(f"{file}: {error}") from error
        for reason in found.broken:
            self._problems.count("place: broken", file, 0, reason)
        if not found.fixes:
            raise TocsinError(f"{file}: holds no place with a time")
        fixes = sorted(found.fixes, key=lambda fix: fix.time_s)
        yield self._packet(PacketKind.OPENED, fixes[0].time_s, b"", file, 1)
        for row, fix in enumerate(fixes, start=1):
            yield self._packet(PacketKind.DATA, fix.time_s, write_feature(fix), file, row)
        yield self._packet(PacketKind.CLOSED, fixes[-1].time_s, b"end of file", file, len(fixes))

    def decode(self, packet: Packet) -> Iterable[Decoded]:
        """The claims that the packet completes."""
        if packet.kind is PacketKind.OPENED:
            self._sessions[packet.connection] = Session()
        elif packet.kind is PacketKind.CLOSED:
            session = self._sessions.pop(packet.connection, None)
            if session is not None:
                self._counts["documents_broken_off"] += session.json.dropped + bool(session.json.waiting_bytes)
                return self._sentence(bytes(session.line), session, packet) if session.line else ()
        elif packet.kind is PacketKind.DATA:
            return list(self._claims(self._sessions.setdefault(packet.connection, Session()), packet))
        return ()

    def on_tick(self, time_s: float) -> Iterable[Decoded]:
        """Nothing happens by time alone."""
        return ()

    def statistics(self) -> Mapping[str, Any]:
        """Claims, what came, and the problems with their first places."""
        open_ones = sum(session.json.dropped for session in self._sessions.values())
        counts = {**self._counts, "documents_broken_off": self._counts["documents_broken_off"] + open_ones}
        return {**counts, "problems": self._problems.statistics()}

    def _packet(self, kind: PacketKind, time_s: float, data: bytes, file: str, row: int) -> Packet:
        return Packet(kind, self._name, time_s, data, connection=1, origin=f"{file}:{row}", exercise=True)

    def _claims(self, session: Session, packet: Packet) -> Iterator[Claim]:
        data = packet.data
        if session.is_json is None:
            begin = data.lstrip()
            if not begin:
                return
            session.is_json = begin[:1] in (b"{", b"[")
        if session.is_json:
            for value in session.json.feed(data):
                yield from self._feature(value, session, packet)
            return
        *lines, rest = (bytes(session.line) + data).split(b"\n")
        for line in lines:
            yield from self._sentence(line, session, packet)
        session.line = bytearray(rest)
        if len(rest) > _LONGEST_BYTES:
            self._problems.count("sentence: too long", packet.origin, session.row, f"{len(rest)} bytes")
            session.line.clear()

    def _feature(self, value: bytes, session: Session, packet: Packet) -> Iterator[Claim]:
        session.row += 1
        self._counts["documents"] += 1
        try:
            found = read_fixes(value)
        except FixesError as error:
            self._problems.count("document: broken", packet.origin, session.row, error)
            return
        for reason in found.broken:
            self._problems.count("place: broken", packet.origin, session.row, reason)
        for fix in found.fixes:
            yield self._claim(fix, session, packet)

    def _sentence(self, line: bytes, session: Session, packet: Packet) -> Iterator[Claim]:
        session.row += 1
        self._counts["lines"] += 1
        try:
            found = session.sentences.take(line)
        except ValueError as error:
            self._problems.count("sentence: refused", packet.origin, session.row, error)
            return
        if found is None:
            self._counts["lines_of_other_kinds"] += 1
            return
        fix = Fix(self._name, found.time_s, found.latitude_deg, found.longitude_deg, None, found.altitude_msl_m,
                  found.speed_mps, found.course_deg)  # fmt: skip
        yield self._claim(fix, session, packet)

    def _claim(self, fix: Fix, session: Session, packet: Packet) -> Claim:
        self._counts["claims"] += 1
        return Claim(
            means=MEANS,
            identifier=self._settings.identifier or fix.name,
            sensor=self._name,
            time_s=fix.time_s,
            received_s=packet.received_s,
            latitude_rad=fix.latitude_deg * RAD_PER_DEG,
            longitude_rad=fix.longitude_deg * RAD_PER_DEG,
            height_m=fix.height_m,
            altitude_msl_m=fix.altitude_msl_m,
            speed_mps=fix.speed_mps,
            course_rad=None if fix.course_deg is None else fix.course_deg % 360.0 * RAD_PER_DEG,
            sigma_horizontal_m=self._settings.sigma_horizontal_m,
            sigma_vertical_m=self._settings.sigma_vertical_m,
            category=self._settings.category,
            packet=packet.sequence,
            row=session.row,
            exercise=packet.exercise,
        )

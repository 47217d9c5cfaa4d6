"""Adapter: tables of named columns (CSV, JSON, Parquet) to detections, as the mapping in the site file says.

`decode` takes bytes cut anywhere and gives the same detections; it never raises on what the bytes hold. `packets` cuts
a recorded file into packets with the times at which its rows were received. Every row that gives no detection is
counted once: filtered, blank (no position), repeated, or broken, with its reason and place among the problems.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from tocsin.formats import columns
from tocsin.formats.binding import Binding
from tocsin.formats.locate import Locate
from tocsin.formats.problems import BadRow, Problems
from tocsin.formats.reading import Reading
from tocsin.formats.readings import Row
from tocsin.model.adapter import AdapterContext, AdapterInfo, Decoded, Grade
from tocsin.model.detection import Look
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Health, SensorStatus
from tocsin.sensors.table.cutter import DAMAGED, Cutter
from tocsin.sensors.table.placing import Placer, Timed
from tocsin.sensors.table.session import Repeats, Session


class Adapter:
    """One sensor's tables."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="table",
        summary="CSV, JSON or Parquet with named columns, live or recorded",
        standard="none: the site file maps the columns",
        grade=Grade.SAMPLED,
    )
    Settings: ClassVar[type[columns.Mapping]] = columns.Mapping

    def __init__(self, settings: columns.Mapping, context: AdapterContext) -> None:
        self._settings = settings
        self._name = context.name
        try:
            Binding(settings, Locate(settings, ()))  # units are checked here, columns when the header comes
            self._placer = Placer(settings, context)
        except TocsinError as error:
            raise TocsinError(f"sensor {context.name}: settings.{error}") from error
        self._problems = Problems()
        self._cutter = Cutter(settings, context.name, self._problems)
        self._sessions: dict[int, Session] = {}
        self._repeats = Repeats(settings.repeats_s)
        self._faulty = False
        self._counts = dict.fromkeys(("rows", "filtered", "blank", "repeated", "broken", "detections", "looks"), 0)

    def packets(self, data: bytes, file: str) -> Iterator[Packet]:
        """Cut a recorded file; a mapped column that is not in it is a `TocsinError`."""
        return self._cutter.packets(data, file)

    def decode(self, packet: Packet) -> Iterable[Decoded]:
        """What the packet completes, in the order of the bytes."""
        if packet.kind is PacketKind.OPENED:
            self._sessions[packet.connection] = Session(self._settings, self._problems)
        elif packet.kind is PacketKind.CLOSED:
            reason = packet.data.decode("utf-8", "replace")
            if reason.startswith(DAMAGED):
                self._problems.count("file: damaged", _file(packet), 0, reason.removeprefix(DAMAGED))
            session = self._sessions.pop(packet.connection, None)
            if session is not None:
                return self._items(session, session.readings.close(_file(packet), packet), over=True)
        elif packet.kind is PacketKind.DATA:
            session = self._sessions.get(packet.connection)
            if session is None:
                session = self._sessions[packet.connection] = Session(self._settings, self._problems)
            session.last = packet
            return self._items(session, session.readings.feed(packet.data, _file(packet), packet))
        return ()

    def on_tick(self, time_s: float) -> Iterable[Decoded]:
        """What time completes: a message whose last row came `message_wait_s` ago."""
        items: list[Decoded] = []
        for session in self._sessions.values():
            last = session.last
            if last is not None and time_s - last.received_s >= self._settings.message_wait_s:
                items += self._items(session, session.readings.flush(_file(last)), over=True)
                session.last = None
        return items

    def statistics(self) -> Mapping[str, Any]:
        """Counts of rows and of what became of them, and the problems with their first places."""
        return {**self._counts, "problems": self._problems.statistics()}

    def _items(self, session: Session, rows: Iterable[Row[Packet]], *, over: bool = False) -> list[Decoded]:
        """What comes of `rows`; with `over`, their message ends with them."""
        order: list[Look | SensorStatus | Timed] = []
        for message, reading, packet in rows:
            if self._faulty != bool(session.readings.absent):
                order.append(self._health(session.readings.absent, packet))
            if message is not None and message != session.message:
                order += session.over()
                session.begin(message)
            timed = None if reading is None else self._timed(session, reading, packet)
            if timed is None:
                self._counts["broken"] += 1
                session.settled = True
                continue
            if session.empty is None and self._settings.looks:
                session.empty = Look(self._name, timed.received_s, timed.received_s, packet.sequence, timed.reading.row)
            if timed.reading.place is None:
                self._counts["blank"] += 1
            elif self._repeats.seen(timed.reading, timed.received_s):
                self._counts["repeated"] += 1
            else:
                session.settled = True
                order.append(timed)
        if session.last is not None and self._faulty != bool(session.readings.absent):
            order.append(self._health(session.readings.absent, session.last))
        if over:
            order += session.over()
        self._counts["rows"] += session.readings.rows
        self._counts["filtered"] += session.readings.filtered
        session.readings.rows = session.readings.filtered = 0
        return self._placed(order)

    def _timed(self, session: Session, reading: Reading, packet: Packet) -> Timed | None:
        """The reading with its times, or None if they cannot be believed."""
        received_s = session.received_s(reading, packet, _file(packet))
        if received_s is None:
            self._problems.count("received: implausible", _file(packet), reading.row)
            return None
        if reading.place is None or self._settings.time is None:
            return Timed(reading, received_s, received_s, packet)
        age_s = received_s - reading.time_s
        if -self._settings.ahead_s <= age_s <= self._settings.oldest_s:
            return Timed(reading, reading.time_s, received_s, packet)
        reason = "time: older than oldest_s" if age_s > 0.0 else "time: further ahead than ahead_s"
        self._problems.count(reason, _file(packet), reading.row, f"{abs(age_s):.1f} s")
        return None

    def _placed(self, order: list[Look | SensorStatus | Timed]) -> list[Decoded]:
        batch = [item for item in order if isinstance(item, Timed)]
        placed = iter(self._placer.place(batch))
        items: list[Decoded] = []
        for item in order:
            if not isinstance(item, Timed):
                items.append(item)
                self._counts["looks"] += isinstance(item, Look)
                continue
            detection = next(placed)
            if isinstance(detection, BadRow):
                self._counts["broken"] += 1
                self._problems.count(detection.reason, _file(item.packet), item.reading.row, detection.detail)
            else:
                items.append(detection)
                self._counts["detections"] += 1
        return items

    def _health(self, absent: tuple[str, ...], packet: Packet) -> SensorStatus:
        """That mapped columns are missing, or that they are all there again."""
        self._faulty = bool(absent)
        health = Health.FAULT if absent else Health.OK
        reason = f"{_file(packet)}: {'; '.join(absent) or 'every mapped column is there'}"
        return SensorStatus(self._name, packet.received_s, health, reason, packet=packet.sequence)


def _file(packet: Packet) -> str:
    """Where the packet came from, without the row."""
    return packet.origin.rpartition(":")[0] or packet.origin

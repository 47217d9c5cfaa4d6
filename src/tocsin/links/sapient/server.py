"""Server: edge nodes connected directly, answered as a middleware would answer them.

A node registers, is acknowledged and reports; what is wrong with a message goes back as an Error that names the field,
and the session goes on. Refused are: what the validator refuses; a version that is not ours; anything but a
registration from a node that has not registered; another node's id; timestamps outside the window; detections too near
in time to the last or before it; an unchanged status before a new one or with another system state; places that cannot
be used. A node that connects a second time takes its id with it: the first connection is ignored from then on.

The rules are those that Apex, the middleware of Dstl, was found to keep, save that it lets some of this pass unsaid.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tocsin.formats.problems import Problems
from tocsin.formats.sapient.framing import Framer, FramingError
from tocsin.formats.sapient.schema import SapientError, content, time_s
from tocsin.links.sapient.hearing import Hearing
from tocsin.links.sapient.nodes import Nodes
from tocsin.links.sapient.placing import Unplaceable
from tocsin.links.sapient.settings import Settings
from tocsin.links.sapient.tasking import Tasking
from tocsin.links.sapient.voice import Voice
from tocsin.model.adapter import Decoded
from tocsin.model.command import Command, CommandAnswer
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet
from tocsin.model.sensor import Health, Reply, SensorStatus

NEW, GOODBYE = 1, 5
STALE_INTERVALS = 3.0


class Session:
    """One connection of an edge node. `node` is "" until it has registered."""

    def __init__(self, connection: int) -> None:
        self.connection = connection
        self.framer = Framer()
        self.row = 0
        self.node = ""
        self.system: int | None = None  # of the last new status
        self.detection_s = -1.0  # time of the last detection that was taken
        self.heard_s = 0.0
        self.stale = False
        self.left = False  # said goodbye


class Refusal(TocsinError):
    """A message that is answered with an Error."""


class Server:
    """The sessions of one listening link."""

    def __init__(
        self,
        settings: Settings,
        voice: Voice,
        nodes: Nodes,
        hearing: Hearing,
        counts: Counter[str],
        problems: Problems,
    ) -> None:
        self._settings = settings
        self._voice = voice
        self._nodes = nodes
        self._hearing = hearing
        self._counts = counts
        self._problems = problems
        self._sessions: dict[int, Session] = {}
        self._owner: dict[str, int] = {}  # the connection that a node's id belongs to
        self._tasking = Tasking(settings.task_answer_s, voice, counts)

    def opened(self, packet: Packet) -> Iterator[Decoded]:
        """A node connected; it speaks first."""
        self._sessions[packet.connection] = Session(packet.connection)
        return iter(())

    def closed(self, packet: Packet) -> Iterator[Decoded]:
        """A connection ended; without a goodbye before that, its sensor is silent."""
        session = self._sessions.pop(packet.connection, None)
        if session is None:
            return
        if session.framer.waiting_bytes:
            self._problems.count("stream: cut", packet.origin, session.row, f"{session.framer.waiting_bytes} bytes")
        if session.node and self._owner.get(session.node) == session.connection:
            del self._owner[session.node]
            self._nodes.forget(session.node)
            yield from self._tasking.gone(session.node, packet.received_s)
            sensor = self._nodes.sensor(session.node)
            if sensor is not None and not session.left:
                reason = "its connection ended without a goodbye"
                yield SensorStatus(sensor.name, packet.received_s, Health.SILENT, reason, packet=packet.sequence)

    def data(self, packet: Packet) -> Iterator[Decoded]:
        """What the bytes complete, and the answers to it."""
        session = self._sessions.setdefault(packet.connection, Session(packet.connection))
        try:
            for raw in session.framer.feed(packet.data):
                session.row += 1
                yield from self._message(raw, session, packet)
        except FramingError as error:
            self._problems.count("stream: no SAPIENT", packet.origin, session.row, error)
            reason = f"the stream cannot be followed any more: {error}"
            yield self._voice.error(session.connection, packet.received_s, session.node, packet.data, [reason])

    def on_tick(self, time_s: float) -> Iterator[Decoded]:
        """Nodes that have missed three of their own status intervals are stale; tasks may wait in vain."""
        yield from self._tasking.on_tick(time_s)
        for session in self._sessions.values():
            if not session.node or session.stale or self._owner.get(session.node) != session.connection:
                continue
            interval_s = self._nodes.get(session.node).interval_s
            sensor = self._nodes.sensor(session.node)
            if sensor is not None and time_s - session.heard_s > STALE_INTERVALS * interval_s:
                session.stale = True
                reason = f"no message for {time_s - session.heard_s:.0f} s, it promised one each {interval_s:g} s"
                yield SensorStatus(sensor.name, time_s, Health.DEGRADED, reason)

    def parting(self, time_s: float) -> Iterator[Decoded]:
        """A server takes no leave: its nodes see the connection end."""
        return iter(())

    def task(self, command: Command, time_s: float) -> Iterator[Reply | CommandAnswer]:
        """Ask of a sensor's node what a command asks of the sensor."""
        reached = []
        for session in self._sessions.values():
            sensor = self._nodes.sensor(session.node) if session.node else None
            here = self._owner.get(session.node) == session.connection and not session.left
            if here and sensor is not None and sensor.name == command.target:
                reached.append((self._nodes.get(session.node), session.connection))
        return self._tasking.ask(command, reached, time_s)

    def sessions(self) -> int:
        """How many connections stand."""
        return len(self._sessions)

    def _message(self, raw: bytes, session: Session, packet: Packet) -> Iterator[Decoded]:
        self._counts["messages"] += 1
        if session.node and self._owner.get(session.node) != session.connection:
            self._counts["messages_of_replaced_connections"] += 1
            return
        try:
            message, found = self._voice.schema.read(raw)
        except SapientError as error:
            yield from self._refused(session, packet, raw, [str(error)])
            return
        if found:
            yield from self._refused(session, packet, raw, found)
            return
        try:
            yield from self._checked(message, session, packet)
        except Refusal as error:
            yield from self._refused(session, packet, raw, [str(error)])
            return
        except Unplaceable as error:
            yield from self._refused(session, packet, raw, [f"{content(message)}.{error}"])
            return
        session.heard_s, session.stale = packet.received_s, False

    def _refused(self, session: Session, packet: Packet, raw: bytes, found: Any) -> Iterator[Decoded]:
        self._counts["messages_refused"] += 1
        for reason in found:
            place, _, why = reason.partition(": ")
            self._problems.count(f"refused: {_kind(place)}", packet.origin, session.row, why or place)
        yield self._voice.error(session.connection, packet.received_s, session.node, raw, list(found))

    def _checked(self, message: Any, session: Session, packet: Packet) -> Iterator[Decoded]:
        """What a valid message brings, by what stands in it; raises Refusal or Unplaceable."""
        what = content(message)
        self._check_time(message, packet.received_s)
        if not session.node and what != "registration":
            raise Refusal(f"{what}: this node has not registered on this connection")
        if session.node and message.node_id != session.node:
            raise Refusal(f"node_id: expected {session.node}, got {message.node_id}")
        match what:
            case "registration":
                yield from self._register(message, session, packet)
            case "status_report":
                yield from self._status(message, session, packet)
            case "detection_report":
                self._check_pace(time_s(message.timestamp), session)
                yield from self._hearing.detection(message, packet, session.row)
                session.detection_s = time_s(message.timestamp)
            case "alert":
                yield from self._hearing.alert(message, packet)
                yield self._alert_ack(message, session, packet)
            case "task_ack":
                yield from self._tasking.heard(message, packet)
            case "error":
                yield from self._hearing.error(message, packet)
            case _:
                raise Refusal(f"{what}: is not for an edge node to send")

    def _register(self, message: Any, session: Session, packet: Packet) -> Iterator[Decoded]:
        said = message.registration.icd_version
        schema = self._voice.schema
        if not schema.same_version(said):
            raise Refusal(f"registration.icd_version: {said[:40]!r} is not spoken here, {schema.icd_version!r} is")
        session.node, session.system, session.left = message.node_id, None, False
        self._owner[message.node_id] = session.connection
        self._counts["registrations"] += 1
        answer = self._voice.envelope(packet.received_s, message.node_id)
        answer.registration_ack.acceptance = True
        yield self._voice.reply(session.connection, answer)
        yield from self._hearing.registration(message, packet)

    def _status(self, message: Any, session: Session, packet: Packet) -> Iterator[Decoded]:
        report = message.status_report
        if report.info == NEW:
            session.system = report.system
        elif session.system is None:
            raise Refusal("status_report.info: INFO_UNCHANGED before an INFO_NEW")
        elif report.system != session.system:
            raise Refusal("status_report.system: differs from the last INFO_NEW, in a report that says INFO_UNCHANGED")
        session.left = report.system == GOODBYE
        yield from self._hearing.status(message, packet, session.row)

    def _alert_ack(self, message: Any, session: Session, packet: Packet) -> Decoded:
        answer = self._voice.envelope(packet.received_s, message.node_id)
        answer.alert_ack.alert_id = message.alert.alert_id
        answer.alert_ack.alert_ack_status = 1  # accepted: it was taken in as a statement
        return self._voice.reply(session.connection, answer)

    def _check_time(self, message: Any, received_s: float) -> None:
        age_s = received_s - time_s(message.timestamp)
        if not -self._settings.future_s <= age_s <= self._settings.oldest_s:
            words = f"{age_s:.3f} s old" if age_s > 0.0 else f"{-age_s:.3f} s ahead"
            window = f"{self._settings.oldest_s:g} s old to {self._settings.future_s:g} s ahead"
            raise Refusal(f"timestamp: {words}, taken are {window}; set the clock")

    def _check_pace(self, sent_s: float, session: Session) -> None:
        step_s = sent_s - session.detection_s
        if step_s < 0.0:
            raise Refusal(f"timestamp: detection {-step_s:.3f} s earlier than the one before")
        if 0.0 < step_s < self._settings.gap_s:
            raise Refusal(
                f"timestamp: detection time delta too small, {step_s:.3f} s after the one before,"
                f" {self._settings.gap_s:g} s or the same time are taken"
            )


def _kind(place: str) -> str:
    """A field's path without positions, so that reasons stay few."""
    return "".join(part.partition("]")[2] if "]" in part else part for part in place.split("["))[:80]

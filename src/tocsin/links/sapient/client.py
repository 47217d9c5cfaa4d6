"""Client: our own node towards a middleware, a consumer or another's fusion node, whoever opened the connection.

A session registers at once. An edge node reports only after it is acknowledged, since a middleware drops without a word
what comes before, and asks again while no answer comes. A fusion node goes on without one: some middlewares let no peer
register, and say so by an Error. After each registration the first status is NEW, later ones UNCHANGED until an Error
says that the other side has lost count. Detections of one cycle bear one timestamp, cycles keep their distance and
never step back in time. What other nodes say on the session is heard, whichever came first.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tocsin.formats.problems import Problems
from tocsin.formats.sapient.framing import Framer, FramingError
from tocsin.formats.sapient.schema import SapientError, content, reasons, set_reasons
from tocsin.links.sapient.composing import fill_location
from tocsin.links.sapient.hearing import Hearing
from tocsin.links.sapient.placing import Unplaceable
from tocsin.links.sapient.registration import MODE
from tocsin.links.sapient.settings import Settings
from tocsin.links.sapient.tasks import Act, answer
from tocsin.links.sapient.voice import Voice
from tocsin.model.adapter import Decoded
from tocsin.model.packet import Packet
from tocsin.model.sensor import Health, Reply, SensorStatus

ASK_AGAIN_S = 5.0  # for an acknowledgement that does not come
GO_ON_S = 2.0  # a fusion node waits so long for one
AFTER_REFUSAL_S = 30.0
_OK, _GOODBYE, _NEW, _UNCHANGED = 1, 5, 1, 2
_ACCEPTED = 1  # AlertAck.AlertAckStatus


class Session:
    """One connection. `accepted`: reports may go out; `asked_s`: when we registered last."""

    def __init__(self, connection: int) -> None:
        self.connection = connection
        self.framer = Framer()
        self.row = 0
        self.accepted = False
        self.asked_s = -1.0
        self.wait_s = ASK_AGAIN_S
        self.status_s = -1.0
        self.new = True  # the next status is NEW
        self.stopped = False
        self.cycle_s = -1.0
        self.pace_ratio = 1.0


class Client:
    """The sessions of our node on one link. `registration` is our own, complete; `stands_lla` our place."""

    def __init__(
        self,
        settings: Settings,
        voice: Voice,
        hearing: Hearing,
        registration: Any,
        stands_lla: tuple[float, float, float],
        counts: Counter[str],
        problems: Problems,
    ) -> None:
        self._settings = settings
        self._voice = voice
        self._hearing = hearing
        self._registration = registration
        self._stands_lla = stands_lla
        self._counts = counts
        self._problems = problems
        self._sessions: dict[int, Session] = {}

    def opened(self, packet: Packet) -> Iterator[Decoded]:
        """A connection stands: say who we are."""
        session = self._sessions[packet.connection] = Session(packet.connection)
        if self._settings.register or self._settings.role == "edge":
            yield self._register(session, packet.received_s)
        else:
            yield from self._accepted(session, packet.received_s)

    def closed(self, packet: Packet) -> Iterator[Decoded]:
        """A connection ended."""
        session = self._sessions.pop(packet.connection, None)
        if session is not None and session.framer.waiting_bytes:
            self._problems.count("stream: cut", packet.origin, session.row, f"{session.framer.waiting_bytes} bytes")
        reason = packet.data.decode("utf-8", "replace")[:100] or "the connection ended"
        yield SensorStatus(self._voice.link, packet.received_s, Health.DEGRADED, reason, packet=packet.sequence)

    def data(self, packet: Packet) -> Iterator[Decoded]:
        """What the bytes complete, and our answers."""
        session = self._sessions.setdefault(packet.connection, Session(packet.connection))
        try:
            for raw in session.framer.feed(packet.data):
                session.row += 1
                yield from self._message(raw, session, packet)
        except FramingError as error:
            self._problems.count("stream: no SAPIENT", packet.origin, session.row, error)

    def on_tick(self, time_s: float) -> Iterator[Decoded]:
        """Ask again for what was not answered, and give signs of life."""
        for session in self._sessions.values():
            waited_s = time_s - session.asked_s
            if not session.accepted and self._settings.role == "fusion" and waited_s >= GO_ON_S:
                self._counts["went_on_without_acknowledgement"] += 1
                yield from self._accepted(session, time_s)
            elif not session.accepted and waited_s >= session.wait_s:
                yield self._register(session, time_s)
            elif session.accepted and time_s - session.status_s >= self._settings.status_s:
                yield self._status(session, time_s)

    def parting(self, time_s: float) -> Iterator[Decoded]:
        """The site stops: say goodbye on every session."""
        for session in self._sessions.values():
            if session.accepted:
                session.new = True
                yield self._status(session, time_s, _GOODBYE)
                session.stopped = True

    def due(self, time_s: float) -> list[Session]:
        """Sessions whose next cycle of reports is due; their distance is kept from here on."""
        found = []
        for session in self._sessions.values():
            wait_s = self._settings.interval_s * session.pace_ratio
            if session.accepted and not session.stopped and time_s - session.cycle_s >= wait_s - 1e-6:
                session.cycle_s = time_s
                found.append(session)
        return found

    def reporting(self) -> list[Session]:
        """Sessions on which reports may go out."""
        return [session for session in self._sessions.values() if session.accepted and not session.stopped]

    def sessions(self) -> int:
        """How many connections stand."""
        return len(self._sessions)

    def _register(self, session: Session, time_s: float) -> Reply:
        session.accepted, session.new, session.asked_s = False, True, time_s
        self._counts["registrations_sent"] += 1
        message = self._voice.envelope(time_s)
        message.registration.CopyFrom(self._registration)
        return self._voice.reply(session.connection, message)

    def _accepted(self, session: Session, time_s: float) -> Iterator[Decoded]:
        session.accepted, session.new, session.wait_s = True, True, ASK_AGAIN_S
        yield self._status(session, time_s)
        yield SensorStatus(self._voice.link, time_s, Health.OK, "reports go out")

    def _status(self, session: Session, time_s: float, system: int = _OK) -> Reply:
        message = self._voice.envelope(time_s)
        report = message.status_report
        report.report_id, report.system, report.mode = self._voice.id(time_s), system, MODE
        report.info = _NEW if session.new else _UNCHANGED
        if session.new:
            fill_location(report.node_location, self._stands_lla)
        session.new, session.status_s = False, time_s
        return self._voice.reply(session.connection, message)

    def _message(self, raw: bytes, session: Session, packet: Packet) -> Iterator[Decoded]:
        self._counts["messages"] += 1
        try:
            message, found = self._voice.schema.read(raw)
        except SapientError as error:
            self._problems.count("message: broken", packet.origin, session.row, error)
            return
        if found:
            self._counts["messages_refused"] += 1
            for reason in found:
                self._problems.count("message: not valid", packet.origin, session.row, reason)
            return
        if message.node_id == self._voice.node:
            self._counts["own_messages_come_back"] += 1
            return
        what = content(message)
        if message.destination_id and message.destination_id != self._voice.node and what != "registration":
            self._counts["messages_for_others"] += 1
            return
        try:
            yield from self._content(what, message, session, packet)
        except Unplaceable as error:
            self._problems.count(f"detection_report: {error.reason}", packet.origin, session.row, error.detail)

    def _content(self, what: str, message: Any, session: Session, packet: Packet) -> Iterator[Decoded]:
        match what:
            case "registration_ack":
                yield from self._acknowledged(message, session, packet)
            case "error":
                yield from self._error(message, session, packet)
            case "task":
                yield from self._task(message, session, packet)
            case "alert_ack":
                accepted = message.alert_ack.alert_ack_status == _ACCEPTED
                self._counts["alerts_accepted" if accepted else "alerts_refused"] += 1
            case "registration":
                yield from self._hearing.registration(message, packet)
            case "status_report":
                yield from self._hearing.status(message, packet, session.row)
            case "detection_report":
                yield from self._hearing.detection(message, packet, session.row)
            case "alert":
                yield from self._hearing.alert(message, packet)
            case _:
                self._counts[f"{what}s"] += 1

    def _acknowledged(self, message: Any, session: Session, packet: Packet) -> Iterator[Decoded]:
        if message.registration_ack.acceptance:
            if not session.accepted:
                yield from self._accepted(session, packet.received_s)
            return
        session.accepted, session.wait_s = False, AFTER_REFUSAL_S
        words = (
            f"refuses our registration: {reasons(message.registration_ack, 'ack_response_reason') or 'no reason given'}"
        )
        yield SensorStatus(self._voice.link, packet.received_s, Health.FAULT, words[:200], packet=packet.sequence)

    def _error(self, message: Any, session: Session, packet: Packet) -> Iterator[Decoded]:
        """Something of ours was refused: told to the operator, and mended where it can be."""
        yield from self._hearing.error(message, packet)
        try:
            ours = content(self._voice.schema.decode(message.error.packet))
        except SapientError:
            ours = ""
        if ours == "registration" and not session.accepted:
            session.wait_s = AFTER_REFUSAL_S
            if self._settings.role == "fusion":
                yield from self._accepted(session, packet.received_s)
        elif ours == "status_report":
            session.new = True
        elif ours and "regist" in reasons(message.error, "error_message").lower() and session.accepted:
            if packet.received_s - session.asked_s >= ASK_AGAIN_S:
                yield self._register(session, packet.received_s)

    def _task(self, message: Any, session: Session, packet: Packet) -> Iterator[Decoded]:
        found = answer(message.task)
        self._counts["tasks_answered"] += 1
        reply = self._voice.envelope(packet.received_s, message.node_id)
        reply.task_ack.task_id, reply.task_ack.task_status = message.task.task_id, found.status
        set_reasons(reply.task_ack, "reason", [found.reason] if found.reason else [])
        yield self._voice.reply(session.connection, reply)
        match found.act:
            case Act.REGISTER:
                yield self._register(session, packet.received_s)
            case Act.STATUS:
                session.new = True
                yield self._status(session, packet.received_s)
            case Act.STOP:
                session.stopped = True
            case Act.START:
                session.stopped = False
            case Act.PACE:
                session.pace_ratio = found.pace_ratio

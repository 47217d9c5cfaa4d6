"""Adapter: Remote ID to claims, from captures (pcap, pcapng), message streams and receivers' JSON, recorded or live.

Every location that is received is one claim, with what its sender has said of itself so far. Times: a drone tells
tenths of a second since the full hour, which are resolved against the receipt. Authentication is kept as `signed`,
which means that a signature came, not that anyone has checked it. Nothing that is received raises; what gives no claim
is counted with its reason and first places.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from tocsin.formats.dji_drone_id import DjiDroneIdError, decode_element
from tocsin.formats.pcap import CaptureError, CaptureReader, Frame
from tocsin.formats.problems import Problems
from tocsin.formats.receiver_json import Heard, ReceiverJsonError, read_document
from tocsin.formats.remote_id import BasicId, Location, Message, RemoteIdError, decode_message, split_pack
from tocsin.model.adapter import AdapterContext, AdapterInfo, Decoded, Grade
from tocsin.model.claim import Claim
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.sensors.remote_id.broadcast import Broadcast, broadcasts
from tocsin.sensors.remote_id.session import Document, Session, form_of
from tocsin.sensors.remote_id.settings import Settings as RemoteIdSettings
from tocsin.sensors.remote_id.transmitter import ImplausibleClaim, Transmitter, dji_claim

MOST_TRANSMITTERS = 4096  # a flood of invented addresses costs the oldest, not the memory
_HOUR_S = 3600.0


class Adapter:
    """One Remote ID receiver."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="remote_id",
        summary="drones' own broadcasts, from captures, message streams or receivers' JSON",
        standard="ASTM F3411-22a, EN 4709-002; DJI DroneID in Wi-Fi beacons",
        grade=Grade.SAMPLED,
    )
    Settings: ClassVar[type[RemoteIdSettings]] = RemoteIdSettings

    def __init__(self, settings: RemoteIdSettings, context: AdapterContext) -> None:
        self._settings = settings
        self._name = context.name
        self._sessions: dict[int, Session] = {}
        self._transmitters: dict[str, Transmitter] = {}
        self._problems = Problems()
        self._counts: Counter[str] = Counter()

    def packets(self, data: bytes, file: str) -> Iterator[Packet]:
        """Cut a capture, or documents that all say when, into packets with the times they were received."""
        if form_of(data) == "json":
            yield from self._documents(data, file)
            return
        if not CaptureReader.recognises(data):
            raise TocsinError(f"{file}: only a capture (pcap, pcapng) says when its messages were received")
        opened, received_s, start, row, reason = False, math.nan, 0, 0, b"end of file"
        reader = CaptureReader()
        try:
            for frame in reader.feed(data):
                received_s = frame.time_s if math.isfinite(frame.time_s) else received_s
                if math.isnan(received_s):
                    raise TocsinError(f"{file}: its first frame has no time")
                row += 1
                if not opened:
                    opened = True
                    yield self._packet(PacketKind.OPENED, received_s, b"", file, row)
                yield self._packet(PacketKind.DATA, received_s, data[start : frame.end], file, row)
                start = frame.end
        except CaptureError as error:
            reason = str(error).encode()
            self._problems.count("capture: broken", file, row, error)
        if opened:
            yield self._packet(PacketKind.DATA, received_s, data[start:], file, row)
            yield self._packet(PacketKind.CLOSED, received_s, reason, file, row)

    def decode(self, packet: Packet) -> Iterable[Decoded]:
        """The claims that the packet completes, in the order of the bytes."""
        if packet.kind is PacketKind.OPENED:
            self._sessions[packet.connection] = Session(self._settings.format)
        elif packet.kind is PacketKind.CLOSED:
            session = self._sessions.pop(packet.connection, None)
            if session is not None:
                self._counts["bytes_skipped"] += session.stream.skipped
                self._counts["documents_dropped"] += session.documents.dropped
                if rest := session.close():
                    self._problems.count("stream: cut", packet.origin, 0, f"{rest} bytes")
        elif packet.kind is PacketKind.DATA:
            session = self._sessions.setdefault(packet.connection, Session(self._settings.format))
            claims = list(self._claims(session, packet))
            if self._settings.whole_packets:
                session.documents.end()
            return claims
        return ()

    def on_tick(self, time_s: float) -> Iterable[Decoded]:
        """Forget senders that were not heard for `forget_s`."""
        oldest_s = time_s - self._settings.forget_s
        while self._transmitters and (first := next(iter(self._transmitters.values()))).heard_s < oldest_s:
            del self._transmitters[first.name]
        return ()

    def statistics(self) -> Mapping[str, Any]:
        """Frames, transmissions, messages and claims, and the problems with their first places."""
        skipped = sum(session.stream.skipped for session in self._sessions.values())
        dropped = sum(session.documents.dropped for session in self._sessions.values())
        return {
            **self._counts,
            "bytes_skipped": self._counts["bytes_skipped"] + skipped,
            "documents_dropped": self._counts["documents_dropped"] + dropped,
            "problems": self._problems.statistics(),
        }

    def _packet(self, kind: PacketKind, received_s: float, data: bytes, file: str, row: int) -> Packet:
        return Packet(kind, self._name, received_s, data, connection=1, origin=f"{file}:{row}", exercise=True)

    def _claims(self, session: Session, packet: Packet) -> Iterator[Claim]:
        try:
            for unit in session.feed(packet.data):
                session.row += 1
                if isinstance(unit, Frame):
                    yield from self._frame(unit, session, packet)
                elif isinstance(unit, Document):
                    yield from self._document(unit, session, packet)
                else:
                    heard = Broadcast(f"connection {packet.connection}", None, messages=unit)
                    yield from self._heard(heard, session, packet)
        except CaptureError as error:
            if not session.broken:
                self._problems.count("capture: broken", packet.origin, session.row, error)
            session.broken = True

    def _documents(self, data: bytes, file: str) -> Iterator[Packet]:
        """Documents as packets, if each of them that heard something says when; an older one does not go back."""
        session, received_s, row = Session("json"), -math.inf, 0
        for row, unit in enumerate(session.feed(data), start=1):
            assert isinstance(unit, Document)
            times = [heard.time_s for heard in _heard_in(unit) if heard.time_s is not None]
            received_s = max([received_s, *times])
            if not math.isfinite(received_s):
                raise TocsinError(f"{file}: its first document does not say when it was received")
            if row == 1:
                yield self._packet(PacketKind.OPENED, received_s, b"", file, row)
            yield self._packet(PacketKind.DATA, received_s, unit.data, file, row)
        if row:
            yield self._packet(PacketKind.CLOSED, received_s, b"end of file", file, row)

    def _document(self, document: Document, session: Session, packet: Packet) -> Iterator[Claim]:
        self._counts["documents"] += 1
        try:
            heard = read_document(document.data)
        except ReceiverJsonError as error:
            self._problems.count("document: broken", packet.origin, session.row, error)
            return
        self._counts["documents_without_drone"] += not any(one.messages for one in heard)
        for one in heard:
            sender = self._sender(f"receiver {one.sender or _first_id(one)}", packet.received_s)
            signal_dbm = None if one.signal_dbm is None or one.signal_dbm > 0.0 else one.signal_dbm
            yield from self._told([(m, b"") for m in one.messages], sender, signal_dbm, session, packet)

    def _frame(self, frame: Frame, session: Session, packet: Packet) -> Iterator[Claim]:
        def count(reason: str, detail: object) -> None:
            self._problems.count(reason, packet.origin, session.row, detail)

        self._counts["frames"] += 1
        heard = list(broadcasts(frame, count))
        self._counts["frames_with_remote_id"] += bool(heard)
        for broadcast in heard:
            yield from self._heard(broadcast, session, packet)

    def _heard(self, heard: Broadcast, session: Session, packet: Packet) -> Iterator[Claim]:
        """The claims of one transmission: all of its messages first, then each of its locations."""
        if heard.dji:
            yield from self._dji(heard, session, packet)
            return
        sender = self._sender(heard.transmitter, packet.received_s)
        messages: list[tuple[Message, bytes]] = []
        for raw in self._messages(heard.messages, session, packet):
            try:
                messages.append((decode_message(raw), raw))
            except RemoteIdError as error:
                self._problems.count("message: broken", packet.origin, session.row, error)
        yield from self._told(messages, sender, heard.signal_dbm, session, packet)

    def _told(
        self,
        messages: Sequence[tuple[Message, bytes]],
        sender: Transmitter,
        signal_dbm: float | None,
        session: Session,
        packet: Packet,
    ) -> Iterator[Claim]:
        locations: list[Location] = []
        for message, raw in messages:
            self._counts["messages"] += 1
            if isinstance(message, Location):
                locations.append(message)
                continue
            try:
                sender.note(message, raw)
            except ImplausibleClaim as error:
                self._problems.count("message: broken", packet.origin, session.row, error)
        for location in locations:
            ahead_s = self._clock_ahead_s(location, packet.received_s)
            time_s = packet.received_s + self._trusted_s(ahead_s)
            try:
                claim = sender.claim(location, time_s, packet.received_s, self._name, signal_dbm, ahead_s)
            except ImplausibleClaim as error:
                self._problems.count("location: not on the earth", packet.origin, session.row, error)
                continue
            yield self._out(claim, session, packet)

    def _dji(self, heard: Broadcast, session: Session, packet: Packet) -> Iterator[Claim]:
        try:
            claim = dji_claim(decode_element(heard.dji), packet.received_s, self._name, heard.signal_dbm)
        except (DjiDroneIdError, ImplausibleClaim) as error:
            self._problems.count("dji: broken", packet.origin, session.row, error)
            return
        yield self._out(claim, session, packet)

    def _out(self, claim: Claim, session: Session, packet: Packet) -> Claim:
        self._counts["claims"] += 1
        return msgspec.structs.replace(claim, packet=packet.sequence, row=session.row, exercise=packet.exercise)

    def _messages(self, data: bytes, session: Session, packet: Packet) -> tuple[bytes, ...]:
        if not data or data[0] >> 4 != 0xF:
            return (data,)
        if data[2:3] == b"\0":
            self._counts["packs_empty"] += 1
            return ()
        try:
            whole = split_pack(data)
        except RemoteIdError as error:
            self._problems.count("pack: broken", packet.origin, session.row, error)
            return ()
        if len(whole) < data[2]:  # real senders do cut the last message; the others are good
            self._problems.count("pack: cut", packet.origin, session.row, f"{len(whole)} of {data[2]} messages")
        return whole

    def _sender(self, name: str, received_s: float) -> Transmitter:
        """The sender, as the one heard last."""
        sender = self._transmitters.pop(name, None)
        if sender is None or sender.heard_s < received_s - self._settings.forget_s:
            sender = Transmitter(name)
        sender.heard_s = received_s
        self._transmitters[name] = sender
        if len(self._transmitters) > MOST_TRANSMITTERS:
            del self._transmitters[next(iter(self._transmitters))]
            self._counts["transmitters_dropped"] += 1
        return sender

    def _clock_ahead_s(self, location: Location, received_s: float) -> float | None:
        """How far the sender's time within the hour is ahead of the receipt, the nearer way round."""
        if location.hour_s is None:
            self._counts["locations_without_time"] += 1
            return None
        return (location.hour_s - received_s + _HOUR_S / 2.0) % _HOUR_S - _HOUR_S / 2.0

    def _trusted_s(self, ahead_s: float | None) -> float:
        """What the sender's clock adds to the receipt: nothing if it has none or is too far off."""
        if ahead_s is None:
            return 0.0
        if abs(ahead_s) > self._settings.clock_s:
            self._counts["clocks_astray"] += 1
            return 0.0
        return ahead_s


def _heard_in(document: Document) -> tuple[Heard, ...]:
    """What a document tells, nothing if it is broken: that is counted when it is decoded."""
    try:
        return read_document(document.data)
    except ReceiverJsonError:
        return ()


def _first_id(heard: Heard) -> str:
    return next((message.uas_id for message in heard.messages if isinstance(message, BasicId)), "")

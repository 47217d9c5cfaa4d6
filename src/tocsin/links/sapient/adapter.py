"""Adapter: SAPIENT (BSI Flex 335), both ways over one session, in one of three roles.

A server takes edge nodes directly; a fusion node joins a middleware or serves a consumer: it hears the nodes there and
tells the fused picture and alerts; an edge node feeds our sensors' own reports to another's fusion. The reports of
nodes become detections of the site's sensors that name this link and the node. Which version is spoken is the site's
word. Nothing that is received raises; what is not used is counted with its reason and first places.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from tocsin.formats.problems import Problems
from tocsin.formats.sapient.framing import Framer, FramingError, frame
from tocsin.formats.sapient.json_form import read_json
from tocsin.formats.sapient.schema import SapientError, schema, time_s
from tocsin.geo.frames import Origin, lla_from_enu
from tocsin.links.sapient.children import Children
from tocsin.links.sapient.client import Client
from tocsin.links.sapient.forward import Forward
from tocsin.links.sapient.fused import Fused
from tocsin.links.sapient.hearing import Hearing
from tocsin.links.sapient.nodes import Nodes
from tocsin.links.sapient.placing import Placer
from tocsin.links.sapient.registration import fill
from tocsin.links.sapient.reports import Reports
from tocsin.links.sapient.server import Server
from tocsin.links.sapient.settings import Settings as SapientSettings
from tocsin.links.sapient.voice import Voice
from tocsin.model.adapter import AdapterContext, AdapterInfo, Decoded, Grade
from tocsin.model.alert import Alert
from tocsin.model.claim import Claim
from tocsin.model.command import Command, CommandAnswer
from tocsin.model.detection import Detection
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.sensor import Reply
from tocsin.model.track import EndedTrack

MOST_ENDED = 1000  # tracks whose end waits for the next cycle


class Adapter:
    """One link."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="sapient",
        summary="edge nodes served, a middleware joined, a fusion node fed",
        standard="SAPIENT, BSI Flex 335 v2.0 and v1.0",
        grade=Grade.SAMPLED,
    )
    Settings: ClassVar[type[SapientSettings]] = SapientSettings
    emits: ClassVar[tuple[str, ...]] = (
        "registration",
        "registration acknowledgement",
        "status report",
        "detection report",
        "task to a sensor",
        "task acknowledgement",
        "alert",
        "alert acknowledgement",
        "error",
    )

    def __init__(self, settings: SapientSettings, context: AdapterContext) -> None:
        stands = _stands(settings, context)
        self._settings = settings
        self._name = context.name
        self._schema = schema(settings.version)
        self._counts: Counter[str] = Counter()
        self._problems = Problems()
        self._ended: list[EndedTrack] = []
        origin = Origin(context.origin_latitude_rad, context.origin_longitude_rad, context.origin_height_m)
        self._voice = Voice(settings, context, self._schema)
        self._nodes = Nodes(context, self._counts)
        children = Children(context)
        self._children = children
        reports = Reports(Placer(settings, origin, near=bool(context.site)), frozenset(settings.self_reporting))
        hearing = Hearing(context.name, self._nodes, reports, self._counts, self._problems)
        self._fused = Fused(self._voice, origin, children, self._counts)
        self._forward = Forward(self._voice, origin, stands, children, self._counts)
        self._client: Client | None = None
        self._side: Server | Client
        if settings.role == "server":
            self._side = Server(settings, self._voice, self._nodes, hearing, self._counts, self._problems)
        else:
            ours = self._schema.message().registration
            fill(ours, settings, context, tuple(children.nodes.values()), f"{context.site or 'Tocsin'}: {context.name}")
            place = lla_from_enu(origin, np.array([stands]))[0].tolist()
            here = (place[0], place[1], place[2])
            self._client = Client(settings, self._voice, hearing, ours, here, self._counts, self._problems)
            self._side = self._client

    def packets(self, data: bytes, file: str) -> Iterator[Packet]:
        """Cut a recorded file, frames or JSON, into packets received at the times its messages were sent."""
        received_s, row = -math.inf, 0
        for raw in self._messages(data, file):
            sent_s = time_s(self._schema.decode(raw).timestamp)
            if math.isfinite(sent_s):
                received_s = max(received_s, sent_s)
            if not math.isfinite(received_s):
                raise TocsinError(f"{file}: its first message has no time")
            row += 1
            if row == 1:
                yield self._packet(PacketKind.OPENED, received_s, b"", file, row)
            yield self._packet(PacketKind.DATA, received_s, frame(raw), file, row)
        if row:
            yield self._packet(PacketKind.CLOSED, received_s, b"end of file", file, row)

    def decode(self, packet: Packet) -> Iterable[Decoded]:
        """What the packet brings, in the order of the bytes, with our answers."""
        side = self._side
        if packet.kind is PacketKind.DATA:
            return list(side.data(packet))
        if packet.kind is PacketKind.CLOSED and packet.connection == 0:
            return list(side.parting(packet.received_s))
        if packet.connection and packet.kind is PacketKind.OPENED:
            return list(side.opened(packet))
        if packet.connection and packet.kind is PacketKind.CLOSED:
            return list(side.closed(packet))
        return ()

    def on_tick(self, time_s: float) -> Iterable[Decoded]:
        """Signs of life, questions asked again, reports that waited for their cycle."""
        found = list(self._side.on_tick(time_s))
        if self._client is not None and self._settings.role == "edge":
            connections = [session.connection for session in self._client.due(time_s)]
            found += self._spread(self._forward.cycle(time_s, self._most()), connections) if connections else ()
        return found

    def encode(self, item: Picture | Alert | Detection | Claim) -> Iterable[Reply]:
        """What goes out of the picture, where a cycle is due; an alert at once; a report with the next cycle."""
        if self._client is None:
            return ()
        if isinstance(item, Alert):
            connections = [session.connection for session in self._client.reporting()]
            return self._spread([self._fused.alert(item)], connections) if connections else ()
        if isinstance(item, Picture):
            return self._picture(item, self._client)
        self._forward.put(item)
        return ()

    def task(self, command: Command, time_s: float) -> Iterable[Reply | CommandAnswer]:
        """Ask of a node what a command asks of its sensor; only nodes that are connected here directly are asked."""
        if isinstance(self._side, Server):
            return list(self._side.task(command, time_s))
        return [CommandAnswer(command.id, False, f"link {self._name!r} is no server: its nodes are not ours", time_s)]

    def statistics(self) -> Mapping[str, Any]:
        """Sessions, nodes, messages in and out, and the problems with their first places."""
        return {
            **dict(sorted(self._counts.items())),
            "sessions": self._side.sessions(),
            "nodes": self._nodes.statistics(),
            "problems": self._problems.statistics(),
        }

    def _picture(self, picture: Picture, client: Client) -> Iterable[Reply]:
        self._children.remember(picture)
        self._ended = [*self._ended, *picture.ended][-MOST_ENDED:]
        if self._settings.role == "edge":
            return ()
        connections = [session.connection for session in client.due(picture.time_s)]
        if not connections:
            return ()
        ended, self._ended = self._ended, []
        messages = self._fused.cycle(picture, ended, self._nodes.partners(), self._most())
        return self._spread(messages, connections)

    def _spread(self, messages: list[Any], connections: list[int]) -> list[Reply]:
        """The same messages to each connection, in one piece."""
        data = b"".join(map(self._schema.write, messages))
        self._counts["reports_sent"] += len(messages) * len(connections)
        return [Reply(self._name, connection, data) for connection in connections] if data else []

    def _most(self) -> int:
        return max(int(self._settings.most_per_s * self._settings.interval_s), 1)

    def _messages(self, data: bytes, file: str) -> Iterator[bytes]:
        try:
            if is_json(data):
                for message in read_json(data, self._schema):
                    yield message.SerializeToString()
                return
            framer = Framer()
            yield from framer.feed(data)
            if framer.waiting_bytes:
                self._problems.count("stream: cut", file, 0, f"{framer.waiting_bytes} bytes")
        except (FramingError, SapientError) as error:
            self._problems.count("file: broken", file, 0, error)

    def _packet(self, kind: PacketKind, received_s: float, data: bytes, file: str, row: int) -> Packet:
        return Packet(kind, self._name, received_s, data, connection=1, origin=f"{file}:{row}", exercise=True)


def is_json(data: bytes) -> bool:
    """Whether a file begins as JSON does."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _stands(settings: SapientSettings, context: AdapterContext) -> tuple[float, float, float]:
    if settings.place_of is None:
        return 0.0, 0.0, 0.0
    for sensor in context.sensors:
        if sensor.name == settings.place_of:
            return sensor.pose.east_m, sensor.pose.north_m, sensor.pose.up_m
    raise TocsinError(f"place_of: no sensor is named {settings.place_of!r}")

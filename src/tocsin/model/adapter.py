"""The faces of an adapter, as structural protocols; ours and third parties' look the same.

An adapter is a class built as `Adapter(settings, context)` and found by its entry point. It holds session state per
connection and knows no socket, clock or thread.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Protocol, runtime_checkable

import msgspec

from tocsin.model.adapter_info import AdapterInfo as AdapterInfo
from tocsin.model.adapter_info import Grade as Grade
from tocsin.model.alert import Alert
from tocsin.model.claim import Claim
from tocsin.model.command import Command, CommandAnswer
from tocsin.model.detection import Detection, Look
from tocsin.model.packet import Packet
from tocsin.model.picture import Picture
from tocsin.model.sensor import Pose, Reply, SensorStatus
from tocsin.model.statement import Statement

Decoded = Detection | Look | Claim | Statement | SensorStatus | Reply | Command


class SiteSensor(msgspec.Struct, frozen=True):
    """A sensor of the site as links are told of it; `range_m` is how far it sees.

    `link` names the link its reports come by and `node` the id they come under there, both "" for a sensor with an
    adapter of its own; a `link` with the node "" takes every node that no other sensor names.
    """

    name: str
    pose: Pose
    range_m: float
    link: str = ""
    node: str = ""


class AdapterContext(msgspec.Struct, frozen=True):
    """What the site tells an adapter: the source's name and pose, and the site's origin (radians, metres).

    `seed` is what the site's ids are made from. `sensors` are all of the site's, for links; others get none.
    """

    name: str
    pose: Pose
    origin_latitude_rad: float
    origin_longitude_rad: float
    origin_height_m: float
    site: str = ""
    seed: str = ""
    exercise: bool = False
    sensors: tuple[SiteSensor, ...] = ()


class Decoder(Protocol):
    """The input face. `decode` yields what a packet completes, in the order the bytes give it, and never raises on
    bad input: what cannot be read is counted, with the last reason kept in `statistics()`."""

    info: ClassVar[AdapterInfo]
    Settings: ClassVar[type[msgspec.Struct]]

    def decode(self, packet: Packet) -> Iterable[Decoded]: ...

    def on_tick(self, time_s: float) -> Iterable[Decoded]: ...

    def statistics(self) -> Mapping[str, Any]: ...


class FileReader(Protocol):
    """An optional face of a decoder: cut a recorded file into packets with the times they were received."""

    def packets(self, data: bytes, file: str) -> Iterator[Packet]: ...


class Encoder(Protocol):
    """The output face. `encode` yields packets for the share's transport; `exercise` is carried on the wire."""

    info: ClassVar[AdapterInfo]
    Settings: ClassVar[type[msgspec.Struct]]

    def encode(self, item: Picture | Alert) -> Iterable[Packet]: ...

    def statistics(self) -> Mapping[str, Any]: ...


class Link(Protocol):
    """Both faces over one session. What goes out is given as `Reply`s, each whole: a transport sends all of one or
    nothing. A `Reply` from `decode` and `on_tick` belongs to the session that asked; `encode` is told of every picture,
    of each alert that changed, and of the reports of those sensors that the site file forwards, and keeps its own pace.
    Connection 0 is no session: OPENED there says that the link is expected, CLOSED that the site stops."""

    info: ClassVar[AdapterInfo]
    Settings: ClassVar[type[msgspec.Struct]]

    def decode(self, packet: Packet) -> Iterable[Decoded]: ...

    def encode(self, item: Picture | Alert | Detection | Claim) -> Iterable[Reply]: ...

    def on_tick(self, time_s: float) -> Iterable[Decoded]: ...

    def statistics(self) -> Mapping[str, Any]: ...


@runtime_checkable
class Tasked(Protocol):
    """An optional face of a link: ask of a sensor that comes by it what a command asks. Answers the command once, and
    gives what goes out for it; modes and look directions of sensors only, never anything that acts on a target."""

    def task(self, command: Command, time_s: float) -> Iterable[Reply | CommandAnswer]: ...

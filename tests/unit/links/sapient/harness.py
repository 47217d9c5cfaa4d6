"""A link's adapter driven by hand: what it is told, and what it says in return."""

from typing import Any

from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from sapient_messages import BEGIN_S, NODE, OTHER, framed, unframed
from tocsin.links.sapient.adapter import Adapter
from tocsin.model.adapter import AdapterContext, Decoded, SiteSensor
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Pose, Reply
from tocsin.units import RAD_PER_DEG

RADAR = SiteSensor("radar", Pose(), 5000.0, "nodes", NODE)
OTHERS = SiteSensor("others", Pose(100.0, 0.0, 5.0), 3000.0, "nodes", "")
OWN = SiteSensor("own", Pose(0.0, 50.0, 2.0), 2000.0)


def context(*sensors: SiteSensor, name: str = "nodes", exercise: bool = False) -> AdapterContext:
    origin = (54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)
    return AdapterContext(name, Pose(), *origin, "North pier", "seed", exercise, sensors or (RADAR,))


class Driven:
    """An adapter at a time that the test moves on; `replies` are parsed by sapient-msg, the rest are `items`."""

    def __init__(self, told: AdapterContext | None = None, **settings: Any) -> None:
        self.adapter = Adapter(Adapter.Settings(**settings), told or context())
        self.time_s = BEGIN_S
        self.items: list[Decoded] = []
        self.replies: list[tuple[int, SapientMessage]] = []

    def opened(self, connection: int = 1) -> list[SapientMessage]:
        return self._take(self.adapter.decode(self._packet(PacketKind.OPENED, b"", connection)))

    def closed(self, connection: int = 1) -> list[SapientMessage]:
        return self._take(self.adapter.decode(self._packet(PacketKind.CLOSED, b"reset", connection)))

    def raw(self, data: bytes, connection: int = 1) -> list[SapientMessage]:
        return self._take(self.adapter.decode(self._packet(PacketKind.DATA, data, connection)))

    def hear(self, *messages: SapientMessage, connection: int = 1) -> list[SapientMessage]:
        return self.raw(framed(*messages), connection)

    def tick(self, step_s: float = 0.1) -> list[SapientMessage]:
        self.time_s += step_s
        return self._take(self.adapter.on_tick(self.time_s))

    def tell(self, item: Any) -> list[SapientMessage]:
        return self._take(self.adapter.encode(item))

    def count(self, name: str) -> int:
        return int(self.adapter.statistics().get(name, 0))

    def _take(self, found: Any) -> list[SapientMessage]:
        said: list[SapientMessage] = []
        for item in found:
            if isinstance(item, Reply):
                parts = unframed(item.data)
                said += parts
                self.replies += [(item.connection, part) for part in parts]
            else:
                self.items.append(item)
        return said

    def _packet(self, kind: PacketKind, data: bytes, connection: int) -> Packet:
        return Packet(kind, "nodes", self.time_s, data, sequence=7, connection=connection, origin="peer:1")


def errors(said: list[SapientMessage]) -> list[str]:
    """The texts of the Errors among what was said; whatever else stands there is named by its content."""
    found: list[str] = []
    for one in said:
        what = one.WhichOneof("content")
        found += list(one.error.error_message) if what == "error" else [f"({what})"]
    return found


__all__ = ["NODE", "OTHER", "Driven", "context", "errors"]

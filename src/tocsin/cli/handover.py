"""Handover: between the demo's nights the first shift acknowledges what is over, as a shift does before it leaves.

Only alerts whose cause is gone are acknowledged, by commands of the line like anybody else's, with an author of their
own; what still stands goes over to the next shift.
"""

from collections.abc import Iterable, Iterator

import msgspec

from tocsin.model.alert import Alert, AlertState
from tocsin.model.command import Command, CommandKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.service.pipeline import LineOutput

AUTHOR = "First shift, at handover"


class Handover:
    """`take` every output in the line's own thread; `packets` are those of the story with the commands between."""

    def __init__(self) -> None:
        self._over: dict[str, Alert] = {}

    def take(self, output: LineOutput) -> None:
        """Keep which alerts are over and wait to be acknowledged."""
        for alert in output.alerts:
            if alert.state is AlertState.RETURNED:
                self._over[alert.id] = alert
            else:
                self._over.pop(alert.id, None)

    def packets(self, story: Iterable[Packet]) -> Iterator[Packet]:
        """The story; after each step of its clock one acknowledgement for each alert that is over."""
        for packet in story:
            yield packet
            if packet.kind is PacketKind.CLOCK_STEP:
                for name in tuple(self._over):
                    command = Command(f"handover-{name}", CommandKind.ACKNOWLEDGE, AUTHOR, target=name)
                    yield Packet(PacketKind.COMMAND, "operator", packet.received_s, msgspec.json.encode(command))

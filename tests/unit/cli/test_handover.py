"""The handover: what is over is acknowledged when the clock is set, by a name of its own, and nothing else is."""

import msgspec

from tocsin.cli.handover import AUTHOR, Handover
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.command import Command, CommandKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.service.pipeline import LineOutput


def told(name: str, state: AlertState) -> LineOutput:
    alert = Alert(name, AlertKey("drone", "gate", name), state, Priority.HIGH, 1.0, 1.0, 1, "words", "reason")
    return LineOutput(Packet(PacketKind.TICK, "clock", 1.0), 1.0, alerts=(alert,))


def test_what_is_over_is_acknowledged_at_the_step_of_the_clock() -> None:
    handover = Handover()
    story = handover.packets([Packet(PacketKind.TICK, "clock", 5.0), Packet(PacketKind.CLOCK_STEP, "clock", 90_000.0)])
    assert next(story).kind is PacketKind.TICK
    for name, state in (
        ("over", AlertState.RETURNED),
        ("stands", AlertState.UNACKNOWLEDGED),
        ("answered", AlertState.RETURNED),
        ("answered", AlertState.CLEARED),
        ("back", AlertState.RETURNED),
        ("back", AlertState.UNACKNOWLEDGED),
    ):
        handover.take(told(name, state))
    step, command = story
    assert step.kind is PacketKind.CLOCK_STEP
    assert (command.kind, command.received_s) == (PacketKind.COMMAND, 90_000.0)
    asked = msgspec.json.decode(command.data, type=Command)
    assert (asked.kind, asked.author, asked.target) == (CommandKind.ACKNOWLEDGE, AUTHOR, "over")

"""Packet: any input of the line, with its place in the order and the time it was received.

The recorder gives each packet its `sequence`; nothing else reaches the line. A replay feeds the same packets and so is
the same run.
"""

from enum import StrEnum

import msgspec


class PacketKind(StrEnum):
    """What a packet carries in `data`."""

    DATA = "data"  # bytes of a sensor or link, as they came
    COMMAND = "command"  # JSON of a Command
    TICK = "tick"  # empty; the clock moved on by a tenth of a second
    OPENED = "opened"  # empty; a connection of `source` opened
    CLOSED = "closed"  # UTF-8 reason; the connection ended
    SITE = "site"  # TOML text of the site file in force from here on
    RULES = "rules"  # TOML text of changed rules
    CLOCK_STEP = "clock-step"  # empty; the line's time jumps to `received_s`, nobody was silent meanwhile


class Packet(msgspec.Struct, frozen=True):
    """One input. `received_s` is UTC seconds since 1970; `sequence` is 0 until the recorder has assigned it.

    `source` is the sensor's or link's name in the site file, "operator" for commands and "clock" for ticks.
    `connection` tells sessions of one source apart. `origin` says where the bytes came from: a peer address, or
    "FILE:ROW" for a replayed file. `exercise` marks replayed or simulated data and travels with all that follows.
    """

    kind: PacketKind
    source: str
    received_s: float
    data: bytes = b""
    sequence: int = 0
    connection: int = 0
    origin: str = ""
    exercise: bool = False

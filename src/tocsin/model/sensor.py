"""Sensors: where one stands, what it says of its own health, and what it answers to a task."""

from enum import StrEnum

import msgspec


class Pose(msgspec.Struct, frozen=True):
    """Where a sensor stands in the site's ENU frame and where it points; heading clockwise from true north."""

    east_m: float = 0.0
    north_m: float = 0.0
    up_m: float = 0.0
    heading_rad: float = 0.0


class Health(StrEnum):
    """How well a source is doing; `SILENT` is found by us, the rest is what the source says."""

    OK = "ok"
    DEGRADED = "degraded"
    FAULT = "fault"
    SILENT = "silent"
    OFF = "off"


class SensorStatus(msgspec.Struct, frozen=True):
    """A change in a sensor's health, position or coverage, told by itself or found by us.

    `blind_rad` are sectors it cannot see now: (from, to) pairs, clockwise from true north. `pose` is None unless the
    sensor told a new one.
    """

    sensor: str
    time_s: float
    health: Health
    reason: str = ""
    pose: Pose | None = None
    blind_rad: tuple[tuple[float, float], ...] | None = None
    packet: int = 0


class Reply(msgspec.Struct, frozen=True):
    """Bytes an adapter wants to send back on the connection they answer (an acknowledgement, a task)."""

    source: str
    connection: int
    data: bytes

"""Report: one row of what a sensor sends, before any format has touched it.

`time_s` is when the sensor says it looked and `received_s` when we hear of it, both in story seconds. `fields` are
named with their units (degrees at this edge, as sensors give them). `target` tells tests and scores what was seen
("" is clutter); no emitter writes it.
"""

from enum import StrEnum

import msgspec


class ReportKind(StrEnum):
    """A plot of something, a sign of life, or what a target says of itself."""

    PLOT = "plot"
    BEAT = "beat"
    CLAIM = "claim"


class Report(msgspec.Struct, frozen=True):
    """One row of one sensor."""

    sensor: str
    kind: ReportKind
    time_s: float
    received_s: float
    fields: dict[str, float | str]
    target: str = ""

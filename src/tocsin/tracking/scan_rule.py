"""ScanRule: how a sensor's detections are gathered into looks."""

from typing import Literal

import msgspec

from tocsin.model.errors import TocsinError

SHORTEST_S = 1e-4


class ScanRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a look ends.

    rule: "row" - every detection is a look at that target alone (transponders, sensors that report when they please);
        "period" - a look lasts `period_s`; "sector" - a rotating sensor: a look is one turn, ended where the azimuth
        passes the place it began, or after one and a half periods; "gap" - a burst of reports, ended by `period_s`
        without one
    period_s: time of one look (period, sector), or the silence that ends a burst (gap)
    span_s: a burst whose reports lie further apart in time is cut into parts of this length, of which none says what
        was not seen (gap)
    """

    rule: Literal["row", "period", "sector", "gap"] = "row"
    period_s: float = 1.0
    span_s: float = 1.0

    def __post_init__(self) -> None:
        if not SHORTEST_S <= self.period_s < 3600.0:
            raise TocsinError(f"scan.period_s: must be between {SHORTEST_S} and 3600 s, got {self.period_s}")
        if not SHORTEST_S <= self.span_s < 3600.0:
            raise TocsinError(f"scan.span_s: must be between {SHORTEST_S} and 3600 s, got {self.span_s}")

"""Report: what every record needs to become a detection, claim or status: its sensor, times and parentage."""

import msgspec

from tocsin.model.errors import TocsinError

DAY_S = 86_400.0


class RefusedRecord(TocsinError):
    """A record that its layout allows and sense does not."""


class Report(msgspec.Struct, frozen=True):
    """The circumstances of one record. `source`: SAC and SIC."""

    sensor: str
    received_s: float
    packet: int
    row: int
    exercise: bool
    clock_s: float
    source: tuple[int, int]

    def time_s(self, of_day_s: float) -> float:
        """UTC of a time of day, the one nearest to the receipt; refuses one that is further than `clock_s`."""
        behind_s = (self.received_s - of_day_s + DAY_S / 2.0) % DAY_S - DAY_S / 2.0
        if of_day_s >= DAY_S or abs(behind_s) > self.clock_s:
            raise RefusedRecord(f"time of day {of_day_s:.1f} s is {behind_s:+.0f} s before the receipt")
        return self.received_s - behind_s

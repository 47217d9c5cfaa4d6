"""Session: what is remembered of one connection from packet to packet, and what its rows are believed of time.

A message that gave no detection is a look that saw nothing: `over` gives it when the message is known to be complete.
A message with a broken row says neither.
"""

from collections.abc import Hashable

from tocsin.formats.columns import Mapping
from tocsin.formats.problems import Problems
from tocsin.formats.reading import Reading, Triple
from tocsin.formats.readings import Readings
from tocsin.model.detection import Look
from tocsin.model.packet import Packet
from tocsin.sensors.table.cutter import CLOCK_SLACK_S


class Session:
    """One connection's stream, the message it is in, and its clock."""

    def __init__(self, mapping: Mapping, problems: Problems) -> None:
        self.readings: Readings[Packet] = Readings(mapping, problems)
        self.last: Packet | None = None  # the newest packet of a message that may go on
        self.message: Hashable = None
        self.empty: Look | None = None  # what the message is if nothing comes of it
        self.settled = True  # something came of it, or it was told
        self._mapping = mapping
        self._problems = problems
        self._highest_s = 0.0
        self._stated_s: float | None = None
        self._believed_s: float | None = None

    def begin(self, message: Hashable) -> None:
        """A message begins."""
        self.message, self.empty, self.settled = message, None, False

    def over(self) -> list[Look]:
        """The message is complete: the look it was, if nothing came of it."""
        told = [self.empty] if self.empty is not None and not self.settled else []
        self.empty, self.settled = None, True
        return told

    def received_s(self, reading: Reading, packet: Packet, file: str) -> float | None:
        """When the row was received; None if what it says of that cannot be believed."""
        stated_s = reading.received_s
        if stated_s != stated_s:
            return packet.received_s
        if stated_s != self._stated_s:
            self._stated_s = stated_s
            self._believed_s = self._believed(stated_s, packet, file, reading.row)
        return self._believed_s

    def _believed(self, stated_s: float, packet: Packet, file: str, row: int) -> float | None:
        behind_s = packet.received_s - stated_s
        if behind_s > self._mapping.span_s:
            return None
        if behind_s < 0.0:  # a clock ahead of ours: a row is not received before its bytes
            if behind_s < -self._mapping.ahead_s:
                self._problems.count("received: ahead of its packet", file, row, f"{-behind_s:.1f} s")
            return packet.received_s
        if stated_s < self._highest_s - CLOCK_SLACK_S:
            self._problems.count("received: clock went backwards", file, row, f"{self._highest_s - stated_s:.1f} s")
        self._highest_s = max(self._highest_s, stated_s)
        return self._highest_s


class Repeats:
    """Remembers reports for `keep_s` after they were last given, to know one that is given again."""

    def __init__(self, keep_s: float) -> None:
        self._keep_s = keep_s
        self._last_s: dict[tuple[float, Triple | None, str | None], float] = {}

    def seen(self, reading: Reading, now_s: float) -> bool:
        """Whether this report was given before; it is remembered from now on."""
        if self._keep_s == 0.0:
            return False
        key = (reading.time_s, reading.place, reading.sensor_track)  # unknown is one NaN object, equal to itself here
        while self._last_s and self._last_s[oldest := next(iter(self._last_s))] < now_s - self._keep_s:
            del self._last_s[oldest]
        known = self._last_s.pop(key, None) is not None
        self._last_s[key] = now_s  # at the end: the oldest stand first
        return known

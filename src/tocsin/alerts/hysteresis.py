"""Latch: when a wavering condition counts as true: n of the last m looks to rise, a quiet time to fall.

An alert that rises too often is held: it then falls only after a longer quiet time. Silence of the sensors is no look:
between looks nothing rises, while the quiet time runs on.
"""

from dataclasses import dataclass


@dataclass(slots=True)
class Latch:
    """One condition. `step` returns whether it counts as true now."""

    needed: int
    of: int
    off_delay_s: float
    chatter_rises: int
    chatter_s: float
    chatter_hold_s: float
    active: bool = False
    chattering: bool = False
    looks: int = 0  # bits, newest lowest
    quiet_since_s: float | None = None
    rises_s: tuple[float, ...] = ()

    def step(self, raises: bool, holds: bool, fresh: bool, time_s: float) -> bool:
        """`raises`: the condition to rise is met; `holds`: the weaker one to stay; `fresh`: this is a new look."""
        if fresh:
            self.looks = ((self.looks << 1) | int(raises)) & ((1 << self.of) - 1)
        if self.active:
            self._hold(holds, time_s)
        elif raises and self.looks.bit_count() >= self.needed:
            self.active, self.quiet_since_s = True, None
            self.rises_s = (*(rise for rise in self.rises_s if rise > time_s - self.chatter_s), time_s)
            self.chattering = len(self.rises_s) >= self.chatter_rises
        return self.active

    def _hold(self, holds: bool, time_s: float) -> None:
        if holds:
            self.quiet_since_s = None
            return
        if self.quiet_since_s is None:
            self.quiet_since_s = time_s
        if time_s - self.quiet_since_s >= (self.chatter_hold_s if self.chattering else self.off_delay_s):
            self.active, self.chattering, self.looks = False, False, 0

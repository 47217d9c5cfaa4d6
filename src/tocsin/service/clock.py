"""LiveClock: UTC that never runs backwards.

The system's UTC is read once at the start and carried on by the monotonic clock, so that a correction of the system
clock cannot reorder the line's time. Where the system's UTC has run ahead by more than a second (the machine slept, or
got the right time only after the start), `try_catch_up` takes it over; where it fell behind, ours stays.
"""

import time

STEP_S = 1.0


class LiveClock:
    """`now_s()` is UTC seconds since 1970."""

    def __init__(self) -> None:
        self._offset_s = time.time() - time.monotonic()

    def now_s(self) -> float:
        return self._offset_s + time.monotonic()

    def try_catch_up(self) -> bool:
        """Step forward to the system's UTC if it is ahead; whether it was."""
        offset_s = time.time() - time.monotonic()
        if offset_s - self._offset_s <= STEP_S:
            return False
        self._offset_s = offset_s
        return True

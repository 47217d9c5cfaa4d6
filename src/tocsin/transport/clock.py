"""Clock: where receipt times come from; the service's own, or a test's."""

from typing import Protocol


class Clock(Protocol):
    """Gives UTC seconds since 1970 and never steps back."""

    def now_s(self) -> float: ...

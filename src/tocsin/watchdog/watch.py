"""Watch: who has given a sign of life, and who has not for too long; without clock or socket.

Somebody is watched from the first sign on, or from the start where it is expected. After `DEGRADED_S` without one it is
degraded, after `DOWN_S` it is down; a new sign makes it well again.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

DEGRADED_S, DOWN_S = 2.0, 4.0
START_S = 60.0  # what is expected at the start may take as long to give its first sign


class Life(StrEnum):
    """How somebody does."""

    WELL = "well"
    DEGRADED = "degraded"
    DOWN = "down"


class Change(msgspec.Struct, frozen=True):
    """Somebody does otherwise than before."""

    name: str
    life: Life
    silent_s: float


class Watch:
    """`sign` for each sign of life, `look` for what has changed; times are of one monotonic clock."""

    def __init__(self, expected: Iterable[str], time_s: float) -> None:
        self._last_s = {name: time_s + START_S - DOWN_S for name in expected}
        self._life = dict.fromkeys(self._last_s, Life.WELL)

    def sign(self, name: str, time_s: float) -> None:
        """`name` lives."""
        self._last_s[name] = time_s
        self._life.setdefault(name, Life.WELL)

    def leave(self, name: str) -> None:
        """`name` has said that it ends."""
        self._last_s.pop(name, None)
        self._life.pop(name, None)

    def look(self, time_s: float) -> tuple[Change, ...]:
        """Who does otherwise than at the last look."""
        found = []
        for name, last_s in self._last_s.items():
            silent_s = max(time_s - last_s, 0.0)
            life = Life.DOWN if silent_s >= DOWN_S else Life.DEGRADED if silent_s >= DEGRADED_S else Life.WELL
            if life is not self._life[name]:
                self._life[name] = life
                found.append(Change(name, life, silent_s))
        return tuple(found)

    def lives(self) -> dict[str, str]:
        """How everybody did at the last look."""
        return {name: str(life) for name, life in self._life.items()}

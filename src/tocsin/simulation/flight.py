"""Flight: where one target was, moment by moment; what sensors look at and what truth files hold.

Rows are `STEP_S` apart in story seconds. Between rows the path is the cubic through both positions and velocities.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEP_S = 0.05


class Flight(msgspec.Struct, frozen=True):
    """One target's path. `time_s` (n,) story seconds; `position_enu_m`, `velocity_enu_mps` (n, 3); `flying` (n,).

    `kind` is the scenario's word for it. At least two rows.
    """

    target: str
    kind: str
    time_s: Floats
    position_enu_m: Floats
    velocity_enu_mps: Floats
    flying: NDArray[np.bool_]

    def at(self, time_s: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Position (m, 3), velocity (m, 3) and whether it exists and flies (m,) at any times (m,)."""
        first, step = self.time_s[0], self.time_s[1] - self.time_s[0]
        row = np.clip(((time_s - first) / step).astype(np.int64), 0, len(self.time_s) - 2)
        s = np.clip((time_s - self.time_s[row]) / step, 0.0, 1.0)[:, None]
        p0, p1 = self.position_enu_m[row], self.position_enu_m[row + 1]
        v0, v1 = self.velocity_enu_mps[row], self.velocity_enu_mps[row + 1]
        d = p1 - p0
        a, b = step * v0 - d, d - step * v1
        position = p0 + s * d + s * (1.0 - s) * ((1.0 - s) * a + s * b)
        velocity = v0 + s * (v1 - v0)
        alive = (time_s >= first) & (time_s <= self.time_s[-1]) & self.flying[row]
        return position, velocity, alive


class Log:
    """Collects a flight row by row while it is flown."""

    def __init__(self, target: str, kind: str, start_s: float) -> None:
        self._target, self._kind, self._start_s = target, kind, start_s
        self._rows: list[tuple[float, float, float, float, float, float]] = []
        self._flying: list[bool] = []

    def add(
        self, position_enu_m: tuple[float, float, float], velocity_enu_mps: tuple[float, float, float], flying: bool
    ) -> None:
        """One row, `STEP_S` after the last."""
        self._rows.append((*position_enu_m, *velocity_enu_mps))
        self._flying.append(flying)

    def flight(self) -> Flight:
        """What was flown; a flight of one row is given a second."""
        if len(self._rows) == 1:
            self.add(self._rows[0][:3], self._rows[0][3:], self._flying[0])
        rows = np.asarray(self._rows, dtype=np.float64)
        time_s = self._start_s + STEP_S * np.arange(len(rows), dtype=np.float64)
        flying = np.asarray(self._flying)
        return Flight(self._target, self._kind, time_s, rows[:, :3].copy(), rows[:, 3:].copy(), flying)

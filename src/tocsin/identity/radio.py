"""Radio: whether a claim can have been heard from where it says it was sent.

A signal falls by 20 dB for each tenfold range in free space, and nothing near the ground is heard from further than the
radio horizon. The limits take the strongest lawful sender and a good antenna, so that only what cannot be is doubted.

Source: ITU-R P.525-4 (free-space attenuation), P.310 (radio horizon, 4/3 earth).
"""

import math
from collections import deque
from statistics import median

import numpy as np

from tocsin.identity.doubt import Doubt

_AT_1_M_DB = 40.0  # attenuation over 1 m at 2.4 GHz
_STRONGEST_DBM = 38.0  # radiated power, antenna and reflection together
_HEARD, _HEARD_S = 3, 2.0
_KEPT, _KEPT_S = 120, 120.0
_DECADES, _FEWEST = 0.45, 12
_NEAREST_M = 50.0  # nearer, errors of both places are as large as the range
_EARTH_M = 8.495e6  # 4/3 of the earth's radius
_RECEIVER_M = 30.0  # height of an antenna above its surroundings, at most


def strongest_dbm(range_m: float) -> float:
    """The strongest signal that a lawful sender can be heard with from `range_m`."""
    return _STRONGEST_DBM - _AT_1_M_DB - 20.0 * math.log10(max(range_m, 1.0))


def horizon_m(height_m: float) -> float:
    """How far a sender `height_m` above the ground can be heard, at most; unknown counts as very high."""
    height_m = 15_000.0 if math.isnan(height_m) else max(height_m, 5.0)
    return math.sqrt(2.0 * _EARTH_M * _RECEIVER_M) + math.sqrt(2.0 * _EARTH_M * height_m)


class Radio:
    """The signals of one sender at one receiver."""

    def __init__(self) -> None:
        self._heard: deque[tuple[float, float, float]] = deque(maxlen=_KEPT)  # time, log10 of range, dBm

    def add(self, time_s: float, range_m: float, height_m: float, signal_dbm: float | None) -> list[Doubt]:
        """Take in the range claimed (and its height above the receiver) and the signal, and say what speaks against."""
        doubts = []
        if range_m > 1.3 * horizon_m(height_m) + 20_000.0:
            doubts.append(Doubt("horizon", f"heard from {range_m / 1000.0:.0f} km, beyond the radio horizon"))
        if signal_dbm is None or not math.isfinite(signal_dbm):
            return doubts
        while self._heard and time_s - self._heard[0][0] > _KEPT_S:
            self._heard.popleft()
        self._heard.append((time_s, math.log10(max(range_m, _NEAREST_M)), signal_dbm))
        recent = [one for one in self._heard if time_s - one[0] <= 10.0]
        if len(recent) >= _HEARD and time_s - recent[0][0] >= _HEARD_S:
            level_dbm, away_m = median(one[2] for one in recent), 10.0 ** median(one[1] for one in recent)
            if away_m >= 4.0 * _NEAREST_M and level_dbm > strongest_dbm(away_m):
                doubts.append(Doubt("signal", f"{level_dbm:.0f} dBm is too strong for {away_m:.0f} m"))
        return doubts + self._slope()

    def _slope(self) -> list[Doubt]:
        """Whether the signal stays the same while the range claimed changes a lot."""
        if len(self._heard) < _FEWEST:
            return []
        table = np.array(self._heard)
        decade = table[:, 1] - table[:, 1].mean()
        if np.ptp(table[:, 1]) < _DECADES:
            return []
        spread = float(decade @ decade)
        slope = float(decade @ table[:, 2]) / spread
        rest = table[:, 2] - table[:, 2].mean() - slope * decade
        deviation = math.sqrt(max(float(rest @ rest) / (len(table) - 2), 1.0) / spread)
        if slope - 3.0 * deviation <= -7.0:
            return []
        near_m, far_m = 10.0 ** table[:, 1].min(), 10.0 ** table[:, 1].max()
        return [Doubt("signal", f"its signal does not fall from {near_m:.0f} m to {far_m:.0f} m as it must")]

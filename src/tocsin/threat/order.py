"""The order of threats: most pressing first, and steady enough to be read.

A track presses as its likely time to the nearest place: the median entry time if entry is likely, else later than the
horizon by how unlikely it is. Tracks declared friend or neutral come after the rest. So that rows do not jump, a track
keeps the time it was placed by, counted down with the clock, until the new one differs by more than 15 % or 2 s; equals
stand by birth.
"""

import numpy as np
from numpy.typing import NDArray

from tocsin.model.identity import Affiliation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LEAST_CHANGE_S = 2.0
_LEAST_CHANGE = 0.15


class ThreatOrder:
    """The times tracks were placed by, a row a track."""

    def __init__(self) -> None:
        self._held_s = np.zeros(0)
        self._time_s = 0.0

    def follow(self, before: Ints) -> None:
        """Rows as they are now, `before` their old ones (-1 for a new track)."""
        kept = before >= 0
        held_s = np.full(len(before), np.inf)
        held_s[kept] = self._held_s[before[kept]]
        self._held_s = held_s

    def step(self, pressing_s: Floats, affiliation: Ints, time_s: float) -> Ints:
        """(n,) track rows, most pressing first, from `pressing_s` (n,), inf for a track near no place."""
        counted_down = np.maximum(self._held_s - max(time_s - self._time_s, 0.0), 0.0)
        with np.errstate(invalid="ignore"):
            change_s = np.abs(pressing_s - counted_down)
        keep = change_s <= np.maximum(_LEAST_CHANGE_S, _LEAST_CHANGE * counted_down)
        self._held_s = np.where(keep & np.isfinite(counted_down), counted_down, pressing_s)
        self._time_s = time_s
        ours = (affiliation == Affiliation.FRIEND) | (affiliation == Affiliation.NEUTRAL)
        return np.asarray(np.lexsort((np.arange(len(pressing_s)), self._held_s, ours)), np.int64)


def pressing_s(tracks: int, track: Ints, entry_s: Floats, entry_probability: Floats, horizon_s: float) -> Floats:
    """(tracks,) the least over each track's pairs of its likely time to the place, inf for a track without a pair."""
    likely = entry_probability >= 0.5
    time_s = np.where(likely, entry_s, horizon_s * (3.0 - 2.0 * entry_probability))
    least = np.full(tracks, np.inf)
    np.minimum.at(least, track, time_s)
    return least

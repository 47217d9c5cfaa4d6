"""Seconds: the whole seconds of UTC at which a run is judged, and where every drone was then.

Between two fixes of a log at most `GAP_S` apart a drone is on the straight line between them; in a longer gap its
place is unknown. A second is judged if at least one drone flies and the place of none is unknown in mid-flight, so a
track near an unseen drone is never called false. Before its first and after its last fix a drone does not fly.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from tocsin.model.errors import TocsinError
from tocsin.model.truth import TruthTrack

GAP_S = 2.0


class Seconds(msgspec.Struct, frozen=True):
    """k judged seconds and m targets, in the order of `targets`.

    `time_s` (k,): whole UTC seconds, increasing. `position_m` (k, m, 2): east and north in the site's frame, NaN where
    unknown. `flying` (k, m): at least one is true in every row. `unknown`: how many seconds were left out because a
    drone in flight had no fix.
    """

    targets: tuple[str, ...]
    time_s: NDArray[np.float64]
    position_m: NDArray[np.float64]
    flying: NDArray[np.bool_]
    unknown: int

    @property
    def hours(self) -> float:
        """The length of what was judged: one second each, gaps left out."""
        return len(self.time_s) / 3600.0


def judged_seconds(truths: Sequence[TruthTrack]) -> Seconds:
    """The seconds at which `truths` can be compared with. Refuses truth in which nothing ever flies."""
    if not any(truth.flying.any() for truth in truths):
        raise TocsinError("truth: no target is flying at any time")
    first = min(float(truth.time_s[0]) for truth in truths)
    last = max(float(truth.time_s[-1]) for truth in truths)
    time_s = np.arange(np.ceil(first), np.floor(last) + 1.0)
    position_m = np.empty((len(time_s), len(truths), 2))
    flying = np.empty((len(time_s), len(truths)), dtype=np.bool_)
    lost = np.zeros(len(time_s), dtype=np.bool_)
    for column, truth in enumerate(truths):
        position_m[:, column], flying[:, column], missing = place_at(truth, time_s)
        lost |= missing
    judged = flying.any(axis=1) & ~lost
    if not judged.any():
        raise TocsinError("truth: no whole second has a target flying at a known place")
    names = tuple(truth.target for truth in truths)
    return Seconds(names, time_s[judged], position_m[judged], flying[judged], int(lost.sum()))


def place_at(
    truth: TruthTrack, time_s: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Where a target was at `time_s` (q,): (q, 2) east and north with NaN for unknown, whether it was flying there,
    and whether it was lost in mid-flight (in a gap with flight on either side)."""
    fixes = truth.time_s
    before = np.searchsorted(fixes, time_s, side="right") - 1
    within = (before >= 0) & (time_s <= fixes[-1])
    left = np.clip(before, 0, len(fixes) - 1)
    right = np.minimum(left + 1, len(fixes) - 1)
    exact = time_s == fixes[left]
    near = within & (exact | (fixes[right] - fixes[left] <= GAP_S))
    position_m = np.full((len(time_s), 2), np.nan)
    for axis in range(2):
        position_m[near, axis] = np.interp(time_s[near], fixes, truth.position_enu_m[:, axis])
    flying = near & truth.flying[left]
    lost = within & ~near & (truth.flying[left] | truth.flying[right])
    return position_m, flying, lost

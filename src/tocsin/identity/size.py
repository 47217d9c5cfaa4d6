"""Size: how like each class a track is by its radar cross section.

The mean of what radars have told, fading with `MEMORY_S`, against a normal law of each class, mixed with a broad one
that all share. Cross sections scatter by 10 dB and more with aspect, so that the mean of many is still one witness. The
laws are round numbers: a small drone has about 0.01 m^2, a bird less, an aircraft some square metres.

Sources: J. S. Patel, F. Fioranelli, D. Anderson, "Review of radar classification and RCS characterisation techniques
for small UAVs or drones", IET Radar, Sonar & Navigation 12 (2018), 911; M. I. Skolnik, Introduction to Radar Systems.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tocsin.model.identity import CLASS_COUNT
from tocsin.model.scan import Scan
from tocsin.model.track import TrackColumns

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MEMORY_S = 60.0
BROAD_SHARE = 0.2
_MEAN_DBSM = np.array([-10.0, -18.0, -14.0, 8.0, 12.0, -28.0, -12.0, -22.0, 10.0, 15.0])
_SIGMA_DB = np.array([20.0, 7.0, 7.0, 9.0, 11.0, 8.0, 10.0, 9.0, 10.0, 12.0])


class Size:
    """One row a track: weight, sum of weighted cross sections, and when both were brought up to date."""

    def __init__(self) -> None:
        self._sums = np.zeros((0, 3))

    def follow(self, before: Ints) -> None:
        """Rows as they are now, `before` their old ones (-1 for a new track)."""
        moved = np.zeros((len(before), 3))
        moved[before >= 0] = self._sums[before[before >= 0]]
        self._sums = moved

    def hear(self, tracks: TrackColumns, scan: Scan) -> None:
        """Take in the cross sections of the detections that are linked to tracks."""
        found = [math.nan if one.rcs_dbsm is None else one.rcs_dbsm for one in scan.detections]
        if all(map(math.isnan, found)):
            return
        for (row, detection), share in zip(tracks.links.tolist(), tracks.link_probability.tolist(), strict=True):
            if not 0 <= detection < len(found) or not math.isfinite(found[detection]) or share < 0.3:
                continue
            weight, total, then_s = self._sums[row]
            kept = math.exp(-max(scan.time_s - then_s, 0.0) / MEMORY_S)
            self._sums[row] = weight * kept + share, total * kept + share * found[detection], scan.time_s

    def evidence(self) -> Floats:
        """(n, CLASS_COUNT) log likelihood of the size under each class, up to a constant a row; 0 if not known."""
        weight = self._sums[:, :1]
        heard = weight[:, 0] > 0.0
        result = np.zeros((len(weight), CLASS_COUNT))
        if not heard.any():
            return result
        mean = self._sums[heard, 1:2] / weight[heard]
        density = np.exp(-0.5 * ((mean - _MEAN_DBSM) / _SIGMA_DB) ** 2) / _SIGMA_DB
        result[heard] = np.log((1.0 - BROAD_SHARE) * density + BROAD_SHARE * density[:, :1])
        return result

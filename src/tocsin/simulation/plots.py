"""Plots: what a radar makes of its echoes, as columns, and the merging of those it cannot tell apart."""

import math
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Plots(msgspec.Struct, frozen=True):
    """n plots. `time_s`: when the beam met it; range, azimuth in [0, 2 pi), elevation, rate outward; signal to noise.

    `target` ("" for clutter) and the classifier's `word` a plot.
    """

    time_s: Floats
    range_m: Floats
    azimuth_rad: Floats
    elevation_rad: Floats
    range_rate_mps: Floats
    snr_db: Floats
    target: tuple[str, ...]
    word: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.target)

    def take(self, rows: Ints) -> "Plots":
        """The plots at `rows`, in that order."""
        return Plots(
            self.time_s[rows],
            self.range_m[rows],
            self.azimuth_rad[rows],
            self.elevation_rad[rows],
            self.range_rate_mps[rows],
            self.snr_db[rows],
            tuple(self.target[i] for i in rows.tolist()),
            tuple(self.word[i] for i in rows.tolist()),
        )


def joined(parts: Sequence[Plots]) -> Plots:
    """All plots in order of time, then range."""
    plots = Plots(
        np.concatenate([part.time_s for part in parts]),
        np.concatenate([part.range_m for part in parts]),
        np.concatenate([part.azimuth_rad for part in parts]),
        np.concatenate([part.elevation_rad for part in parts]),
        np.concatenate([part.range_rate_mps for part in parts]),
        np.concatenate([part.snr_db for part in parts]),
        tuple(target for part in parts for target in part.target),
        tuple(word for part in parts for word in part.word),
    )
    return plots.take(np.lexsort((plots.range_m, plots.time_s)).astype(np.int64))


def resolved(plots: Plots, within_s: float, cell_m: float, cell_rad: float) -> Plots:
    """Of plots (in order of time) of one look that share a resolution cell, the strongest only.

    Two plots belong to one look if they are at most `within_s` apart.
    """
    gone: set[int] = set()
    for i in range(len(plots)):
        j = i + 1
        while i not in gone and j < len(plots) and plots.time_s[j] - plots.time_s[i] <= within_s:
            across = abs((plots.azimuth_rad[j] - plots.azimuth_rad[i] + math.pi) % (2.0 * math.pi) - math.pi)
            along = abs(plots.range_m[j] - plots.range_m[i])
            if j not in gone and across < cell_rad and along < cell_m:
                gone.add(j if plots.snr_db[j] <= plots.snr_db[i] else i)
            j += 1
    return plots.take(np.array([i for i in range(len(plots)) if i not in gone], dtype=np.int64))

"""Clutter map: where in its view a sensor gives its false reports, learnt as it looks.

Ground clutter lies low and close, a hot sector stays hot. False reports taken to fill the view evenly are believed far
too readily where they crowd: they start tracks, and widen those of others. Each measured value has a histogram of its
own over the view, and the density is their product; a few reports change little. Sensors that state the density
themselves keep theirs, and so do those that report positions, or bearings: what no bearing can start may be real.
"""

import math

import numpy as np

from tocsin.model.detection import MeasurementKind
from tocsin.tracking.kernels.layout import Floats
from tocsin.tracking.measurement import POLAR
from tocsin.tracking.sensor_model import SensorModel

BINS = 16
PRIOR_REPORTS = 64.0  # what an even spread over all bins is worth
LOOK_MEMORY = 0.99


class ClutterMap:
    """`values` (sensors, kinds, 3, BINS) is all its state, to be copied and put back: reports counted, fading."""

    def __init__(self, sensors: tuple[SensorModel, ...]) -> None:
        self._sensors = sensors
        self.values: Floats = np.zeros((len(sensors), len(MeasurementKind) + 1, 3, BINS))

    def factor(self, s: int, kind: MeasurementKind, values: Floats) -> Floats:
        """Density (m,) of false reports at rows of sensor s, as a multiple of an even spread over its view. `values`
        (m, d): azimuth before range."""
        found = np.ones(len(values))
        if self._is_told(s, kind):
            return found
        for c, bins in enumerate(self._bins(s, kind, values)):
            count = self.values[s, kind, c] + PRIOR_REPORTS / BINS
            found *= count[bins] * (BINS / count.sum())
        return found

    def learn(self, s: int, kind: MeasurementKind, values: Floats, false_probability: Floats) -> None:
        """After a whole look: how likely each row was a false report."""
        if self._is_told(s, kind):
            return
        for c, bins in enumerate(self._bins(s, kind, values)):
            self.values[s, kind, c] *= LOOK_MEMORY
            self.values[s, kind, c] += np.bincount(bins, false_probability, BINS)

    def _is_told(self, s: int, kind: MeasurementKind) -> bool:
        return kind not in POLAR or self._sensors[s].false_density is not None

    def _bins(self, s: int, kind: MeasurementKind, values: Floats) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
        """The bin (m,) of each value of the rows; what lies outside the view is in the bin at its edge."""
        view = self._sensors[s].view
        start, end = view.azimuth_rad or (0.0, 2.0 * math.pi)
        turn = (end - start) % (2.0 * math.pi) or 2.0 * math.pi
        near, far = view.range_m
        shares = [((values[:, 0] - start) % (2.0 * math.pi)) / turn, (values[:, 1] - near) / (far - near)]
        if kind is MeasurementKind.POLAR_3D:
            low, high = view.elevation_rad
            shares.append((values[:, 2] - low) / (high - low))
        return [np.clip(share * BINS, 0, BINS - 1).astype(np.int64) for share in shares]

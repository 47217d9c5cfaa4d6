"""From a scan to the rows the kernels read, with the densities of false reports and of new targets at each row.

Values stand azimuth before range, so that the first value sorts a scanning sensor's report by direction. Rows are
ordered by their values and not by arrival: the same look gives the same result in whatever order it came. Densities are
in the sensor's own units (1/(rad m rad), 1/m^2, 1/rad ...), and only their ratio within one sensor is ever used.
"""

import math
from typing import NamedTuple

import numpy as np

from tocsin.model.detection import DIMENSION, MeasurementKind
from tocsin.model.scan import Scan
from tocsin.tracking.kernels.layout import Floats, Ints, Rows
from tocsin.tracking.kernels.rows import FINEST, arrange, situate
from tocsin.tracking.sensor_model import SensorModel
from tocsin.tracking.settings import Settings

POLAR = (MeasurementKind.POLAR_2D, MeasurementKind.POLAR_3D)
PLACED = (*POLAR, MeasurementKind.POSITION_2D, MeasurementKind.POSITION_3D)
LONGEST_LOOK_S = 60.0
FASTEST_MPS = 10_000.0  # a range rate beyond this is none
HEIGHT_SPAN_M = 10_000.0  # one new target in ten flies anywhere in this span
RATE_SPAN_MPS = 200.0  # false range rates are spread over this span


class Prepared(NamedTuple):
    """A scan made ready. `order` (m,): each row's index in the scan. `clutter` (m,): density of false reports there.
    `newborn` (m,): density there of one undetected target's report, 0 where a row cannot start a track."""

    rows: Rows
    order: Ints
    sensor_enu_m: Floats
    kind: int
    rate: int
    widest: Floats
    clutter: Floats
    newborn: Floats
    bad: int
    repeated: int

    @property
    def has_height(self) -> bool:
        """Whether the sensor measured a height, so that the place's is not the prior's."""
        return self.kind in (MeasurementKind.POSITION_3D, MeasurementKind.POLAR_3D)


def measured_volume(kind: MeasurementKind, sensor: SensorModel) -> float:
    """Extent of all values the sensor can report, in their units."""
    near, far = sensor.view.range_m
    low, high = sensor.view.elevation_rad
    turn = sensor.azimuth_extent_rad
    match kind:
        case MeasurementKind.POSITION_2D:
            return sensor.area_m2
        case MeasurementKind.POSITION_3D:
            return (far**3 - near**3) / 3.0 * turn * (math.sin(high) - math.sin(low))
        case MeasurementKind.POLAR_2D:
            return (far - near) * turn
        case MeasurementKind.POLAR_3D:
            return (far - near) * turn * (high - low)
        case MeasurementKind.AZIMUTH:
            return turn
        case MeasurementKind.AZIMUTH_ELEVATION:
            return turn * (high - low)


def is_well_formed(scan: Scan) -> bool:
    """Whether the scan's arrays are float64 of the shapes that its kind asks for, and its times are finite."""
    arrays = (scan.times_s, scan.values, scan.covariance, scan.sensor_enu_m, scan.range_rate_mps)
    if scan.kind not in DIMENSION or not all(map(_is_float64, (*arrays, scan.range_rate_sigma_mps))):
        return False
    d = DIMENSION[scan.kind]
    m = len(scan.times_s)
    return bool(
        math.isfinite(scan.time_s)
        and math.isfinite(scan.received_s)
        and scan.times_s.shape == (m,)
        and scan.values.shape == (m, d)
        and scan.covariance.shape == (m, d, d)
        and scan.sensor_enu_m.shape == (3,)
        and np.isfinite(scan.sensor_enu_m).all()
        and scan.range_rate_mps.shape in ((0,), (m,))
        and scan.range_rate_sigma_mps.shape == scan.range_rate_mps.shape
    )


def _is_float64(array: object) -> bool:
    return isinstance(array, np.ndarray) and array.dtype == np.float64 and array.ndim > 0


def prepare(scan: Scan, time_s: float, sensor: SensorModel, settings: Settings, seed: int) -> Prepared:
    """Check, order and place the rows of a well-formed scan whose look ended at `time_s`.

    Rows that are not finite, not definite, later than the look or far earlier are left out and counted.
    """
    floor = np.zeros(3)
    floor[: len(sensor.sigma_floor)] = sensor.sigma_floor[:3]
    told, covariance, times_s = (np.array(a, order="C") for a in (scan.values, scan.covariance, scan.times_s))
    rows = arrange(
        told, covariance, times_s, int(scan.kind), sensor.inflation, floor, time_s - LONGEST_LOOK_S, time_s, seed,
        sensor.repeats == "drop",
    )  # fmt: skip
    at = np.array(scan.sensor_enu_m, dtype=np.float64)
    m = len(rows.order)
    rate_variance, z, with_rate = np.zeros(m), rows.z, 0
    if scan.range_rate_mps.size:
        speed, sigma = scan.range_rate_mps[rows.order], scan.range_rate_sigma_mps[rows.order]
        stated = (np.abs(speed) <= FASTEST_MPS) & (sigma > 0.0) & (sigma <= FASTEST_MPS)
        rate_variance[stated] = sigma[stated] ** 2 + FINEST
        if stated.any():
            z, with_rate = np.column_stack((z, np.where(stated, speed, 0.0))), 1
    place, place_cov, swing, alike, widest = situate(
        int(scan.kind), rows.z, rows.R, rate_variance, at, settings.height_m, settings.height_sigma_m
    )
    clutter, newborn = _densities(scan.kind, sensor, settings, rows.z, place, place_cov, swing)
    if with_rate:
        variance = settings.speed_sigma_mps**2 + rate_variance
        likely = np.exp(-0.5 * z[:, -1] ** 2 / variance) / np.sqrt(2.0 * math.pi * variance)
        clutter[rate_variance > 0.0] /= RATE_SPAN_MPS
        newborn[rate_variance > 0.0] *= likely[rate_variance > 0.0]
    ready = Rows(z, rows.R, rate_variance, rows.t, place, place_cov, swing, rows.keys, alike)
    return Prepared(ready, rows.order, at, int(scan.kind), with_rate, widest, clutter, newborn, rows.bad, rows.repeated)


def _densities(
    kind: MeasurementKind, sensor: SensorModel, settings: Settings, z: Floats, place: Floats, cov: Floats, swing: Floats
) -> tuple[Floats, Floats]:
    """Density of one false report, uniform in what the sensor measures; of one target's, uniform over the ground."""
    m = len(z)
    if sensor.false_density is None:
        clutter = np.full(m, 1.0 / measured_volume(kind, sensor))
    else:
        clutter = np.full(m, sensor.false_density / sensor.false_per_look)
    if kind not in PLACED:
        return clutter, np.zeros(m)
    newborn = np.full(m, 1.0 / sensor.area_m2)
    if kind == MeasurementKind.POLAR_2D:
        newborn *= np.maximum(z[:, 1], 1.0)
    elif kind != MeasurementKind.POSITION_2D:
        variance = settings.height_sigma_m**2 + cov[:, 2, 2]
        off = place[:, 2] - settings.height_m
        near = np.exp(-0.5 * off * off / variance) / np.sqrt(2.0 * math.pi * variance)
        newborn *= (0.9 * near + 0.1 / HEIGHT_SPAN_M) * swing
    return clutter, newborn

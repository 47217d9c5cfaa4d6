"""Scan: the detections of one look, at most one a target; and Tick, the passing of time without one."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from tocsin.model.detection import Detection, MeasurementKind

Floats = NDArray[np.float64]


class Scan(msgspec.Struct, frozen=True):
    """m detections of one sensor and one measurement kind (d values each), as read-only columns.

    `time_s`: the look's time, not before any of `times_s`. `values` (m, d), `covariance` (m, d, d), in the units of
    `kind`. `sensor_enu_m` (3,). `range_rate_mps` and `range_rate_sigma_mps` (m,), NaN where there is none; empty
    arrays where no detection has one. `detections` are the structs behind the rows, or empty for a scan made from
    arrays. An empty scan (m = 0) says the sensor looked and saw nothing. `whole`: the look covered the sensor's whole
    view, so that a target without a detection was missed; false where a sensor reports target by target.
    """

    sensor: str
    kind: MeasurementKind
    time_s: float
    received_s: float
    times_s: Floats
    values: Floats
    covariance: Floats
    sensor_enu_m: Floats
    range_rate_mps: Floats
    range_rate_sigma_mps: Floats
    detections: tuple[Detection, ...] = ()
    whole: bool = True


class Tick(msgspec.Struct, frozen=True):
    """Time passed: the line is at `time_s` (UTC seconds)."""

    time_s: float

"""Small scenes with known truth for the tracker's tests, drawn from a seed and made without the tracker's own code."""

import math

import numpy as np

from tocsin.model.detection import MeasurementKind
from tocsin.model.scan import Scan
from tocsin.sensing.view import View
from tocsin.tracking import SensorModel

NONE = np.empty(0)
SIGMA = np.array([10.0, math.radians(0.5), math.radians(0.7)])
START_S = 1.7e9
RADAR = SensorModel("radar", view=View(range_m=(0.0, 8000.0), elevation_rad=(-0.2, 1.57)), false_per_look=5.0)


def polar(position: np.ndarray, sensor: np.ndarray) -> np.ndarray:
    """Slant range, azimuth clockwise from north, elevation of positions (n, 3)."""
    d = position - sensor
    ground = np.hypot(d[:, 0], d[:, 1])
    return np.column_stack(
        (np.linalg.norm(d, axis=1), np.arctan2(d[:, 0], d[:, 1]) % (2 * math.pi), np.arctan2(d[:, 2], ground))
    )


def scan(
    kind: MeasurementKind,
    time_s: float,
    values: np.ndarray,
    variances: np.ndarray,
    *,
    sensor: str = "radar",
    at: tuple[float, float, float] = (0.0, 0.0, 0.0),
    times_s: np.ndarray | None = None,
    rates: np.ndarray = NONE,
    received_s: float | None = None,
    whole: bool = True,
) -> Scan:
    """A scan with one diagonal covariance for all rows."""
    m = len(values)
    return Scan(
        sensor=sensor,
        kind=kind,
        time_s=time_s,
        received_s=time_s if received_s is None else received_s,
        times_s=np.full(m, time_s) if times_s is None else times_s,
        values=np.asarray(values, dtype=np.float64),
        covariance=np.tile(np.diag(variances), (m, 1, 1)),
        sensor_enu_m=np.array(at),
        range_rate_mps=rates,
        range_rate_sigma_mps=np.full(len(rates), 1.0),
        whole=whole,
    )


def crowd(seed: int, targets: int = 6, scans: int = 20, false: float = 5.0) -> tuple[list[Scan], list[np.ndarray]]:
    """Straight flights seen by one 3-D radar once a second with detection probability 0.9, and the true positions."""
    rng = np.random.default_rng(seed)
    position = np.column_stack((rng.uniform(-4000, 4000, (targets, 2)), rng.uniform(50, 400, targets)))
    velocity = np.column_stack((rng.uniform(-25, 25, (targets, 2)), np.zeros(targets)))
    result, truth = [], []
    for k in range(scans):
        here = position + velocity * k
        z = polar(here, np.zeros(3))[rng.random(targets) < 0.9]
        z = z + rng.normal(size=z.shape) * SIGMA
        m = rng.poisson(false)
        clutter = np.column_stack((rng.uniform(100, 8000, m), rng.uniform(0, 2 * math.pi, m), rng.uniform(0, 0.2, m)))
        z = np.vstack((z, clutter))
        z[:, 1] %= 2 * math.pi
        result.append(scan(MeasurementKind.POLAR_3D, START_S + k, z, SIGMA**2))
        truth.append(here)
    return result, truth

"""Compile, or load from the cache, every kernel the tracker uses, so that nothing compiles once a sensor is open.

It runs a few looks of each kind through a tracker: whatever `step` can call is called here with the types it will have.
"""

import math
from collections.abc import Callable

import numpy as np

from tocsin.model.detection import MeasurementKind
from tocsin.model.scan import Scan, Tick
from tocsin.model.track import EndedTrack
from tocsin.sensing import view
from tocsin.tracking.joins import LostObjects
from tocsin.tracking.scans import empty_scan
from tocsin.tracking.sensor_model import SensorModel
from tocsin.tracking.settings import Joining, Settings
from tocsin.tracking.tracker import Tracker

LOOKS = {
    MeasurementKind.POSITION_2D: ((100.0, 200.0), (100.0, 100.0)),
    MeasurementKind.POSITION_3D: ((100.0, 200.0, 50.0), (100.0, 100.0, 100.0)),
    MeasurementKind.POLAR_2D: ((230.0, 0.46), (100.0, 1e-4)),
    MeasurementKind.POLAR_3D: ((230.0, 0.46, 0.2), (100.0, 1e-4, 1e-4)),
    MeasurementKind.AZIMUTH: ((0.46,), (1e-4,)),
    MeasurementKind.AZIMUTH_ELEVATION: ((0.46, 0.2), (1e-4, 1e-4)),
}


def warm(progress: Callable[[str], None] | None = None) -> None:
    """Make all kernels ready; `progress` is told what comes next."""
    view.warm()
    tracker = Tracker(Settings(), [SensorModel("warm", false_per_look=0.01)])
    time_s = 0.0
    for kind in MeasurementKind:
        if progress:
            progress(f"tracking: {kind.name.lower().replace('_', ' ')}")
        values, variances = LOOKS[kind]
        for rates in (np.empty(0), np.full(2, 1.0)):
            time_s += 1.0
            z = np.array([values, [v + 0.2 for v in values]])
            scan = Scan(
                "warm", kind, time_s, time_s, np.array([time_s - 0.1, time_s]), z,
                np.tile(np.diag(variances), (2, 1, 1)), np.zeros(3), rates, rates,
            )  # fmt: skip
            tracker.step(scan)
    _join()
    _mix()
    tracker.step_all((empty_scan("warm", MeasurementKind.AZIMUTH, time_s - 0.5, time_s), Tick(time_s + 0.5)))
    for kind in (MeasurementKind.POSITION_3D, MeasurementKind.POLAR_3D):
        if progress:
            progress(f"tracking: falling objects, {kind.name.lower().replace('_', ' ')}")
        for with_rates in (False, True):
            _fall(kind, with_rates)


def _join() -> None:
    """A lost object found again."""
    lost = LostObjects(Joining(), 1e6, 25.0)
    lost.add([EndedTrack(1, "a", "a", 1.0, 1.0, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))])
    lost.find(31.0, 30.0, "b", np.zeros(6), np.eye(6))


def _mix() -> None:
    """Two targets side by side, whose detections cannot be told apart."""
    tracker = Tracker(Settings(), [SensorModel("warm", false_per_look=0.01)])
    values = np.array([[3000.0, 0.46, 0.1], [3020.0, 0.465, 0.1]])
    covariance = np.tile(np.diag((400.0, 4e-4, 4e-4)), (2, 1, 1))
    none = np.empty(0)
    for k in range(6):
        time_s = float(k)
        times_s = np.full(2, time_s)
        moved = values + (0.01 * k, 0.0, 0.0)  # a look that repeats the last says nothing
        scan = Scan(
            "warm", MeasurementKind.POLAR_3D, time_s, time_s, times_s, moved, covariance, np.zeros(3), none, none
        )
        tracker.step(scan)


def _fall(kind: MeasurementKind, rates: bool) -> None:
    """A fast object on a free path, long enough to be found, weighed against flight and carried on."""
    tracker = Tracker(Settings(), [SensorModel("warm", view=view.View(range_m=(0.0, 20_000.0)), false_per_look=0.01)])
    start, velocity = np.array([3000.0, 4000.0, 2500.0]), np.array([-120.0, -160.0, 40.0])
    for k in range(16):
        time_s = 0.5 * k
        place = start + velocity * time_s - np.array([0.0, 0.0, 4.9]) * time_s * time_s
        going = velocity - np.array([0.0, 0.0, 9.8]) * time_s
        range_m = math.sqrt(float((place * place).sum()))
        values, variances = place, (25.0, 25.0, 25.0)
        if kind is MeasurementKind.POLAR_3D:
            ground_m = math.hypot(place[0], place[1])
            azimuth_rad = math.atan2(place[0], place[1]) % (2.0 * math.pi)
            values = np.array([range_m, azimuth_rad, math.atan2(place[2], ground_m)])
            variances = (25.0, 1e-6, 1e-6)
        rate = np.array([float((place * going).sum()) / range_m]) if rates else np.empty(0)
        tracker.step(
            Scan(
                "warm", kind, time_s, time_s, np.array([time_s]), values.reshape(1, 3),
                np.diag(variances).reshape(1, 3, 3), np.zeros(3), rate, np.full(len(rate), 0.5),
            )
        )  # fmt: skip

"""Stone Soup on one scene, in its own environment and a process of its own.

`stonesoup_run.py SETTING N VARIANT SEED OUT.npz [CAP_CPU_S]`; SETTING is JSON such as `{"associator": "gnn", "q": 4.0,
"delete_after": 4}`. Built as its documentation shows: an extended Kalman filter on the radar's own measurements, a
multi-measurement initiator at three points, and a detection tree before the gate (110, in mixed units, so a gate of
110 m of range), without which it is slower at the same result. CPU time is measured around the tracker's stepping.
"""

import datetime
import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
from stonesoup.dataassociator.probability import JPDAwithLBP
from stonesoup.dataassociator.tree import DetectionKDTreeGNN2D, DetectionKDTreeMixIn
from stonesoup.deleter.time import UpdateTimeDeleter, UpdateTimeStepsDeleter
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.hypothesiser.probability import PDAHypothesiser
from stonesoup.initiator.simple import MultiMeasurementInitiator, SimpleMeasurementInitiator
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.nonlinear import Cartesian2DToBearing, CartesianToElevationBearingRange
from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.tracker.simple import MultiTargetMixtureTracker, MultiTargetTracker
from stonesoup.types.angle import Bearing, Elevation
from stonesoup.types.array import CovarianceMatrix, StateVector
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import ExtendedKalmanUpdater

import pairs
import scenario
from outcome import Outcome

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
GATE_SIGMA, GATE_SHARE, TREE_M = 3.75, 0.997, 110.0
Q_UP, BIRTH_MPS = 0.05, (25.0, 25.0, 1.5)


class TreeJPDAwithLBP(DetectionKDTreeMixIn, JPDAwithLBP):
    """Loopy-BP JPDA behind the detection tree."""


def frames_of(scene: scenario.Scene) -> list[tuple[datetime.datetime, set[Detection]]]:
    """The scene's frames as Stone Soup's detections."""
    cfg = scene.cfg
    R = CovarianceMatrix(np.diag([cfg.sigma_el**2, cfg.sigma_az**2, cfg.sigma_r**2]))
    radar = CartesianToElevationBearingRange(ndim_state=6, mapping=(0, 2, 4), noise_covar=R)
    bearings = [
        Cartesian2DToBearing(
            ndim_state=6,
            mapping=(0, 2),
            noise_covar=CovarianceMatrix([[b.sigma**2]]),
            translation_offset=np.array([[b.pos[0]], [b.pos[1]]]),
        )
        for b in cfg.bearing
    ]
    frames = []
    for t, s, z, _ in scene.frames:
        at = START + datetime.timedelta(seconds=float(t))
        models, rows = (radar, z[:, [2, 1, 0]]) if s == 0 else (bearings[s - 1], z)
        kinds = (Elevation, Bearing, float) if s == 0 else (Bearing,)
        states = [StateVector([kind(value) for kind, value in zip(kinds, row, strict=True)]) for row in rows]
        frames.append((at, {Detection(state, timestamp=at, measurement_model=models) for state in states}))
    return frames


def tracker_of(scene: scenario.Scene, setting: dict[str, Any]) -> Any:
    """The tracker of a setting, over the scene's frames."""
    cfg, q = scene.cfg, setting["q"]
    motion = CombinedLinearGaussianTransitionModel([ConstantVelocity(q), ConstantVelocity(q), ConstantVelocity(Q_UP)])
    predictor, updater = KalmanPredictor(motion), ExtendedKalmanUpdater(None)
    tree = {"predictor": predictor, "updater": updater, "max_distance": TREE_M}
    near = DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=GATE_SIGMA)
    variance = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    variance[1::2] = np.square(BIRTH_MPS)
    prior = GaussianState(np.zeros((6, 1)), np.diag(variance))

    def nearest() -> Any:
        # The tree asks every detection for the radar's form, so bearings go without it.
        return GNNWith2DAssignment(near) if cfg.bearing else DetectionKDTreeGNN2D(near, **tree)

    def deleter(scans: int) -> Any:
        # Counting steps ends every tentative track when other sensors' frames lie between.
        later = datetime.timedelta(seconds=scans * cfg.dt + 0.2)
        return UpdateTimeDeleter(later) if cfg.bearing else UpdateTimeStepsDeleter(scans)

    start = SimpleMeasurementInitiator(prior, None, skip_non_reversible=True)
    initiator = MultiMeasurementInitiator(
        prior, deleter(2), nearest(), updater, min_points=3, initiator=start, skip_non_reversible=True
    )
    frames, end = frames_of(scene), deleter(setting["delete_after"])
    if setting["associator"] == "gnn":
        return MultiTargetTracker(initiator, end, frames, nearest(), updater)
    density = None if cfg.bearing else cfg.clutter_density
    likely = PDAHypothesiser(predictor, updater, density, prob_detect=cfg.pd, prob_gate=GATE_SHARE)
    associator = JPDAwithLBP(likely) if cfg.bearing else TreeJPDAwithLBP(likely, **tree)
    return MultiTargetMixtureTracker(initiator, end, frames, associator, updater)


def run(scene: scenario.Scene, setting: dict[str, Any], cap_s: float) -> Outcome:
    """Step through the scene, as far as the CPU time allows."""
    steps, names = iter(tracker_of(scene, setting)), dict[str, int]()
    outcome = Outcome()
    for frame in scene.frames:
        start = time.process_time()
        _, tracks = next(steps)
        outcome.cpu_s.append(time.process_time() - start)
        outcome.detections += len(frame.values)
        if frame.sensor == 0:
            ids = np.array([names.setdefault(track.id, len(names)) for track in tracks], dtype=np.int64)
            means = [np.asarray(track.state.mean, dtype=np.float64).ravel()[[0, 2, 4]] for track in tracks]
            outcome.reported.append((ids, np.array(means).reshape(-1, 3)))
        if sum(outcome.cpu_s) > cap_s:
            break
    return outcome


def main() -> None:
    """Run one setting on one scene and write what it reported."""
    warnings.filterwarnings("ignore")
    setting, n, variant, seed, out, *cap = sys.argv[1:]
    scene = pairs.drawn(int(n), variant, int(seed)).scene
    run(scene, json.loads(setting), float(cap[0]) if cap else np.inf).save(scene, Path(out))


if __name__ == "__main__":
    main()

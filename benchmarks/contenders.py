"""One tracker on one scene, in a process of its own: what it reported at each radar scan, and what that cost.

Run as a program: `contenders.py NAME N VARIANT SEED OUT.npz`. CPU time is measured around the tracker's own stepping;
what it reads (scans, detection objects) is built before. Peak memory is this process's, scene included, metric not.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import pairs
import scenario
from outcome import Outcome
from scenario import R_MAX, R_MIN, Floats, Scene
from tocsin.model.detection import MeasurementKind
from tocsin.model.scan import Scan
from tocsin.model.track import TrackStatus
from tocsin.sensing.view import View
from tocsin.tracking import SensorModel, Settings, Tracker, warm

START_S = 1.6e9
NONE = np.empty(0)


def sensors_of(scene: Scene) -> list[SensorModel]:
    """The scene's sensors as a site file would state them."""
    cfg = scene.cfg
    radars = [
        SensorModel(
            f"radar-{k}",
            view=View(range_m=(R_MIN, R_MAX), elevation_rad=(-0.1, 1.5), detection_probability=cfg.pd),
            false_per_look=cfg.clutter,
            false_density=cfg.clutter_density,
        )
        for k in range(len(cfg.radars))
    ]
    bearings = [
        SensorModel(
            f"bearing-{k}",
            view=View(range_m=(0.0, b.max_range), detection_probability=b.pd),
            false_per_look=b.clutter,
        )
        for k, b in enumerate(cfg.bearing, start=1)
    ]
    return [*radars, *bearings]


def scans_of(scene: Scene) -> list[Scan]:
    """The scene's frames as scans; azimuths turned from mathematics to compass."""
    cfg = scene.cfg
    R = np.diag([cfg.sigma_r**2, cfg.sigma_az**2, cfg.sigma_el**2])
    names = [sensor.name for sensor in sensors_of(scene)]
    scans = []
    radars = len(cfg.radars)
    for t, s, z, _ in scene.frames:
        m, at, is_radar = len(z), START_S + t, s < radars
        values = z.copy()
        column = 1 if is_radar else 0
        values[:, column] = (np.pi / 2 - z[:, column]) % (2 * np.pi)
        covariance = np.tile(R, (m, 1, 1)) if is_radar else np.full((m, 1, 1), cfg.bearing[s - radars].sigma ** 2)
        where = np.array((*cfg.radars[s], 0.0) if is_radar else cfg.bearing[s - radars].pos)
        kind = MeasurementKind.POLAR_3D if is_radar else MeasurementKind.AZIMUTH
        scans.append(Scan(names[s], kind, at, at, np.full(m, at), values, covariance, where, NONE, NONE))
    return scans


def run_tocsin(scene: Scene) -> Outcome:
    """Ours, from arrays, with its defaults."""
    warm()
    tracker = Tracker(Settings(), sensors_of(scene), site_seed="benchmark")
    scans, last_radar = scans_of(scene), len(scene.cfg.radars) - 1
    outcome = Outcome()
    for frame, scan in zip(scene.frames, scans, strict=True):
        start = time.process_time()
        columns = tracker.step(scan)
        outcome.cpu_s.append(time.process_time() - start)
        outcome.detections += len(scan.times_s)
        if frame.sensor == last_radar:
            shown = columns.status != TrackStatus.TENTATIVE
            outcome.reported.append((columns.number[shown], columns.position_enu_m[shown]))
    counts = tracker.statistics()
    outcome.notes = {key: float(counts[key]) for key in ("scans_at_cap", "iterations")}
    outcome.notes["scans_stepped"] = float(counts["scans"])
    return outcome


def run_hold(scene: Scene) -> Outcome:
    """The least that could be called a tracker: a detection within 150 m of a held one takes over its id.

    Nearest first; reported from the second detection on, held where last seen, dropped after the third miss.
    """
    outcome = Outcome()
    held: list[tuple[int, Floats, int, int]] = []  # id, position, detections, misses
    count = 0
    look: list[Floats] = []  # of all radars at one time
    for _, s, z, _ in scene.frames:
        start = time.process_time()
        if s < len(scene.cfg.radars):
            east_m, north_m = scene.cfg.radars[s]
            ground = z[:, 0] * np.cos(z[:, 2])
            east, north = east_m + ground * np.cos(z[:, 1]), north_m + ground * np.sin(z[:, 1])
            look.append(np.column_stack((east, north, z[:, 0] * np.sin(z[:, 2]))))
        if s != len(scene.cfg.radars) - 1:
            outcome.cpu_s.append(time.process_time() - start)
            continue
        places, look = np.concatenate(look), []
        old = np.array([h[1] for h in held]).reshape(-1, 3)
        distance = np.linalg.norm(old[:, None] - places[None], axis=2)
        pairs = sorted(zip(*np.nonzero(distance < 150.0), strict=True), key=lambda ij: float(distance[ij]))
        taken, used = dict[int, int](), set[int]()
        for i, j in pairs:
            if i not in taken and j not in used:
                taken[i] = j
                used.add(j)
        kept = []
        for i, (name, place, hits, misses) in enumerate(held):
            if i in taken:
                kept.append((name, places[taken[i]], hits + 1, 0))
            elif misses < 2 and hits > 1:
                kept.append((name, place, hits, misses + 1))
        for j in range(len(places)):
            if j not in used:
                count += 1
                kept.append((count, places[j], 1, 0))
        held = kept
        shown = [h for h in held if h[2] > 1]
        outcome.cpu_s.append(time.process_time() - start)
        outcome.detections += len(places)
        names = np.array([h[0] for h in shown], dtype=np.int64)
        outcome.reported.append((names, np.array([h[1] for h in shown]).reshape(-1, 3)))
    return outcome


PROTOTYPE: dict[str, Any] = {"q": (0.5, 30.0), "stay": (0.97, 0.8), "birth": 2, "rep": 0.55}


def run_prototype(scene: Scene) -> Outcome:
    """The throw-away prototype that set the bar, from the shared folder, with the parameters of its published row."""
    shared = os.environ.get("TOCSIN_SHARED") or str(Path(__file__).resolve().parents[2] / "shared")
    sys.path.insert(0, str(Path(shared) / "bench"))
    import prototype  # type: ignore[import-not-found]  # noqa: PLC0415

    def arrays(frames: list[scenario.Frame]) -> dict[str, Any]:
        return {"cfg": scene.cfg, "frames": [(f.time, f.sensor, f.values) for f in frames]}

    prototype.run(arrays(scene.frames[:4]), **PROTOTYPE)
    outcome = Outcome()
    outcome.reported, seconds, outcome.detections, _, _ = prototype.run(arrays(scene.frames), **PROTOTYPE)
    outcome.cpu_s = list(seconds[:, 0])
    return outcome


CONTENDERS: dict[str, Callable[[Scene], Outcome]] = {
    "tocsin": run_tocsin,
    "hold": run_hold,
    "prototype": run_prototype,
}


def main() -> None:
    """Run one contender and write what it reported."""
    name, n, variant, seed, out = sys.argv[1:]
    scene = pairs.drawn(int(n), variant, int(seed)).scene
    CONTENDERS[name](scene).save(scene, Path(out))


if __name__ == "__main__":
    main()

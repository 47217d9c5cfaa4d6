"""What one tracker made of one scene: its reports at the radar's scans and what they cost; written as .npz.

Used in the processes of ours and of every peer, so it needs numpy alone.
"""

import resource
from pathlib import Path

import numpy as np

from scenario import Floats, Ints, Scene

Reported = tuple[Ints, Floats]


def peak_mb() -> float:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


class Outcome:
    """Reports, a pair of ids and places each radar scan; CPU seconds and detections of each frame that was worked in.

    It is made just before the first frame: what the process takes from then on is the tracker's growth.
    """

    def __init__(self) -> None:
        self.reported: list[Reported] = []
        self.cpu_s: list[float] = []
        self.detections = 0
        self.notes: dict[str, float] = {}
        self.before_mb = peak_mb()

    def save(self, scene: Scene, out: Path) -> None:
        """Write it for the process that scores."""
        radars = len(scene.cfg.radars)
        frames = scene.frames[: len(self.cpu_s)]
        scans = np.zeros(len(self.reported))
        np.add.at(
            scans,
            [round(f.time / scene.cfg.dt) - 1 for f in frames if f.sensor < radars],
            [cpu for cpu, f in zip(self.cpu_s, frames, strict=True) if f.sensor < radars],
        )
        np.savez(
            out,
            sizes=np.array([len(ids) for ids, _ in self.reported], dtype=np.int64),
            ids=np.concatenate([np.empty(0, np.int64), *(np.asarray(ids, np.int64) for ids, _ in self.reported)]),
            positions=np.concatenate([np.empty((0, 3)), *(p for _, p in self.reported)]),
            cpu_s=sum(self.cpu_s),
            radar_ms=scans * 1e3,
            detections=self.detections,
            rss_mb=peak_mb(),
            growth_mb=peak_mb() - self.before_mb,
            notes=np.array([f"{key}={value:g}" for key, value in self.notes.items()], dtype=str),
        )

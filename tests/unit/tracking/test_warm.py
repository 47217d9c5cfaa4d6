"""Nothing compiles after `warm`."""

import importlib
import pkgutil

import numpy as np
from numba.core.dispatcher import Dispatcher

import tocsin.tracking.kernels
from tocsin.model.detection import DIMENSION, MeasurementKind
from tocsin.tracking import SensorModel, Settings, Tick, Tracker, warm
from unit.tracking.scenes import RADAR, START_S, crowd, scan


def signatures() -> dict[str, int]:
    counts = {}
    for info in pkgutil.iter_modules(tocsin.tracking.kernels.__path__):
        module = importlib.import_module(f"tocsin.tracking.kernels.{info.name}")
        for name, value in vars(module).items():
            if isinstance(value, Dispatcher):
                counts[f"{info.name}.{name}"] = len(value.signatures)
    return counts


def test_nothing_compiles_after_warm():
    steps: list[str] = []
    warm(steps.append)
    before = signatures()
    other = SensorModel("other", false_per_look=0.2)
    tracker = Tracker(Settings(), [RADAR, other], site_seed="test")
    for k, s in enumerate(crowd(1)[0]):
        tracker.step(s)
        kind = list(MeasurementKind)[k % 6]
        d = DIMENSION[kind]
        rates = np.array([3.0]) if k % 3 else np.empty(0)
        tracker.step(scan(kind, START_S + k - 0.5, np.full((1, d), 0.7), np.full(d, 0.01), sensor="other", rates=rates))
        tracker.step(Tick(START_S + k + 0.2))
    assert signatures() == before
    assert len(steps) == 8 and len(before) > 20

"""Track columns for tests: a few numbers in, a whole `TrackColumns` out."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.scan import Scan
from tocsin.model.track import TrackColumns, TrackStatus


def track_columns(
    uid: Sequence[str],
    time_s: float = 0.0,
    position_enu_m: ArrayLike = (0.0, 0.0, 50.0),
    velocity_enu_mps: ArrayLike = (0.0, 0.0, 0.0),
    sigma: Sequence[float] = (5.0, 5.0, 5.0, 1.0, 1.0, 0.5),
    status: ArrayLike = TrackStatus.CONFIRMED,
    existence: ArrayLike = 0.99,
    links: Sequence[tuple[int, int]] = (),
    link_probability: Sequence[float] = (),
    sensors: Sequence[str] = ("radar",),
    sensor_bits: ArrayLike = 1,
    last_detection_s: ArrayLike | None = None,
    object_ids: Sequence[str] | None = None,
    settled: bool = False,
) -> TrackColumns:
    """n = len(uid) tracks; scalars and single rows are repeated for all."""
    n = len(uid)
    return TrackColumns(
        time_s=time_s,
        known_s=time_s,
        number=np.arange(1, n + 1),
        uid=tuple(uid),
        object=tuple(object_ids or uid),
        status=np.array(np.broadcast_to(np.asarray(status, np.int64), (n,))),
        existence=np.array(np.broadcast_to(np.asarray(existence, float), (n,))),
        position_enu_m=np.array(np.broadcast_to(np.asarray(position_enu_m, float), (n, 3))),
        velocity_enu_mps=np.array(np.broadcast_to(np.asarray(velocity_enu_mps, float), (n, 3))),
        covariance=np.array(np.broadcast_to(np.diag(np.square(sigma)), (n, 6, 6))),
        mode_probability=np.ones((n, 1)),
        born_s=np.zeros(n),
        last_detection_s=np.array(
            np.broadcast_to(time_s if last_detection_s is None else last_detection_s, (n,)), float
        ),
        sensors=tuple(sensors),
        sensor_bits=np.array(np.broadcast_to(np.asarray(sensor_bits, np.int64), (n,))),
        links=np.array(links, np.int64).reshape(-1, 2),
        link_probability=np.array(link_probability, float),
        settled=settled,
    )


def word_scan(sensor: str, words: Sequence[str | None], time_s: float) -> Scan:
    """A scan whose detections matter only for their class words."""
    m = len(words)
    none = np.empty(0)
    detections = tuple(
        Detection(
            sensor, MeasurementKind.POSITION_2D, time_s, time_s, (0.0, 0.0), (1.0, 0.0, 0.0, 1.0), class_word=word
        )
        for word in words
    )
    return Scan(
        sensor,
        MeasurementKind.POSITION_2D,
        time_s,
        time_s,
        np.full(m, time_s),
        np.zeros((m, 2)),
        np.tile(np.eye(2), (m, 1, 1)),
        np.zeros(3),
        none,
        none,
        detections,
    )

"""Pictures for tests: tracks that come to one place with a given probability and time."""

from collections.abc import Sequence

import numpy as np

from tocsin.model.identity import Affiliation, IdentityColumns, TargetClass
from tocsin.model.picture import Picture
from tocsin.model.threat import ThreatColumns
from tocsin.model.track import TrackStatus
from track_builder import track_columns


def picture(
    time_s: float,
    uid: Sequence[str] = ("u",),
    entry_probability: float = 1.0,
    median_s: float = 50.0,
    place: str = "gate",
    kind: TargetClass = TargetClass.MULTIROTOR,
    class_share: float = 0.9,
    affiliation: Affiliation = Affiliation.UNKNOWN,
    status: TrackStatus = TrackStatus.CONFIRMED,
    existence: float = 0.99,
    sensors: Sequence[str] = ("radar",),
    sensor_bits: int = 1,
    seen_s: float | None = None,
    exercise: bool = False,
) -> Picture:
    """n tracks north of the place, each with one pair; the class's rest is a bird's."""
    n = len(uid)
    tracks = track_columns(
        uid,
        time_s,
        (0.0, 1000.0, 60.0),
        (0.0, -20.0, 0.0),
        status=status,
        existence=existence,
        sensors=sensors,
        sensor_bits=sensor_bits,
        last_detection_s=seen_s,
    )
    classes = np.zeros((n, 10))
    classes[:, TargetClass.BIRD] = 1.0 - class_share
    classes[:, kind] += class_share
    entry_s = np.tile([0.8 * median_s, median_s, 1.2 * median_s], (n, 1))
    entry_s[:, np.array([0.05, 0.5, 0.95]) > entry_probability] = np.inf
    threats = ThreatColumns(
        120.0,
        (place,),
        np.arange(n),
        np.zeros(n, np.int64),
        np.full(n, 900.0),
        np.full(n, float(median_s == 0.0)),
        np.full(n, entry_probability),
        entry_s,
        np.full((n, 3), 10.0),
        np.full(n, 50.0),
        np.arange(n),
    )
    identity = IdentityColumns(
        classes, np.full(n, int(affiliation)), ("probable drone: radar says DRONE",) * n, (None,) * n
    )
    return Picture(time_s, 0, tracks, identity, threats, (), exercise)

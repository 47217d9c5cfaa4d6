"""Track: one target over time, as columns (a row a track) and as a struct for the edges."""

from enum import IntEnum, StrEnum
from functools import lru_cache
from itertools import repeat

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class TrackStatus(IntEnum):
    """Where a track is in its life."""

    TENTATIVE = 1
    CONFIRMED = 2
    COASTING = 3
    DELETED = 4


class Outcome(StrEnum):
    """How a track ended. Tracking says only LOST; `threat/outcome` may say the rest. Lost is not destroyed."""

    LOST = "lost"
    LEFT = "left"
    LANDED = "landed"
    FELL = "fell"


class BallisticColumns(msgspec.Struct, frozen=True):
    """k tracks whose motion is that of a falling body, as read-only columns.

    `track` (k,): rows in TrackColumns. `falling_probability` (k,). `time_s` (k,): of the last detection, at which the
    rest is valid. `state` (k, 9): east, north, up (m), their rates (m/s), natural log of the drag factor (m^2/kg), wind
    east and north (m/s). `covariance` (k, 9, 9) of it. `curve` (k,): how drag grows with speed (physics/drag).
    `drift_covariance` (k, 3): variance that log drag and the wind gain a second.
    """

    track: Ints
    falling_probability: Floats
    time_s: Floats
    state: Floats
    covariance: Floats
    curve: Ints
    drift_covariance: Floats

    def __len__(self) -> int:
        return len(self.track)


class Join(msgspec.Struct, frozen=True):
    """Track `uid` was taken at `time_s`, its confirmation, for an object that had been lost: that of track `before`,
    last detected `gap_s` before this one's first detection. `odds`: of that against anything else."""

    time_s: float
    number: int
    uid: str
    object: str
    before: str
    gap_s: float
    odds: float


class TrackColumns(msgspec.Struct, frozen=True):
    """n tracks at one instant, as read-only columns; row order is by birth and stable while a track lives.

    `time_s`: the instant of validity of every row. `known_s`: the line's time when this was computed. `number` (n,):
    0 until confirmation, then the object's for good. `uid`, `object`: n strings each, the object's being the uid of its
    first track. `status` (n,): TrackStatus. `existence`
    (n,) in [0, 1]. `position_enu_m`, `velocity_enu_mps` (n, 3). `covariance` (n, 6, 6) of both, m and m/s.
    `mode_probability` (n, modes). `born_s`, `last_detection_s` (n,). `sensors`: names; `sensor_bits` (n,): bit k set
    if sensors[k] contributed. `links`: (k, 2) int64 pairs (row of a track, index of a detection in the scan just
    processed) with `link_probability` (k,). `settled`: this revises an instant given out before, after late scans.
    `ballistic`: what is known of those that fall, None if none does. `joins`: of tracks that go on a lost object.
    `identity_probability` (n,): that each is still the object it was named for, after others came close; None where
    none did.
    """

    time_s: float
    known_s: float
    number: Ints
    uid: tuple[str, ...]
    object: tuple[str, ...]
    status: Ints
    existence: Floats
    position_enu_m: Floats
    velocity_enu_mps: Floats
    covariance: Floats
    mode_probability: Floats
    born_s: Floats
    last_detection_s: Floats
    sensors: tuple[str, ...]
    sensor_bits: Ints
    links: Ints
    link_probability: Floats
    settled: bool = False
    ballistic: BallisticColumns | None = None
    joins: tuple[Join, ...] = ()
    identity_probability: Floats | None = None

    def __len__(self) -> int:
        return len(self.uid)


class EndedTrack(msgspec.Struct, frozen=True):
    """A confirmed track that ended, with its last known motion and how it ended so far as tracking can say."""

    number: int
    uid: str
    object: str
    time_s: float
    last_detection_s: float
    position_enu_m: tuple[float, float, float]
    velocity_enu_mps: tuple[float, float, float]
    outcome: Outcome = Outcome.LOST


@lru_cache(maxsize=4)  # every stage asks for the same two
def carried_rows(before: tuple[str, ...], now: tuple[str, ...]) -> Ints:
    """For each uid of `now`, its row in `before`, or -1 for a new one: how a stage keeps its own columns in step."""
    row_of = dict(zip(before, range(len(before)), strict=True))
    rows = np.fromiter(map(row_of.get, now, repeat(-1)), dtype=np.int64, count=len(now))
    rows.flags.writeable = False
    return rows

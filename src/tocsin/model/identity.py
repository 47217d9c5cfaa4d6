"""Identity: what a track is and whose it is, always with the reason."""

from enum import IntEnum, StrEnum

import msgspec
import numpy as np
from numpy.typing import NDArray


class TargetClass(IntEnum):
    """What flies there; the value is the column in `class_probability`."""

    UNKNOWN = 0
    MULTIROTOR = 1
    FIXED_WING_DRONE = 2
    HELICOPTER = 3
    AEROPLANE = 4
    BIRD = 5
    BALLOON = 6
    FALLING_OBJECT = 7
    GROUND_VEHICLE = 8
    VESSEL = 9


CLASS_COUNT = len(TargetClass)
DRONE_CLASSES = (TargetClass.MULTIROTOR, TargetClass.FIXED_WING_DRONE)


class Affiliation(IntEnum):
    """Whose it is, after APP-6. The order is no scale: HOSTILE only ever comes from a declaration."""

    PENDING = 0
    UNKNOWN = 1
    ASSUMED_FRIEND = 2
    FRIEND = 3
    NEUTRAL = 4
    SUSPECT = 5
    HOSTILE = 6


class AffiliationDecision(msgspec.Struct, frozen=True):
    """Who or what decided an affiliation, when and why."""

    affiliation: Affiliation
    author: str
    reason: str
    time_s: float


class Verdict(StrEnum):
    """How far a claim is to be believed."""

    CLAIMED = "claimed"
    CORROBORATED = "corroborated"
    CONTRADICTED = "contradicted"


class ClaimState(msgspec.Struct, frozen=True):
    """What one sender says of itself, and how far that is to be believed.

    `verdict` holds since `since_s`, for the `reasons` (in words, the weightiest first). `time_s`: of the newest claim.
    `position_enu_m`: where it says it is, up NaN if no height is known. `track`: uid of the track that moves as it
    says, "" if none does. `momentary`: only the newest claim is doubted. `roster`: the name of the flight it is
    expected as, and `conforms` whether it keeps to it (None if it is not expected).
    """

    means: str
    identifier: str
    sensor: str
    verdict: Verdict
    reasons: tuple[str, ...]
    since_s: float
    time_s: float
    position_enu_m: tuple[float, float, float]
    track: str = ""
    callsign: str | None = None
    operator: str | None = None
    category: str | None = None
    momentary: bool = False
    roster: str | None = None
    conforms: bool | None = None


class IdentityColumns(msgspec.Struct, frozen=True):
    """n rows beside TrackColumns' n rows.

    `class_probability` (n, CLASS_COUNT), rows sum to 1. `affiliation` (n,): Affiliation. `reasons`: n strings, the
    evidence in words. `decisions`: n decisions, None while pending. `claims`: what senders say of themselves, by sensor
    and identifier; they belong to no row unless `track` says so.
    """

    class_probability: NDArray[np.float64]
    affiliation: NDArray[np.int64]
    reasons: tuple[str, ...]
    decisions: tuple[AffiliationDecision | None, ...]
    claims: tuple[ClaimState, ...] = ()

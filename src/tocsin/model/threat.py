"""Threat: how soon and how close each track comes to each asset, as intervals."""

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class ImpactColumns(msgspec.Struct, frozen=True):
    """Where and when k falling objects come down, as read-only columns.

    `track` (k,): rows in TrackColumns. `falling_probability` (k,): that the object falls. `point_enu_m` (k, 2): east
    and north of the impact, with `covariance` (k, 2, 2), m^2. `time_s` (k, 3): 5, 50 and 95 % points of the seconds
    until the impact, 0 when it is past. `hit_probability` (k, places): that it comes down within the margin of each of
    the places of ThreatColumns. `decided` (k,): whether it has been decided whom to warn. `warned` (k, places): whether
    the place is to be warned; it stays so while the object falls.
    """

    track: Ints
    falling_probability: Floats
    point_enu_m: Floats
    covariance: Floats
    time_s: Floats
    hit_probability: Floats
    decided: NDArray[np.bool_]
    warned: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.track)


class ThreatColumns(msgspec.Struct, frozen=True):
    """k (track, place) pairs; a place is an asset or a zone.

    `track` (k,): row in TrackColumns. `place` (k,): index into `places`. `distance_m` (k,): to the place's boundary
    now, 0 inside. `inside_probability` (k,): that it is inside now. `entry_probability` (k,): that it enters within
    `horizon_s`. `entry_s` (k, 3): 5, 50 and 95 % points of the time to the boundary in seconds from now, inf where
    that share never enters, 0 inside. `closest_m` (k, 3) and `closest_s` (k,): closest approach to the centre within
    the horizon and when. `order` (t,): track rows, most pressing first.
    `impact`: what comes down, None if nothing does.
    """

    horizon_s: float
    places: tuple[str, ...]
    track: Ints
    place: Ints
    distance_m: Floats
    inside_probability: Floats
    entry_probability: Floats
    entry_s: Floats
    closest_m: Floats
    closest_s: Floats
    order: Ints
    impact: ImpactColumns | None = None


class Asset(msgspec.Struct, frozen=True):
    """What is protected: a circle on the ground, the time people there need, and how many they are."""

    name: str
    east_m: float
    north_m: float
    up_m: float
    radius_m: float
    reaction_s: float
    people: int | None = None


class Zone(msgspec.Struct, frozen=True):
    """An area with a rule: a closed polygon in site ENU ((east, north) pairs), heights above the site's origin.

    `floor_m` and `ceiling_m` are up components in site ENU; None is unbounded.
    """

    name: str
    polygon_enu_m: tuple[tuple[float, float], ...]
    floor_m: float | None = None
    ceiling_m: float | None = None

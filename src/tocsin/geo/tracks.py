"""Tracks on the earth: rows of a picture's tracks in degrees, metres and true courses, for those who tell others.

Unknown is None. Errors are one standard deviation, `sigma_horizontal_m` along the longer axis of the ellipse. Courses
and the velocity's east and north are those at the track, not at the site's origin.
"""

import math
from collections.abc import Iterable, Iterator

import msgspec
import numpy as np

from tocsin.geo.frames import Origin, convergence_rad, lla_from_enu
from tocsin.model.track import TrackColumns
from tocsin.units import RAD_PER_DEG


class PlacedTrack(msgspec.Struct, frozen=True):
    """One row. `height_m` is above the ellipsoid."""

    row: int
    latitude_deg: float
    longitude_deg: float
    height_m: float | None
    east_mps: float | None
    north_mps: float | None
    up_mps: float | None
    speed_mps: float | None
    course_deg: float | None
    sigma_horizontal_m: float | None
    sigma_up_m: float | None


def placed_tracks(tracks: TrackColumns, rows: Iterable[int], origin: Origin) -> Iterator[PlacedTrack]:
    """The rows that have a position."""
    enu = np.array(tracks.position_enu_m)
    no_height = np.isnan(enu[:, 2])
    enu[no_height, 2] = 0.0
    lla = lla_from_enu(origin, enu)
    turned_rad = convergence_rad(origin, lla)
    for row in rows:
        latitude_rad, longitude_rad, height_m = lla[row].tolist()
        if not (math.isfinite(latitude_rad) and math.isfinite(longitude_rad)):
            continue
        east_mps, north_mps, up_mps = tracks.velocity_enu_mps[row].tolist()
        speed_mps = math.hypot(east_mps, north_mps)
        course_rad = math.atan2(east_mps, north_mps) - float(turned_rad[row])
        yield PlacedTrack(
            row=row,
            latitude_deg=latitude_rad / RAD_PER_DEG,
            longitude_deg=longitude_rad / RAD_PER_DEG,
            height_m=None if no_height[row] else height_m,
            east_mps=_known(speed_mps * math.sin(course_rad)),
            north_mps=_known(speed_mps * math.cos(course_rad)),
            up_mps=_known(up_mps),
            speed_mps=_known(speed_mps),
            course_deg=_known(course_rad / RAD_PER_DEG % 360.0),
            sigma_horizontal_m=_sigma(_longest(tracks.covariance[row].tolist())),
            sigma_up_m=None if no_height[row] else _sigma(float(tracks.covariance[row, 2, 2])),
        )


def _longest(covariance: list[list[float]]) -> float:
    """The variance along the longer axis of the horizontal ellipse."""
    a, b, c = covariance[0][0], covariance[0][1], covariance[1][1]
    return 0.5 * (a + c) + math.hypot(0.5 * (a - c), b)


def _sigma(variance: float) -> float | None:
    return math.sqrt(variance) if 0.0 <= variance < math.inf else None


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None

"""View: geometry of looking from a sensor; azimuth clockwise from true north, elevation up from the horizontal."""

import math

import numpy as np
from numpy.typing import NDArray

from tocsin.simulation.plan import SensorPose

Floats = NDArray[np.float64]


def polar(pose: SensorPose, position_enu_m: Floats) -> tuple[Floats, Floats, Floats]:
    """Slant range in metres, azimuth in [0, 2 pi) and elevation in radians of positions (n, 3)."""
    east = position_enu_m[:, 0] - pose.east_m
    north = position_enu_m[:, 1] - pose.north_m
    up = position_enu_m[:, 2] - pose.up_m
    level = np.hypot(east, north)
    return np.hypot(level, up), np.arctan2(east, north) % (2.0 * math.pi), np.arctan2(up, level)


def blind(azimuth_rad: Floats, sectors_deg: tuple[tuple[float, float], ...]) -> NDArray[np.bool_]:
    """Whether each azimuth lies in a blind sector (from, to), clockwise; a sector may span north."""
    hidden = np.zeros(len(azimuth_rad), dtype=np.bool_)
    azimuth_deg = np.degrees(azimuth_rad) % 360.0
    for begin, end in sectors_deg:
        hidden |= (azimuth_deg - begin) % 360.0 <= (end - begin) % 360.0
    return hidden

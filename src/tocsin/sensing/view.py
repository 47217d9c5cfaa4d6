"""View: what a sensor can see, and the probability that it detects a target at a place.

`detection_probability` is 0 outside the slant range, the elevation interval, the sector looked into, or inside a blind
sector; elsewhere it is the view's own figure times a factor for the sensor's health. Azimuths are clockwise from true
north, already turned by the sensor's heading: neither the site file's `azimuth_deg` and `blind_deg` nor a status
message's blind sectors are relative to the antenna. Elevation is taken in the site's tangent plane (a target 20 km away
reads 0.1 degrees low). A sector runs clockwise from its first azimuth to its second, both included.

Edges are hard. A soft edge needs a width that no data sheet states, and 0 is the value that does least harm: a sensor
that cannot see a place changes nothing about what is believed to be there.
"""

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from tocsin.geo.angles import TAU, wrap_2pi_scalar_rad
from tocsin.jit import kernel
from tocsin.model.bounds import FARTHEST_M, Angle
from tocsin.model.errors import TocsinError
from tocsin.model.sensor import Health, Pose

Floats = NDArray[np.float64]

# A degraded sensor is taken to see half as often, for want of a figure; one that is silent says nothing by its silence.
HEALTH_FACTOR = {Health.OK: 1.0, Health.DEGRADED: 0.5, Health.FAULT: 0.0, Health.SILENT: 0.0, Health.OFF: 0.0}


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a sensor sees when healthy; the default is everything within 10 km, most of the time.

    `range_m`: nearest and farthest slant range at which it reports. `elevation_rad`: lowest and highest elevation, up
    from the horizontal. `azimuth_rad`: the sector it looks into, clockwise from true north; left out, it sees all
    round. `blind_rad`: sectors in which it sees nothing, each from and to, clockwise from true north: masts, woods,
    buildings. `detection_probability`: chance that one look reports a target that it can see.
    """

    range_m: tuple[float, float] = (0.0, 10_000.0)
    elevation_rad: tuple[Angle, Angle] = (-math.pi / 2, math.pi / 2)
    azimuth_rad: tuple[Angle, Angle] | None = None
    blind_rad: tuple[tuple[Angle, Angle], ...] = ()
    detection_probability: float = 0.9

    def __post_init__(self) -> None:
        if not 0.0 <= self.range_m[0] < self.range_m[1] <= FARTHEST_M:
            raise ValueError(
                "range: the nearest must be at least 0 and below the farthest, the farthest at most"
                f" {FARTHEST_M:.0f} m, got {list(self.range_m)}"
            )
        if not -math.pi / 2 <= self.elevation_rad[0] < self.elevation_rad[1] <= math.pi / 2:
            raise ValueError("elevation: the lowest must be below the highest, both within a right angle of level")
        if not 0.0 < self.detection_probability <= 1.0:
            raise ValueError(f"detection_probability: must be above 0 and at most 1, got {self.detection_probability}")
        for start, end in (*self.blind_rad, *((self.azimuth_rad,) if self.azimuth_rad else ())):
            if not (math.isfinite(start) and math.isfinite(end)) or start == end or abs(end - start) > TAU:
                raise ValueError("sector: its two azimuths must differ, by one turn at most")


def detection_probability(view: View, pose: Pose, position_enu_m: Floats, health: Health = Health.OK) -> Floats:
    """Probability (n,) that one look of the sensor at `pose` detects a target at `position_enu_m` (n, 3), site ENU.

    A position that is not finite gives 0.
    """
    position = np.array(position_enu_m, dtype=np.float64, order="C")  # a copy: one array type, one compilation
    if position.ndim != 2 or position.shape[1] != 3:
        raise TocsinError(f"position_enu_m: expected an array of shape (n, 3), got {position.shape}")
    looks_into = view.azimuth_rad or (0.0, TAU)
    limits = np.array((*view.range_m, *view.elevation_rad, *looks_into))
    blind = np.array(view.blind_rad, dtype=np.float64).reshape(-1, 2)
    probability = view.detection_probability * HEALTH_FACTOR[health]
    return _seen(position, pose.east_m, pose.north_m, pose.up_m, limits, blind, probability)


def warm() -> None:
    """Compile or load the kernels of this module, and the one that adapters call by itself."""
    wrap_2pi_scalar_rad(0.0)
    detection_probability(View(blind_rad=((0.0, 1.0),)), Pose(), np.zeros((1, 3)))


@kernel
def _within(azimuth: float, start: float, end: float) -> bool:
    """Whether an azimuth lies in the sector that runs clockwise from `start` to `end`; a whole turn holds all."""
    width = wrap_2pi_scalar_rad(end - start)
    if width == 0.0:
        return True
    return wrap_2pi_scalar_rad(azimuth - start) <= width


@kernel
def _seen(
    position: Floats, east: float, north: float, up: float, limits: Floats, blind: Floats, probability: float
) -> Floats:
    """`limits`: range, elevation and azimuth, two numbers each; `blind` (k, 2)."""
    result = np.zeros(position.shape[0])
    for i in range(position.shape[0]):
        x, y, z = position[i, 0] - east, position[i, 1] - north, position[i, 2] - up
        ground = math.sqrt(x * x + y * y)
        slant = math.sqrt(ground * ground + z * z)
        if not limits[0] <= slant <= limits[1]:  # false for NaN too
            continue
        elevation = math.atan2(z, ground)
        if not limits[2] <= elevation <= limits[3]:
            continue
        azimuth = math.atan2(x, y)
        if not _within(azimuth, limits[4], limits[5]):
            continue
        hidden = False
        for k in range(blind.shape[0]):
            hidden = hidden or _within(azimuth, blind[k, 0], blind[k, 1])
        if not hidden:
            result[i] = probability
    return result

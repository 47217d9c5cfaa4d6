"""Settings of the courageous adapter that reads, as read from `settings` of a `[[sensor]]`."""

import math

import msgspec

from tocsin.model.bounds import SigmaAngle, SigmaLength


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How good the reports are; the format does not say. One standard deviation each.

    `sigma_bearing_rad`: of a compass angle. `sigma_elevation_rad`: of an angle above the horizon. `sigma_distance_m`:
    along the line of sight. `sigma_position_m`: of a place, each horizontal component. `sigma_height_m`: of its height.
    """

    sigma_bearing_rad: SigmaAngle = math.radians(2.0)
    sigma_elevation_rad: SigmaAngle = math.radians(2.0)
    sigma_distance_m: SigmaLength = 15.0
    sigma_position_m: SigmaLength = 20.0
    sigma_height_m: SigmaLength = 30.0

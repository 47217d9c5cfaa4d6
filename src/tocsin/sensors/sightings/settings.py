"""Settings of the sightings adapter, as read from `settings` of a `[[sensor]]`."""

import math

import msgspec

from tocsin.model.bounds import Distance, Duration, SigmaAngle


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How good people's directions are where they do not say; one standard deviation each.

    `seen_azimuth_rad`: of the direction of what was seen. `seen_elevation_rad`: of its height above the horizon.
    `heard_azimuth_rad`: of the direction of what was heard. `nearest_m`: how near what they see may be; where they
    stood is only known so well, which turns the direction to something near. `oldest_s`: a sighting told later than
    this after it was made is kept as a statement only.
    """

    seen_azimuth_rad: SigmaAngle = math.radians(10.0)
    seen_elevation_rad: SigmaAngle = math.radians(7.0)
    heard_azimuth_rad: SigmaAngle = math.radians(25.0)
    nearest_m: Distance = 300.0
    oldest_s: Duration = 60.0

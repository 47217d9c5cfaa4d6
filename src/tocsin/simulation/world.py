"""World: ground, wind, air and weather in which the scenario happens.

The ground is flat on a round earth: it falls away from the site's tangent plane as d^2 / 2R. The wind grows with height
by a power law and veers linearly; the air's density is that of the ISA troposphere (ISO 2533:1975). Heights here are
above the ground; `up_m` is the site's ENU component.
"""

import math

import msgspec

from tocsin.units import MPS2_PER_G

EARTH_RADIUS_M = 6_371_000.0
GRAVITY_MPS2 = MPS2_PER_G
SOUND_SPEED_MPS = 340.0  # at 15 deg C
_SEA_LEVEL_DENSITY_KGPM3 = 1.225
_WIND_REFERENCE_M = 10.0


class World(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of `[world]`. `wind_from_deg` is where the wind blows from, at 10 m above ground.

    `wind_veer_deg_per_km` turns it clockwise with height; `gust_sigma_mps` is the standard deviation of each component
    of the gusts; `visibility_m` is the meteorological range that cameras live with. `ground_msl_m` is the ground's
    height above sea level, for the density of air.
    """

    wind_mps: float = 3.0
    wind_from_deg: float = 300.0
    wind_shear_exponent: float = 0.14
    wind_veer_deg_per_km: float = 10.0
    gust_sigma_mps: float = 0.8
    visibility_m: float = 10_000.0
    ground_msl_m: float = 0.0

    def ground_up_m(self, east_m: float, north_m: float) -> float:
        """Up component of the ground below a point of the site's frame."""
        return -(east_m * east_m + north_m * north_m) / (2.0 * EARTH_RADIUS_M)

    def wind_enu_mps(self, height_m: float) -> tuple[float, float]:
        """Mean wind (east, north) at a height above ground."""
        height_m = max(height_m, 1.0)
        speed_mps = self.wind_mps * (height_m / _WIND_REFERENCE_M) ** self.wind_shear_exponent
        from_rad = math.radians(self.wind_from_deg + self.wind_veer_deg_per_km * height_m / 1000.0)
        return -speed_mps * math.sin(from_rad), -speed_mps * math.cos(from_rad)

    def density_kgpm3(self, height_m: float) -> float:
        """Density of air at a height above ground."""
        altitude_m = min(max(height_m + self.ground_msl_m, -1000.0), 11_000.0)
        return float(_SEA_LEVEL_DENSITY_KGPM3 * (1.0 - 2.25577e-5 * altitude_m) ** 4.2559)

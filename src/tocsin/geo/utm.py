"""UTM: places on the Universal Transverse Mercator grid of WGS-84, to latitude and longitude.

The series of Krueger (1912) to the fourth order in the third flattening, good to a millimetre anywhere in a zone and a
zone beside it. Zones are those of the standard grid; the exceptions of Norway and Svalbard are the sender's affair, who
names the zone. Easting and northing in metres with the false values of the grid, angles in radians.
"""

import math

from tocsin.units import RAD_PER_DEG

_RADIUS_M, _FLATTENING = 6_378_137.0, 1.0 / 298.257223563
_SCALE, _FALSE_EAST_M, _FALSE_NORTH_M = 0.9996, 500_000.0, 10_000_000.0
_N = _FLATTENING / (2.0 - _FLATTENING)
_MERIDIAN_M = _RADIUS_M / (1.0 + _N) * (1.0 + _N**2 / 4.0 + _N**4 / 64.0)
_BETA = (
    _N / 2.0 - 2.0 * _N**2 / 3.0 + 37.0 * _N**3 / 96.0 - _N**4 / 360.0,
    _N**2 / 48.0 + _N**3 / 15.0 - 437.0 * _N**4 / 1440.0,
    17.0 * _N**3 / 480.0 - 37.0 * _N**4 / 840.0,
    4397.0 * _N**4 / 161280.0,
)
_DELTA = (
    2.0 * _N - 2.0 * _N**2 / 3.0 - 2.0 * _N**3 + 116.0 * _N**4 / 45.0,
    7.0 * _N**2 / 3.0 - 8.0 * _N**3 / 5.0 - 227.0 * _N**4 / 45.0,
    56.0 * _N**3 / 15.0 - 136.0 * _N**4 / 35.0,
    4279.0 * _N**4 / 630.0,
)


def from_utm(zone: int, north: bool, easting_m: float, northing_m: float) -> tuple[float, float]:
    """Latitude and longitude of a place in `zone` (1 to 60), in the northern or the southern half of the grid."""
    xi = (northing_m - (0.0 if north else _FALSE_NORTH_M)) / (_SCALE * _MERIDIAN_M)
    eta = (easting_m - _FALSE_EAST_M) / (_SCALE * _MERIDIAN_M)
    xi_first, eta_first = xi, eta
    for k, beta in enumerate(_BETA, start=1):
        xi -= beta * math.sin(2.0 * k * xi_first) * math.cosh(2.0 * k * eta_first)
        eta -= beta * math.cos(2.0 * k * xi_first) * math.sinh(2.0 * k * eta_first)
    chi = math.asin(math.sin(xi) / math.cosh(eta))
    latitude_rad = chi + sum(delta * math.sin(2.0 * k * chi) for k, delta in enumerate(_DELTA, start=1))
    return latitude_rad, meridian_rad(zone) + math.atan2(math.sinh(eta), math.cos(xi))


def meridian_rad(zone: int) -> float:
    """The central meridian of a zone."""
    return (6.0 * zone - 183.0) * RAD_PER_DEG


def zone_of(longitude_rad: float) -> int:
    """The zone in which a longitude lies, without the exceptions."""
    return int((longitude_rad / RAD_PER_DEG + 180.0) // 6.0) % 60 + 1


def grid_north_rad(latitude_rad: float, longitude_rad: float) -> float:
    """The azimuth of grid north at a place, from true north: positive east of the zone's central meridian."""
    from_meridian_rad = longitude_rad - meridian_rad(zone_of(longitude_rad))
    return math.atan(math.tan(from_meridian_rad) * math.sin(latitude_rad))

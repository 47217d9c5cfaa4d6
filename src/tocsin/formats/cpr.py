"""CPR: Compact Position Reporting, the positions of ADS-B, from their encoded halves to degrees and back.

A position travels as 17 bits each of latitude and longitude, in one of two grids ("even" and "odd"). Two of a pair give
it anywhere in the air (`global_airborne`); one gives it near a known place (`local`): within 180 NM in the air, 45 NM
on the surface. Fractions are of the zone, 0 to 1. Source: RTCA DO-260B, 2.2.3.2.3.7 and appendix A.1.7; J. Sun, "The
1090 Megahertz Riddle", chapter 5.
"""

import math

ZONES = 15  # latitude zones between the equator and a pole
BITS = 17
_EVEN_TURN = 1.0 - math.cos(math.pi / (2.0 * ZONES))


def longitude_zones(latitude_deg: float) -> int:
    """How many longitude zones there are at a latitude, 1 to 59; NL in the standard."""
    if abs(latitude_deg) >= 87.0:
        return 2 if abs(latitude_deg) == 87.0 else 1
    cosine = math.cos(math.radians(latitude_deg))
    return int(math.tau / math.acos(1.0 - _EVEN_TURN / (cosine * cosine)))


def global_airborne(
    even_fractions: tuple[float, float], odd_fractions: tuple[float, float], newest_odd: bool
) -> tuple[float, float] | None:
    """Latitude and longitude in degrees from a pair, at the newer of the two; None if they lie in different zones."""
    j = math.floor(59.0 * even_fractions[0] - 60.0 * odd_fractions[0] + 0.5)
    latitude_even, latitude_odd = 6.0 * (j % 60 + even_fractions[0]), 360.0 / 59.0 * (j % 59 + odd_fractions[0])
    latitude_even -= 360.0 * (latitude_even >= 270.0)
    latitude_odd -= 360.0 * (latitude_odd >= 270.0)
    if abs(latitude_even) > 90.0 or abs(latitude_odd) > 90.0:
        return None
    zones = longitude_zones(latitude_even)
    if zones != longitude_zones(latitude_odd):
        return None
    m = math.floor(even_fractions[1] * (zones - 1) - odd_fractions[1] * zones + 0.5)
    width = max(zones - newest_odd, 1)
    longitude = 360.0 / width * (m % width + (odd_fractions if newest_odd else even_fractions)[1])
    longitude -= 360.0 * (longitude >= 180.0)
    return (latitude_odd if newest_odd else latitude_even), longitude


def local(
    fractions: tuple[float, float], is_odd: bool, near_deg: tuple[float, float], surface: bool
) -> tuple[float, float] | None:
    """Latitude and longitude in degrees nearest to `near_deg`; None if that is beyond a pole."""
    turn = 90.0 if surface else 360.0
    height = turn / (60 - is_odd)
    latitude = height * (math.floor(near_deg[0] / height - fractions[0] + 0.5) + fractions[0])
    if abs(latitude) > 90.0:
        return None
    width = turn / max(longitude_zones(latitude) - is_odd, 1)
    longitude = width * (math.floor(near_deg[1] / width - fractions[1] + 0.5) + fractions[1])
    return latitude, (longitude + 180.0) % 360.0 - 180.0


def encode(latitude_deg: float, longitude_deg: float, is_odd: bool, surface: bool) -> tuple[int, int]:
    """The 17 bits each of a place."""
    turn, steps = (90.0 if surface else 360.0), 1 << BITS
    height = turn / (60 - is_odd)
    y = math.floor(steps * ((latitude_deg % height) / height) + 0.5)
    recovered = height * (y / steps + math.floor(latitude_deg / height))
    width = turn / max(longitude_zones(recovered) - is_odd, 1)
    x = math.floor(steps * ((longitude_deg % width) / width) + 0.5)
    return y % steps, x % steps

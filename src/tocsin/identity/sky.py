"""Sky: where the sun, the moon, planets and bright stars stand for somebody, and how bright they are.

Apparent places with the refraction of a standard atmosphere, by ephem (XEphem's theories, VSOP87 and the like): within
0.01 degrees of other ephemerides, far below what a person can point at. Nothing here reads a clock.
"""

from datetime import UTC, datetime
from typing import Any

import ephem
import msgspec

SUN_DOWN_RAD = -0.1  # six degrees below the horizon: then planets and stars come out
_PLANETS = ("Mercury", "Venus", "Mars", "Jupiter", "Saturn")
_STARS = (
    "Sirius", "Canopus", "Arcturus", "Vega", "Capella", "Rigel", "Procyon", "Achernar", "Betelgeuse", "Altair",
    "Aldebaran", "Antares", "Spica", "Pollux", "Fomalhaut", "Deneb", "Regulus",
)  # fmt: skip
_PRESSURE_MBAR, _TEMPERATURE_C = 1010.0, 15.0


class Body(msgspec.Struct, frozen=True):
    """One body: `kind` is "sun", "moon", "planet" or "star"; angles from true north and from the horizon."""

    name: str
    kind: str
    azimuth_rad: float
    elevation_rad: float
    magnitude: float
    lit_fraction: float | None = None


def bodies(latitude_rad: float, longitude_rad: float, height_m: float, time_s: float) -> tuple[Body, ...]:
    """Those above the horizon at `time_s` (UTC seconds), brightest first; by day the sun and the moon alone."""
    observer = ephem.Observer()
    observer.lat, observer.lon, observer.elevation = latitude_rad, longitude_rad, height_m
    observer.pressure, observer.temp = _PRESSURE_MBAR, _TEMPERATURE_C
    observer.date = datetime.fromtimestamp(time_s, UTC).replace(tzinfo=None)
    sun = _body(ephem.Sun(), "Sun", "sun", observer)
    found = [sun, _body(ephem.Moon(), "Moon", "moon", observer)]
    if sun.elevation_rad < SUN_DOWN_RAD:
        found += [_body(getattr(ephem, name)(), name, "planet", observer) for name in _PLANETS]
        found += [_body(ephem.star(name), name, "star", observer) for name in _STARS]
    up = (body for body in found if body.elevation_rad > 0.0)
    return tuple(sorted(up, key=lambda body: body.magnitude))


def _body(found: Any, name: str, kind: str, observer: Any) -> Body:
    found.compute(observer)
    lit = float(found.phase) / 100.0 if kind == "moon" else None
    return Body(name, kind, float(found.az), float(found.alt), float(found.mag), lit)

"""Placing: a record of the format as a measurement in the site's frame.

An arc and a quarter of the compass are azimuths with the spread of a uniform law over their width; angles are turned
from the true north where the system stood into the site's frame. Heights above the sea go through the geoid (EGM96, as
the format says).
"""

import math

import numpy as np

from tocsin.formats.courageous import (
    Arc,
    Bearing,
    BearingElevation,
    BearingElevationDistance,
    Location,
    Place2d,
    Place3d,
    Position3d,
    Quad,
    Velocity,
)
from tocsin.geo.angles import wrap_2pi_scalar_rad
from tocsin.geo.frames import Origin, convergence_rad, enu_from_lla
from tocsin.geo.heights import height_from_msl_m
from tocsin.model.detection import MeasurementKind
from tocsin.sensors.courageous.settings import Settings
from tocsin.units import RAD_PER_DEG

Lla = tuple[float, float, float]
_MIDDLE = {"North": 0.0, "East": 90.0, "South": 180.0, "West": 270.0}  # degrees
_QUARTER_RAD = 0.5 * math.pi
_UNIFORM = 1.0 / math.sqrt(12.0)  # standard deviation of a uniform law of width 1


class Measured:
    """What a location measures: `kind`, `values`, `covariance` (row by row), and the place if it says one."""

    def __init__(
        self, kind: MeasurementKind, values: tuple[float, ...], sigmas: tuple[float, ...], lla: Lla | None = None
    ) -> None:
        self.kind, self.values, self.lla = kind, values, lla
        n = len(values)
        self.covariance = tuple(sigmas[row] ** 2 if row == column else 0.0 for row in range(n) for column in range(n))


class Placing:
    """The site's frame, and how good the reports are."""

    def __init__(self, settings: Settings, origin: Origin) -> None:
        self._settings, self._origin = settings, origin

    def enu_m(self, lla: Lla) -> Lla:
        """The place in the site's frame."""
        east_m, north_m, up_m = enu_from_lla(self._origin, np.array([lla]))[0].tolist()
        return east_m, north_m, up_m

    def turned_rad(self, lla: Lla) -> float:
        """What true north at a place reads in the site's frame."""
        return float(convergence_rad(self._origin, np.array([lla]))[0])

    def velocity_enu_mps(self, velocity: Velocity, lla: Lla) -> Lla:
        """The velocity at a place, in the site's frame; the earth's curvature over the site is passed over."""
        turned_rad = self.turned_rad(lla)
        cos, sin = math.cos(turned_rad), math.sin(turned_rad)
        return velocity.east * cos + velocity.north * sin, velocity.north * cos - velocity.east * sin, velocity.up

    def measured(self, location: Location, stood: Lla) -> Measured:
        """The measurement of a system that `stood` there."""
        s = self._settings
        if isinstance(location, Place2d | Place3d):
            return self._place(location)
        if isinstance(location, Arc | Quad):
            middle_rad, width_rad = _sector(location)
            sigma_rad = max(width_rad * _UNIFORM, s.sigma_bearing_rad)
            return Measured(MeasurementKind.AZIMUTH, (self._azimuth_rad(middle_rad, stood),), (sigma_rad,))
        azimuth_rad = self._azimuth_rad(location.bearing * RAD_PER_DEG, stood)
        if isinstance(location, Bearing):
            return Measured(MeasurementKind.AZIMUTH, (azimuth_rad,), (s.sigma_bearing_rad,))
        elevation_rad = location.elevation * RAD_PER_DEG
        angles, sigmas = (azimuth_rad, elevation_rad), (s.sigma_bearing_rad, s.sigma_elevation_rad)
        if isinstance(location, BearingElevation):
            return Measured(MeasurementKind.AZIMUTH_ELEVATION, angles, sigmas)
        assert isinstance(location, BearingElevationDistance)
        return Measured(MeasurementKind.POLAR_3D, (location.distance, *angles), (s.sigma_distance_m, *sigmas))

    def _place(self, place: Place2d | Place3d) -> Measured:
        s = self._settings
        if isinstance(place, Place3d):
            lla = lla_of(place)
            return Measured(
                MeasurementKind.POSITION_3D,
                self.enu_m(lla),
                (s.sigma_position_m, s.sigma_position_m, s.sigma_height_m),
                lla,
            )
        flat = place.lat * RAD_PER_DEG, place.lon * RAD_PER_DEG, self._origin.height_m
        sigmas = (s.sigma_position_m, s.sigma_position_m)
        return Measured(MeasurementKind.POSITION_2D, self.enu_m(flat)[:2], sigmas, (*flat[:2], math.nan))

    def _azimuth_rad(self, bearing_rad: float, stood: Lla) -> float:
        return wrap_2pi_scalar_rad(bearing_rad + self.turned_rad(stood))


def lla_of(place: Position3d | Place3d) -> Lla:
    """Latitude, longitude (radians) and height above the ellipsoid (metres)."""
    latitude_rad, longitude_rad = place.lat * RAD_PER_DEG, place.lon * RAD_PER_DEG
    return latitude_rad, longitude_rad, float(height_from_msl_m(place.height_amsl, latitude_rad, longitude_rad))


def _sector(location: Arc | Quad) -> tuple[float, float]:
    """The middle and the width of a sector, radians; equal ends are the whole circle."""
    if isinstance(location, Quad):
        return _MIDDLE[location.quad] * RAD_PER_DEG, _QUARTER_RAD
    width_rad = wrap_2pi_scalar_rad((location.to - location.from_) * RAD_PER_DEG) or math.tau
    return location.from_ * RAD_PER_DEG + 0.5 * width_rad, width_rad

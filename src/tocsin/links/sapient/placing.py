"""Placing: locations and range-bearings of SAPIENT to latitude, longitude and height, and to measurements.

x is the longitude or easting, y the latitude or northing. A height stands above the ellipsoid or above the geoid, as
the datum says. A UTM zone is a number with N or S for the half of the grid, or with the letter of its latitude band; S
is both, and is taken as the one nearer to the site. What cannot be placed raises `Unplaceable`.

An error of a place in degrees or radians may come in metres, as some nodes write it: where the registration does not
say, one that would be more than a tenth of a degree is taken for metres.
"""

import math
import re
from typing import Any

import msgspec
import numpy as np

from tocsin.geo.frames import Origin, convergence_rad, enu_from_lla, lla_from_enu
from tocsin.geo.heights import height_from_msl_m
from tocsin.geo.utm import from_utm, grid_north_rad, zone_of
from tocsin.links.sapient.node import Node, variance
from tocsin.links.sapient.settings import Settings
from tocsin.model.detection import MeasurementKind
from tocsin.model.errors import TocsinError
from tocsin.model.sensor import Pose
from tocsin.units import M_PER_KM, RAD_PER_DEG

FARTHEST_M = 1_000_000.0  # from the site; nothing there concerns it
_DEGREES, _RADIANS, _UTM = 1, 2, 5  # LocationCoordinateSystem
_GEOID = 2  # LocationDatum
_IN_DEGREES, _IN_KM = (1, 3), (3, 4)  # RangeBearingCoordinateSystem
_TRUE, _MAGNETIC, _GRID, _PLATFORM = 1, 2, 3, 4  # RangeBearingDatum
_LARGEST_ERROR_RAD = 0.1 * RAD_PER_DEG
_M_PER_RAD = 6_371_000.0
_ZONE = re.compile(r"0*([1-9]|[1-5][0-9]|60)\s*([C-HJ-NP-X])?", re.IGNORECASE)


class Unplaceable(TocsinError):
    """A place that cannot be used: `reason` is one of few, `detail` what was found."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class Measured(msgspec.Struct, frozen=True):
    """A measurement as a `Detection` has it; `lla` has NaN for an unknown height."""

    kind: MeasurementKind
    values: tuple[float, ...]
    covariance: tuple[float, ...]
    sensor_enu_m: tuple[float, float, float]
    lla: tuple[float, float, float] | None = None


class Placer:
    """Places what nodes report around one site. `near` is False where there is no site: a file is only converted."""

    def __init__(self, settings: Settings, origin: Origin, near: bool = True) -> None:
        self._settings = settings
        self._origin = origin
        self._near = near

    def lla(self, location: Any, zone: str = "") -> tuple[float, float, float]:
        """Latitude, longitude (radians) and height above the ellipsoid (m, NaN if unknown) of a location."""
        x, y, system = location.x, location.y, location.coordinate_system
        if system == _UTM:
            latitude_rad, longitude_rad = self._from_utm(x, y, location.utm_zone or zone)
        else:
            scale = RAD_PER_DEG if system == _DEGREES else 1.0
            latitude_rad, longitude_rad = y * scale, x * scale
            if abs(latitude_rad) > math.pi / 2 or abs(longitude_rad) > math.pi:
                swapped = abs(longitude_rad) <= math.pi / 2 and abs(latitude_rad) <= math.pi
                hint = "; x and y look swapped" if swapped else ""
                raise Unplaceable("location: not on the earth", f"x {x:.7g}, y {y:.7g}{hint}")
        self._check_near(latitude_rad, longitude_rad)
        if not location.HasField("z"):
            return latitude_rad, longitude_rad, math.nan
        if not -12_000.0 < location.z < 200_000.0:
            raise Unplaceable("location: height cannot be meant", f"z {location.z:.7g}")
        if location.datum == _GEOID:
            return latitude_rad, longitude_rad, height_from_msl_m(location.z, latitude_rad, longitude_rad)
        return latitude_rad, longitude_rad, location.z

    def place(self, location: Any, node: Node, pose: Pose) -> Measured:
        """A located target."""
        latitude_rad, longitude_rad, height_m = self.lla(location, node.zone)
        known_m = self._origin.height_m if math.isnan(height_m) else height_m
        enu = enu_from_lla(self._origin, np.array([[latitude_rad, longitude_rad, known_m]]))[0].tolist()
        sigma = self._settings.sigma
        scales = self._error_scales(location, node, latitude_rad)
        variances = [
            variance(location.x_error * scales[0], node, sigma.horizontal_m),
            variance(location.y_error * scales[1], node, sigma.horizontal_m),
            variance(location.z_error, node, sigma.up_m),
        ]
        size = 2 if math.isnan(height_m) else 3
        kind = MeasurementKind.POSITION_2D if size == 2 else MeasurementKind.POSITION_3D
        stands = (pose.east_m, pose.north_m, pose.up_m)
        lla = (latitude_rad, longitude_rad, height_m)
        return Measured(kind, tuple(enu[:size]), _diagonal(variances[:size]), stands, lla)

    def bearing(self, seen: Any, node: Node, pose: Pose) -> Measured:
        """A target by azimuth, with elevation and range where they were measured."""
        if not seen.HasField("azimuth"):
            raise Unplaceable("range_bearing: no azimuth")
        lla, stands = self.stand(node, pose)
        scale = RAD_PER_DEG if seen.coordinate_system in _IN_DEGREES else 1.0
        azimuth_rad = seen.azimuth * scale + self._north_rad(seen.datum, lla, pose)
        if not math.isfinite(azimuth_rad) or abs(azimuth_rad) > 1e6:
            raise Unplaceable("range_bearing: azimuth cannot be meant", f"{seen.azimuth:g}")
        sigma = self._settings.sigma
        values, variances = [azimuth_rad % math.tau], [variance(seen.azimuth_error * scale, node, sigma.azimuth_rad)]
        values[0] = 0.0 if values[0] >= math.tau else values[0]
        if seen.HasField("elevation"):
            elevation_rad = seen.elevation * scale
            if abs(elevation_rad) > math.pi / 2:
                raise Unplaceable("range_bearing: elevation cannot be meant", f"{seen.elevation:g}")
            values.append(elevation_rad)
            variances.append(variance(seen.elevation_error * scale, node, sigma.elevation_rad))
        kinds = (MeasurementKind.AZIMUTH, MeasurementKind.AZIMUTH_ELEVATION)
        if seen.HasField("range"):
            unit_m = M_PER_KM if seen.coordinate_system in _IN_KM else 1.0
            if not 0.0 < seen.range * unit_m <= FARTHEST_M:
                raise Unplaceable("range_bearing: range cannot be meant", f"{seen.range:g}")
            values.insert(0, seen.range * unit_m)
            variances.insert(0, variance(seen.range_error * unit_m, node, sigma.range_m))
            kinds = (MeasurementKind.POLAR_2D, MeasurementKind.POLAR_3D)
        kind = kinds[seen.HasField("elevation")]
        return Measured(kind, tuple(values), _diagonal(variances), stands)

    def _from_utm(self, x: float, y: float, zone: str) -> tuple[float, float]:
        if not (100_000.0 <= x <= 1_000_000.0 and -10_000_000.0 <= y <= 10_000_000.0):
            swapped = "; x and y look like a latitude and a longitude" if abs(x) <= 90.0 and abs(y) <= 180.0 else ""
            raise Unplaceable("location: no easting and northing", f"x {x:.7g}, y {y:.7g}{swapped}")
        found = _ZONE.fullmatch(zone.strip()) if zone else None
        if zone and not found:
            raise Unplaceable("location: no UTM zone", zone)
        if found is None and not self._near:
            raise Unplaceable("location: UTM without a zone")
        number = int(found[1]) if found else zone_of(self._origin.longitude_rad)
        letter = (found[2] or "").upper() if found else ""
        places = [from_utm(number, north, x, y) for north in (True, False)]
        if y < 0.0:
            return places[0]
        if letter and letter != "S":
            return places[letter < "N"]
        if not self._near:
            return places[letter == "S"]
        return min(places, key=lambda place: abs(place[0] - self._origin.latitude_rad))

    def _check_near(self, latitude_rad: float, longitude_rad: float) -> None:
        if not self._near or self._distance_m(latitude_rad, longitude_rad) <= FARTHEST_M:
            return
        far_km = self._distance_m(latitude_rad, longitude_rad) / M_PER_KM
        swapped = self._distance_m(longitude_rad, latitude_rad) <= FARTHEST_M
        hint = "; x and y look swapped" if swapped else ""
        raise Unplaceable("location: far from the site", f"{far_km:.0f} km{hint}")

    def _distance_m(self, latitude_rad: float, longitude_rad: float) -> float:
        """Over a sphere; the bound is wide."""
        origin = self._origin
        a = math.sin(0.5 * (latitude_rad - origin.latitude_rad)) ** 2
        b = math.sin(0.5 * (longitude_rad - origin.longitude_rad)) ** 2
        share = a + math.cos(latitude_rad) * math.cos(origin.latitude_rad) * b
        return 2.0 * _M_PER_RAD * math.asin(math.sqrt(min(max(share, 0.0), 1.0)))

    def _error_scales(self, location: Any, node: Node, latitude_rad: float) -> tuple[float, float]:
        """Metres a unit of the stated errors of x and y."""
        if location.coordinate_system == _UTM:
            return 1.0, 1.0
        scale = RAD_PER_DEG if location.coordinate_system == _DEGREES else 1.0
        in_metres = node.errors_in_metres
        if in_metres is None:
            in_metres = max(location.x_error, location.y_error) * scale > _LARGEST_ERROR_RAD
        if in_metres:
            return 1.0, 1.0
        return scale * _M_PER_RAD * max(math.cos(latitude_rad), 1e-3), scale * _M_PER_RAD

    def stand(self, node: Node, pose: Pose) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
        """Where the node stands, on the earth and in the site's frame: its own word before the site file's."""
        stands = (pose.east_m, pose.north_m, pose.up_m)
        if node.lla is None:
            found = lla_from_enu(self._origin, np.array([stands]))[0].tolist()
            return (found[0], found[1], found[2]), stands
        latitude_rad, longitude_rad, height_m = node.lla
        known_m = self._origin.height_m + pose.up_m if math.isnan(height_m) else height_m
        enu = enu_from_lla(self._origin, np.array([[latitude_rad, longitude_rad, known_m]]))[0].tolist()
        return node.lla, (enu[0], enu[1], enu[2])

    def _north_rad(self, datum: int, lla: tuple[float, float, float], pose: Pose) -> float:
        """What is added to an azimuth against the datum's north to have it in the site's frame."""
        if datum == _PLATFORM:
            return pose.heading_rad
        true_rad = float(convergence_rad(self._origin, np.array([[lla[0], lla[1], 0.0]]))[0])
        if datum == _GRID:
            return true_rad + grid_north_rad(lla[0], lla[1])
        if datum == _MAGNETIC:
            if self._settings.declination_rad is None:
                raise Unplaceable("range_bearing: against magnetic north, and settings.declination_deg is not given")
            return true_rad + self._settings.declination_rad
        return true_rad


def _diagonal(variances: list[float]) -> tuple[float, ...]:
    size = len(variances)
    covariance = [0.0] * size * size
    covariance[:: size + 1] = variances
    return tuple(covariance)

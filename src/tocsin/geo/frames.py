"""Frames: WGS-84 latitude, longitude and height; Earth-centred ECEF; and a site's east, north, up (ENU).

Points are arrays (n, 3), float64: `lla` is latitude_rad, longitude_rad, height_m above the ellipsoid; `ecef` and `enu`
are metres. ENU is the plane tangent to the ellipsoid at the site's origin, so a place 200 km away lies about 3 km below
it. Results agree with PROJ to well under a millimetre. Longitude comes back in [-pi, pi], and as 0 on the Earth's axis.
A row holding NaN gives a row of NaN; another shape is an error. Inputs are never changed.

Source: NGA.STND.0036 (WGS 84, 2014) for the ellipsoid; B. R. Bowring, "Transformation from spatial to geographical
coordinates", Survey Review 23 (1976), iterated, with the height form of his 1985 note that has no singularity at the
poles.
"""

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from tocsin.jit import kernel
from tocsin.model.errors import TocsinError

Floats = NDArray[np.float64]

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1.0 / 298.257223563
SEMI_MINOR_M = SEMI_MAJOR_M * (1.0 - FLATTENING)
E2 = FLATTENING * (2.0 - FLATTENING)  # first eccentricity squared
EP2 = E2 / (1.0 - E2)  # second eccentricity squared


class Origin(msgspec.Struct, frozen=True):
    """A site's origin on WGS-84: radians, and metres above the ellipsoid."""

    latitude_rad: float
    longitude_rad: float
    height_m: float


def ecef_from_lla(lla: Floats) -> Floats:
    """ECEF (n, 3) of `lla` (n, 3)."""
    return _ecef_from_lla(_points(lla))


def lla_from_ecef(ecef: Floats) -> Floats:
    """Latitude, longitude, height (n, 3) of `ecef` (n, 3); meant for points within 100 km of the ellipsoid."""
    return _lla_from_ecef(_points(ecef))


def enu_from_ecef(origin: Origin, ecef: Floats) -> Floats:
    """Site ENU (n, 3) of `ecef` (n, 3)."""
    return _enu_from_ecef(origin.latitude_rad, origin.longitude_rad, origin.height_m, _points(ecef))


def ecef_from_enu(origin: Origin, enu: Floats) -> Floats:
    """ECEF (n, 3) of site `enu` (n, 3)."""
    return _ecef_from_enu(origin.latitude_rad, origin.longitude_rad, origin.height_m, _points(enu))


def enu_from_lla(origin: Origin, lla: Floats) -> Floats:
    """Site ENU (n, 3) of `lla` (n, 3)."""
    ecef = _ecef_from_lla(_points(lla))
    return _enu_from_ecef(origin.latitude_rad, origin.longitude_rad, origin.height_m, ecef)


def lla_from_enu(origin: Origin, enu: Floats) -> Floats:
    """Latitude, longitude, height (n, 3) of site `enu` (n, 3)."""
    ecef = _ecef_from_enu(origin.latitude_rad, origin.longitude_rad, origin.height_m, _points(enu))
    return _lla_from_ecef(ecef)


def convergence_rad(origin: Origin, lla: Floats) -> Floats:
    """Angle (n,) in the site's frame, clockwise from the site's north, of true north as seen at `lla` (n, 3).

    A bearing taken at that place against its own true north reads this much more in the site's frame. It is 0 on the
    site's meridian and grows by about sin(latitude) radians per radian of longitude.
    """
    points = _points(lla)
    longitude = points[:, 1] - origin.longitude_rad
    sin_lat = np.sin(points[:, 0])
    east = -sin_lat * np.sin(longitude)
    north = math.sin(origin.latitude_rad) * sin_lat * np.cos(longitude)
    north = north + math.cos(origin.latitude_rad) * np.cos(points[:, 0])
    turned: Floats = np.arctan2(east, north)
    return turned


def warm() -> None:
    """Compile or load the kernels of this module."""
    origin = Origin(0.0, 0.0, 0.0)
    lla_from_enu(origin, enu_from_lla(origin, np.zeros((1, 3))))


def _points(points: Floats) -> Floats:
    """A writable, contiguous copy: kernels then see one array type only, and compile once."""
    copy = np.array(points, dtype=np.float64, order="C")
    if copy.ndim != 2 or copy.shape[1] != 3:
        raise TocsinError(f"points: expected an array of shape (n, 3), got {copy.shape}")
    return copy


@kernel
def _ecef_from_lla(lla: Floats) -> Floats:
    ecef = np.empty_like(lla)
    for i in range(lla.shape[0]):
        sin_lat, cos_lat = math.sin(lla[i, 0]), math.cos(lla[i, 0])
        height = lla[i, 2]
        normal = SEMI_MAJOR_M / math.sqrt(1.0 - E2 * sin_lat * sin_lat)  # radius of curvature, prime vertical
        ecef[i, 0] = (normal + height) * cos_lat * math.cos(lla[i, 1])
        ecef[i, 1] = (normal + height) * cos_lat * math.sin(lla[i, 1])
        ecef[i, 2] = (normal * (1.0 - E2) + height) * sin_lat
        if not math.isfinite(ecef[i, 0] + ecef[i, 1] + ecef[i, 2]):
            ecef[i, :] = np.nan
    return ecef


@kernel
def _lla_from_ecef(ecef: Floats) -> Floats:
    lla = np.empty_like(ecef)
    for i in range(ecef.shape[0]):
        x, y, z = ecef[i, 0], ecef[i, 1], ecef[i, 2]
        if not math.isfinite(x + y + z):
            lla[i, :] = np.nan
            continue
        p = math.sqrt(x * x + y * y)
        sin_u, cos_u = z * SEMI_MAJOR_M, p * SEMI_MINOR_M  # reduced latitude, up to a common factor
        sin_lat, cos_lat = 0.0, 1.0
        for _ in range(3):  # one step is good to a micrometre below 20 km; three reach the last digits
            scale = math.sqrt(sin_u * sin_u + cos_u * cos_u)
            if scale == 0.0:
                break
            sin_u, cos_u = sin_u / scale, cos_u / scale
            top = z + EP2 * SEMI_MINOR_M * sin_u * sin_u * sin_u
            bottom = p - E2 * SEMI_MAJOR_M * cos_u * cos_u * cos_u
            scale = math.sqrt(top * top + bottom * bottom)
            sin_lat, cos_lat = top / scale, bottom / scale
            sin_u, cos_u = (1.0 - FLATTENING) * sin_lat, cos_lat
        lla[i, 0] = math.atan2(sin_lat, cos_lat)
        lla[i, 1] = math.atan2(y, x) if p > 0.0 else 0.0
        lla[i, 2] = p * cos_lat + z * sin_lat - SEMI_MAJOR_M * math.sqrt(1.0 - E2 * sin_lat * sin_lat)
    return lla


@kernel
def _axes(latitude: float, longitude: float, height: float) -> tuple[Floats, Floats]:
    """Rows east, north, up (3, 3) in ECEF, and the origin in ECEF (3,)."""
    sin_lat, cos_lat = math.sin(latitude), math.cos(latitude)
    sin_lon, cos_lon = math.sin(longitude), math.cos(longitude)
    axes = np.empty((3, 3))
    axes[0, 0], axes[0, 1], axes[0, 2] = -sin_lon, cos_lon, 0.0
    axes[1, 0], axes[1, 1], axes[1, 2] = -sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat
    axes[2, 0], axes[2, 1], axes[2, 2] = cos_lat * cos_lon, cos_lat * sin_lon, sin_lat
    place = np.empty((1, 3))
    place[0, 0], place[0, 1], place[0, 2] = latitude, longitude, height
    return axes, _ecef_from_lla(place)[0]


@kernel
def _enu_from_ecef(latitude: float, longitude: float, height: float, ecef: Floats) -> Floats:
    axes, centre = _axes(latitude, longitude, height)
    enu = np.empty_like(ecef)
    for i in range(ecef.shape[0]):
        x, y, z = ecef[i, 0] - centre[0], ecef[i, 1] - centre[1], ecef[i, 2] - centre[2]
        for k in range(3):
            enu[i, k] = axes[k, 0] * x + axes[k, 1] * y + axes[k, 2] * z
        if not math.isfinite(x + y + z):
            enu[i, :] = np.nan
    return enu


@kernel
def _ecef_from_enu(latitude: float, longitude: float, height: float, enu: Floats) -> Floats:
    axes, centre = _axes(latitude, longitude, height)
    ecef = np.empty_like(enu)
    for i in range(enu.shape[0]):
        east, north, up = enu[i, 0], enu[i, 1], enu[i, 2]
        for k in range(3):
            ecef[i, k] = centre[k] + axes[0, k] * east + axes[1, k] * north + axes[2, k] * up
        if not math.isfinite(east + north + up):
            ecef[i, :] = np.nan
    return ecef

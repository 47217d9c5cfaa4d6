"""Places of a site file as coordinates of the site's frame.

Each function takes the table as written and its path, and raises `WrongValue` where a place is given in no way or in
more than one. A latitude without a height is refused: unknown is never 0.
"""

import math
from typing import Protocol

import numpy as np

from tocsin.config.strict import Path, WrongValue, spelled
from tocsin.config.tables import Circle, Level, Point, SiteTable, ZoneTable
from tocsin.geo.frames import Origin, enu_from_lla, lla_from_enu
from tocsin.geo.heights import height_from_msl_m
from tocsin.model.threat import Zone

CIRCLE_CORNERS = 36


class Placed(Protocol):
    """What `Place` and `PoseTable` have in common."""

    @property
    def east_m(self) -> float | None: ...
    @property
    def north_m(self) -> float | None: ...
    @property
    def up_m(self) -> float | None: ...
    @property
    def latitude_rad(self) -> float | None: ...
    @property
    def longitude_rad(self) -> float | None: ...
    @property
    def height_m(self) -> float | None: ...
    @property
    def altitude_msl_m(self) -> float | None: ...


def site_origin(table: SiteTable, path: Path) -> Origin:
    """The origin of the site's frame."""
    height_m = _height_m(table.latitude_rad, table.longitude_rad, table.height_m, table.altitude_msl_m, path)
    return Origin(table.latitude_rad, table.longitude_rad, height_m)


def placed_enu_m(origin: Origin, place: Placed, path: Path) -> tuple[float, float, float]:
    """East, north, up in the site's frame."""
    by_enu = any(value is not None for value in (place.east_m, place.north_m, place.up_m))
    by_lla = (place.latitude_rad, place.longitude_rad, place.height_m, place.altitude_msl_m) != (None,) * 4
    if by_enu and by_lla:
        raise WrongValue(path, "give east_m, north_m and up_m, or latitude_deg and longitude_deg, not both")
    if by_lla:
        if place.latitude_rad is None or place.longitude_rad is None:
            raise WrongValue(path, "latitude_deg and longitude_deg go together")
        height_m = _height_m(place.latitude_rad, place.longitude_rad, place.height_m, place.altitude_msl_m, path)
        east, north, up = enu_from_lla(origin, np.array([[place.latitude_rad, place.longitude_rad, height_m]]))[0]
        return float(east), float(north), float(up)
    if place.east_m is None or place.north_m is None:
        raise WrongValue(path, "a place needs east_m and north_m, or latitude_deg and longitude_deg")
    return place.east_m, place.north_m, place.up_m or 0.0


def placed_zone(origin: Origin, table: ZoneTable, path: Path) -> Zone:
    """The zone with its corners and heights in the site's frame; heights are converted at the corners' mean."""
    given = [name for name in ("polygon_m", "polygon_rad", "circle") if getattr(table, name) is not None]
    if len(given) != 1:
        raise WrongValue(path, "an outline is given by exactly one of polygon_m, polygon_deg and circle")
    outline = (*path, spelled(given[0]))
    if table.circle is not None:
        corners = _circle(origin, table.circle, outline)
    else:
        corners = table.polygon_m or _flat(origin, table.polygon_rad or (), outline)
        _check_outline(corners, outline)
    east_m = sum(corner[0] for corner in corners) / len(corners)
    north_m = sum(corner[1] for corner in corners) / len(corners)
    floor_m = _up_m(origin, (east_m, north_m), table.floor, (*path, "floor"))
    ceiling_m = _up_m(origin, (east_m, north_m), table.ceiling, (*path, "ceiling"))
    if floor_m is not None and ceiling_m is not None and floor_m >= ceiling_m:
        raise WrongValue((*path, "ceiling"), "must be above the floor")
    return Zone(table.name, corners, floor_m, ceiling_m)


def _height_m(
    latitude_rad: float, longitude_rad: float, height_m: float | None, altitude_msl_m: float | None, path: Path
) -> float:
    _check_coordinates(latitude_rad, longitude_rad, path)
    if height_m is not None and altitude_msl_m is None:
        return height_m
    if altitude_msl_m is not None and height_m is None:
        return height_from_msl_m(altitude_msl_m, latitude_rad, longitude_rad)
    raise WrongValue(path, "a latitude goes with exactly one of height_m (ellipsoid) and altitude_msl_m (sea level)")


def _check_coordinates(latitude_rad: float, longitude_rad: float, path: Path) -> None:
    if not -math.pi / 2 <= latitude_rad <= math.pi / 2:
        raise WrongValue(path, "a latitude lies between -90 and 90 degrees")
    if not -math.pi <= longitude_rad <= math.tau:
        raise WrongValue(path, "a longitude lies between -180 and 360 degrees")


def _up_m(origin: Origin, place: Point, level: Level | None, path: Path) -> float | None:
    """The level's height above the plane of the site's frame, at `place` (east, north)."""
    if level is None:
        return None
    given = [value for value in (level.up_m, level.height_m, level.altitude_msl_m) if value is not None]
    if len(given) != 1:
        raise WrongValue(path, "a height is given by exactly one of up_m, height_m and altitude_msl_m")
    if level.up_m is not None:
        return level.up_m
    latitude, longitude, zero_height = lla_from_enu(origin, np.array([(*place, 0.0)]))[0]
    height_m = given[0] if level.height_m is not None else height_from_msl_m(given[0], latitude, longitude)
    return float(height_m - zero_height)


def _circle(origin: Origin, circle: Circle, path: Path) -> tuple[Point, ...]:
    if (circle.centre_m is None) == (circle.centre_rad is None):
        raise WrongValue(path, "a centre is given by exactly one of centre_m and centre_deg")
    east, north = circle.centre_m or _flat(origin, (circle.centre_rad or (0.0, 0.0),), path)[0]
    reach = circle.radius_m / math.cos(math.pi / CIRCLE_CORNERS)  # the polygon's edges touch the circle from outside
    turns = [math.tau * corner / CIRCLE_CORNERS for corner in range(CIRCLE_CORNERS)]
    return tuple((east + reach * math.sin(turn), north + reach * math.cos(turn)) for turn in turns)


def _flat(origin: Origin, corners: tuple[Point, ...], path: Path) -> tuple[Point, ...]:
    """East and north of latitudes and longitudes, taken at the origin's height."""
    for latitude, longitude in corners:
        _check_coordinates(latitude, longitude, path)
    lla = np.array([(*corner, origin.height_m) for corner in corners]).reshape(-1, 3)
    return tuple((float(east), float(north)) for east, north, _ in enu_from_lla(origin, lla))


def _check_outline(corners: tuple[Point, ...], path: Path) -> None:
    if len(set(corners)) != len(corners) or len(corners) < 3:
        raise WrongValue(path, "an outline has at least 3 corners, each written once (the first is not repeated)")
    count = len(corners)
    for i in range(count):
        for j in range(i + 2, count):
            if (i, j) != (0, count - 1) and _cross(corners[i], corners[i + 1], corners[j], corners[(j + 1) % count]):
                raise WrongValue(
                    path, f"the edges after corners {i + 1} and {j + 1} cross; list corners round the area"
                )


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the segments from `a` to `b` and from `c` to `d` cross."""
    return _side(a, b, c) != _side(a, b, d) and _side(c, d, a) != _side(c, d, b)


def _side(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])

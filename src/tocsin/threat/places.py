"""Places as arrays: assets (circles) and zones (polygons with floor and ceiling) in one numbering, assets first.

`distance_m` says how far a point is from a place's boundary in the plane, 0 inside, by explicit loops; polygons may be
concave and are closed by themselves. A zone needs three corners and an area, an asset a radius above 0, and no two
places one name; `PlaceError` says which does not.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tocsin.jit import kernel
from tocsin.model.errors import TocsinError
from tocsin.model.threat import Asset, Zone

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class PlaceError(TocsinError):
    """A place that is none."""


class Places(NamedTuple):
    """p places; a tuple of arrays, so that kernels take it whole.

    `centre_m` (p, 2); `radius_m` (p,), 0 for a polygon; `box_m` (p, 4): least and greatest east, least and greatest
    north; `height_m` (p, 2): floor and ceiling, infinite where unbounded; `first` (p + 1,): a polygon's corners are
    rows first[i] to first[i + 1] of `corner_m` (c, 2).
    """

    centre_m: Floats
    radius_m: Floats
    box_m: Floats
    height_m: Floats
    first: Ints
    corner_m: Floats


def places(assets: Sequence[Asset], zones: Sequence[Zone]) -> tuple[tuple[str, ...], Places]:
    """The names and the arrays of all places."""
    names = (*(asset.name for asset in assets), *(zone.name for zone in zones))
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise PlaceError(f"two places are called {repeated[0]!r}")
    p = len(names)
    out = Places(
        np.zeros((p, 2)), np.zeros(p), np.zeros((p, 4)), np.tile([-np.inf, np.inf], (p, 1)), np.zeros(p + 1, np.int64),
        np.array([corner for zone in zones for corner in _corners(zone)], np.float64).reshape(-1, 2),
    )  # fmt: skip
    for i, asset in enumerate(assets):
        if not asset.radius_m > 0.0:
            raise PlaceError(f"asset {asset.name!r}: radius_m must be above 0, got {asset.radius_m}")
        out.centre_m[i] = asset.east_m, asset.north_m
        out.radius_m[i] = asset.radius_m
        reach = asset.radius_m
        out.box_m[i] = asset.east_m - reach, asset.east_m + reach, asset.north_m - reach, asset.north_m + reach
    for i, zone in enumerate(zones, len(assets)):
        corners = np.array(_corners(zone))
        out.first[i + 1] = out.first[i] + len(corners)
        out.centre_m[i] = _centroid(corners, zone.name)
        low, high = corners.min(axis=0), corners.max(axis=0)
        out.box_m[i] = low[0], high[0], low[1], high[1]
        if zone.floor_m is not None:
            out.height_m[i, 0] = zone.floor_m
        if zone.ceiling_m is not None:
            out.height_m[i, 1] = zone.ceiling_m
    return names, out


def _corners(zone: Zone) -> tuple[tuple[float, float], ...]:
    """The corners without a repeated last one."""
    polygon = zone.polygon_enu_m
    return polygon[:-1] if len(polygon) > 1 and polygon[0] == polygon[-1] else polygon


def _centroid(corners: Floats, name: str) -> Floats:
    """Area centroid; an area of 0 is an error."""
    if len(corners) < 3:
        raise PlaceError(f"zone {name!r}: a polygon needs three corners, got {len(corners)}")
    offset = corners - corners[0]
    after = np.roll(offset, -1, axis=0)
    cross = offset[:, 0] * after[:, 1] - after[:, 0] * offset[:, 1]
    if not abs(cross.sum()) > 0.0:
        raise PlaceError(f"zone {name!r}: the polygon has no area")
    return np.asarray(corners[0] + ((offset + after) * cross[:, None]).sum(axis=0) / (3.0 * cross.sum()))


@kernel
def inside(places: Places, place: int, east: float, north: float) -> bool:
    """Whether a point is inside the place's outline (even-odd rule); height is not asked."""
    if places.radius_m[place] > 0.0:
        x, y = east - places.centre_m[place, 0], north - places.centre_m[place, 1]
        return bool(x * x + y * y <= places.radius_m[place] * places.radius_m[place])
    odd = False
    first, end = places.first[place], places.first[place + 1]
    j = end - 1
    for i in range(first, end):
        xi, yi = places.corner_m[i, 0], places.corner_m[i, 1]
        xj, yj = places.corner_m[j, 0], places.corner_m[j, 1]
        if (yi > north) != (yj > north) and east < (xj - xi) * (north - yi) / (yj - yi) + xi:
            odd = not odd
        j = i
    return odd


@kernel
def distance_m(places: Places, place: int, east: float, north: float) -> float:
    """Metres from a point to the place's outline, 0 inside."""
    if places.radius_m[place] > 0.0:
        x, y = east - places.centre_m[place, 0], north - places.centre_m[place, 1]
        return max(math.sqrt(x * x + y * y) - float(places.radius_m[place]), 0.0)
    if inside(places, place, east, north):
        return 0.0
    least = np.inf
    first, end = places.first[place], places.first[place + 1]
    j = end - 1
    for i in range(first, end):
        xj, yj = places.corner_m[j, 0], places.corner_m[j, 1]
        dx, dy = places.corner_m[i, 0] - xj, places.corner_m[i, 1] - yj
        along = dx * dx + dy * dy
        s = min(max(((east - xj) * dx + (north - yj) * dy) / along, 0.0), 1.0) if along > 0.0 else 0.0
        x, y = east - xj - s * dx, north - yj - s * dy
        least = min(least, x * x + y * y)
        j = i
    return math.sqrt(least)


@kernel
def entry(places: Places, place: int, x0: float, y0: float, z0: float, x1: float, y1: float, z1: float) -> float:
    """The first share (0 to 1) of a straight leg that lies inside the place, inf if none; an unknown z is inside."""
    s0, s1 = 0.0, 1.0
    floor, ceiling = places.height_m[place, 0], places.height_m[place, 1]
    dx, dy, dz = x1 - x0, y1 - y0, z1 - z0
    if dz != 0.0 and not math.isnan(dz):
        to_floor, to_ceiling = (floor - z0) / dz, (ceiling - z0) / dz
        s0, s1 = max(s0, min(to_floor, to_ceiling)), min(s1, max(to_floor, to_ceiling))
    elif z0 < floor or z0 > ceiling:
        return np.inf
    if s0 > s1:
        return np.inf
    if places.radius_m[place] > 0.0:
        x, y, r = x0 - places.centre_m[place, 0], y0 - places.centre_m[place, 1], places.radius_m[place]
        a, b, c = dx * dx + dy * dy, x * dx + y * dy, x * x + y * y - r * r
        root = b * b - a * c
        if a == 0.0:
            return s0 if c <= 0.0 else np.inf
        if root < 0.0:
            return np.inf
        root = math.sqrt(root)
        first_s = max(s0, (-b - root) / a)
        return first_s if first_s <= min(s1, (-b + root) / a) else np.inf
    if inside(places, place, x0 + s0 * dx, y0 + s0 * dy):
        return s0
    least = np.inf
    j = places.first[place + 1] - 1
    for i in range(places.first[place], places.first[place + 1]):
        xj, yj = places.corner_m[j, 0], places.corner_m[j, 1]
        ex, ey = places.corner_m[i, 0] - xj, places.corner_m[i, 1] - yj
        cross = dx * ey - dy * ex
        if cross != 0.0:
            s = ((xj - x0) * ey - (yj - y0) * ex) / cross
            u = ((xj - x0) * dy - (yj - y0) * dx) / cross
            if s0 <= s <= s1 and 0.0 <= u <= 1.0:
                least = min(least, s)
        j = i
    return least

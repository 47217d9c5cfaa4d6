"""Areas: where a warning holds, on the ground, from zones, assets and where a falling object will come down."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tocsin.geo.frames import Origin, lla_from_enu
from tocsin.model.picture import Picture
from tocsin.model.threat import Asset, Zone
from tocsin.model.warning import WarningArea

CORNERS = 36
SIGMAS_95 = math.sqrt(5.991)  # the ellipse that holds 95 % of a normal law in two dimensions
_LEAST_M = 50.0  # no semi-axis is drawn shorter

Floats = NDArray[np.float64]


class Areas:
    """The site's places, as areas of warnings."""

    def __init__(self, origin: Origin, places: Mapping[str, Asset | Zone]) -> None:
        self._origin = origin
        self._areas = {name: self._area(place) for name, place in places.items()}

    def of(self, place: str) -> WarningArea:
        """A zone's outline, or an asset's circle."""
        return self._areas[place]

    def impact(self, place: str, object_ids: frozenset[str], picture: Picture) -> WarningArea | None:
        """The ellipse that holds the impact of the most uncertain of the objects with 95 %, None if none falls."""
        impact = picture.threats.impact
        if impact is None:
            return None
        rows = [k for k in range(len(impact)) if picture.tracks.object[int(impact.track[k])] in object_ids]
        if not rows:
            return None
        widest = max(rows, key=lambda k: float(np.trace(impact.covariance[k])))
        outline = ellipse_enu_m(impact.point_enu_m[widest], impact.covariance[widest])
        return WarningArea(f"{place}: where it may come down", self._outline_rad(outline))

    def _area(self, place: Asset | Zone) -> WarningArea:
        if isinstance(place, Zone):
            return WarningArea(place.name, self._outline_rad(np.array(place.polygon_enu_m, dtype=np.float64)))
        ((latitude_rad, longitude_rad, _),) = lla_from_enu(
            self._origin, np.array([[place.east_m, place.north_m, place.up_m]])
        ).tolist()
        return WarningArea(place.name, (), (latitude_rad, longitude_rad), place.radius_m)

    def _outline_rad(self, corners_m: Floats) -> tuple[tuple[float, float], ...]:
        """Closed: the last point is the first."""
        enu = np.column_stack([corners_m, np.zeros(len(corners_m))])
        points = [(latitude, longitude) for latitude, longitude, _ in lla_from_enu(self._origin, enu).tolist()]
        return (*points, points[0]) if points[0] != points[-1] else tuple(points)


def ellipse_enu_m(centre_m: Floats, covariance: Floats) -> Floats:
    """Corners (n, 2) round the ellipse that holds 95 % of a normal law with `covariance` (2, 2), m^2."""
    a, b, c = float(covariance[0, 0]), float(covariance[0, 1]), float(covariance[1, 1])
    middle, reach = 0.5 * (a + c), math.hypot(0.5 * (a - c), b)
    major_m, minor_m = (
        max(SIGMAS_95 * math.sqrt(max(spread, 0.0)), _LEAST_M) for spread in (middle + reach, middle - reach)
    )
    turned = 0.5 * math.atan2(2.0 * b, a - c)  # of the longer axis, from east towards north
    turns = np.arange(CORNERS) * (math.tau / CORNERS)
    along, across = major_m * np.cos(turns), minor_m * np.sin(turns)
    east = along * math.cos(turned) - across * math.sin(turned)
    north = along * math.sin(turned) + across * math.cos(turned)
    return np.asarray(centre_m + np.column_stack([east, north]))

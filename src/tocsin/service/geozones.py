"""Geozones of a document as features of GeoJSON, one a zone, and as `[[zone]]` tables of a site file.

A zone of one volume is a Polygon, of several a MultiPolygon whose limits stand in `volumes`, in the polygons' order. A
circle becomes a polygon of 72 corners on it. Heights keep what they are measured from.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from tocsin.formats.geozones import Geozone, Geozones, Limit, LonLat, Volume
from tocsin.geo.frames import Origin, lla_from_enu
from tocsin.sharing.geojson.features import Feature
from tocsin.units import RAD_PER_DEG

CORNERS = 72
_NOT_IN_NAMES = str.maketrans("/\\", "--")
_KEYS = {"sea level": "altitude_msl_m", "ellipsoid": "height_m"}


def zone_features(found: Geozones) -> Iterator[Feature]:
    """One feature a zone."""
    for row, zone in enumerate(found.zones, start=1):
        polygons = [_rings(volume) for volume in zone.volumes]
        single = len(polygons) == 1
        geometry = {
            "type": "Polygon" if single else "MultiPolygon",
            "coordinates": polygons[0] if single else polygons,
        }
        limits = [_limits(volume) for volume in zone.volumes]
        said = {
            "kind": "zone",
            "id": zone.identifier,
            "name": zone.name,
            "country": zone.country,
            "restriction": zone.restriction,
            "variant": zone.variant,
            "reasons": list(zone.reasons),
            "message": zone.message,
            "authority": zone.authority,
            **(limits[0] if single or all(limit == limits[0] for limit in limits) else {"volumes": limits}),
            "permanent": not zone.periods,
            "periods": [msgspec.to_builtins(period) for period in zone.periods],
        }
        known = {key: value for key, value in said.items() if value not in ("", [], None)}
        yield {"type": "Feature", "geometry": geometry, "properties": {"time": None, "row": row, **known}}


def zone_tables(found: Geozones) -> str:
    """The zones as tables to be put into a site file, one a volume; what a site file cannot say stands in comments."""
    return "\n".join(_table(zone, k, volume) for zone in found.zones for k, volume in enumerate(zone.volumes, start=1))


def _table(zone: Geozone, number: int, volume: Volume) -> str:
    name = _line(f"{zone.identifier} {zone.name}".translate(_NOT_IN_NAMES)) or "zone"
    name = f"{name} ({number})" if len(zone.volumes) > 1 else name
    lines = [f"# {_line(zone.restriction)} {_line(', '.join(zone.reasons))}".rstrip()]
    for period in zone.periods:
        days = "".join(f" {_line(day)}" for day in period.days)
        hours = f" {_line(period.day_start)} to {_line(period.day_end)}" if period.day_start or period.day_end else ""
        lines.append(f"# only {_line(period.start) or '...'} to {_line(period.end) or '...'}{days}{hours}")
    if len(volume.rings) > 1:
        lines.append("# its holes are left out")
    lines += ["[[zone]]", f"name = {json.dumps(name, ensure_ascii=False)}"]
    if volume.centre_deg is not None:
        lon, lat = volume.centre_deg
        lines.append(f"circle = {{ centre_deg = [{lat!r}, {lon!r}], radius_m = {float(volume.radius_m)!r} }}")
    else:
        corners = ", ".join(f"[{lat!r}, {lon!r}]" for lon, lat in volume.rings[0][:-1])
        lines.append(f"polygon_deg = [{corners}]")
    for key, limit in (("floor", volume.lower), ("ceiling", volume.upper)):
        if limit is None or (key == "floor" and limit == Limit(0.0, "ground")):
            continue
        known = _KEYS.get(limit.reference)
        if known is None:
            lines.append(f"# {key}: {limit.value_m:g} m above {limit.reference}, left out: write it as up_m")
        else:
            lines.append(f"{key} = {{ {known} = {limit.value_m!r} }}")
    return "\n".join(lines) + "\n"


def _line(text: str) -> str:
    """A text that cannot end its line."""
    return " ".join(text.split())


def _limits(volume: Volume) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, limit in (("lower", volume.lower), ("upper", volume.upper)):
        if limit is not None:
            said[f"{name}_m"] = round(limit.value_m, 3)
            said[f"{name}_above"] = limit.reference
    return said


def _rings(volume: Volume) -> list[list[list[float]]]:
    rings = volume.rings or (_circle(volume),)
    return [[[lon, lat] for lon, lat in _turned(ring, against=k == 0)] for k, ring in enumerate(rings)]


def _turned(ring: tuple[LonLat, ...], against: bool) -> tuple[LonLat, ...]:
    """The ring as RFC 7946 wants it: an outline against the clock, a hole with it."""
    doubled = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False))
    return ring if (doubled > 0.0) == against else ring[::-1]


def _circle(volume: Volume) -> tuple[LonLat, ...]:
    lon, lat = volume.centre_deg or (0.0, 0.0)
    turns = [math.tau * corner / CORNERS for corner in range(CORNERS)]
    enu = np.array([[volume.radius_m * math.cos(turn), volume.radius_m * math.sin(turn), 0.0] for turn in turns])
    lla = lla_from_enu(Origin(lat * RAD_PER_DEG, lon * RAD_PER_DEG, 0.0), enu)
    corners = [(round(b / RAD_PER_DEG, 7), round(a / RAD_PER_DEG, 7)) for a, b, _ in lla.tolist()]
    return (*corners, corners[0])

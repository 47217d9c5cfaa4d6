"""Geographical zones for unmanned aircraft, ED-269 and ED-318, from JSON to named fields.

`read_geozones` answers every zone of a document, each with its volumes: an outline or a circle in degrees, and limits
in metres with what they are measured from. Both spellings of the restriction are read (AUTHORISATION, AUTHORIZATION),
texts plain or in several languages (English first), numbers plain or as texts. A limit of 99999 and one that is null
are none. A zone that breaks the form is left out and told of; a document that is none raises `GeozoneError`. Sources:
EUROCAE ED-269 and ED-318 as published data of several states follow them.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from tocsin.model.errors import UNREADABLE, TocsinError
from tocsin.units import M_PER_FT, M_PER_KM, M_PER_NM

Object = Mapping[str, Any]
LonLat = tuple[float, float]
Reference = Literal["ground", "sea level", "ellipsoid", "unknown"]

_UNLIMITED = 99_999.0
_UNITS = {"m": 1.0, "ft": M_PER_FT, "km": M_PER_KM, "nm": M_PER_NM}
_REFERENCES: Mapping[str, Reference] = {
    "AGL": "ground", "SFC": "ground", "GND": "ground", "AMSL": "sea level", "MSL": "sea level", "WGS84": "ellipsoid",
    "W84": "ellipsoid", "HAE": "ellipsoid",
}  # fmt: skip


class GeozoneError(TocsinError):
    """Bytes that are no document of zones."""


class Limit(msgspec.Struct, frozen=True):
    """A height and what it is measured from."""

    value_m: float
    reference: Reference


class Volume(msgspec.Struct, frozen=True):
    """One part of a zone. `rings`: outline first, then holes, closed, in (longitude, latitude) degrees; none of them
    where `centre_deg` and `radius_m` say a circle. A limit that is None bounds nothing."""

    lower: Limit | None
    upper: Limit | None
    rings: tuple[tuple[LonLat, ...], ...] = ()
    centre_deg: LonLat | None = None
    radius_m: float = 0.0


class Period(msgspec.Struct, frozen=True):
    """When a zone holds: from and until in ISO 8601, and within that the days and times of day; "" is not bounded."""

    start: str = ""
    end: str = ""
    days: tuple[str, ...] = ()
    day_start: str = ""
    day_end: str = ""


class Geozone(msgspec.Struct, frozen=True):
    """One zone. `restriction` in the standard's words, with S in AUTHORISATION. `periods`: none if it always holds."""

    identifier: str
    name: str
    country: str
    restriction: str
    variant: str
    reasons: tuple[str, ...]
    message: str
    authority: str
    volumes: tuple[Volume, ...]
    periods: tuple[Period, ...] = ()


class Geozones(msgspec.Struct, frozen=True):
    """`broken`: why zones were left out."""

    standard: Literal["ED-269", "ED-318"]
    zones: tuple[Geozone, ...]
    broken: tuple[str, ...] = ()


def read_geozones(data: bytes) -> Geozones:
    """The zones of a document."""
    try:
        value = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except UNREADABLE as error:
        raise GeozoneError(f"no JSON: {error}") from error
    standard, listed = _listed(value)
    read = _zone_269 if standard == "ED-269" else _zone_318
    zones, broken = [], []
    for k, item in enumerate(listed, start=1):
        try:
            if not isinstance(item, dict):
                raise GeozoneError("no object")
            zones.append(read(item))
        except GeozoneError as error:
            broken.append(f"zone {k}: {error}")
    return Geozones(standard, tuple(zones), tuple(broken))


def _listed(value: Any) -> tuple[Literal["ED-269", "ED-318"], list[Any]]:
    if isinstance(value, dict) and isinstance(value.get("UASZoneVersion"), dict):
        value = value["UASZoneVersion"]
    if isinstance(value, dict) and isinstance(value.get("UASZoneList"), list):
        return "ED-269", value["UASZoneList"]
    listed = value.get("features") if isinstance(value, dict) else value
    if isinstance(listed, list) and listed:
        objects = [item for item in listed if isinstance(item, dict)]
        if any(_is_269(item) for item in objects):
            return "ED-269", listed
        if any(_is_318(item) for item in objects):
            return "ED-318", listed
    raise GeozoneError("neither zones of ED-269 (UASZoneList) nor of ED-318 (features)")


def _is_269(item: Object) -> bool:
    geometry = item.get("geometry")
    volumes = geometry if isinstance(geometry, list) else []
    return any(isinstance(volume, dict) and "horizontalProjection" in volume for volume in volumes)


def _is_318(item: Object) -> bool:
    said = item.get("properties")
    keys = ("restriction", "zoneAuthority", "variant", "limitedApplicability", "regulationExemption", "type")
    return isinstance(said, dict) and "identifier" in said and any(key in said for key in keys)


def _zone_269(item: Object) -> Geozone:
    volumes: list[Volume] = []
    for part in _objects(item.get("geometry")):
        shape = part.get("horizontalProjection")
        unit = _unit(part.get("uomDimensions"))
        lower = _limit(part.get("lowerLimit"), part.get("lowerVerticalReference"), unit)
        upper = _limit(part.get("upperLimit"), part.get("upperVerticalReference"), unit)
        volumes += _shapes(shape if isinstance(shape, dict) else {}, lower, upper, unit)
    return _zone(item, item.get("restriction"), item.get("type"), item.get("applicability"), volumes)


def _zone_318(item: Object) -> Geozone:
    said = item.get("properties")
    if not isinstance(said, dict):
        raise GeozoneError("no properties")
    found = item.get("geometry")
    geometry: Object = found if isinstance(found, dict) else {}
    volumes: list[Volume] = []
    for shape in _members(geometry):
        layer = shape.get("layer") or geometry.get("layer") or item.get("layer") or said.get("layer") or {}
        if not isinstance(layer, dict):
            raise GeozoneError("a layer that is no object")
        unit = _unit(layer.get("uom"))
        lower = _limit(layer.get("lower"), layer.get("lowerReference"), unit)
        upper = _limit(layer.get("upper"), layer.get("upperReference"), unit)
        volumes += _shapes(shape, lower, upper, 1.0)
    restriction = said.get("restriction") or said.get("type")
    return _zone(said, restriction, said.get("variant"), said.get("limitedApplicability"), volumes)


def _zone(said: Object, restriction: Any, variant: Any, applicability: Any, volumes: list[Volume]) -> Geozone:
    if not volumes:
        raise GeozoneError(f"{_text(said.get('identifier'))!r} has no outline")
    authority = next(iter(_objects(said.get("zoneAuthority"))), {})
    reasons = said.get("reason") or []
    return Geozone(
        identifier=_text(said.get("identifier")),
        name=_text(said.get("name")),
        country=_text(said.get("country")),
        restriction=_text(restriction).replace("AUTHORIZATION", "AUTHORISATION"),
        variant=_text(variant),
        reasons=tuple(map(_text, reasons if isinstance(reasons, list) else [reasons])),
        message=_text(said.get("message")),
        authority=_text(authority.get("name")),
        volumes=tuple(volumes),
        periods=tuple(period for one in _objects(applicability) for period in _periods(one)),
    )


def _periods(said: Object) -> Iterator[Period]:
    """The periods of one entry; none if it always holds."""
    start, end = _text(said.get("startDateTime")), _text(said.get("endDateTime"))
    daily = []
    for one in _objects(said.get("dailyPeriod") or said.get("schedule")):
        days = one.get("day") or []
        times = [_text(one.get(f"{edge}Time")) or _text(one.get(f"{edge}Event")) for edge in ("start", "end")]
        listed = tuple(_text(day) for day in (days if isinstance(days, list) else [days]))
        if listed or any(times):
            daily.append(Period(start, end, listed, *times))
    if daily:
        yield from daily
    elif start or end:
        yield Period(start, end)


def _members(geometry: Object) -> list[Object]:
    """A geometry's own parts, if it is a collection."""
    if geometry.get("type") == "GeometryCollection":
        return _objects(geometry.get("geometries"))
    return [geometry]


def _shapes(shape: Object, lower: Limit | None, upper: Limit | None, unit_m: float) -> Iterator[Volume]:
    kind, coordinates = shape.get("type"), shape.get("coordinates")
    extent = shape.get("extent") if isinstance(shape.get("extent"), dict) else {}
    if kind == "Circle" or (kind == "Point" and extent):
        centre = _position(shape.get("center") or shape.get("centre") or coordinates)
        radius = _number((extent or {}).get("radius") if extent else shape.get("radius"))
        if radius is None or radius <= 0.0:
            raise GeozoneError("a circle without a radius")
        yield Volume(lower, upper, centre_deg=centre, radius_m=radius * unit_m)
    elif kind in ("Polygon", "MultiPolygon"):
        polygons = [coordinates] if kind == "Polygon" else coordinates
        if not isinstance(polygons, list) or not polygons:
            raise GeozoneError("a polygon without corners")
        for polygon in polygons:
            if not isinstance(polygon, list) or not polygon:
                raise GeozoneError("a polygon without corners")
            yield Volume(lower, upper, tuple(map(_ring, polygon)))
    else:
        raise GeozoneError(f"an outline of type {kind!r}")


def _ring(corners: Any) -> tuple[LonLat, ...]:
    if not isinstance(corners, list):
        raise GeozoneError("a polygon without corners")
    ring = tuple(map(_position, corners))
    if ring[:1] != ring[-1:]:
        ring += ring[:1]
    if len(set(ring)) < 3:
        raise GeozoneError(f"a polygon of {len(set(ring))} corners")
    return ring


def _position(said: Any) -> LonLat:
    values = [_number(value) for value in said[:2]] if isinstance(said, list) else []
    if len(values) != 2 or values[0] is None or values[1] is None:
        raise GeozoneError("a corner that is no pair of numbers")
    if abs(values[0]) > 180.0 or abs(values[1]) > 90.0:
        raise GeozoneError(f"a corner at longitude {values[0]:g}, latitude {values[1]:g}")
    return values[0], values[1]


def _limit(said: Any, reference: Any, unit_m: float) -> Limit | None:
    value = _number(said)
    if value is None or value >= _UNLIMITED:
        return None
    return Limit(value * unit_m, _REFERENCES.get(_text(reference).upper(), "unknown"))


def _unit(said: Any) -> float:
    name = _text(said).lower() or "m"
    if name not in _UNITS:
        raise GeozoneError(f"a unit {name!r}")
    return _UNITS[name]


def _number(said: Any) -> float | None:
    """A number, plain or as a text; None for none."""
    if isinstance(said, bool) or not isinstance(said, int | float | str):
        return None
    try:
        value = float(said)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _text(said: Any) -> str:
    """A text; of several languages the English one, else the first."""
    if isinstance(said, list):
        texts = [(str(one.get("lang") or ""), _text(one.get("text"))) for one in said if isinstance(one, dict)]
        english = [text for language, text in texts if language.lower().startswith("en") and text]
        return next(iter([*english, *(text for _, text in texts if text)]), "")
    if isinstance(said, dict):
        return _text([said])
    return said if isinstance(said, str) else ""


def _objects(said: Any) -> list[Object]:
    listed = said if isinstance(said, list) else [said]
    return [item for item in listed if isinstance(item, dict)]

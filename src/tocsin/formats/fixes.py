"""Fixes: places of a logger over time, from GPX, KML, GeoJSON and NMEA files, each told by its content.

`read_fixes` answers every fix in the order of the file with the name of its track; degrees, metres and UTC seconds.
Heights are kept as what they are: above the sea (GPX `ele`, NMEA GGA) or above the ellipsoid (KML's, as GNSS loggers
write it, and GeoJSON's, RFC 7946). A point that cannot be read is left out and told of with its place. XML is read
without entities, document types or network. Sources: GPX 1.0 and 1.1 (Topografix), KML 2.2 with Google's extension
namespace (OGC 07-147r2), RFC 7946, NMEA 0183 sentences RMC and GGA.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from lxml import etree

from tocsin.formats.nmea import is_sentences, read_sentences
from tocsin.model.errors import UNREADABLE, TocsinError

_POINT_PROPERTIES = ("altitude_msl_m", "speed_mps", "course_deg")


class FixesError(TocsinError):
    """Bytes that are no log of places that is known here."""


class Fix(msgspec.Struct, frozen=True):
    """One place. `height_m` is above the ellipsoid, `altitude_msl_m` above the sea; None where it is not said."""

    name: str
    time_s: float
    latitude_deg: float
    longitude_deg: float
    height_m: float | None = None
    altitude_msl_m: float | None = None
    speed_mps: float | None = None
    course_deg: float | None = None


class Fixes(msgspec.Struct, frozen=True):
    """What a file holds; `broken` names what was left out and where."""

    form: str
    fixes: tuple[Fix, ...]
    broken: tuple[str, ...]


def form_of(data: bytes) -> str:
    """ "gpx", "kml", "geojson" or "nmea"; "" if it is none of them."""
    begin = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if begin[:1] == b"<":
        return "gpx" if b"<gpx" in begin else "kml" if b"<kml" in begin else ""
    if begin[:1] == b"{":
        return "geojson" if b'"Feature' in data[:65536] and _has_times(data) else ""
    return "nmea" if is_sentences(begin) else ""


def read_fixes(data: bytes) -> Fixes:
    """The fixes of a file; raises FixesError."""
    form = form_of(data)
    if not form:
        raise FixesError("no GPX, KML, GeoJSON track or NMEA log")
    broken: list[str] = []
    return Fixes(form, tuple(_READERS[form](data, broken)), tuple(broken))


def write_feature(fix: Fix) -> bytes:
    """A fix as a GeoJSON feature, which `read_fixes` reads back."""
    place = [fix.longitude_deg, fix.latitude_deg] + ([] if fix.height_m is None else [fix.height_m])
    said = {key: getattr(fix, key) for key in _POINT_PROPERTIES if getattr(fix, key) is not None}
    when = datetime.fromtimestamp(fix.time_s, UTC).isoformat().replace("+00:00", "Z")
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": place},
        "properties": {"name": fix.name, "time": when, **said},
    }
    return msgspec.json.encode(feature)


def _gpx(data: bytes, broken: list[str]) -> Iterator[Fix]:
    root = _xml(data)
    for number, track in enumerate(_children(root, "trk", "rte"), start=1):
        name = _text(track, "name") or f"track {number}"
        for at, point in enumerate(_descendants(track, "trkpt", "rtept"), start=1):
            said = {"time": _text(point, "time"), "lat": point.get("lat"), "lon": point.get("lon")}
            altitude = {"altitude_msl_m": _text(point, "ele"), "speed_mps": _text(point, "speed")}
            yield from _fix(name, f"{name}, point {at}", said, altitude, broken)


def _kml(data: bytes, broken: list[str]) -> Iterator[Fix]:
    for number, place in enumerate(_descendants(_xml(data), "Placemark"), start=1):
        name = _text(place, "name") or f"track {number}"
        for track in _descendants(place, "Track"):
            whens = [element.text or "" for element in _children(track, "when")]
            coords = [(element.text or "").split() for element in _children(track, "coord")]
            if len(whens) != len(coords):
                broken.append(f"{name}: {len(whens)} times for {len(coords)} places")
            for at, (when, coord) in enumerate(zip(whens, coords, strict=False), start=1):
                yield from _triple(name, f"{name}, point {at}", when, coord, broken)
        for stamp in _children(place, "TimeStamp"):
            for point in _descendants(place, "Point"):
                yield from _triple(name, name, _text(stamp, "when"), _text(point, "coordinates").split(","), broken)


def _geojson(data: bytes, broken: list[str]) -> Iterator[Fix]:
    for number, feature in enumerate(_features(_json(data)), start=1):
        properties = feature.get("properties")
        said: Mapping[str, Any] = properties if isinstance(properties, dict) else {}
        name = str(said.get("name") or feature.get("id") or f"track {number}")
        shape = feature.get("geometry")
        geometry: Mapping[str, Any] = shape if isinstance(shape, dict) else {}
        points = geometry.get("coordinates")
        if geometry.get("type") == "Point":
            more = {key: said.get(key) for key in _POINT_PROPERTIES}
            yield from _triple(name, name, said.get("time"), points, broken, more)
        elif geometry.get("type") == "LineString":
            whens = _times(said)
            if not isinstance(points, list) or len(whens) != len(points):
                broken.append(f"{name}: {len(whens)} times for its places")
                continue
            for at, (when, point) in enumerate(zip(whens, points, strict=True), start=1):
                yield from _triple(name, f"{name}, point {at}", when, point, broken)


def _nmea(data: bytes, broken: list[str]) -> Iterator[Fix]:
    found = read_sentences(data)
    broken += found.broken
    for one in found.positions:
        yield Fix("nmea", one.time_s, one.latitude_deg, one.longitude_deg, None, one.altitude_msl_m, one.speed_mps,
                  one.course_deg)  # fmt: skip


_READERS: Mapping[str, Callable[[bytes, list[str]], Iterator[Fix]]] = {
    "gpx": _gpx, "kml": _kml, "geojson": _geojson, "nmea": _nmea,
}  # fmt: skip


def _triple(
    name: str, where: str, when: Any, point: Any, broken: list[str], more: Mapping[str, Any] | None = None
) -> Iterator[Fix]:
    """A fix of longitude, latitude and, if it is there, height above the ellipsoid."""
    parts = list(point) if isinstance(point, list | tuple) else []
    said = {"time": when, "lat": parts[1] if len(parts) > 1 else None, "lon": parts[0] if parts else None}
    height = {"height_m": parts[2] if len(parts) > 2 else None}
    yield from _fix(name, where, said, height | dict(more or {}), broken)


def _fix(name: str, where: str, said: Mapping[str, Any], more: Mapping[str, Any], broken: list[str]) -> Iterator[Fix]:
    try:
        time_s = _time_s(said["time"])
        latitude_deg, longitude_deg = _number(said["lat"]), _number(said["lon"])
        others = {key: None if value in (None, "") else _number(value) for key, value in more.items()}
    except ValueError as error:
        broken.append(f"{where}: {error}")
        return
    if not (abs(latitude_deg) <= 90.0 and abs(longitude_deg) <= 180.0):
        broken.append(f"{where}: {latitude_deg}, {longitude_deg} is not on the earth")
        return
    yield Fix(name, time_s, latitude_deg, longitude_deg, **others)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{value!r} is no number")
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise ValueError(f"{value!r} is no number")
    return found


def _time_s(value: Any) -> float:
    if isinstance(value, str) and value.strip():
        try:
            when = datetime.fromisoformat(value.strip())
            return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError) as error:
            raise ValueError(f"{value!r} is no time") from error
    raise ValueError(f"{value!r} is no time")


def _xml(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FixesError(f"broken XML: {error}") from error


def _children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Those of its children that are called so, in whatever namespace."""
    return (child for child in element if isinstance(child.tag, str) and etree.QName(child).localname in names)


def _descendants(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (one for one in element.iter() if isinstance(one.tag, str) and etree.QName(one).localname in names)


def _text(element: etree._Element, name: str) -> str:
    return next(((child.text or "").strip() for child in _children(element, name)), "")


def _json(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except UNREADABLE as error:
        raise FixesError(f"broken JSON: {error}") from error


def _features(value: Any) -> Iterable[Mapping[str, Any]]:
    if not isinstance(value, dict):
        return ()
    listed = value.get("features") if value.get("type") == "FeatureCollection" else [value]
    return (one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()


def _times(said: Mapping[str, Any]) -> list[Any]:
    """The times of a line's points, where the tools that write them put them."""
    inner = said.get("coordinateProperties")
    found = said.get("coordTimes") or said.get("times") or (inner.get("times") if isinstance(inner, dict) else None)
    return found if isinstance(found, list) else []


def _has_times(data: bytes) -> bool:
    try:
        features = list(_features(_json(data)))
    except FixesError:
        return False
    said = [one["properties"] for one in features if isinstance(one.get("properties"), dict)]
    return any(isinstance(one.get("time"), str) or _times(one) for one in said)

"""KML 2.2: places on the earth as one document, for map programs.

`write_kml` gives a whole document of placemarks, each with its name, what is told of it in lines of plain text, a style
by name, a time and a tail. Heights are above the sea, as KML's "absolute" means them (OGC 07-147r2); a place without
one lies on the ground.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec
from lxml import etree

NAMESPACE = "http://www.opengis.net/kml/2.2"


class Placemark(msgspec.Struct, frozen=True):
    """One place: degrees, metres above the sea, UTC seconds."""

    id: str
    name: str
    lines: tuple[str, ...]
    style: str
    latitude_deg: float
    longitude_deg: float
    altitude_msl_m: float | None
    time_s: float
    tail_deg: tuple[tuple[float, float], ...] = ()  # latitude, longitude in degrees, oldest first


def write_kml(name: str, styles: Mapping[str, str], places: Iterable[Placemark]) -> bytes:
    """The document; `styles` are colours by name, as KML writes them (aabbggrr)."""
    root = etree.Element(f"{{{NAMESPACE}}}kml", nsmap={None: NAMESPACE})
    document = _add(root, "Document")
    _add(document, "name", name)
    for style, colour in styles.items():
        element = _add(document, "Style")
        element.set("id", style)
        _add(_add(element, "IconStyle"), "color", colour)
        line = _add(element, "LineStyle")
        _add(line, "color", colour)
        _add(line, "width", "2")
    for place in places:
        _placemark(document, place)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _placemark(document: etree._Element, place: Placemark) -> None:
    mark = _add(document, "Placemark")
    mark.set("id", f"p-{place.id}")
    _add(mark, "name", place.name)
    _add(mark, "description", "\n".join(place.lines))
    when = datetime.fromtimestamp(place.time_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    _add(_add(mark, "TimeStamp"), "when", when)
    _add(mark, "styleUrl", f"#{place.style}")
    geometry = _add(mark, "MultiGeometry") if place.tail_deg else mark
    point = _add(geometry, "Point")
    altitude_m = place.altitude_msl_m
    _add(point, "altitudeMode", "clampToGround" if altitude_m is None else "absolute")
    _add(point, "coordinates", _coordinates(place.latitude_deg, place.longitude_deg, altitude_m))
    if place.tail_deg:
        line = _add(geometry, "LineString")
        _add(line, "tessellate", "1")
        _add(line, "coordinates", " ".join(_coordinates(*corner, None) for corner in place.tail_deg))


def _coordinates(latitude_deg: float, longitude_deg: float, altitude_m: float | None) -> str:
    flat = f"{longitude_deg:.7f},{latitude_deg:.7f}"
    return flat if altitude_m is None else f"{flat},{altitude_m:.1f}"


def _add(parent: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    child.text = text
    return child

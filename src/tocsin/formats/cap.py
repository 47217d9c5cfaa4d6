"""CAP: messages of the Common Alerting Protocol 1.2 (OASIS, July 2010) as XML, fields to bytes and back.

`write_cap` gives what the schema allows, in its order; times are written with "-00:00" for UTC and never with Z
(section 3.3.2); points are "latitude,longitude" in degrees. `read_cap` takes one message and raises `CapError` for
what is none; entities are never resolved. `problems` names what the schema does not check: closed outlines of four
points at least, latitude first and in range, names without spaces, commas and markup characters, references of an
update or cancellation, times in order, notes and addresses where the standard asks for them.
"""

import math
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from lxml import etree

from tocsin.model.errors import TocsinError

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
_NAME = re.compile(r"[^\s,<&]+\Z")
_REFERENCE = re.compile(r"[^\s,<&]+,[^\s,<&]+,\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d\Z")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d\Z")

Point = tuple[float, float]  # latitude and longitude, degrees


class CapError(TocsinError):
    """Bytes that are no CAP message."""


class CapArea(msgspec.Struct, frozen=True):
    """Where an info holds. `circles`: a point and a radius in km. `geocodes`: (name of the code, value)."""

    description: str
    polygons_deg: tuple[tuple[Point, ...], ...] = ()
    circles_deg_km: tuple[tuple[Point, float], ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()


class CapInfo(msgspec.Struct, frozen=True):
    """What is said in one language. Codes are the standard's own words."""

    event: str
    categories: tuple[str, ...]
    urgency: str
    severity: str
    certainty: str
    language: str = "en-US"
    responses: tuple[str, ...] = ()
    effective_s: float | None = None
    onset_s: float | None = None
    expires_s: float | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    areas: tuple[CapArea, ...] = ()


class CapMessage(msgspec.Struct, frozen=True):
    """One message; `references` are "sender,identifier,sent"."""

    identifier: str
    sender: str
    sent_s: float
    status: str
    kind: str  # msgType
    scope: str = "Public"
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    note: str = ""
    references: tuple[str, ...] = ()
    incidents: str = ""
    infos: tuple[CapInfo, ...] = ()


def cap_time(time_s: float) -> str:
    """A time as CAP wants it: "2026-09-21T14:13:20-00:00"."""
    return datetime.fromtimestamp(math.floor(time_s), UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")


def reference(sender: str, identifier: str, sent_s: float) -> str:
    """How a later message of the chain names one."""
    return f"{sender},{identifier},{cap_time(sent_s)}"


def write_cap(message: CapMessage) -> bytes:
    """The XML of a message."""
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    for tag, text in (
        ("identifier", message.identifier),
        ("sender", message.sender),
        ("sent", cap_time(message.sent_s)),
        ("status", message.status),
        ("msgType", message.kind),
    ):
        _add(root, tag, text)
    _add_some(root, (("source", message.source),))
    _add(root, "scope", message.scope)
    _add_some(root, (("restriction", message.restriction), ("addresses", message.addresses), ("note", message.note)))
    _add_some(root, (("references", " ".join(message.references)), ("incidents", message.incidents)))
    for info in message.infos:
        _add_info(root, info)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def read_cap(data: bytes) -> CapMessage:
    """The message in `data`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CapError(f"no XML: {error}") from error
    if root.tag != f"{{{NAMESPACE}}}alert":
        raise CapError(f"no CAP 1.2 message: the root is {root.tag!r}")
    try:
        return CapMessage(
            identifier=_needed(root, "identifier"),
            sender=_needed(root, "sender"),
            sent_s=_time_s(_needed(root, "sent")),
            status=_needed(root, "status"),
            kind=_needed(root, "msgType"),
            scope=_needed(root, "scope"),
            source=_text(root, "source"),
            restriction=_text(root, "restriction"),
            addresses=_text(root, "addresses"),
            note=_text(root, "note"),
            references=tuple(_text(root, "references").split()),
            incidents=_text(root, "incidents"),
            infos=tuple(_info(one) for one in _all(root, "info")),
        )
    except ValueError as error:
        raise CapError(str(error)) from error


def problems(message: CapMessage) -> Iterator[str]:
    """What is wrong with a message though the schema lets it pass."""
    for tag, name in (("identifier", message.identifier), ("sender", message.sender)):
        if not _NAME.match(name):
            yield f"{tag} {name!r}: no spaces, commas, < or & are allowed"
    for reference in message.references:
        if not _REFERENCE.match(reference):
            yield f"references: {reference!r} is not sender,identifier,sent"
    if message.kind in ("Update", "Cancel", "Ack", "Error") and not message.references:
        yield f"references: a message of type {message.kind} names the messages it speaks of"
    if message.kind == "Alert" and message.references:
        yield "references: a first message names no other"
    if message.status == "Exercise" and not message.note:
        yield "note: an exercise says which"
    if (message.scope == "Restricted") != bool(message.restriction):
        yield "restriction: stands where the scope is Restricted, and only there"
    if message.scope == "Private" and not message.addresses:
        yield "addresses: are needed where the scope is Private"
    if message.kind in ("Alert", "Update") and not message.infos:
        yield "info: an alert or update says something"
    languages = [info.language for info in message.infos]
    if len(set(languages)) < len(languages):
        yield "info: two infos speak one language"
    for info in message.infos:
        yield from _info_problems(info, message.sent_s)


def _info_problems(info: CapInfo, sent_s: float) -> Iterator[str]:
    if not info.categories:
        yield "category: one is needed"
    if info.certainty == "Very Likely":
        yield "certainty: Very Likely is of CAP 1.0; write Likely"
    if info.expires_s is None:
        yield "expires: a warning without an end is never over"
    elif info.expires_s <= sent_s:
        yield "expires: is not after sent"
    if not info.areas:
        yield "area: nobody knows where it holds"
    for area in info.areas:
        if not (area.polygons_deg or area.circles_deg_km or area.geocodes):
            yield f"area {area.description!r}: has no polygon, circle or geocode"
        for polygon in area.polygons_deg:
            if len(polygon) < 4 or polygon[0] != polygon[-1]:
                yield f"area {area.description!r}: a polygon has four points at least, the last equal to the first"
            yield from _point_problems(area.description, polygon)
        for centre, radius_km in area.circles_deg_km:
            yield from _point_problems(area.description, (centre,))
            if not 0.0 <= radius_km < math.inf:
                yield f"area {area.description!r}: a radius of {radius_km} km"


def _point_problems(name: str, points: Sequence[Point]) -> Iterator[str]:
    for latitude, longitude in points:
        if not (abs(latitude) <= 90.0 and abs(longitude) <= 180.0):
            yield f"area {name!r}: {latitude},{longitude} is not latitude,longitude"


def _add(parent: Any, tag: str, text: str) -> Any:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    child.text = text
    return child


def _add_some(parent: Any, pairs: Sequence[tuple[str, str]]) -> None:
    for tag, text in pairs:
        if text:
            _add(parent, tag, text)


def _add_info(root: Any, info: CapInfo) -> None:
    parent = etree.SubElement(root, f"{{{NAMESPACE}}}info")
    _add(parent, "language", info.language)
    for category in info.categories:
        _add(parent, "category", category)
    _add(parent, "event", info.event)
    for response in info.responses:
        _add(parent, "responseType", response)
    for tag, text in (("urgency", info.urgency), ("severity", info.severity), ("certainty", info.certainty)):
        _add(parent, tag, text)
    for tag, time_s in (("effective", info.effective_s), ("onset", info.onset_s), ("expires", info.expires_s)):
        if time_s is not None:
            _add(parent, tag, cap_time(time_s))
    texts = (("senderName", info.sender_name), ("headline", info.headline), ("description", info.description))
    _add_some(parent, (*texts, ("instruction", info.instruction)))
    for area in info.areas:
        _add_area(parent, area)


def _add_area(parent: Any, area: CapArea) -> None:
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}area")
    _add(child, "areaDesc", area.description)
    for polygon in area.polygons_deg:
        _add(child, "polygon", " ".join(map(_point, polygon)))
    for centre, radius_km in area.circles_deg_km:
        _add(child, "circle", f"{_point(centre)} {radius_km:.3f}")
    for name, value in area.geocodes:
        code = etree.SubElement(child, f"{{{NAMESPACE}}}geocode")
        _add(code, "valueName", name)
        _add(code, "value", value)


def _point(point: Point) -> str:
    return f"{point[0]:.6f},{point[1]:.6f}"


def _info(node: Any) -> CapInfo:
    return CapInfo(
        event=_needed(node, "event"),
        categories=tuple(one.text or "" for one in _all(node, "category")),
        urgency=_needed(node, "urgency"),
        severity=_needed(node, "severity"),
        certainty=_needed(node, "certainty"),
        language=_text(node, "language") or "en-US",
        responses=tuple(one.text or "" for one in _all(node, "responseType")),
        effective_s=_some_time_s(node, "effective"),
        onset_s=_some_time_s(node, "onset"),
        expires_s=_some_time_s(node, "expires"),
        sender_name=_text(node, "senderName"),
        headline=_text(node, "headline"),
        description=_text(node, "description"),
        instruction=_text(node, "instruction"),
        areas=tuple(_area(one) for one in _all(node, "area")),
    )


def _area(node: Any) -> CapArea:
    circles = [(one.text or "").split() for one in _all(node, "circle")]
    if any(len(parts) != 2 for parts in circles):
        raise ValueError("circle: expected a point and a radius")
    return CapArea(
        description=_needed(node, "areaDesc"),
        polygons_deg=tuple(tuple(map(_read_point, (one.text or "").split())) for one in _all(node, "polygon")),
        circles_deg_km=tuple((_read_point(parts[0]), float(parts[1])) for parts in circles),
        geocodes=tuple((_needed(one, "valueName"), _needed(one, "value")) for one in _all(node, "geocode")),
    )


def _read_point(text: str) -> Point:
    latitude, _, longitude = text.partition(",")
    return float(latitude), float(longitude)


def _all(node: Any, tag: str) -> list[Any]:
    return list(node.findall(f"{{{NAMESPACE}}}{tag}"))


def _text(node: Any, tag: str) -> str:
    return node.findtext(f"{{{NAMESPACE}}}{tag}", default="") or ""


def _needed(node: Any, tag: str) -> str:
    found = node.findtext(f"{{{NAMESPACE}}}{tag}")
    if found is None:
        raise ValueError(f"{tag}: missing")
    return str(found)


def _time_s(text: str) -> float:
    if not _TIME.match(text):
        raise ValueError(f"not a time of CAP: {text!r}")
    try:
        return datetime.fromisoformat(text).timestamp()
    except OverflowError as error:
        raise ValueError(f"not a time of CAP: {text!r}") from error


def _some_time_s(node: Any, tag: str) -> float | None:
    text = _text(node, tag)
    return _time_s(text) if text else None

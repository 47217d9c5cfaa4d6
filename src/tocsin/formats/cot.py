"""CoT: events of Cursor on Target 2.0 as XML, fields to bytes and back.

Positions are degrees and metres above the WGS-84 ellipsoid; courses are true degrees, speeds metres a second. An error
or height that is not known travels as 9999999.0 and reads back as None. `ce_m` and `le_m` are one standard deviation,
horizontal (of the longer axis) and vertical. Streams have no delimiter but the end of an event, and each event is whole
XML. `flow` names the system that made or passed on the event, in `_flow-tags_`. What is no event raises `CotError`;
entities are never resolved. Source: MITRE, "Cursor on Target Message Router User's Guide", appendix (Event.xsd); the
details `contact`, `track` and `remarks` as ATAK reads them.
"""

import math
from datetime import UTC, datetime

import msgspec
from lxml import etree

from tocsin.model.errors import TocsinError

UNKNOWN = "9999999.0"
_UNKNOWN_FROM_M = 9_999_999.0


class CotError(TocsinError):
    """Bytes that are no CoT event."""


class CotEvent(msgspec.Struct, frozen=True):
    """One event. `type` and `how`: CoT's own codes. `exercise`: names it, and is empty for what is real."""

    uid: str
    type: str
    how: str
    time_s: float
    stale_s: float
    latitude_deg: float
    longitude_deg: float
    height_m: float | None = None
    ce_m: float | None = None
    le_m: float | None = None
    callsign: str = ""
    course_deg: float | None = None
    speed_mps: float | None = None
    remarks: str = ""
    exercise: str = ""
    flow: tuple[str, ...] = ()


def write_event(event: CotEvent) -> bytes:
    """The XML of one event, on a line of its own."""
    root = etree.Element("event", version="2.0", uid=event.uid, type=event.type, how=event.how)
    root.set("time", _iso(event.time_s))
    root.set("start", _iso(event.time_s))
    root.set("stale", _iso(event.stale_s))
    if event.exercise:
        root.set("opex", f"e-{event.exercise}")
    point = etree.SubElement(root, "point")
    point.set("lat", f"{event.latitude_deg:.7f}")
    point.set("lon", f"{event.longitude_deg:.7f}")
    for name, value_m in (("hae", event.height_m), ("ce", event.ce_m), ("le", event.le_m)):
        point.set(name, UNKNOWN if value_m is None else f"{value_m:.1f}")
    detail = etree.SubElement(root, "detail")
    if event.callsign:
        etree.SubElement(detail, "contact", callsign=event.callsign)
    if event.course_deg is not None and event.speed_mps is not None:
        etree.SubElement(detail, "track", course=f"{event.course_deg:.1f}", speed=f"{event.speed_mps:.1f}")
    detail.extend(detail_elements(event))
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True).replace(b"\n", b"")) + b"\n"


def read_event(data: bytes) -> CotEvent:
    """The event in `data`."""
    try:
        root = etree.fromstring(data.strip(), _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CotError(f"no XML: {error}") from error
    point = root.find("point")
    if root.tag != "event" or point is None:
        raise CotError("no event with a point")
    contact, track = root.find("detail/contact"), root.find("detail/track")
    try:
        event = CotEvent(
            uid=root.attrib["uid"],
            type=root.attrib["type"],
            how=root.get("how", ""),
            time_s=_seconds(root.attrib["time"]),
            stale_s=_seconds(root.attrib["stale"]),
            latitude_deg=float(point.attrib["lat"]),
            longitude_deg=float(point.attrib["lon"]),
            height_m=_known(point.get("hae", UNKNOWN)),
            ce_m=_known(point.get("ce", UNKNOWN)),
            le_m=_known(point.get("le", UNKNOWN)),
            callsign="" if contact is None else contact.get("callsign", ""),
            course_deg=None if track is None else _finite(track.get("course")),
            speed_mps=None if track is None else _finite(track.get("speed")),
            exercise=exercise_of(root.get("opex", "")),
        )
        return _noted(event, root.find("detail"))
    except (KeyError, ValueError, OverflowError) as error:
        raise CotError(f"event {root.get('uid', '')!r}: {error}") from error


def detail_elements(event: CotEvent) -> list[etree._Element]:
    """The elements of the detail beside contact and track."""
    found = []
    if event.remarks:
        remarks = etree.Element("remarks")
        remarks.text = event.remarks
        found.append(remarks)
    if event.flow:
        found.append(etree.Element("_flow-tags_", dict.fromkeys(event.flow, _iso(event.time_s))))
    return found


def exercise_of(opex: str) -> str:
    """The name of the exercise or simulation that `opex` tells; "" for operations and where nothing is said."""
    kind, _, name = opex.partition("-")
    return (name or "exercise") if kind in ("e", "s") else ""


def note_detail(event: CotEvent, xml: str) -> CotEvent:
    """The event with what the XML of a detail says beside it; raises `CotError` if that is no XML."""
    try:
        return _noted(event, etree.fromstring(xml, _parser()))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CotError(f"detail: no XML: {error}") from error


def _noted(event: CotEvent, detail: etree._Element | None) -> CotEvent:
    if detail is None:
        return event
    tags = detail.find("_flow-tags_")
    flow = () if tags is None else tuple(map(str, tags.attrib))
    return msgspec.structs.replace(event, remarks=detail.findtext("remarks") or "", flow=flow)


def _parser() -> etree.XMLParser[etree._Element]:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _finite(text: str | None) -> float | None:
    """A number, None where there is none or it is not known."""
    value = math.nan if text is None or text.strip() == "" else float(text)
    return value if math.isfinite(value) and abs(value) < _UNKNOWN_FROM_M else None


def _iso(time_s: float) -> str:
    moment = datetime.fromtimestamp(round(time_s, 3), UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _seconds(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _known(text: str) -> float | None:
    return _finite(text)

"""Events: a warning in Cursor on Target, as TAK devices read it.

A message to a chat room (`b-t-f`, GeoChat) says what to do; the area is a shape of its own (`u-d-f`, `u-d-c-c`) that
goes stale when the warning expires and is deleted (`t-x-d-d`) when it ends. `ping` asks the server for an answer
(`t-x-c-t`). Types and details are those that ATAK sends, as its open servers and clients read them.
"""

import math
from datetime import UTC, datetime

from lxml import etree

from tocsin.model.warning import LAST, Warning, WarningArea, WarningStatus

PONG = "t-x-c-t-r"
_OUTLINE, _CIRCLE = "u-d-f", "u-d-c-c"
_RED, _FILL = "-65536", "1358888960"  # signed ARGB, as ATAK has them
_HUMAN, _MADE = "h-g-i-g-o", "m-g"
_CHAT_S = 86_400.0


def ping(time_s: float, uid: str) -> bytes:
    """Asks the server for a pong; what was sent before on the connection has been read once it comes."""
    return _bytes(_event(f"{uid}-ping", "t-x-c-t", _MADE, time_s, time_s + 20.0))


def hello(time_s: float, uid: str, callsign: str) -> bytes:
    """Who we are; a server relays to and from those it knows."""
    event = _event(uid, "a-f-G", _MADE, time_s, time_s + 60.0)
    detail = event.find("detail")
    assert detail is not None
    etree.SubElement(detail, "contact", callsign=callsign, endpoint="*:-1:stcp")
    etree.SubElement(detail, "takv", os="0", version="1", device="site", platform="Tocsin")
    etree.SubElement(detail, "__group", name="Cyan", role="HQ")
    return _bytes(event)


def events(warning: Warning, uid: str, callsign: str, room: str) -> list[bytes]:
    """The message, then the areas, or the end of the areas."""
    return [_chat(warning, uid, callsign, room), *(_area(warning, k, area) for k, area in enumerate(warning.areas))]


def words(warning: Warning) -> str:
    """What the message says: every language, and first of all that it is no real one if it is none."""
    lead = "" if warning.status is WarningStatus.ACTUAL else f"{str(warning.status).upper()}: "
    said = [f"{text.headline}. {text.instruction}".strip() for text in warning.texts] or [warning.reason]
    until = datetime.fromtimestamp(warning.expires_s, UTC)
    end = "" if warning.stage in LAST else f" Until {until:%H:%M:%SZ}."
    return lead + " / ".join(dict.fromkeys(said)) + end


def _chat(warning: Warning, uid: str, callsign: str, room: str) -> bytes:
    event = _event(f"GeoChat.{uid}.{room}.{warning.id}", "b-t-f", _HUMAN, warning.sent_s, warning.sent_s + _CHAT_S)
    _centre(event, warning)
    detail = event.find("detail")
    assert detail is not None
    chat = etree.SubElement(
        detail, "__chat", parent="RootContactGroup", groupOwner="false", chatroom=room, id=room, senderCallsign=callsign
    )
    etree.SubElement(chat, "chatgrp", uid0=uid, uid1=room, id=room)
    etree.SubElement(detail, "link", uid=uid, type="a-f-G", relation="p-p")
    remarks = etree.SubElement(detail, "remarks", source=f"BAO.F.Tocsin.{uid}", to=room, time=_iso(warning.sent_s))
    remarks.text = words(warning)
    _mark(event, warning)
    return _bytes(event)


def _area(warning: Warning, number: int, area: WarningArea) -> bytes:
    """One area under a uid that stays the chain's, or the end of it."""
    uid = f"{warning.chain}-area-{number}"
    if warning.stage in LAST:
        event = _event(f"{uid}-end", "t-x-d-d", _MADE, warning.sent_s, warning.sent_s + 60.0)
        detail = event.find("detail")
        assert detail is not None
        etree.SubElement(detail, "link", uid=uid, relation="p-p", type=_kind(area))
        etree.SubElement(detail, "__forcedelete")
        return _bytes(event)
    event = _event(uid, _kind(area), _MADE, warning.sent_s, warning.expires_s)
    _place(event, area)
    detail = event.find("detail")
    assert detail is not None
    if _kind(area) == _CIRCLE:
        shape = etree.SubElement(detail, "shape")
        radius = f"{area.radius_m:.1f}"
        etree.SubElement(shape, "ellipse", major=radius, minor=radius, angle="360")
    for latitude_rad, longitude_rad in area.outline_rad:
        etree.SubElement(detail, "link", point=f"{math.degrees(latitude_rad):.7f},{math.degrees(longitude_rad):.7f}")
    for name, value in (("strokeColor", _RED), ("fillColor", _FILL), ("strokeWeight", "3.0")):
        etree.SubElement(detail, name, value=value)
    etree.SubElement(
        detail, "contact", callsign=f"{warning.texts[0].event if warning.texts else 'Warning'}: {area.name}"
    )
    remarks = etree.SubElement(detail, "remarks")
    remarks.text = words(warning)
    _mark(event, warning)
    return _bytes(event)


def _kind(area: WarningArea) -> str:
    return _OUTLINE if area.centre_rad is None else _CIRCLE


def _event(uid: str, kind: str, how: str, time_s: float, stale_s: float) -> etree._Element:
    event = etree.Element("event", version="2.0", uid=uid, type=kind, how=how)
    for name, value_s in (("time", time_s), ("start", time_s), ("stale", stale_s)):
        event.set(name, _iso(value_s))
    etree.SubElement(event, "point", lat="0.0", lon="0.0", hae="9999999.0", ce="9999999.0", le="9999999.0")
    etree.SubElement(event, "detail")
    return event


def _mark(event: etree._Element, warning: Warning) -> None:
    if warning.status is not WarningStatus.ACTUAL:
        event.set("opex", f"e-{warning.status}")


def _centre(event: etree._Element, warning: Warning) -> None:
    if warning.areas:
        _place(event, warning.areas[0])


def _place(event: etree._Element, area: WarningArea) -> None:
    """Put the event in the middle of the area."""
    corners = area.outline_rad[:-1] if len(area.outline_rad) > 1 else area.outline_rad
    centre = area.centre_rad or (
        (sum(c[0] for c in corners) / len(corners), sum(c[1] for c in corners) / len(corners)) if corners else None
    )
    point = event.find("point")
    if centre is not None and point is not None:
        point.set("lat", f"{math.degrees(centre[0]):.7f}")
        point.set("lon", f"{math.degrees(centre[1]):.7f}")


def _iso(time_s: float) -> str:
    return datetime.fromtimestamp(time_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _bytes(event: etree._Element) -> bytes:
    return bytes(etree.tostring(event, encoding="UTF-8")) + b"\n"

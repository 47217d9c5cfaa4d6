"""TAK protocol version 1: CoT events as protobuf messages, with the headers of a mesh and of a stream.

A mesh datagram is BF 01 BF and a message; in a stream each message follows BF and its length. `contact`, `track` and
the error's unknown values have fields of their own; the rest of the detail travels as XML, as the protocol has it. A
message without an event (a negotiation) gives None. Source: the published cotevent.proto, detail.proto and
takmessage.proto.
"""

import math

from lxml import etree

from tocsin.formats.cot import CotError, CotEvent, detail_elements, exercise_of, note_detail
from tocsin.formats.protobuf import ProtobufError, Value, read_fields, write_field, write_varint

MAGIC = 0xBF
MESH = b"\xbf\x01\xbf"
_EVENT = 2
_UNKNOWN_M = 9_999_999.0


def write_mesh(event: CotEvent) -> bytes:
    """One datagram."""
    return MESH + _message(event)


def write_stream(event: CotEvent) -> bytes:
    """One message of a stream."""
    message = _message(event)
    return bytes([MAGIC]) + write_varint(len(message)) + message


def read_message(data: bytes) -> CotEvent | None:
    """The event of a message without its header; None if it has none."""
    try:
        body = dict(read_fields(data)).get(_EVENT)
        if body is None:
            return None
        if not isinstance(body, bytes):
            raise CotError("an event that is no message")
        return _event(dict(read_fields(body)))
    except (ProtobufError, UnicodeDecodeError, OverflowError) as error:
        raise CotError(f"no TAK message: {error}") from error


def _message(event: CotEvent) -> bytes:
    rest = "".join(etree.tostring(element, encoding="unicode") for element in detail_elements(event))
    detail = write_field(1, rest)
    if event.callsign:
        detail += write_field(2, write_field(2, event.callsign))
    if event.course_deg is not None and event.speed_mps is not None:
        track = write_field(1, event.speed_mps) + write_field(2, event.course_deg)
        detail += write_varint(7 << 3 | 2) + write_varint(len(track)) + track
    time_ms = round(event.time_s * 1000.0)
    body = (
        write_field(1, event.type)
        + write_field(4, f"e-{event.exercise}" if event.exercise else "")
        + write_field(5, event.uid)
        + write_field(6, time_ms)
        + write_field(7, time_ms)
        + write_field(8, round(event.stale_s * 1000.0))
        + write_field(9, event.how)
        + write_field(10, event.latitude_deg)
        + write_field(11, event.longitude_deg)
        + b"".join(
            write_field(number, _UNKNOWN_M if value_m is None else value_m)
            for number, value_m in ((12, event.height_m), (13, event.ce_m), (14, event.le_m))
        )
        + write_field(15, detail)
    )
    return write_field(_EVENT, body)


def _event(fields: dict[int, Value]) -> CotEvent:
    detail = dict(read_fields(_bytes(fields.get(15))))
    track = dict(read_fields(_bytes(detail.get(7))))
    event = CotEvent(
        uid=_text(fields.get(5)),
        type=_text(fields.get(1)),
        how=_text(fields.get(9)),
        time_s=_number(fields.get(6)) / 1000.0,
        stale_s=_number(fields.get(8)) / 1000.0,
        latitude_deg=_number(fields.get(10)),
        longitude_deg=_number(fields.get(11)),
        height_m=_known(fields.get(12)),
        ce_m=_known(fields.get(13)),
        le_m=_known(fields.get(14)),
        callsign=_text(dict(read_fields(_bytes(detail.get(2)))).get(2)),
        course_deg=_number(track.get(2)) if 7 in detail else None,
        speed_mps=_number(track.get(1)) if 7 in detail else None,
        exercise=exercise_of(_text(fields.get(4))),
    )
    if not event.uid or not event.type:
        raise CotError("an event without uid or type")
    return note_detail(event, f"<detail>{_text(detail.get(1))}</detail>")


def _bytes(value: Value | None) -> bytes:
    return value if isinstance(value, bytes) else b""


def _text(value: Value | None) -> str:
    return value.decode() if isinstance(value, bytes) else ""


def _number(value: Value | None) -> float:
    """A number; a field that was left out is 0."""
    number = 0.0 if value is None or isinstance(value, bytes) else float(value)
    if not math.isfinite(number):
        raise CotError("a number that is not finite")
    return number


def _known(value: Value | None) -> float | None:
    number = _number(value)
    return number if abs(number) < _UNKNOWN_M else None

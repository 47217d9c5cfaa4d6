"""Remote ID: the 25-byte messages of ASTM F3411-22a and EN 4709-002, bytes to their own fields and back.

`encode_message` and `decode_message` are inverse to each other on what the fields can hold; `encode_pack` and
`decode_pack` do up to nine messages at once. Numbers are little-endian. Unknown is None and travels as the standard's
own sentinel. A message that breaks the layout raises `RemoteIdError`; reserved bits are ignored. Authentication pages
are passed through as bytes. Layout: opendroneid-core-c, libopendroneid/opendroneid.h (Apache-2.0), the public
statement of both standards.
"""

import struct

import msgspec

from tocsin.model.errors import TocsinError

MESSAGE_BYTES = 25
VERSION = 2
MOST_MESSAGES = 9
EPOCH_2019_S = 1_546_300_800.0

_PACK = 0xF
_UNKNOWN_DIRECTION_DEG = 361
_UNKNOWN_SPEED = 255
_UNKNOWN_CLIMB = 126  # 63 m/s in steps of 0.5
_UNKNOWN_TIME = 0xFFFF
_SLOWEST_COARSE_MPS = 255 * 0.25
_ALTITUDE = struct.Struct("<H")


class RemoteIdError(TocsinError):
    """Bytes that are no Remote ID message, or fields that one cannot hold."""


class BasicId(msgspec.Struct, frozen=True):
    """Message 0. `id_type`: 1 serial number, 2 registration, 3 UTM UUID, 4 session. `ua_type`: 2 is a multirotor."""

    id_type: int
    ua_type: int
    uas_id: str


class Location(msgspec.Struct, frozen=True):
    """Message 1. `status`: 1 on ground, 2 airborne. `height_is_agl`: above ground, else above take-off.

    `hour_s`: seconds since the full UTC hour, in tenths. Accuracies are the standard's classes, 0 unknown.
    """

    status: int = 0
    direction_deg: float | None = None
    speed_mps: float | None = None
    climb_mps: float | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    altitude_pressure_m: float | None = None
    altitude_geodetic_m: float | None = None
    height_m: float | None = None
    height_is_agl: bool = False
    horizontal_accuracy: int = 0
    vertical_accuracy: int = 0
    pressure_accuracy: int = 0
    speed_accuracy: int = 0
    hour_s: float | None = None
    time_accuracy: int = 0


class SelfId(msgspec.Struct, frozen=True):
    """Message 3: a description in words, at most 23 bytes."""

    text_type: int
    text: str


class System(msgspec.Struct, frozen=True):
    """Message 4. `place_type`: 0 take-off, 1 live, 2 fixed place of the operator. `time_s`: UTC, whole seconds."""

    place_type: int = 0
    classification: int = 0
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    area_count: int = 1
    area_radius_m: float = 0.0
    area_ceiling_m: float | None = None
    area_floor_m: float | None = None
    eu_category: int = 0
    eu_class: int = 0
    altitude_geodetic_m: float | None = None
    time_s: float | None = None


class OperatorId(msgspec.Struct, frozen=True):
    """Message 5: the operator's registration, at most 20 bytes."""

    id_type: int
    operator_id: str


class Authentication(msgspec.Struct, frozen=True):
    """Message 2: one page, its 24 bytes unread."""

    data: bytes


Message = BasicId | Location | Authentication | SelfId | System | OperatorId


def encode_message(message: Message) -> bytes:
    """The 25 bytes of one message."""
    match message:
        case BasicId():
            kind, body = 0, bytes([_nibbles(message.id_type, message.ua_type)]) + _text(message.uas_id, 20)
        case Location():
            kind, body = 1, _encode_location(message)
        case Authentication():
            kind, body = 2, message.data
        case SelfId():
            kind, body = 3, bytes([message.text_type]) + _text(message.text, 23)
        case System():
            kind, body = 4, _encode_system(message)
        case OperatorId():
            kind, body = 5, bytes([message.id_type]) + _text(message.operator_id, 20)
    if len(body) > MESSAGE_BYTES - 1:
        raise RemoteIdError(f"{type(message).__name__}: {len(body)} bytes do not fit")
    return bytes([_nibbles(kind, VERSION)]) + body.ljust(MESSAGE_BYTES - 1, b"\0")


def decode_message(data: bytes) -> Message:
    """The message in 25 bytes."""
    if len(data) != MESSAGE_BYTES:
        raise RemoteIdError(f"a message has {MESSAGE_BYTES} bytes, not {len(data)}")
    kind, body = data[0] >> 4, data[1:]
    match kind:
        case 0:
            return BasicId(body[0] >> 4, body[0] & 0xF, _words(body[1:21]))
        case 1:
            return _decode_location(body)
        case 2:
            return Authentication(body)
        case 3:
            return SelfId(body[0], _words(body[1:24]))
        case 4:
            return _decode_system(body, data[0] & 0xF)
        case 5:
            return OperatorId(body[0], _words(body[1:21]))
    raise RemoteIdError(f"unknown message type {kind}")


def encode_pack(messages: tuple[Message, ...]) -> bytes:
    """A message pack, as Wi-Fi and Bluetooth 5 carry it."""
    if not 1 <= len(messages) <= MOST_MESSAGES:
        raise RemoteIdError(f"a pack holds 1 to {MOST_MESSAGES} messages, not {len(messages)}")
    return bytes([_nibbles(_PACK, VERSION), MESSAGE_BYTES, len(messages)]) + b"".join(map(encode_message, messages))


def decode_pack(data: bytes) -> tuple[Message, ...]:
    """The messages of a pack; what follows its end is not looked at."""
    whole = split_pack(data)
    if len(whole) < data[2]:
        raise RemoteIdError(f"a pack of {data[2]} messages is cut at {len(data)} bytes")
    return tuple(map(decode_message, whole))


def split_pack(data: bytes) -> tuple[bytes, ...]:
    """The messages of a pack as they stand, 25 bytes each, so that one unreadable message costs no other.

    A pack that is cut gives those that are whole: fewer than its third byte promises.
    """
    if len(data) < 3 or data[0] >> 4 != _PACK or data[1] != MESSAGE_BYTES or not 1 <= data[2] <= MOST_MESSAGES:
        raise RemoteIdError("no message pack")
    count = min(data[2], (len(data) - 3) // MESSAGE_BYTES)
    return tuple(data[3 + MESSAGE_BYTES * k : 28 + MESSAGE_BYTES * k] for k in range(count))


def _encode_location(m: Location) -> bytes:
    direction = _UNKNOWN_DIRECTION_DEG if m.direction_deg is None else round(m.direction_deg) % 360
    west = direction >= 180
    coarse = m.speed_mps is not None and m.speed_mps >= _SLOWEST_COARSE_MPS
    flags = m.status << 4 | m.height_is_agl << 2 | west << 1 | coarse
    if m.speed_mps is None:
        flags, speed = flags | 1, _UNKNOWN_SPEED
    else:
        speed = round((m.speed_mps - 63.75) / 0.75) if coarse else round(m.speed_mps / 0.25)
        speed = min(speed, 254)
    climb = _UNKNOWN_CLIMB if m.climb_mps is None else min(max(round(m.climb_mps * 2.0), -124), 124)
    tenths = _UNKNOWN_TIME if m.hour_s is None else min(round(m.hour_s * 10.0), 36_000)
    return (
        struct.pack("<BBBb", flags, direction - 180 * west, speed, climb)
        + _encode_place(m.latitude_deg, m.longitude_deg)
        + _encode_altitude(m.altitude_pressure_m)
        + _encode_altitude(m.altitude_geodetic_m)
        + _encode_altitude(m.height_m)
        + bytes([_nibbles(m.vertical_accuracy, m.horizontal_accuracy), _nibbles(m.pressure_accuracy, m.speed_accuracy)])
        + struct.pack("<HB", tenths, m.time_accuracy)
    )


def _decode_location(body: bytes) -> Location:
    flags, direction, speed, climb = struct.unpack_from("<BBBb", body)
    direction += 180 * (flags >> 1 & 1)
    latitude_deg, longitude_deg = _decode_place(body, 4)
    (tenths,) = struct.unpack_from("<H", body, 20)
    return Location(
        status=flags >> 4,
        direction_deg=None if direction >= _UNKNOWN_DIRECTION_DEG else float(direction),
        speed_mps=None if speed == _UNKNOWN_SPEED else speed * 0.75 + 63.75 if flags & 1 else speed * 0.25,
        climb_mps=None if abs(climb) >= _UNKNOWN_CLIMB else climb * 0.5,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        altitude_pressure_m=_decode_altitude(body, 12),
        altitude_geodetic_m=_decode_altitude(body, 14),
        height_m=_decode_altitude(body, 16),
        height_is_agl=bool(flags & 4),
        horizontal_accuracy=body[18] & 0xF,
        vertical_accuracy=body[18] >> 4,
        pressure_accuracy=body[19] >> 4,
        speed_accuracy=body[19] & 0xF,
        hour_s=None if tenths == _UNKNOWN_TIME else tenths / 10.0,
        time_accuracy=body[22] & 0xF,
    )


def _encode_system(m: System) -> bytes:
    since = 0 if m.time_s is None else round(m.time_s - EPOCH_2019_S)
    if not 0 <= since < 2**32:
        raise RemoteIdError(f"System.time_s: {m.time_s} cannot be told in seconds since 2019")
    return (
        bytes([m.classification << 2 | m.place_type])
        + _encode_place(m.latitude_deg, m.longitude_deg)
        + struct.pack("<HB", m.area_count, min(round(m.area_radius_m / 10.0), 255))
        + _encode_altitude(m.area_ceiling_m)
        + _encode_altitude(m.area_floor_m)
        + bytes([_nibbles(m.eu_category, m.eu_class)])
        + _encode_altitude(m.altitude_geodetic_m)
        + struct.pack("<I", since)
    )


def _decode_system(body: bytes, version: int) -> System:
    latitude_deg, longitude_deg = _decode_place(body, 1)
    count, radius = struct.unpack_from("<HB", body, 9)
    (since,) = struct.unpack_from("<I", body, 19)
    return System(
        place_type=body[0] & 3,
        classification=body[0] >> 2 & 7,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        area_count=count,
        area_radius_m=radius * 10.0,
        area_ceiling_m=_decode_altitude(body, 12),
        area_floor_m=_decode_altitude(body, 14),
        eu_category=body[16] >> 4,
        eu_class=body[16] & 0xF,
        altitude_geodetic_m=_decode_altitude(body, 17),
        time_s=EPOCH_2019_S + since if since and version >= 2 else None,  # version 2 brought the time
    )


def _nibbles(high: int, low: int) -> int:
    if not (0 <= high <= 15 and 0 <= low <= 15):
        raise RemoteIdError(f"{high} and {low} must each lie in 0 to 15")
    return high << 4 | low


def _text(text: str, longest: int) -> bytes:
    data = text.encode()
    if len(data) > longest:
        raise RemoteIdError(f"{text!r} is longer than {longest} bytes")
    return data.ljust(longest, b"\0")


def _words(data: bytes) -> str:
    return data.rstrip(b"\0 ").decode("utf-8", "replace")


def _encode_place(latitude_deg: float | None, longitude_deg: float | None) -> bytes:
    if latitude_deg is None or longitude_deg is None:
        return struct.pack("<ii", 0, 0)
    return struct.pack("<ii", round(latitude_deg * 1e7), round(longitude_deg * 1e7))


def _decode_place(body: bytes, at: int) -> tuple[float | None, float | None]:
    latitude, longitude = struct.unpack_from("<ii", body, at)
    return (None, None) if latitude == 0 == longitude else (latitude / 1e7, longitude / 1e7)


def _encode_altitude(altitude_m: float | None) -> bytes:
    return _ALTITUDE.pack(0 if altitude_m is None else min(max(round((altitude_m + 1000.0) * 2.0), 0), 0xFFFF))


def _decode_altitude(body: bytes, at: int) -> float | None:
    (steps,) = _ALTITUDE.unpack_from(body, at)
    return None if steps == 0 else steps / 2.0 - 1000.0

"""UAS data: the memory image of opendroneid's `ODID_UAS_Data`, as DroneScout receivers send it, to Remote ID messages.

The image is that of a C structure on a little-endian machine with 4-byte enumerations and 8-byte doubles: two Basic
IDs, Location, sixteen Authentication pages, Self-ID, System, Operator ID, and from byte 892 a flag for each that says
whether it holds anything. Only parts that are flagged are read. Unknown is the standard's own sentinel and becomes
None; a class or type that no message could carry (a half byte, for texts a byte) becomes 0, which is undeclared.
Structure: opendroneid-core-c, libopendroneid/opendroneid.h (Apache-2.0).
"""

import math
import struct

from tocsin.formats.remote_id import (
    EPOCH_2019_S,
    Authentication,
    BasicId,
    Location,
    Message,
    OperatorId,
    RemoteIdError,
    SelfId,
    System,
)

FLAGS_AT = 892
LEAST_BYTES = FLAGS_AT + 22

_BASIC, _BASIC_AT, _BASIC_BYTES = struct.Struct("<ii21s"), 0, 32
_LOCATION, _LOCATION_AT = struct.Struct("<i3f2d2fif5if"), 64
_AUTHENTICATION_AT, _AUTHENTICATION_BYTES, _PAGES = 136, 40, 16
_SELF, _SELF_AT = struct.Struct("<i24s"), 776
_SYSTEM, _SYSTEM_AT = struct.Struct("<ii2dHHffiifI"), 808
_OPERATOR, _OPERATOR_AT = struct.Struct("<i21s"), 864
_UNKNOWN_DIRECTION_DEG, _UNKNOWN_SPEED_MPS, _UNKNOWN_CLIMB_MPS, _UNKNOWN_M = 361.0, 255.0, 63.0, -1000.0
_HOUR_S = 3600.0
_MOST_CLASS, _MOST_TYPE = 0xF, 0xFF


def decode_uas_data(data: bytes) -> tuple[Message, ...]:
    """The messages of one image; raises `RemoteIdError` if it is too short."""
    if len(data) < LEAST_BYTES:
        raise RemoteIdError(f"an image of {len(data)} bytes, not {LEAST_BYTES} or more")
    flags = data[FLAGS_AT:LEAST_BYTES]
    found: list[Message] = []
    for k in range(2):
        if flags[k]:
            ua_type, id_type, name = _BASIC.unpack_from(data, _BASIC_AT + k * _BASIC_BYTES)
            found.append(BasicId(_class(id_type), _class(ua_type), _words(name)))
    if flags[2]:
        found.append(_location(data))
    for page in range(_PAGES):
        if flags[3 + page]:
            at = _AUTHENTICATION_AT + page * _AUTHENTICATION_BYTES
            found.append(Authentication(data[at + 16 : at + 40]))
    if flags[19]:
        text_type, text = _SELF.unpack_from(data, _SELF_AT)
        found.append(SelfId(_class(text_type, _MOST_TYPE), _words(text)))
    if flags[20]:
        found.append(_system(data))
    if flags[21]:
        id_type, name = _OPERATOR.unpack_from(data, _OPERATOR_AT)
        found.append(OperatorId(_class(id_type, _MOST_TYPE), _words(name)))
    return tuple(found)


def _location(data: bytes) -> Location:
    (
        status, direction_deg, speed_mps, climb_mps, latitude_deg, longitude_deg, pressure_m, geodetic_m, kind,
        height_m, horizontal, vertical, pressure, speed, time_class, hour_s,
    ) = _LOCATION.unpack_from(data, _LOCATION_AT)  # fmt: skip
    placed = _is_place(latitude_deg, longitude_deg)
    return Location(
        status=_class(status),
        direction_deg=direction_deg if 0.0 <= direction_deg < _UNKNOWN_DIRECTION_DEG else None,
        speed_mps=speed_mps if 0.0 <= speed_mps < _UNKNOWN_SPEED_MPS else None,
        climb_mps=climb_mps if abs(climb_mps) < _UNKNOWN_CLIMB_MPS else None,
        latitude_deg=latitude_deg if placed else None,
        longitude_deg=longitude_deg if placed else None,
        altitude_pressure_m=_altitude(pressure_m),
        altitude_geodetic_m=_altitude(geodetic_m),
        height_m=_altitude(height_m),
        height_is_agl=kind == 1,
        horizontal_accuracy=_class(horizontal),
        vertical_accuracy=_class(vertical),
        pressure_accuracy=_class(pressure),
        speed_accuracy=_class(speed),
        hour_s=hour_s if 0.0 <= hour_s <= _HOUR_S else None,
        time_accuracy=_class(time_class),
    )


def _system(data: bytes) -> System:
    (
        place_type, classification, latitude_deg, longitude_deg, count, radius_m, ceiling_m, floor_m, category,
        eu_class, altitude_m, since,
    ) = _SYSTEM.unpack_from(data, _SYSTEM_AT)  # fmt: skip
    placed = _is_place(latitude_deg, longitude_deg)
    return System(
        place_type=_class(place_type),
        classification=_class(classification),
        latitude_deg=latitude_deg if placed else None,
        longitude_deg=longitude_deg if placed else None,
        area_count=count,
        area_radius_m=float(radius_m),
        area_ceiling_m=_altitude(ceiling_m),
        area_floor_m=_altitude(floor_m),
        eu_category=_class(category),
        eu_class=_class(eu_class),
        altitude_geodetic_m=_altitude(altitude_m),
        time_s=EPOCH_2019_S + since if since else None,
    )


def _class(number: int, most: int = _MOST_CLASS) -> int:
    return number if 0 <= number <= most else 0


def _is_place(latitude_deg: float, longitude_deg: float) -> bool:
    known = math.isfinite(latitude_deg) and math.isfinite(longitude_deg)
    return known and not latitude_deg == 0.0 == longitude_deg


def _altitude(altitude_m: float) -> float | None:
    return altitude_m if math.isfinite(altitude_m) and altitude_m > _UNKNOWN_M else None


def _words(data: bytes) -> str:
    return data.partition(b"\0")[0].rstrip(b" ").decode("utf-8", "replace")

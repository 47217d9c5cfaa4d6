"""Receiver JSON: the documents in which Remote ID receivers tell what they heard, to the standard's own messages.

`read_document` takes one JSON value and answers what was heard, one `Heard` a transmitter. Known are: BlueMark's
DroneScout (`UASdata` in base64); the list of single-key objects of DroneID, Sniffle and WarDragon, and the one object
with the same keys of ESP32 receivers; the flat objects of DragonSync and of mesh-mapper and its kin; a scenario of
DragonSync's tests. A document of a receiver without a drone in it (its own state, a heartbeat, an aircraft) gives
nothing. Numbers may be texts with a unit. Positions at 0, 0 and the standard's sentinels are unknown. What is none of
these raises `ReceiverJsonError`. Sources: RemoteID-MQTT-subscriber (MIT), DragonSync (Apache-2.0), drone-mesh-mapper
(MIT), DroneID; mesh-mapper's `drone_altitude` is the geodetic altitude of its sender.
"""

import base64
import binascii
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from tocsin.formats.remote_id import BasicId, Location, Message, OperatorId, RemoteIdError, SelfId, System
from tocsin.formats.uas_data import decode_uas_data
from tocsin.model.errors import UNREADABLE, TocsinError
from tocsin.units import M_PER_NM

Object = Mapping[str, Any]

_LIST_KEYS = ("Basic ID", "Location/Vector Message", "Location Vector")
_OWN_KEYS = ("data", "status", "location", "mobile network", "aircraft")  # of DroneScout, beside "protocol"
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_ID_TYPES = (("serial", 1), ("registration", 2), ("caa", 2), ("utm", 3), ("uuid", 3), ("session", 4))
_AIRCRAFT = (
    "aeroplane", "multirotor", "gyroplane", "hybrid", "ornithopter", "glider", "kite", "free balloon",
    "captive balloon", "airship", "parachute", "rocket", "tethered", "obstacle", "other",
)  # fmt: skip
_STATUSES = ("undeclared", "ground", "airborne", "emergency", "failure")
_HORIZONTAL_M = tuple(n * M_PER_NM for n in (10, 4, 2, 1, 0.5, 0.3, 0.1, 0.05)) + (30.0, 10.0, 3.0, 1.0)
_VERTICAL_M = (150.0, 45.0, 25.0, 10.0, 3.0, 1.0)
_HOUR_S = 3600.0
_DEGREES_E7 = 1e-7


class ReceiverJsonError(TocsinError):
    """A JSON value that no known receiver sends, or one that breaks its own form."""


class Heard(msgspec.Struct, frozen=True):
    """What was heard of one transmitter. `sender`: its address, or what else tells it apart; "" if nothing does.

    `time_s`: when the receiver heard it by its own clock (UTC seconds), None if it does not say.
    """

    sender: str
    messages: tuple[Message, ...]
    signal_dbm: float | None = None
    time_s: float | None = None


def read_document(data: bytes) -> tuple[Heard, ...]:
    """What one JSON value tells."""
    try:
        value = msgspec.json.decode(data)
    except UNREADABLE as error:
        raise ReceiverJsonError(f"no JSON: {error}") from error
    if isinstance(value, list):
        return _listed(value)
    if not isinstance(value, dict):
        raise ReceiverJsonError("neither an object nor a list")
    if "protocol" in value and any(key in value for key in _OWN_KEYS):
        return _drone_scout(value)
    if any(key in value for key in _LIST_KEYS):
        return _sectioned(value)
    if isinstance(value.get("scenarios"), dict):
        return tuple(_scenario(value["scenarios"]))
    if "drone_lat" in value or ("mac" in value and ("basic_id" in value or "remote_id" in value)):
        return _mesh_mapper(value)
    if "heartbeat" in value or value.get("track_type") == "aircraft":
        return ()
    if "lat" in value and "lon" in value and ("ua_type" in value or value.get("track_type") == "drone"):
        return _dragon_sync(value)
    raise ReceiverJsonError("an object of no known receiver")


# ---- DroneScout ------------------------------------------------------------------------------------------------------


def _drone_scout(value: Object) -> tuple[Heard, ...]:
    data = value.get("data")
    if not isinstance(data, dict) or not data.get("UASdata"):
        return ()
    text = data["UASdata"]
    try:
        image = base64.b64decode(text if isinstance(text, str) else "", validate=True)
        messages = decode_uas_data(image)
    except (binascii.Error, ValueError, RemoteIdError) as error:
        raise ReceiverJsonError(f"UASdata: {error}") from error
    time_ms = _number(data.get("timestamp"))
    return (
        Heard(
            _text(data.get("MAC address")),
            messages,
            _signal(data.get("RSSI")),
            None if time_ms is None or time_ms <= 0.0 else time_ms / 1000.0,
        ),
    )


# ---- DroneID, Sniffle, WarDragon, ESP32: sections by name ------------------------------------------------------------


def _listed(value: list[Any]) -> tuple[Heard, ...]:
    """The list of objects: mostly one section each, all of one transmitter."""
    objects = [item for item in value if isinstance(item, dict)]
    if objects and all("drone_lat" in item or "mac" in item for item in objects):
        return tuple(heard for item in objects for heard in _mesh_mapper(item))
    sections: dict[str, Any] = {}
    for item in objects:
        for key, section in item.items():
            if key == "Basic ID" and key in sections:
                section = [*_several(sections[key]), *_several(section)]
            sections[key] = section
    if not any(key in sections for key in (*_LIST_KEYS, "System Message", "Self-ID Message", "Operator ID Message")):
        if any(key in sections for key in ("MAC", "RSSI", "serial_number", "gps_data", "system_stats")) or not value:
            return ()
        raise ReceiverJsonError("a list without a section of Remote ID")
    return _sectioned(sections)


def _sectioned(sections: Object) -> tuple[Heard, ...]:
    messages: list[Message] = []
    address, signal = _text(sections.get("MAC")), sections.get("RSSI")
    advertised = _object(sections, "AUX_ADV_IND")
    signal = advertised.get("rssi", signal)
    address = _text(_object(sections, "aext").get("AdvA")).partition(" ")[0] or address
    for basic in _several(sections.get("Basic ID")):
        if isinstance(basic, dict):
            messages.append(_basic(basic.get("id"), basic.get("id_type"), basic.get("ua_type")))
            address = _text(basic.get("MAC")) or address
            signal = basic.get("RSSI") if basic.get("RSSI") is not None else signal
    operator = _object(sections, "Operator ID Message") or _object(sections, "Operator ID")
    if name := _text(operator.get("operator_id") or operator.get("id")):
        messages.append(OperatorId(0, name))
    told = _object(sections, "Self-ID Message") or _object(sections, "Self ID")
    if words := _text(told.get("text") or told.get("description")):
        messages.append(SelfId(0, words))
    system = _object(sections, "System Message") or _object(sections, "System")
    pilot = _place(
        system.get("operator_lat", system.get("latitude")), system.get("operator_lon", system.get("longitude"))
    )
    if pilot is not None:
        altitude_m = _altitude(system.get("operator_altitude_geo", system.get("geodetic_altitude")))
        messages.append(System(latitude_deg=pilot[0], longitude_deg=pilot[1], altitude_geodetic_m=altitude_m))
    location = _object(sections, "Location/Vector Message") or _object(sections, "Location Vector")
    if location:
        messages.append(_location(location | _object(location, "coord")))
    return (Heard(address, tuple(messages), _signal(signal)),)


def _location(said: Object) -> Location:
    place = _place(said.get("latitude", said.get("lat")), said.get("longitude", said.get("lon")))
    height_type = said.get("height_type")
    return Location(
        status=_place_in(_STATUSES, said.get("op_status", said.get("status"))) or 0,
        direction_deg=_within(said.get("direction"), 0.0, 360.0),
        speed_mps=_within(said.get("speed"), 0.0, 254.5),
        climb_mps=_within(said.get("vert_speed", said.get("vspeed")), -62.5, 62.5),
        latitude_deg=None if place is None else place[0],
        longitude_deg=None if place is None else place[1],
        altitude_pressure_m=_altitude(said.get("pressure_altitude")),
        altitude_geodetic_m=_altitude(said.get("geodetic_altitude", said.get("alt"))),
        height_m=_altitude(said.get("height_agl", said.get("height"))),
        height_is_agl=height_type == 1 or "ground" in _text(height_type).lower() or _text(height_type) == "AGL",
        horizontal_accuracy=_class(_HORIZONTAL_M, said.get("horizontal_accuracy", said.get("horiz_acc"))),
        vertical_accuracy=_class(_VERTICAL_M, said.get("vertical_accuracy", said.get("vert_acc"))),
        hour_s=_within(said.get("timestamp"), 0.0, _HOUR_S) if _is_bare(said.get("timestamp")) else None,
    )


# ---- flat objects ----------------------------------------------------------------------------------------------------


def _mesh_mapper(said: Object) -> tuple[Heard, ...]:
    messages: list[Message] = []
    if name := _text(said.get("basic_id") or said.get("remote_id")):
        messages.append(_basic(name, said.get("id_type", 1), said.get("ua_type")))
    if operator := _text(said.get("operator_id")):
        messages.append(OperatorId(0, operator))
    pilot = _place(said.get("pilot_lat"), said.get("pilot_long", said.get("pilot_lon")))
    if pilot is not None:
        messages.append(System(latitude_deg=pilot[0], longitude_deg=pilot[1]))
    if "drone_lat" in said:
        named = {
            "latitude": said.get("drone_lat"),
            "longitude": said.get("drone_long", said.get("drone_lon")),
            "geodetic_altitude": said.get("drone_altitude") or None,
            "height_agl": said.get("height_agl", said.get("alt_agl")),
            "speed": said.get("speed_horizontal", said.get("spd")),
            "vert_speed": said.get("speed_vertical"),
            "direction": said.get("heading", said.get("hdg")),
            "status": said.get("status"),
        }
        messages.append(_location(named))
    return (Heard(_text(said.get("mac")), tuple(messages), _signal(said.get("rssi"))),)


def _dragon_sync(said: Object) -> tuple[Heard, ...]:
    messages: list[Message] = []
    if name := _text(said.get("id")).removeprefix("drone-"):
        messages.append(_basic(name, said.get("id_type"), said.get("ua_type")))
    if registration := _text(said.get("caa_id")):
        messages.append(BasicId(2, _aircraft(said.get("ua_type")), registration))
    if operator := _text(said.get("operator_id")):
        messages.append(OperatorId(0, operator))
    pilot = _place(said.get("pilot_lat"), said.get("pilot_lon"))
    if pilot is not None:
        messages.append(System(latitude_deg=pilot[0], longitude_deg=pilot[1]))
    known = {key: said[key] for key in said if said[key] not in (0, "", None) or key in ("speed", "vspeed")}
    if "lat" in known and "lon" in known:
        messages.append(_location(known | {"timestamp": said.get("rid_timestamp")}))
    time_s = _within(said.get("observed_at", said.get("last_update_time")), 1.0, math.inf)
    return (Heard(_text(said.get("mac")), tuple(messages), _signal(said.get("rssi")), time_s),)


def _scenario(scenarios: Object) -> Iterator[Heard]:
    """The places of a scenario: what its drones would report, without times."""
    for track in [*_several(scenarios.get("static_detections")), *_several(scenarios.get("animated_tracks"))]:
        if not isinstance(track, dict):
            continue
        drone = _object(track, "drone_config") or track
        basic, pilot = _object(drone, "Basic ID"), _object(drone, "pilot_location")
        where = _object(drone, "Location/Vector Message")
        points = _object(track, "flight_path").get("waypoints") or ([where] if where else [])
        for point in _several(points):
            if isinstance(point, dict):
                named = {"geodetic_altitude": point.get("altitude")} | point
                sections = {"Basic ID": basic, "Location/Vector Message": named, "System Message": pilot}
                yield from _sectioned(sections | {"Operator ID Message": {"operator_id": drone.get("operator_id")}})


# ---- single values ---------------------------------------------------------------------------------------------------


def _basic(name: object, id_type: object, ua_type: object) -> BasicId:
    """An id; one whose type is not told is taken for what most are, a serial number."""
    words = _text(id_type).lower()
    kind = id_type if isinstance(id_type, int) else next((k for word, k in _ID_TYPES if word in words), 1 - bool(words))
    return BasicId(kind if 0 <= kind <= 4 else 0, _aircraft(ua_type), _text(name))


def _aircraft(ua_type: object) -> int:
    found = _place_in(("none", *_AIRCRAFT), ua_type)
    if found is None:
        words = _text(ua_type).lower()
        found = 1 if "airplane" in words or "fixed" in words else 2 if "helicopter" in words or "rotor" in words else 0
    return found


def _place_in(words: tuple[str, ...], said: object) -> int | None:
    """The place of what was said, a number or a text, in a list; None if it has none."""
    if isinstance(said, bool):
        return None
    if isinstance(said, int) or _text(said).isdecimal():
        number = int(str(said)[:4])
        return number if 0 <= number < len(words) else None
    text = _text(said).lower()
    return next((k for k, word in enumerate(words) if word in text), None) if text else None


def _class(bounds_m: tuple[float, ...], said: object) -> int:
    """An accuracy class, from its number or from its bound in words ("<10 m", "< 0.05 NM")."""
    if isinstance(said, int) and not isinstance(said, bool):
        return said if 0 <= said <= len(bounds_m) else 0
    bound = _number(said)
    if bound is None or not isinstance(said, str):
        return 0
    bound_m = bound * M_PER_NM if "nm" in said.lower() else bound
    return next((k for k, known_m in enumerate(bounds_m, start=1) if math.isclose(known_m, bound_m, rel_tol=0.01)), 0)


def _place(latitude: object, longitude: object) -> tuple[float, float] | None:
    """Degrees; whole numbers beyond any degree count ten-millionths."""
    latitude_deg, longitude_deg = _number(latitude), _number(longitude)
    if latitude_deg is None or longitude_deg is None or latitude_deg == 0.0 == longitude_deg:
        return None
    if isinstance(latitude, int) and isinstance(longitude, int) and max(abs(latitude), abs(longitude)) > 360:
        return latitude_deg * _DEGREES_E7, longitude_deg * _DEGREES_E7
    return latitude_deg, longitude_deg


def _altitude(said: object) -> float | None:
    altitude_m = _number(said)
    return None if altitude_m is None or altitude_m <= -1000.0 else altitude_m


def _signal(said: object) -> float | None:
    signal_dbm = _number(said)
    return None if signal_dbm == 0.0 else signal_dbm


def _within(said: object, least: float, most: float) -> float | None:
    value = _number(said)
    return value if value is not None and least <= value <= most else None


def _is_bare(said: object) -> bool:
    """A number, or a text that is one."""
    return isinstance(said, int | float) or bool(_NUMBER.fullmatch(_text(said)))


def _number(said: object) -> float | None:
    """The number that a value is or begins with; None for what is none, and for what is not finite."""
    if isinstance(said, bool) or not isinstance(said, int | float | str):
        return None
    if isinstance(said, str):
        found = _NUMBER.match(said.strip().lstrip("<> "))
        said = found[0] if found else "nan"
    try:
        value = float(said)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def _text(said: object) -> str:
    return said.strip() if isinstance(said, str) else ""


def _several(said: object) -> list[Any]:
    return said if isinstance(said, list) else [] if said is None else [said]


def _object(said: Object, key: str) -> dict[str, Any]:
    found = said.get(key)
    return found if isinstance(found, dict) else {}

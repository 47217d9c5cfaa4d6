"""DJI DroneID as older models put it into Wi-Fi beacons: the vendor element of OUI 26:37:12 to its own fields.

Never published by the maker; the layout of both versions is the one that open receivers agree on (Kismet,
dot11_ie_221_dji_droneid; RemoteIDReceiver, parse/dji). They do not agree what its two heights are measured from, so
those stay raw. Latitude and longitude are radians in steps of 1e-7, velocities centimetres a second. A place of zeros
is unknown. Anything else raises `DjiDroneIdError`.
"""

import struct

import msgspec

from tocsin.model.errors import TocsinError

OUI = bytes.fromhex("263712")

_HEAD = bytes.fromhex("586213")
_TELEMETRY = 0x10
_COMMON = struct.Struct("<BHH16siihhhhh")
_REST_1 = struct.Struct("<hhhiiBB20s")
_REST_2 = struct.Struct("<hQiiiiBB20s")
_RAD = 1e-7
_IN_AIR = 0x20


class DjiDroneIdError(TocsinError):
    """An element that is no DroneID telemetry of a known version."""


class DjiDroneId(msgspec.Struct, frozen=True):
    """One report. `home` is where it took off, `phone` where the pilot's device is: latitude and longitude, radians."""

    version: int
    serial: str
    state: int
    latitude_rad: float | None
    longitude_rad: float | None
    raw_altitude: int
    raw_height: int
    north_mps: float
    east_mps: float
    climb_mps: float
    home_rad: tuple[float, float] | None
    phone_rad: tuple[float, float] | None
    product: int
    text: str

    @property
    def in_air(self) -> bool:
        """What the state says."""
        return bool(self.state & _IN_AIR)


def decode_element(data: bytes) -> DjiDroneId:
    """The report in a vendor element, given from its OUI on."""
    if not data.startswith(OUI + _HEAD) or len(data) < 8:
        raise DjiDroneIdError("no DroneID element")
    body = data[7:]
    if data[6] != _TELEMETRY:
        raise DjiDroneIdError(f"sub-command {data[6]} is not telemetry")
    version = body[0]
    rest = {1: _REST_1, 2: _REST_2}.get(version)
    if rest is None:
        raise DjiDroneIdError(f"unknown version {version}")
    if len(body) < _COMMON.size + rest.size:
        raise DjiDroneIdError(f"version {version} has {_COMMON.size + rest.size} bytes, not {len(body)}")
    _, _, state, serial, longitude, latitude, altitude, height, north, east, up = _COMMON.unpack_from(body)
    if version == 1:
        _, _, _, home_longitude, home_latitude, product, _, text = rest.unpack_from(body, _COMMON.size)
        phone = None
    else:
        _, _, phone_latitude, phone_longitude, home_longitude, home_latitude, product, _, text = rest.unpack_from(
            body, _COMMON.size
        )
        phone = _place(phone_latitude, phone_longitude)
    place = _place(latitude, longitude)
    return DjiDroneId(
        version=version,
        serial=_words(serial),
        state=state,
        latitude_rad=place[0] if place else None,
        longitude_rad=place[1] if place else None,
        raw_altitude=altitude,
        raw_height=height,
        north_mps=north / 100.0,
        east_mps=east / 100.0,
        climb_mps=up / 100.0,
        home_rad=_place(home_latitude, home_longitude),
        phone_rad=phone,
        product=product,
        text=_words(text),
    )


def _place(latitude: int, longitude: int) -> tuple[float, float] | None:
    return None if latitude == 0 == longitude else (latitude * _RAD, longitude * _RAD)


def _words(data: bytes) -> str:
    return data.strip(b"\0").split(b"\0")[0].decode("utf-8", "replace").strip()

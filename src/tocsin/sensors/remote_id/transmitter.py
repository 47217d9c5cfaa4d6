"""Transmitter: what one sender has said of its drone so far, and the claim that its newest location makes.

A legacy Bluetooth advertisement holds one message of 25 bytes, so identity, place and operator are put together by
sender. The identifier is the serial number if it was sent, else the registration, else the session's own; a sender
that has named none yet is identified by its address. Accuracy classes are bounds at 95 %; a sigma is the bound over
2.448 in the plane and over 1.96 upwards (chi-square and normal distribution).
"""

import math

from tocsin.formats.dji_drone_id import DjiDroneId
from tocsin.formats.remote_id import Authentication, BasicId, Location, Message, OperatorId, System
from tocsin.model.claim import Claim
from tocsin.model.errors import TocsinError
from tocsin.units import M_PER_NM, RAD_PER_DEG

MEANS = "remote-id"
AIRCRAFT = {
    1: "aeroplane",
    2: "multirotor",
    3: "gyroplane",
    4: "hybrid lift",
    5: "ornithopter",
    6: "glider",
    7: "kite",
    8: "free balloon",
    9: "captive balloon",
    10: "airship",
    11: "parachute",
    12: "rocket",
    13: "tethered aircraft",
    14: "ground obstacle",
    15: "other",
}

_UUID, _SESSION = 3, 4
_BEST_FIRST = (1, 2, _UUID, _SESSION, 0)  # serial number, registration, session's own, and ids of no stated type
_ON_GROUND, _AIRBORNE = 1, 2
_NM = M_PER_NM
_HORIZONTAL_M = (
    None, 10 * _NM, 4 * _NM, 2 * _NM, _NM, 0.5 * _NM, 0.3 * _NM, 0.1 * _NM, 0.05 * _NM, 30.0, 10.0, 3.0, 1.0,
)  # fmt: skip
_VERTICAL_M = (None, 150.0, 45.0, 25.0, 10.0, 3.0, 1.0)
_PLANE_95, _UP_95 = 2.448, 1.96


class ImplausibleClaim(TocsinError):
    """A report that cannot be true of any aircraft."""


class Transmitter:
    """One sender."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.heard_s = -math.inf
        self._ids: dict[int, str] = {}
        self._aircraft: int | None = None
        self._operator: str | None = None
        self._system: System | None = None
        self._signed: bool | None = None

    def note(self, message: Message, raw: bytes) -> None:
        """Keep what a message says; `raw` are its 25 bytes, if known, since some identifiers are no text."""
        match message:
            case BasicId(id_type=kind) if kind in _BEST_FIRST:
                self._ids[kind] = _identifier(message, raw)
                self._aircraft = message.ua_type
            case OperatorId(operator_id=operator) if operator:
                self._operator = operator
            case System():
                self._system = message
            case Authentication():
                self._signed = True

    def claim(
        self,
        location: Location,
        time_s: float,
        received_s: float,
        sensor: str,
        signal_dbm: float | None,
        clock_ahead_s: float | None = None,
    ) -> Claim:
        """The claim that `location` makes; raises `ImplausibleClaim` for a place that is not on the earth."""
        place = location
        latitude_rad, longitude_rad = _place(place.latitude_deg, place.longitude_deg) or (None, None)
        takeoff_m, agl_m = (None, place.height_m) if place.height_is_agl else (place.height_m, None)
        return Claim(
            means=MEANS,
            identifier=self.identifier,
            sensor=sensor,
            time_s=time_s,
            received_s=received_s,
            latitude_rad=latitude_rad,
            longitude_rad=longitude_rad,
            height_m=place.altitude_geodetic_m,
            height_agl_m=agl_m,
            height_takeoff_m=takeoff_m,
            altitude_pressure_m=place.altitude_pressure_m,
            speed_mps=place.speed_mps,
            course_rad=None if place.direction_deg is None else place.direction_deg % 360.0 * RAD_PER_DEG,
            climb_mps=place.climb_mps,
            sigma_horizontal_m=_sigma(_HORIZONTAL_M, place.horizontal_accuracy, _PLANE_95),
            sigma_vertical_m=_sigma(_VERTICAL_M, place.vertical_accuracy, _UP_95),
            category=AIRCRAFT.get(self._aircraft or 0),
            operator=self._operator,
            pilot_lla=self._pilot(),
            signed=self._signed,
            on_ground={_ON_GROUND: True, _AIRBORNE: False}.get(place.status),
            signal_dbm=signal_dbm,
            clock_ahead_s=clock_ahead_s,
        )

    @property
    def identifier(self) -> str:
        """What it calls itself, else its address."""
        return next((self._ids[kind] for kind in _BEST_FIRST if self._ids.get(kind)), self.name)

    def _pilot(self) -> tuple[float, float, float | None] | None:
        system = self._system
        if system is None or system.latitude_deg is None or system.longitude_deg is None:
            return None
        if abs(system.latitude_deg) > 90.0 or abs(system.longitude_deg) > 180.0:
            return None
        return system.latitude_deg * RAD_PER_DEG, system.longitude_deg * RAD_PER_DEG, system.altitude_geodetic_m


def dji_claim(report: DjiDroneId, received_s: float, sensor: str, signal_dbm: float | None) -> Claim:
    """The claim of DJI's own format, which carries no time of the place and no height of a known kind."""
    latitude_rad, longitude_rad = report.latitude_rad, report.longitude_rad
    if abs(latitude_rad or 0.0) > math.pi / 2 or abs(longitude_rad or 0.0) > math.pi:
        raise ImplausibleClaim(f"{latitude_rad}, {longitude_rad} rad")
    phone = report.phone_rad
    if phone and (abs(phone[0]) > math.pi / 2 or abs(phone[1]) > math.pi):
        phone = None
    return Claim(
        means="dji-drone-id",
        identifier=report.serial or "dji",
        sensor=sensor,
        time_s=received_s,
        received_s=received_s,
        latitude_rad=latitude_rad,
        longitude_rad=longitude_rad,
        speed_mps=math.hypot(report.north_mps, report.east_mps),
        course_rad=math.atan2(report.east_mps, report.north_mps) % math.tau,
        climb_mps=report.climb_mps,
        category="multirotor",
        operator=report.text or None,
        pilot_lla=(*phone, None) if phone else None,
        on_ground=not report.in_air,
        signal_dbm=signal_dbm,
    )


def _identifier(message: BasicId, raw: bytes) -> str:
    if raw and message.id_type == _UUID:
        return raw[2:18].hex()
    if raw and message.id_type == _SESSION:
        return raw[2:22].rstrip(b"\0").hex()
    if not message.uas_id.isascii() or not message.uas_id.isprintable():
        raise ImplausibleClaim(f"identifier {message.uas_id!r}")
    return message.uas_id


def _place(latitude_deg: float | None, longitude_deg: float | None) -> tuple[float, float] | None:
    if latitude_deg is None or longitude_deg is None:
        return None
    if abs(latitude_deg) > 90.0 or abs(longitude_deg) > 180.0:
        raise ImplausibleClaim(f"{latitude_deg}, {longitude_deg} degrees")
    return latitude_deg * RAD_PER_DEG, longitude_deg * RAD_PER_DEG


def _sigma(bounds_m: tuple[float | None, ...], accuracy_class: int, factor: float) -> float | None:
    bound_m = bounds_m[accuracy_class] if accuracy_class < len(bounds_m) else None
    return None if bound_m is None else bound_m / factor

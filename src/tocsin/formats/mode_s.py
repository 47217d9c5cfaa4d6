"""Mode S: the extended squitters (DF 17 and 18) that carry ADS-B, TIS-B and ADS-R, from 14 bytes to their own fields.

`read_squitter` checks the parity and decodes identification, surface and airborne positions (still in CPR), velocities
and operational status; other kinds keep only their type code. Units are the format's: feet, knots, feet a minute,
degrees. Unknown is None. Frames of other formats and wrong parity raise `ModeSError`: their addresses cannot be
checked. Source: RTCA DO-260B, 2.2.3.2; ICAO Annex 10, volume IV, 3.1.2.6.5.4 (altitude codes); J. Sun, "The 1090
Megahertz Riddle".
"""

import math
from functools import cache

import msgspec

from tocsin.model.errors import TocsinError

LONG_BYTES = 14
_POLYNOMIAL = 0xFFF409
_CHARACTERS = "#ABCDEFGHIJKLMNOPQRSTUVWXYZ##### ###############0123456789######"
_CPR_STEP = 1.0 / (1 << 17)
_MOVEMENTS = (  # first code, speed there in knots, step a code
    (2, 0.125, 0.125), (9, 1.0, 0.25), (13, 2.0, 0.5), (39, 15.0, 1.0), (94, 70.0, 2.0), (109, 100.0, 5.0),
)  # fmt: skip
_FASTEST_MOVEMENT = 124


class ModeSError(TocsinError):
    """A frame that is no extended squitter, or a damaged one."""


class Identification(msgspec.Struct, frozen=True):
    """Type codes 1 to 4. `category`: as people write it, "A3"; `callsign`: without blanks at its end."""

    category: str
    callsign: str


class Position(msgspec.Struct, frozen=True):
    """Type codes 5 to 8 (surface), 9 to 18 and 20 to 22: `fractions` of latitude and longitude in their CPR zones.

    `altitude_ft` is pressure altitude, or above the ellipsoid where `geometric`. Speed and track only on the surface.
    """

    surface: bool
    is_odd: bool
    fractions: tuple[float, float]
    altitude_ft: float | None = None
    geometric: bool = False
    speed_kt: float | None = None
    track_deg: float | None = None


class Velocity(msgspec.Struct, frozen=True):
    """Type code 19. `track_deg` and `speed_kt` over ground, None if it tells air speed and heading only.

    `above_pressure_ft`: height above the ellipsoid less pressure altitude.
    """

    speed_kt: float | None
    track_deg: float | None
    climb_fpm: float | None
    above_pressure_ft: float | None


class Status(msgspec.Struct, frozen=True):
    """Type code 31. `version` of ADS-B; `accuracy`: NACp, the class of the horizontal position, 0 unknown."""

    version: int
    accuracy: int


class Other(msgspec.Struct, frozen=True):
    """Any other type code."""

    type_code: int


class Squitter(msgspec.Struct, frozen=True):
    """One squitter. `format`: 17 or 18; `control`: capability (DF 17) or who sent it (DF 18); `icao`: 24 bits."""

    format: int
    control: int
    icao: int
    message: Identification | Position | Velocity | Status | Other


def parity(data: bytes) -> int:
    """The remainder of a frame, 0 if its last three bytes are its parity."""
    table = _table()
    remainder = 0
    for byte in data[:-3]:
        remainder = (remainder << 8 & 0xFFFFFF) ^ table[remainder >> 16 ^ byte]
    return remainder ^ int.from_bytes(data[-3:], "big")


def read_squitter(data: bytes) -> Squitter:
    """The squitter in one frame."""
    if len(data) != LONG_BYTES or data[0] >> 3 not in (17, 18):
        raise ModeSError(f"no extended squitter: {len(data)} bytes of format {data[0] >> 3 if data else '?'}")
    if parity(data):
        raise ModeSError("wrong parity")
    field = int.from_bytes(data[4:11], "big")
    return Squitter(data[0] >> 3, data[0] & 7, int.from_bytes(data[1:4], "big"), _message(field))


def write_squitter(control: int, icao: int, field: int, form: int = 17) -> bytes:
    """A frame with the 56 bits of `field` and the right parity."""
    body = bytes([form << 3 | control]) + icao.to_bytes(3, "big") + field.to_bytes(7, "big")
    return body + parity(body + bytes(3)).to_bytes(3, "big")


def letters(bits: int) -> str:
    """The eight letters in the last 48 bits, without blanks at their end and without codes that are no letter."""
    return "".join(_CHARACTERS[bits >> shift & 0x3F] for shift in range(42, -1, -6)).replace("#", "").strip()


def _message(field: int) -> Identification | Position | Velocity | Status | Other:
    code = field >> 51
    if 9 <= code <= 18 or 20 <= code <= 22:
        return _airborne(field, code)
    if code == 19:
        return _velocity(field, field >> 48 & 7)
    if 5 <= code <= 8:
        return _surface(field)
    if 1 <= code <= 4:
        return Identification(f"{'DCBA'[code - 1]}{field >> 48 & 7}", letters(field))
    if code == 31 and field >> 48 & 7 in (0, 1):
        version = field >> 13 & 7
        return Status(version, field >> 8 & 0xF if version else 0)
    return Other(code)


def _fractions(field: int) -> tuple[float, float]:
    return (field >> 17 & 0x1FFFF) * _CPR_STEP, (field & 0x1FFFF) * _CPR_STEP


def _airborne(field: int, code: int) -> Position:
    altitude_ft = altitude_of_code_ft(field >> 36 & 0xFFF)
    return Position(False, bool(field >> 34 & 1), _fractions(field), altitude_ft, code >= 20)


def _surface(field: int) -> Position:
    movement = field >> 44 & 0x7F
    track_deg = (field >> 36 & 0x7F) * 360.0 / 128.0 if field >> 43 & 1 else None
    return Position(
        True, bool(field >> 34 & 1), _fractions(field), speed_kt=_movement_kt(movement), track_deg=track_deg
    )


def _movement_kt(code: int) -> float | None:
    """Speed on the ground; None if it is not told."""
    if code == 1:
        return 0.0
    if not 2 <= code <= _FASTEST_MOVEMENT:
        return None
    first, base, step = next(row for row in reversed(_MOVEMENTS) if row[0] <= code)
    return base + (code - first) * step


def _velocity(field: int, subtype: int) -> Velocity | Other:
    if not 1 <= subtype <= 4:
        return Other(19)
    speed_kt = track_deg = None
    if subtype <= 2:
        factor = 4.0 if subtype == 2 else 1.0
        east, north = field >> 32 & 0x3FF, field >> 21 & 0x3FF
        if east and north:
            east_kt = (east - 1) * factor * (-1.0 if field >> 42 & 1 else 1.0)
            north_kt = (north - 1) * factor * (-1.0 if field >> 31 & 1 else 1.0)
            speed_kt = math.hypot(east_kt, north_kt)
            track_deg = math.degrees(math.atan2(east_kt, north_kt)) % 360.0
    climb, difference = field >> 10 & 0x1FF, field & 0x7F
    return Velocity(
        speed_kt,
        track_deg,
        (climb - 1) * (-64.0 if field >> 19 & 1 else 64.0) + 0.0 if climb else None,
        (difference - 1) * (-25.0 if field >> 7 & 1 else 25.0) + 0.0 if difference else None,
    )


def altitude_of_code_ft(code: int) -> float | None:
    """The altitude in 12 bits: steps of 25 ft, or of 100 ft in Gillham's code where the Q bit is 0."""
    if code == 0:
        return None
    if code & 0x10:
        return ((code >> 1 & 0x7F0) | (code & 0xF)) * 25.0 - 1000.0
    return _gillham_ft(code)


@cache
def _gillham_ft(code: int) -> float | None:
    """C1 A1 C2 A2 C4 A4 B1 Q B2 D2 B4 D4, both parts in Gray code; None for a code that is not used."""
    c1, a1, c2, a2, c4, a4, b1, _, b2, d2, b4, d4 = (code >> shift & 1 for shift in range(11, -1, -1))
    fives = _from_gray((d2, d4, a1, a2, a4, b1, b2, b4))
    ones = _from_gray((c1, c2, c4))
    if ones in (0, 5, 6):
        return None
    if ones == 7:
        ones = 5
    if fives % 2:
        ones = 6 - ones
    return fives * 500.0 + ones * 100.0 - 1300.0


def _from_gray(bits: tuple[int, ...]) -> int:
    value = bit = 0
    for gray in bits:
        bit ^= gray
        value = value << 1 | bit
    return value


@cache
def _table() -> tuple[int, ...]:
    """Remainders of every byte."""
    table = []
    for byte in range(256):
        remainder = byte << 16
        for _ in range(8):
            remainder = remainder << 1 ^ (_POLYNOMIAL if remainder & 0x800000 else 0)
        table.append(remainder & 0xFFFFFF)
    return tuple(table)

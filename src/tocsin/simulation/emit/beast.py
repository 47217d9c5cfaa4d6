"""Beast emitter: an ADS-B receiver's claims as Mode S extended squitters in Beast frames, as on its TCP port 30005.

One claim makes four: identification, position in the air even and odd, velocity over ground. The receiver's clock runs
at 12 MHz from the start of the day. The format has no sign of life.
"""

import math

from tocsin.formats.beast import BeastFrame, write_frame
from tocsin.formats.cpr import encode
from tocsin.formats.mode_s import write_squitter
from tocsin.simulation.report import Report, ReportKind
from tocsin.units import M_PER_FT, MPS_PER_FPM, MPS_PER_KT

_CLOCK_HZ = 12e6
_LEVEL = 0x80
_CAPABILITY = 5  # in the air
_LETTERS = "#ABCDEFGHIJKLMNOPQRSTUVWXYZ##### ###############0123456789"  # by code; # has none
_SPACE = 32
_FASTEST_KT = 1021


def beast_frames(report: Report, time_s: float, received_s: float) -> bytes:
    """The frames of one claim, empty for anything else; the times are UTC seconds."""
    if report.kind is not ReportKind.CLAIM:
        return b""
    icao = int(str(report.fields["id"]), 16)
    fields = (_identification(report), _position(report, False), _position(report, True), _velocity(report))
    counter = round(received_s % 86_400.0 * _CLOCK_HZ)
    return b"".join(write_frame(BeastFrame(write_squitter(_CAPABILITY, icao, f), counter, _LEVEL)) for f in fields)


def _number(report: Report, name: str) -> float:
    return float(report.fields[name])


def _identification(report: Report) -> int:
    """Type codes 1 to 4 for the category sets D to A."""
    category, callsign = str(report.fields["category"]), str(report.fields["callsign"])
    field = ("DCBA".index(category[0]) + 1) << 51 | int(category[1]) << 48
    for place, letter in enumerate(callsign.ljust(8)[:8]):
        field |= (_LETTERS.index(letter) if letter in _LETTERS[1:] else _SPACE) << 42 - 6 * place
    return field


def _position(report: Report, is_odd: bool) -> int:
    """Type code 11, pressure altitude in steps of 25 ft above -1000 ft."""
    steps = max(round((_number(report, "altitude_pressure_m") / M_PER_FT + 1000.0) / 25.0), 0)
    altitude = (steps & 0x7F0) << 1 | 0x10 | steps & 0xF
    y, x = encode(_number(report, "latitude_deg"), _number(report, "longitude_deg"), is_odd, surface=False)
    return 11 << 51 | altitude << 36 | is_odd << 34 | y << 17 | x


def _velocity(report: Report) -> int:
    """Type code 19, subtype 1: east and north in knots, climb by barometer in steps of 64 ft/min."""
    course_rad, speed_kt = math.radians(_number(report, "course_deg")), _number(report, "speed_mps") / MPS_PER_KT
    east, north = (
        max(min(round(speed_kt * turn(course_rad)), _FASTEST_KT), -_FASTEST_KT) for turn in (math.sin, math.cos)
    )
    climb = max(min(round(_number(report, "climb_mps") / MPS_PER_FPM / 64.0), 510), -510)
    field = 19 << 51 | 1 << 48 | (east < 0) << 42 | (abs(east) + 1) << 32
    field |= (north < 0) << 31 | (abs(north) + 1) << 21 | 1 << 20
    return field | (climb < 0) << 19 | (abs(climb) + 1) << 10

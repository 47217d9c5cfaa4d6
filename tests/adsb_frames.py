"""Mode S frames of an aircraft, built here from the standard to test the readers against."""

from tocsin.formats.beast import BeastFrame, write_frame
from tocsin.formats.cpr import encode
from tocsin.formats.mode_s import write_squitter

LETTERS = "#ABCDEFGHIJKLMNOPQRSTUVWXYZ##### ###############0123456789######"


def identification(icao: int, callsign: str, category: str = "A3") -> bytes:
    field = ("DCBA".index(category[0]) + 1) << 51 | int(category[1]) << 48
    for place, letter in enumerate(callsign.ljust(8)):
        field |= LETTERS.index(letter) << 42 - 6 * place
    return write_squitter(5, icao, field)


def airborne(
    icao: int, place: tuple[float, float], altitude_ft: int, is_odd: bool, *, control: int = 5, form: int = 17
) -> bytes:
    """Type code 11: a position in the air with pressure altitude in steps of 25 ft."""
    steps = (altitude_ft + 1000) // 25
    code = (steps & 0x7F0) << 1 | 0x10 | steps & 0xF
    y, x = encode(*place, is_odd, surface=False)
    return write_squitter(control, icao, 11 << 51 | code << 36 | is_odd << 34 | y << 17 | x, form)


def surface(icao: int, place: tuple[float, float], is_odd: bool, movement: int = 39, track: int = 32) -> bytes:
    """Type code 7: a position on the ground; movement 39 is 15 kt, track 32 is 90 degrees."""
    y, x = encode(*place, is_odd, surface=True)
    field = 7 << 51 | movement << 44 | 1 << 43 | track << 36 | is_odd << 34 | y << 17 | x
    return write_squitter(4, icao, field)


def velocity(icao: int, east_kt: int, north_kt: int, climb_fpm: int, above_ft: int) -> bytes:
    """Type code 19, subtype 1."""
    field = 19 << 51 | 1 << 48 | (east_kt < 0) << 42 | (abs(east_kt) + 1) << 32
    field |= (north_kt < 0) << 31 | (abs(north_kt) + 1) << 21 | (climb_fpm < 0) << 19
    field |= (abs(climb_fpm) // 64 + 1) << 10 | (above_ft < 0) << 7 | abs(above_ft) // 25 + 1
    return write_squitter(5, icao, field)


def status(icao: int, accuracy: int) -> bytes:
    """Type code 31 of version 2."""
    return write_squitter(5, icao, 31 << 51 | 2 << 13 | accuracy << 8)


def beast(*frames: bytes, counter: int = 0x1A00001A, step: int = 6_000_000) -> bytes:
    """Beast frames half a second apart; the first counter needs escaping."""
    return b"".join(write_frame(BeastFrame(frame, counter + step * k, 0x1A)) for k, frame in enumerate(frames))

"""NMEA 0183: positions from the sentences RMC (time, date, place, speed, course) and GGA (height above the sea).

A GGA has no date: it takes that of the RMC before it, one day on where the time of day has run over midnight; before
the first RMC it is refused. A sentence with a wrong checksum, without a fix, or that breaks the form is refused; those
of other kinds are passed over. `read_sentences` puts the two of one time together.
"""

import math
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from tocsin.units import MPS_PER_KT, S_PER_DAY

_LONGEST_BYTES = 200
_HALF_DAY_S = 0.5 * S_PER_DAY


class Position(msgspec.Struct, frozen=True):
    """One fix: degrees, UTC seconds, metres above the sea, metres a second, degrees from true north."""

    time_s: float
    latitude_deg: float
    longitude_deg: float
    altitude_msl_m: float | None = None
    speed_mps: float | None = None
    course_deg: float | None = None


class Sentences(msgspec.Struct, frozen=True):
    """What a log holds; `broken` names what was left out and its line."""

    positions: tuple[Position, ...]
    broken: tuple[str, ...]


def is_sentences(begin: bytes) -> bool:
    """Whether a file that begins so is a log of sentences."""
    lines = begin.splitlines()[:20]
    return any(line.startswith(b"$") and line[3:6] in (b"RMC", b"GGA") for line in lines)


def checksum(body: bytes) -> int:
    """The exclusive or of the bytes between $ and *."""
    found = 0
    for byte in body:
        found ^= byte
    return found


def read_sentences(data: bytes) -> Sentences:
    """The positions of a log, in its order."""
    broken: list[str] = []
    return Sentences(tuple(_positions(data, broken)), tuple(broken))


class SentenceReader:
    """One receiver's sentences, as they come."""

    def __init__(self) -> None:
        self._midnight_s: float | None = None
        self._of_day_s = 0.0

    def take(self, line: bytes) -> Position | None:
        """The position of a line, None where it is of another kind; ValueError says why it is refused."""
        fields = _fields(line)
        kind = fields[0][2:5] if fields else ""
        if kind == "RMC":
            found = _rmc(fields)
            self._of_day_s = found.time_s % S_PER_DAY
            self._midnight_s = found.time_s - self._of_day_s
            return found
        if kind != "GGA":
            return None
        found = _gga(fields)
        if self._midnight_s is None:
            raise ValueError("no date has been said yet")
        over_midnight = found.time_s + _HALF_DAY_S < self._of_day_s
        return msgspec.structs.replace(found, time_s=self._midnight_s + found.time_s + S_PER_DAY * over_midnight)


def _positions(data: bytes, broken: list[str]) -> Iterator[Position]:
    reader = SentenceReader()
    waiting: Position | None = None
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            found = reader.take(line)
        except ValueError as error:
            broken.append(f"line {number}: {error}")
            continue
        if found is not None and waiting is not None and waiting.time_s == found.time_s:
            waiting = _together(waiting, found)
        elif found is not None:
            if waiting is not None:
                yield waiting
            waiting = found
    if waiting is not None:
        yield waiting


def _together(one: Position, other: Position) -> Position:
    """Two sentences of one time: each says what the other does not."""
    said = {name: value for name, value in msgspec.structs.asdict(other).items() if value is not None}
    known = {name: value for name, value in msgspec.structs.asdict(one).items() if value is not None}
    return Position(**(said | known))


def _fields(line: bytes) -> list[str]:
    """The fields of a sentence whose checksum holds, none of a line that is no sentence."""
    line = line.strip()
    if not line.startswith(b"$"):
        return []
    body, star, given = line[1:].partition(b"*")
    if len(line) > _LONGEST_BYTES or not star:
        raise ValueError("cut")
    if not given[:2].isalnum() or int(given[:2], 16) != checksum(body):
        raise ValueError("the checksum does not hold")
    return body.decode("ascii").split(",")


def _rmc(fields: list[str]) -> Position:
    if len(fields) < 10:
        raise ValueError("RMC is cut")
    if fields[2] != "A":
        raise ValueError("no fix")
    day, month, year = (int(fields[9][at : at + 2]) for at in (0, 2, 4))
    midnight_s = datetime(1980 + (year - 80) % 100, month, day, tzinfo=UTC).timestamp()
    speed_kt, course_deg = _optional(fields[7]), _optional(fields[8])
    return Position(
        midnight_s + _of_day_s(fields[1]),
        _degrees(fields[3], fields[4], 2),
        _degrees(fields[5], fields[6], 3),
        speed_mps=None if speed_kt is None else speed_kt * MPS_PER_KT,
        course_deg=course_deg,
    )


def _gga(fields: list[str]) -> Position:
    if len(fields) < 10:
        raise ValueError("GGA is cut")
    if fields[6] in ("", "0"):
        raise ValueError("no fix")
    return Position(
        _of_day_s(fields[1]), _degrees(fields[2], fields[3], 2), _degrees(fields[4], fields[5], 3), _optional(fields[9])
    )


def _of_day_s(text: str) -> float:
    if len(text) < 6:
        raise ValueError("no time")
    hours, minutes, seconds = int(text[:2]), int(text[2:4]), float(text[4:])
    if not (0 <= hours < 24 and 0 <= minutes < 60 and 0.0 <= seconds < 61.0):
        raise ValueError(f"{text} is no time")
    return 3600.0 * hours + 60.0 * minutes + seconds


def _degrees(text: str, side: str, digits: int) -> float:
    """Degrees and minutes run together (5436.123 is 54 degrees 36.123 minutes)."""
    found = int(text[:digits]) + float(text[digits:]) / 60.0
    if side not in ("N", "S", "E", "W") or not 0.0 <= found <= (90.0 if side in "NS" else 180.0):
        raise ValueError(f"{text} {side} is no place")
    return -found if side in "SW" else found


def _optional(text: str) -> float | None:
    if not text:
        return None
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(f"{text} is no number")
    return found

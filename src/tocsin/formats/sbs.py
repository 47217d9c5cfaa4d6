"""SBS-1: the BaseStation text lines of ADS-B receivers (TCP 30003), a line to its own fields and back.

A line has 22 comma-separated fields, most of them empty; what it does not say is None. Units are the format's: feet,
knots, feet a minute, degrees. Its dates carry no zone, as the format has none; here they are UTC. A line that breaks
the layout raises `SbsError`. Source: "Barebones 42: socket data", woodair.net, the format's public description.
"""

from datetime import UTC, datetime

import msgspec

from tocsin.model.errors import TocsinError

FIELDS = 22


class SbsError(TocsinError):
    """A line that is no BaseStation message."""


class SbsMessage(msgspec.Struct, frozen=True):
    """One MSG line. `kind`: 1 call sign, 3 airborne position, 4 velocity, and so on to 8. `icao`: six hex digits.

    `mlat`: an MLAT line, which has the same fields: the position was computed by others from times of arrival.
    """

    kind: int
    icao: str
    generated_s: float
    logged_s: float
    callsign: str | None = None
    altitude_ft: float | None = None
    speed_kt: float | None = None
    track_deg: float | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    climb_fpm: float | None = None
    squawk: str | None = None
    on_ground: bool | None = None
    mlat: bool = False


def write_line(message: SbsMessage) -> bytes:
    """The line, with its CR LF."""
    m = message
    ground = "" if m.on_ground is None else "-1" if m.on_ground else "0"
    numbers = [m.altitude_ft, m.speed_kt, m.track_deg, m.latitude_deg, m.longitude_deg, m.climb_fpm]
    kind = "MLAT" if m.mlat else "MSG"
    fields = [kind, str(m.kind), "1", "1", m.icao, "1", *_stamp(m.generated_s), *_stamp(m.logged_s), m.callsign or ""]
    fields += ["" if number is None else f"{number:.5f}".rstrip("0").rstrip(".") for number in numbers]
    fields += [m.squawk or "", "", "", "", ground]
    return (",".join(fields) + "\r\n").encode("ascii")


def read_line(line: bytes) -> SbsMessage:
    """The message of one MSG line."""
    try:
        fields = line.decode("ascii").strip().split(",")
    except UnicodeDecodeError as error:
        raise SbsError("not a line of ASCII") from error
    if fields[0] not in ("MSG", "MLAT") or len(fields) < FIELDS:
        raise SbsError(f"a MSG line has {FIELDS} fields, this {fields[0]!r} line has {len(fields)}")
    try:
        altitude_ft, speed_kt, track_deg, latitude_deg, longitude_deg, climb_fpm = map(_number, fields[11:17])
        return SbsMessage(
            kind=int(fields[1]),
            icao=fields[4].upper(),
            generated_s=_utc_s(fields[6], fields[7]),
            logged_s=_utc_s(fields[8], fields[9]),
            callsign=fields[10].strip() or None,
            altitude_ft=altitude_ft,
            speed_kt=speed_kt,
            track_deg=track_deg,
            latitude_deg=latitude_deg,
            longitude_deg=longitude_deg,
            climb_fpm=climb_fpm,
            squawk=fields[17] or None,
            on_ground=fields[21] in ("-1", "1") if fields[21] else None,
            mlat=fields[0] == "MLAT",
        )
    except ValueError as error:
        raise SbsError(f"{line!r}: {error}") from error


def _stamp(time_s: float) -> tuple[str, str]:
    moment = datetime.fromtimestamp(round(time_s, 3), UTC)
    return moment.strftime("%Y/%m/%d"), moment.strftime("%H:%M:%S.%f")[:-3]


def _utc_s(date: str, time: str) -> float:
    return datetime.fromisoformat(f"{date.replace('/', '-')}T{time}").replace(tzinfo=UTC).timestamp()


def _number(text: str) -> float | None:
    return float(text) if text else None

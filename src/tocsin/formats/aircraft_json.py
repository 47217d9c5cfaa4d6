"""aircraft.json: what readsb, dump1090 and their kin know of each aircraft, from JSON to named fields.

`read_document` takes the whole list (`now` and `aircraft`, or `ac`), a bare list (dump1090's older data.json) or one
aircraft (readsb's --json-port). Units are the format's: feet, knots, feet a minute, degrees, seconds of age. "ground"
as an altitude is `on_ground`; older names (`altitude`, `speed`, `vert_rate`) are read too. An entry that breaks the
types is left out and told of; a document that is none raises `AircraftJsonError`. Source: readsb, README-json.md.
"""

from typing import Any, TypeVar

import msgspec

from tocsin.model.errors import UNREADABLE, TocsinError

T = TypeVar("T")

_LATEST_S = 1e11  # a greater `now` is in milliseconds


class AircraftJsonError(TocsinError):
    """Bytes that are no aircraft.json."""


class Aircraft(msgspec.Struct, frozen=True):
    """One aircraft. `hex`: its address, with ~ before one that is not of ICAO. `source`: who says the position.

    `source` is "adsb", "adsr", "tisb", "mlat", "adsc", "mode_s" or "other". `position_age_s` is before the document's
    `now`, None if it does not say.
    """

    hex: str
    source: str
    callsign: str | None = None
    category: str | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    altitude_ft: float | None = None
    altitude_geometric_ft: float | None = None
    on_ground: bool | None = None
    speed_kt: float | None = None
    track_deg: float | None = None
    climb_fpm: float | None = None
    accuracy: int = 0
    position_age_s: float | None = None


class Document(msgspec.Struct, frozen=True):
    """`now_s`: UTC seconds, None if it does not say. `broken`: why entries were left out."""

    now_s: float | None
    aircraft: tuple[Aircraft, ...]
    broken: tuple[str, ...] = ()


_NAMES = {
    "latitude_deg": "lat",
    "longitude_deg": "lon",
    "altitude_ft": "alt_baro",
    "older_altitude_ft": "altitude",
    "altitude_geometric_ft": "alt_geom",
    "speed_kt": "gs",
    "older_speed_kt": "speed",
    "track_deg": "track",
    "climb_fpm": "baro_rate",
    "climb_geometric_fpm": "geom_rate",
    "older_climb_fpm": "vert_rate",
    "position_age_s": "seen_pos",
    "age_s": "seen",
    "now_s": "now",
}


class _Entry(msgspec.Struct, rename=_NAMES):
    hex: str
    type: str | None = None
    flight: str | None = None
    category: str | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    altitude_ft: float | str | None = None
    older_altitude_ft: float | str | None = None
    altitude_geometric_ft: float | None = None
    speed_kt: float | None = None
    older_speed_kt: float | None = None
    track_deg: float | None = None
    climb_fpm: float | None = None
    climb_geometric_fpm: float | None = None
    older_climb_fpm: float | None = None
    nac_p: int | None = None
    position_age_s: float | None = None
    age_s: float | None = None
    mlat: Any = None
    tisb: Any = None


class _Whole(msgspec.Struct, rename=_NAMES):
    now_s: float | None = None
    aircraft: list[msgspec.Raw] | None = None
    ac: list[msgspec.Raw] | None = None
    hex: str | None = None


_decode_whole = msgspec.json.Decoder(_Whole).decode
_decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_entry = msgspec.json.Decoder(_Entry).decode


def read_document(data: bytes) -> Document:
    """The document in `data`."""
    try:
        if data.lstrip()[:1] == b"[":
            return _document(None, _decode_list(data))
        whole = _decode_whole(data)
    except UNREADABLE as error:
        raise AircraftJsonError(str(error)) from error
    entries = whole.aircraft if whole.aircraft is not None else whole.ac
    now_s = whole.now_s / 1000.0 if whole.now_s is not None and whole.now_s > _LATEST_S else whole.now_s
    if entries is None and whole.hex is not None:
        entries = [msgspec.Raw(data)]
    if entries is None:
        raise AircraftJsonError("neither a list of aircraft nor one")
    return _document(now_s, entries)


def _document(now_s: float | None, entries: list[msgspec.Raw]) -> Document:
    found, broken = [], []
    for entry in entries:
        try:
            found.append(_aircraft(_decode_entry(entry)))
        except UNREADABLE as error:
            broken.append(str(error))
    return Document(now_s, tuple(found), tuple(broken))


def _aircraft(entry: _Entry) -> Aircraft:
    altitude_ft = _first(entry.altitude_ft, entry.older_altitude_ft)
    return Aircraft(
        hex=entry.hex.strip().lower(),
        source=_source(entry),
        callsign=(entry.flight or "").strip() or None,
        category=entry.category,
        latitude_deg=entry.latitude_deg,
        longitude_deg=entry.longitude_deg,
        altitude_ft=altitude_ft if isinstance(altitude_ft, float) else None,
        altitude_geometric_ft=entry.altitude_geometric_ft,
        on_ground=True if altitude_ft == "ground" else False if isinstance(altitude_ft, float) else None,
        speed_kt=_first(entry.speed_kt, entry.older_speed_kt),
        track_deg=entry.track_deg,
        climb_fpm=_first(entry.climb_fpm, entry.older_climb_fpm, entry.climb_geometric_fpm),
        accuracy=entry.nac_p or 0,
        position_age_s=_first(entry.position_age_s, entry.age_s),
    )


def _first(*values: T | None) -> T | None:
    """The first that is known."""
    return next((value for value in values if value is not None), None)


def _source(entry: _Entry) -> str:
    """Who says where it is: `type` in readsb; in dump1090 the lists of fields that came by MLAT or TIS-B."""
    if entry.type:
        return entry.type if entry.type in ("mlat", "mode_s", "adsc") else entry.type.partition("_")[0]
    if isinstance(entry.mlat, list) and "lat" in entry.mlat:
        return "mlat"
    if isinstance(entry.tisb, list) and "lat" in entry.tisb:
        return "tisb"
    return "adsb" if entry.latitude_deg is not None else "mode_s"

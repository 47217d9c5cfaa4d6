"""Logs as truth: where targets were, from GPX, KML, GeoJSON, NMEA and COURAGEOUS files, which need no map.

A target is a track of the log by its name (COURAGEOUS: by `uas_id`). It flies at fixes over 2 m above its lowest, and
always in a log without heights. Heights above the sea go through the geoid.
"""

import math
from collections import Counter
from pathlib import Path

import numpy as np

from tocsin.evaluation.truth import TAKEN_OFF_M
from tocsin.formats.courageous import CourageousError, Place2d, Place3d, is_document, read_document
from tocsin.formats.fixes import Fix, FixesError, form_of, read_fixes
from tocsin.geo.frames import Origin, enu_from_lla
from tocsin.geo.heights import height_from_msl_m
from tocsin.model.errors import TocsinError
from tocsin.model.truth import TruthTrack
from tocsin.units import RAD_PER_DEG, S_PER_MS


def is_log(path: Path) -> bool:
    """Whether the file's content is a log that is read without a map."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TocsinError(f"{path}: cannot be read: {error.strerror}") from error
    return bool(form_of(data)) or is_document(data[:65_536])


def read_log(path: Path, origin: Origin) -> tuple[tuple[TruthTrack, ...], dict[str, int]]:
    """Every target of a log in the frame of `origin`, and how many fixes could not be read."""
    data = path.read_bytes()
    try:
        fixes, broken = _courageous(data) if is_document(data[:65_536]) else _logged(data)
    except (FixesError, CourageousError) as error:
        raise TocsinError(f"{path}: {error}") from error
    by_name: dict[str, list[Fix]] = {}
    for fix in fixes:
        by_name.setdefault(fix.name, []).append(fix)
    if not by_name:
        raise TocsinError(f"{path}: holds no fix of a target")
    bad_rows = Counter({"place: broken": broken} if broken else {})
    return tuple(_track(name, found, origin) for name, found in by_name.items()), dict(bad_rows)


def _logged(data: bytes) -> tuple[list[Fix], int]:
    found = read_fixes(data)
    return list(found.fixes), len(found.broken)


def _courageous(data: bytes) -> tuple[list[Fix], int]:
    document = read_document(data)
    fixes: list[Fix] = []
    for number, one in enumerate(document.tracks, start=1):
        name = f"track {number}" if one.uas_id is None else str(one.uas_id)
        for record in one.records:
            place = record.location
            if record.classification == "GCS" or not isinstance(place, Place2d | Place3d):
                continue
            altitude_m = place.height_amsl if isinstance(place, Place3d) else None
            fixes.append(Fix(name, record.time * S_PER_MS, place.lat, place.lon, None, altitude_m))
    return fixes, len(document.broken)


def _track(name: str, fixes: list[Fix], origin: Origin) -> TruthTrack:
    """One target; of several fixes of one time the first is kept."""
    _, first = np.unique(np.array([fix.time_s for fix in fixes]), return_index=True)
    kept = [fixes[index] for index in first]
    latitude_rad = np.array([fix.latitude_deg for fix in kept]) * RAD_PER_DEG
    longitude_rad = np.array([fix.longitude_deg for fix in kept]) * RAD_PER_DEG
    altitude_m = np.array([_or_nan(fix.altitude_msl_m) for fix in kept])
    height_m = np.array([_or_nan(fix.height_m) for fix in kept])
    height_m = np.where(np.isnan(height_m), height_from_msl_m(altitude_m, latitude_rad, longitude_rad), height_m)
    known = np.isfinite(height_m)
    lla = np.column_stack((latitude_rad, longitude_rad, np.where(known, height_m, origin.height_m)))
    place = enu_from_lla(origin, lla)
    place[~known, 2] = np.nan
    flying = height_m > np.nanmin(height_m) + TAKEN_OFF_M if known.any() else np.ones(len(kept), dtype=np.bool_)
    return TruthTrack(name, np.array([fix.time_s for fix in kept]), place, flying)


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value

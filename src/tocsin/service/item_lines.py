"""Item lines: what an adapter decoded, one item a line, in the units that people read off a radar's own screen."""

import math

from tocsin.model.adapter import Decoded
from tocsin.model.claim import Claim
from tocsin.model.detection import DIMENSION, Detection, MeasurementKind
from tocsin.model.sensor import SensorStatus
from tocsin.model.statement import Statement
from tocsin.sharing.geojson.features import iso
from tocsin.units import RAD_PER_DEG

_BEARINGS = (MeasurementKind.AZIMUTH, MeasurementKind.AZIMUTH_ELEVATION)
_PLACES = (MeasurementKind.POSITION_2D, MeasurementKind.POSITION_3D)


def kind_word(item: Decoded) -> str:
    """What is counted together: the kind of report, and of a claim what made it."""
    if isinstance(item, Detection):
        return f"detection, {item.kind.name.lower().replace('_', ' ')}"
    if isinstance(item, Claim):
        return f"claim, {item.means}"
    return type(item).__name__.lower().replace("sensorstatus", "status")


def item_line(item: Decoded) -> str:
    """One line, without its end."""
    if isinstance(item, Detection):
        return f"{iso(item.time_s)}  {kind_word(item)}  {_detection(item)}{_age(item.time_s, item.received_s)}"
    if isinstance(item, Claim):
        return f"{iso(item.time_s)}  {kind_word(item)}  {_claim(item)}{_age(item.time_s, item.received_s)}"
    if isinstance(item, SensorStatus):
        reason = f", {item.reason}" if item.reason else ""
        return f"{iso(item.time_s)}  status  {item.sensor}: {item.health.value}{reason}"
    if isinstance(item, Statement):
        return f"statement  {item.speaker} {item.stance.value}: {item.content}"
    return kind_word(item)


def _detection(item: Detection) -> str:
    parts = []
    if item.lla is not None:
        parts.append(_place(item.lla[0], item.lla[1]))
        parts += [] if math.isnan(item.lla[2]) else [f"height {item.lla[2]:.0f} m"]
    elif item.kind in _PLACES:
        parts += [f"{word} {value:.1f} m" for word, value in zip(("east", "north", "up"), item.values, strict=False)]
    else:
        first = 1 if item.kind in _BEARINGS else 0
        names = ("range", "azimuth", "elevation")[first : first + DIMENSION[item.kind]]
        for name, value in zip(names, item.values, strict=True):
            parts.append(f"range {value:.1f} m" if name == "range" else f"{name} {value / RAD_PER_DEG:.2f} deg")
    if item.range_rate_mps is not None:
        parts.append(f"range rate {item.range_rate_mps:.1f} m/s")
    track = "" if item.sensor_track is None else f"track {item.sensor_track}: "
    word = "" if item.class_word is None else f", {item.class_word}"
    return f"{track}{', '.join(parts)}{word}"


def _claim(item: Claim) -> str:
    parts = [item.identifier or "no id"]
    if item.callsign:
        parts.append(item.callsign)
    if item.latitude_rad is not None and item.longitude_rad is not None:
        parts.append(_place(item.latitude_rad, item.longitude_rad))
    heights = (
        ("height", item.height_m),
        ("above sea", item.altitude_msl_m),
        ("above ground", item.height_agl_m),
        ("above take-off", item.height_takeoff_m),
        ("pressure altitude", item.altitude_pressure_m),
    )
    parts += [f"{word} {value:.0f} m" for word, value in heights if value is not None]
    if item.speed_mps is not None:
        parts.append(f"{item.speed_mps:.1f} m/s")
    if item.course_rad is not None:
        parts.append(f"course {item.course_rad / RAD_PER_DEG:.0f} deg")
    return ", ".join(parts)


def _place(latitude_rad: float, longitude_rad: float) -> str:
    return f"{latitude_rad / RAD_PER_DEG:.6f} {longitude_rad / RAD_PER_DEG:.6f}"


def _age(time_s: float, received_s: float) -> str:
    """How old the report was when it came; a clock that is wrong shows here."""
    age_s = received_s - time_s
    return f"  ({age_s:.1f} s old)" if math.isfinite(age_s) and abs(age_s) < 1e7 else ""

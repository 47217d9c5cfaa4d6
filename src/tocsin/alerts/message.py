"""The text of an alert: what, where, how long is left, and what to do, in the trade's words.

Bearings are true, from the place spoken of; heights are above that place; certainties are words and never percentages;
every text says the time it holds for. Nothing is said of what is not known.
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

from tocsin.model.sensor import Health, SensorStatus
from tocsin.model.threat import Asset, Zone
from tocsin.model.wording import forecast_certainty
from tocsin.units import M_PER_KM, RAD_PER_DEG

Vector = Sequence[float]

_STILL_MPS = 1.0
_VAGUE_HEIGHT_M = 100.0  # with a larger deviation the height is not worth saying


def clock(time_s: float) -> str:
    """UTC as people say it: "12:00:05Z"."""
    return datetime.fromtimestamp(time_s, UTC).strftime("%H:%M:%SZ")


def middle(place: Asset | Zone) -> tuple[float, float, float]:
    """The point (ENU, m) that bearings and heights of a place are told from."""
    if isinstance(place, Asset):
        return place.east_m, place.north_m, place.up_m
    corners = place.polygon_enu_m
    return sum(c[0] for c in corners) / len(corners), sum(c[1] for c in corners) / len(corners), 0.0


def where(place: str, origin: Vector, position: Vector, velocity: Vector, sigma_up_m: float) -> str:
    """ "from gate 3, 040 deg, 1.2 km, 60 m, inbound 15 m/s"; position and velocity (3,) in ENU."""
    east, north, up = (here - there for here, there in zip(position, origin, strict=True))
    away_m = math.hypot(east, north)
    azimuth = round(math.atan2(east, north) / RAD_PER_DEG) % 360
    parts = [f"from {place}", f"{azimuth:03d} deg", _distance(away_m)]
    parts.append(f"{up:.0f} m" if sigma_up_m <= _VAGUE_HEIGHT_M else "height not known")
    speed_mps = math.hypot(velocity[0], velocity[1])
    closing_mps = -(east * velocity[0] + north * velocity[1]) / away_m if away_m > 0.0 else 0.0
    if speed_mps < _STILL_MPS:
        parts.append("hovering")
    elif abs(closing_mps) < 0.5 * speed_mps:
        parts.append(f"crossing {speed_mps:.0f} m/s")
    else:
        parts.append(f"{'inbound' if closing_mps > 0 else 'outbound'} {speed_mps:.0f} m/s")
    return ", ".join(parts)


def time_left(entry_s: tuple[float, float, float] | None, inside_probability: float) -> str:
    """ "55 s (40 to 80 s)", "inside now", or "time not known"."""
    if inside_probability >= 0.5:
        return "inside now"
    if entry_s is None:
        return "time not known"
    soonest, expected, latest = (f"{time_s:.0f}" for time_s in entry_s)
    return f"{expected} s" if soonest == latest else f"{expected} s ({soonest} to {latest} s)"


def entry_message(what: str, number: int, place: str, probability: float, there: str, left: str, time_s: float) -> str:
    """One sentence on a track that comes to a place."""
    name = f"{what[0].upper()}{what[1:]} T{number}"
    coming = f"in {place}" if left == "inside now" else f"{forecast_certainty(probability)} entry of {place}"
    return f"{name}, {coming}: {there}, {left}. As of {clock(time_s)}."


def together(numbers: Sequence[int]) -> str:
    """ "3 objects together (T1, T4, T7), the most pressing:"; six are named at most."""
    named = ", ".join(f"T{number}" for number in numbers[:6]) + (", ..." if len(numbers) > 6 else "")
    return f"{len(numbers)} objects together ({named}); the most pressing:"


def fall_place(place: str, origin: Vector, impact: Vector) -> str:
    """ "040 deg, 1.2 km from gate 3"; the impact (east, north) in ENU."""
    east, north = impact[0] - origin[0], impact[1] - origin[1]
    away_m = math.hypot(east, north)
    azimuth = round(math.atan2(east, north) / RAD_PER_DEG) % 360
    return f"{azimuth:03d} deg, {_distance(away_m)} from {place}"


def fall_message(number: int, place: str, there: str, left: str, time_s: float) -> str:
    """One sentence on an object that may come down on or beside a place."""
    return f"Falling object T{number} may hit {place}: expected {there}, in {left}. As of {clock(time_s)}."


def fallen_message(number: int, place: str, time_s: float) -> str:
    """One sentence on an alert whose object is no longer expected to come down there: most likely it has."""
    return f"Falling object T{number} is no longer in the air near {place}; keep clear of it. As of {clock(time_s)}."


def passed_message(number: int, place: str, time_s: float) -> str:
    """One sentence on an alert whose track goes elsewhere now."""
    return f"T{number} is no longer expected in {place}. As of {clock(time_s)}."


def ended_message(number: int, place: str, time_s: float) -> str:
    """One sentence on an alert whose track is no more."""
    return f"T{number} is no longer tracked near {place}; nothing says that it has gone. As of {clock(time_s)}."


def path_message(status: SensorStatus) -> str:
    """One sentence on our own means of warning people."""
    if status.health is Health.OK:
        return f"WARNING PATH: {status.sensor} well again. As of {clock(status.time_s)}."
    return f"WARNING PATH LOST: {status.sensor}: {status.reason or status.health}. As of {clock(status.time_s)}."


def lost_parts(reason: str) -> frozenset[str]:
    """What of our own means a reason names: its parts up to their colons, without numbers, which count on."""
    heads = (part.partition(":")[0] for part in reason.split("; "))
    return frozenset("".join(one for one in head if not one.isdigit()).strip() for head in heads)


def sensor_message(status: SensorStatus) -> str:
    """One sentence on a sensor's health."""
    if status.health is Health.OK:
        return f"Sensor {status.sensor} is well again. As of {clock(status.time_s)}."
    state = {Health.SILENT: "is silent", Health.FAULT: "reports a fault", Health.OFF: "is off"}.get(
        status.health, f"is {status.health}"
    )
    reason = f" ({status.reason})" if status.reason else ""
    return f"Sensor {status.sensor} {state}{reason}. As of {clock(status.time_s)}."


def _distance(metres: float) -> str:
    return f"{metres / M_PER_KM:.1f} km" if metres >= M_PER_KM else f"{10.0 * round(metres / 10.0):.0f} m"

"""Composing: places, velocities and classes as our reports write them.

The words are those of the standard's class list. Nothing is made friendlier or surer than it is: an affiliation goes
out word for word, and classes with the probability they have. Places are in degrees, with the height above the
ellipsoid, and errors are one standard deviation in the unit of what they belong to.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tocsin.model.identity import TargetClass
from tocsin.units import RAD_PER_DEG

DEGREES, ELLIPSOID = 1, 1
LEAST_PROBABILITY = 0.05  # of a class that is worth a word
AIR, ANIMAL, LAND, SEA, UNKNOWN = "Air Vehicle", "Animal", "Land Vehicle", "Sea Vessel", "Unknown"
TAXONOMY: Mapping[str, tuple[str, ...]] = {
    AIR: ("UAV Rotary Wing", "UAV Fixed Wing", "Manned Rotary Wing", "Manned Fixed Wing"),
    ANIMAL: ("Bird",),
    LAND: (),
    SEA: (),
    UNKNOWN: (),
}
WORDS: Mapping[TargetClass, tuple[str, str]] = {  # a balloon has no word of its own below Air Vehicle
    TargetClass.UNKNOWN: (UNKNOWN, ""),
    TargetClass.MULTIROTOR: (AIR, "UAV Rotary Wing"),
    TargetClass.FIXED_WING_DRONE: (AIR, "UAV Fixed Wing"),
    TargetClass.HELICOPTER: (AIR, "Manned Rotary Wing"),
    TargetClass.AEROPLANE: (AIR, "Manned Fixed Wing"),
    TargetClass.BIRD: (ANIMAL, "Bird"),
    TargetClass.BALLOON: (AIR, ""),
    TargetClass.FALLING_OBJECT: (UNKNOWN, ""),
    TargetClass.GROUND_VEHICLE: (LAND, ""),
    TargetClass.VESSEL: (SEA, ""),
}
TRACK_INFO = {"status": "confirmed, coasting", "number": "as shown to operators"}
OBJECT_INFO = {
    "affiliation": "pending, unknown, assumed friend, friend, neutral, suspect, hostile",
    "class": "as said to operators",
}
_M_PER_RAD = 6_371_000.0


def fill_location(
    location: Any, lla: Sequence[float], sigma_m: tuple[float | None, float | None, float | None] = (None, None, None)
) -> None:
    """A place (radians, metres; NaN height is left out) with its errors east, north and up."""
    latitude_rad, longitude_rad, height_m = lla
    location.x, location.y = longitude_rad / RAD_PER_DEG, latitude_rad / RAD_PER_DEG
    location.coordinate_system, location.datum = DEGREES, ELLIPSOID
    east_m, north_m, up_m = sigma_m
    if east_m is not None and north_m is not None:
        location.x_error = east_m / _M_PER_RAD / max(math.cos(latitude_rad), 1e-3) / RAD_PER_DEG
        location.y_error = north_m / _M_PER_RAD / RAD_PER_DEG
    if math.isfinite(height_m):
        location.z = height_m
        if up_m is not None:
            location.z_error = up_m


def fill_velocity(velocity: Any, enu_mps: Sequence[float], sigma_mps: Sequence[float | None] = (None,) * 3) -> None:
    """A velocity east, north, up; what is not finite is left out."""
    velocity.east_rate, velocity.north_rate = enu_mps[0], enu_mps[1]
    if math.isfinite(enu_mps[2]):
        velocity.up_rate = enu_mps[2]
    for name, sigma in zip(("east_rate_error", "north_rate_error", "up_rate_error"), sigma_mps, strict=True):
        if sigma is not None and (name != "up_rate_error" or math.isfinite(enu_mps[2])):
            setattr(velocity, name, sigma)


def fill_classes(report: Any, probability: Sequence[float]) -> None:
    """The classes that are worth a word, with their sub-classes, most probable first."""
    tops: dict[str, float] = {}
    narrower: dict[str, list[tuple[float, str]]] = {}
    for kind, (top, word) in WORDS.items():
        chance = min(max(float(probability[kind]), 0.0), 1.0)
        tops[top] = tops.get(top, 0.0) + chance
        if word and chance >= LEAST_PROBABILITY:
            narrower.setdefault(top, []).append((chance, word))
    for top, chance in sorted(tops.items(), key=lambda one: -one[1]):
        if chance >= LEAST_PROBABILITY:
            entry = report.classification.add(type=top, confidence=min(chance, 1.0))
            for part, word in sorted(narrower.get(top, ()), reverse=True):
                entry.sub_class.add(type=word, confidence=part, level=1)


def deviation(covariance: float) -> float | None:
    """A standard deviation, None where there is none that is finite."""
    return math.sqrt(covariance) if math.isfinite(covariance) and covariance > 0.0 else None

"""Bearings: direction finder, acoustic array and camera; angles only, each blind in its own way.

A direction finder hears transmitters that are on, sometimes through its back lobe. Sound takes its time: an array
points to where the target was when it made the sound, and says so when it arrives. A camera sees inside its field of
view, as far as size and weather allow.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tocsin.simulation.classifier import words
from tocsin.simulation.delivery import delivered
from tocsin.simulation.dice import dice
from tocsin.simulation.flight import Flight
from tocsin.simulation.plan import Acoustic, Camera, DirectionFinder, Sensor, Target
from tocsin.simulation.report import Report, ReportKind
from tocsin.simulation.targets import SIGNATURE
from tocsin.simulation.view import blind, polar
from tocsin.simulation.world import SOUND_SPEED_MPS, World

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

AngleDevice = DirectionFinder | Acoustic | Camera

_CAMERA_REFERENCE_M = 3.0  # the size of object that `reach_m` of a camera is stated for


def _grid(period_s: float, end_s: float) -> Floats:
    return np.asarray(period_s * np.arange(1, int(end_s / period_s) + 1), dtype=np.float64)


def _audible_at(sensor: Sensor, plan: Acoustic, flight: Flight, time_s: Floats) -> tuple[Floats, Floats, Floats, Bools]:
    """Range, azimuth, elevation and life of the target when it made the sound that arrives at `time_s`."""
    made_s = time_s
    for _ in range(6):  # converges as (speed / speed of sound)^n
        position, _, _ = flight.at(made_s)
        made_s = time_s - polar(sensor.pose, position)[0] / SOUND_SPEED_MPS
    position, _, alive = flight.at(made_s)
    return *polar(sensor.pose, position), alive


def _transmitting(target: Target, time_s: Floats) -> Bools:
    on = np.zeros(len(time_s), dtype=np.bool_)
    for begin, end in target.radio_s:
        on |= (time_s >= begin) & (time_s < end)
    return on


def _chance(
    sensor: Sensor, plan: AngleDevice, target: Target, flight: Flight, time_s: Floats, world: World
) -> tuple[Floats, Floats, Floats]:
    """Azimuth, elevation and the probability of being reported, at each look."""
    signature = SIGNATURE[flight.kind]
    if isinstance(plan, Acoustic):
        distance, azimuth, elevation, alive = _audible_at(sensor, plan, flight, time_s)
        heard = alive & (distance <= plan.reach_m * signature.loudness_ratio)
        return azimuth, elevation, np.where(heard, plan.detection_probability, 0.0)
    position, _, alive = flight.at(time_s)
    distance, azimuth, elevation = polar(sensor.pose, position)
    if isinstance(plan, DirectionFinder):
        heard = alive & (distance <= plan.reach_m) & _transmitting(target, time_s)
        return azimuth, elevation, np.where(heard, plan.detection_probability, 0.0)
    off_deg = np.abs((np.degrees(azimuth) - sensor.pose.heading_deg + 180.0) % 360.0 - 180.0)
    low, high = (math.radians(e) for e in plan.elevation_deg)
    inside = alive & (off_deg <= plan.field_deg / 2.0) & (elevation >= low) & (elevation <= high)
    inside &= distance <= plan.reach_m * signature.size_m / _CAMERA_REFERENCE_M
    # Koschmieder: contrast falls as exp(-3.912 d / V), V the meteorological range; sight goes below half.
    clear = np.exp(-3.912 * distance / world.visibility_m)
    return azimuth, elevation, np.where(inside, plan.detection_probability * np.minimum(2.0 * clear, 1.0), 0.0)


def _row(azimuth_rad: float, elevation_rad: float | None, word: str) -> dict[str, float | str]:
    fields: dict[str, float | str] = {"azimuth_deg": round(math.degrees(azimuth_rad), 3) % 360.0}
    if elevation_rad is not None:
        fields["elevation_deg"] = round(math.degrees(elevation_rad), 3)
    if word:
        fields["class"] = word
    return fields


def _of_target(
    sensor: Sensor,
    plan: AngleDevice,
    target: Target,
    flight: Flight,
    time_s: Floats,
    world: World,
    seed: int,
) -> list[tuple[int, dict[str, float | str], str]]:
    """(look, fields, target) of one target's reports."""
    own = dice(seed, "bearing", sensor.name, flight.target)
    azimuth, elevation, chance = _chance(sensor, plan, target, flight, time_s, world)
    seen = (own.random(len(time_s)) < chance) & ~blind(azimuth, sensor.blind_deg)
    noise, back = own.standard_normal((len(time_s), 2)), own.random(len(time_s))
    azimuth = azimuth + math.radians(plan.azimuth_sigma_deg) * noise[:, 0]
    flat = isinstance(plan, DirectionFinder)
    if isinstance(plan, DirectionFinder):
        azimuth = azimuth + np.where(back < plan.back_lobe_probability, math.pi, 0.0)
    else:
        elevation = elevation + math.radians(plan.elevation_sigma_deg) * noise[:, 1]
    accuracy = plan.class_accuracy if isinstance(plan, Camera) else 0.0
    word = words(own, time_s, SIGNATURE[flight.kind].word, accuracy)
    return [
        (k, _row(float(azimuth[k]), None if flat else float(elevation[k]), word[k]), flight.target)
        for k in np.flatnonzero(seen).tolist()
    ]


def _false(sensor: Sensor, plan: AngleDevice, looks: int, seed: int) -> list[tuple[int, dict[str, float | str], str]]:
    own = dice(seed, "clutter", sensor.name)
    rows = np.repeat(np.arange(looks), own.poisson(plan.false_per_scan, looks)).tolist()
    half = math.radians(plan.field_deg) / 2.0 if isinstance(plan, Camera) else math.pi
    azimuth = math.radians(sensor.pose.heading_deg) + own.uniform(-half, half, len(rows))
    elevation = own.uniform(0.0, math.radians(30.0), len(rows))
    flat = isinstance(plan, DirectionFinder)
    word = "unknown" if isinstance(plan, Camera) else ""
    made = [_row(float(a), None if flat else float(e), word) for a, e in zip(azimuth, elevation, strict=True)]
    return [(k, fields, "") for k, fields in zip(rows, made, strict=True)]


def listen(
    sensor: Sensor,
    plan: AngleDevice,
    flown: tuple[tuple[Target, Flight], ...],
    end_s: float,
    world: World,
    seed: int,
) -> list[Report]:
    """All that an angle-only sensor sends from 0 to `end_s` (story seconds), lost messages left out."""
    time_s = _grid(plan.period_s, end_s)
    received = delivered(sensor, time_s, seed, "looks")
    found = [row for target, flight in flown for row in _of_target(sensor, plan, target, flight, time_s, world, seed)]
    found += _false(sensor, plan, len(time_s), seed)
    found.sort(key=lambda row: row[0])
    return [
        Report(sensor.name, ReportKind.PLOT, float(time_s[k]), float(received[k]), fields, target)
        for k, fields, target in found
        if not math.isnan(received[k])
    ]

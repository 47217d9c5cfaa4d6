"""Receivers: Remote ID and ADS-B; they repeat what a target says of itself, which need not be so.

Positions are the target's own satellite fix, whose error wanders slowly. A Remote ID message gives the height above
the ellipsoid; ADS-B gives pressure altitude in steps of 25 ft, here of an atmosphere that is standard but for 4 hPa.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tocsin.geo.frames import Origin, lla_from_enu
from tocsin.simulation.delivery import delivered
from tocsin.simulation.dice import dice
from tocsin.simulation.flight import Flight
from tocsin.simulation.forgery import clock_ahead_s, forged, signal_dbm
from tocsin.simulation.plan import AdsbReceiver, RemoteIdReceiver, Sensor, Target
from tocsin.simulation.report import Report, ReportKind
from tocsin.simulation.view import blind, polar
from tocsin.simulation.world import World
from tocsin.units import M_PER_FT

Floats = NDArray[np.float64]

Receiver = RemoteIdReceiver | AdsbReceiver

_FIX_TIME_S = 20.0
_PRESSURE_ERROR_M = 33.0  # 4 hPa near the ground
_PRESSURE_STEP_M = 25.0 * M_PER_FT


def _wander(own: np.random.Generator, n: int, step_s: float, sigma_m: float) -> Floats:
    """(n, 3) of slowly wandering error."""
    keep = math.exp(-step_s / _FIX_TIME_S)
    draws = own.standard_normal((n, 3))
    error = np.empty((n, 3))
    for k in range(n):
        error[k] = draws[k] if k == 0 else keep * error[k - 1] + math.sqrt(1.0 - keep * keep) * draws[k]
    return sigma_m * error


def _degrees(lla: Floats) -> tuple[float, float]:
    return round(math.degrees(float(lla[0])), 7), round(math.degrees(float(lla[1])), 7)


def _said(plan: Receiver, target: Target, origin: Origin) -> dict[str, float | str] | None:
    """What stays the same in each message of the target, None if it has no transmitter for this receiver."""
    if isinstance(plan, AdsbReceiver):
        if target.adsb is None:
            return None
        return {"id": target.adsb.icao, "callsign": target.adsb.callsign, "category": target.adsb.category}
    if target.remote_id is None:
        return None
    said: dict[str, float | str] = {"id": target.remote_id.identifier}
    if target.remote_id.operator is not None:
        said["operator"] = target.remote_id.operator
    if target.remote_id.pilot_east_m is not None and target.remote_id.pilot_north_m is not None:
        place = np.array([[target.remote_id.pilot_east_m, target.remote_id.pilot_north_m, 0.0]])
        said["pilot_latitude_deg"], said["pilot_longitude_deg"] = _degrees(lla_from_enu(origin, place)[0])
    return said


def _fields(
    plan: Receiver,
    said: dict[str, float | str],
    lla: Floats,
    velocity_enu_mps: Floats,
    altitude_m: float,
) -> dict[str, float | str]:
    latitude_deg, longitude_deg = _degrees(lla)
    fields = dict(said)
    fields |= {"latitude_deg": latitude_deg, "longitude_deg": longitude_deg}
    if isinstance(plan, AdsbReceiver):
        fields["altitude_pressure_m"] = round(altitude_m / _PRESSURE_STEP_M) * _PRESSURE_STEP_M
    else:
        fields["height_m"] = round(float(lla[2]) * 2.0) / 2.0
    fields["speed_mps"] = round(float(np.hypot(velocity_enu_mps[0], velocity_enu_mps[1])), 2)
    fields["course_deg"] = round(math.degrees(math.atan2(velocity_enu_mps[0], velocity_enu_mps[1])) % 360.0, 1) % 360.0
    fields["climb_mps"] = round(float(velocity_enu_mps[2]), 2)
    return fields


def receive(
    sensor: Sensor,
    plan: Receiver,
    flown: tuple[tuple[Target, Flight], ...],
    origin: Origin,
    end_s: float,
    world: World,
    seed: int,
) -> list[Report]:
    """All that a receiver hands on from 0 to `end_s` (story seconds), lost messages left out."""
    reports = []
    for target, flight in flown:
        said = _said(plan, target, origin)
        if said is None:
            continue
        own = dice(seed, "receiver", sensor.name, flight.target)
        time_s = np.arange(float(flight.time_s[0]) + own.uniform(0.0, plan.period_s), end_s, plan.period_s)
        position, velocity, alive = flight.at(time_s)
        distance, azimuth, _ = polar(sensor.pose, position)
        heard = alive & (distance <= plan.reach_m) & ~blind(azimuth, sensor.blind_deg)
        heard &= own.random(len(time_s)) < plan.detection_probability
        claimed = position + _wander(own, len(time_s), plan.period_s, plan.gnss_sigma_m)
        forgery = target.remote_id.forged if target.remote_id and isinstance(plan, RemoteIdReceiver) else None
        claimed, velocity = forged(forgery, time_s, plan.period_s, claimed, velocity)
        level = signal_dbm(forgery, sensor.pose, time_s, position, dice(seed, "signal", sensor.name, flight.target))
        lla = lla_from_enu(origin, claimed)
        received = delivered(sensor, time_s, seed, flight.target)
        for k in np.flatnonzero(heard & ~np.isnan(received)).tolist():
            ground = world.ground_up_m(float(claimed[k, 0]), float(claimed[k, 1]))
            altitude_m = float(claimed[k, 2]) - ground + world.ground_msl_m + _PRESSURE_ERROR_M
            fields = _fields(plan, said, lla[k], velocity[k], altitude_m)
            if isinstance(plan, RemoteIdReceiver):
                fields["signal_dbm"] = float(level[k])
                fields["clock_ahead_s"] = clock_ahead_s(forgery, float(time_s[k]))
            heard_s = float(received[k])
            reports.append(Report(sensor.name, ReportKind.CLAIM, float(time_s[k]), heard_s, fields, flight.target))
    return reports

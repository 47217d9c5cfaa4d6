"""Radar: turning or staring, two or three dimensions, with noise, bias, tails, clutter, blind sectors and resolution.

Detection follows Swerling 1: with mean signal-to-noise ratio S and false-alarm probability p, Pd = p^(1 / (1 + S))
(Skolnik, Introduction to Radar Systems, 3rd ed., 2.8), S falling with the fourth power of range. A turning radar sees
a target when its beam passes the target's azimuth; what one sector saw is sent when the beam leaves the sector.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tocsin.simulation.classifier import words
from tocsin.simulation.delivery import delivered
from tocsin.simulation.dice import dice
from tocsin.simulation.flight import Flight
from tocsin.simulation.plan import Radar, Sensor
from tocsin.simulation.plots import Plots, joined, resolved
from tocsin.simulation.report import Report, ReportKind
from tocsin.simulation.targets import SIGNATURE
from tocsin.simulation.view import blind, polar

Floats = NDArray[np.float64]

_FALSE_ALARM = 1e-6
_REFERENCE_DBSM = -20.0
# Mean signal-to-noise ratio at which Pd is one half.
_HALF_SNR = math.log(_FALSE_ALARM) / math.log(0.5) - 1.0


def _look_times(sensor: Sensor, plan: Radar, flight: Flight) -> Floats:
    """When the beam is on the target, one look a scan."""
    first, last = float(flight.time_s[0]), float(flight.time_s[-1])
    if not plan.rotating:
        scans = np.arange(math.ceil(first / plan.period_s), math.floor(last / plan.period_s) + 1, dtype=np.float64)
        return scans * plan.period_s
    _, azimuth, _ = polar(sensor.pose, flight.position_enu_m)
    turns = np.unwrap(azimuth) / (2.0 * math.pi)
    phase = flight.time_s / plan.period_s - turns  # whole numbers are looks
    if np.any(np.diff(phase) <= 0.0):
        phase = np.maximum.accumulate(phase) + 1e-9 * np.arange(len(phase))
    looks = np.arange(math.ceil(phase[0]), math.floor(phase[-1]) + 1, dtype=np.float64)
    return np.interp(looks, phase, flight.time_s)


def detection_probability(plan: Radar, rcs_dbsm: float, range_m: Floats) -> tuple[Floats, Floats]:
    """Pd and mean signal-to-noise ratio (linear) of an object at `range_m`, inside the view."""
    snr = _HALF_SNR * 10.0 ** ((rcs_dbsm - _REFERENCE_DBSM) / 10.0) * (plan.reach_m / np.maximum(range_m, 1.0)) ** 4
    return _FALSE_ALARM ** (1.0 / (1.0 + snr)), snr


def _noise(plan: Radar, own: np.random.Generator, n: int) -> Floats:
    """(n, 4) of unit standard deviation; the tailed share is Student with 3 degrees of freedom, scaled to the same."""
    normal, tailed = own.standard_normal((n, 4)), own.standard_t(3.0, (n, 4)) / math.sqrt(3.0)
    return np.where(own.random(n)[:, None] < plan.tail_share, tailed, normal)


def _seen(sensor: Sensor, plan: Radar, flight: Flight, seed: int) -> Plots:
    """The plots of one target."""
    own = dice(seed, "radar", sensor.name, flight.target)
    time_s = _look_times(sensor, plan, flight)
    n = len(time_s)
    position, velocity, alive = flight.at(time_s)
    distance, azimuth, elevation = polar(sensor.pose, position)
    sight = (position - np.array([sensor.pose.east_m, sensor.pose.north_m, sensor.pose.up_m])) / distance[:, None]
    rate = np.sum(velocity * sight, axis=1)
    chance, snr = detection_probability(plan, SIGNATURE[flight.kind].rcs_dbsm, distance)
    low, high = (math.radians(e) for e in plan.elevation_deg)
    visible = alive & (distance >= plan.range_m[0]) & (distance <= plan.range_m[1])
    visible &= (elevation >= low) & (elevation <= high) & ~blind(azimuth, sensor.blind_deg)
    visible &= np.abs(rate) >= plan.radial_speed_min_mps
    noise, draw, power = _noise(plan, own, n), own.random(n), own.exponential(1.0, n)
    word = words(own, time_s, SIGNATURE[flight.kind].word, plan.class_accuracy)
    keep = np.flatnonzero(visible & (draw < chance))
    z = noise[keep]
    # What is heard above the threshold -ln(p) of a Swerling 1 target is exponential beyond it.
    heard = -math.log(_FALSE_ALARM) + power[keep] * (1.0 + snr[keep])
    return Plots(
        time_s[keep],
        np.maximum(distance[keep] + plan.range_bias_m + plan.range_sigma_m * z[:, 0], 1.0),
        (azimuth[keep] + math.radians(plan.azimuth_bias_deg) + math.radians(plan.azimuth_sigma_deg) * z[:, 1])
        % (2.0 * math.pi),
        elevation[keep] + math.radians(plan.elevation_bias_deg) + math.radians(plan.elevation_sigma_deg) * z[:, 2],
        rate[keep] + (plan.range_rate_sigma_mps or 0.0) * z[:, 3],
        10.0 * np.log10(heard),
        (flight.target,) * len(keep),
        tuple(word[i] for i in keep.tolist()),
    )


def _clutter(sensor: Sensor, plan: Radar, end_s: float, seed: int) -> Plots:
    """False plots: uniform in range and azimuth over the view, and bunched about fixed patches."""
    own = dice(seed, "clutter", sensor.name)
    scans = int(end_s / plan.period_s)
    c = plan.clutter
    counts = own.poisson(c.per_scan, scans)
    scan, n = np.repeat(np.arange(scans), counts), int(counts.sum())
    azimuth, distance = own.uniform(0.0, 2.0 * math.pi, n), own.uniform(*plan.range_m, n)
    low, high = (math.radians(e) for e in plan.elevation_deg)
    elevation = low + (high - low) * own.beta(1.0, 3.0, n)
    for _ in range(c.patches):
        there, where = own.uniform(0.0, 2.0 * math.pi), own.uniform(plan.range_m[0], 0.6 * plan.range_m[1])
        counts = own.poisson(c.patch_per_scan, scans)
        m = int(counts.sum())
        scan = np.concatenate([scan, np.repeat(np.arange(scans), counts)])
        azimuth = np.concatenate([azimuth, there + own.normal(0.0, c.patch_m / where, m)])
        distance = np.concatenate([distance, np.clip(where + own.normal(0.0, c.patch_m, m), *plan.range_m)])
        elevation = np.concatenate([elevation, own.uniform(max(low, 0.0), max(low, 0.0) + 0.02, m)])
    azimuth = azimuth % (2.0 * math.pi)
    m = len(azimuth)
    turn = azimuth / (2.0 * math.pi) if plan.rotating else np.zeros(m)
    time_s, rate = (scan + turn) * plan.period_s, own.normal(0.0, 4.0, m)
    snr_db = 10.0 * np.log10(-math.log(_FALSE_ALARM) + own.exponential(2.0, m))
    word = words(own, time_s, "unknown", 0.0) if plan.class_accuracy > 0.0 else ("",) * m
    plots = Plots(time_s, distance, azimuth, elevation, rate, snr_db, ("",) * m, word)
    return plots.take(np.flatnonzero(~blind(azimuth, sensor.blind_deg)))


def _fields(plan: Radar, plots: Plots, i: int) -> dict[str, float | str]:
    fields: dict[str, float | str] = {
        "range_m": round(float(plots.range_m[i]), 2),
        "azimuth_deg": round(math.degrees(float(plots.azimuth_rad[i])), 4) % 360.0,
    }
    if plan.elevations:
        fields["elevation_deg"] = round(math.degrees(float(plots.elevation_rad[i])), 4)
    if plan.range_rate_sigma_mps is not None:
        fields["range_rate_mps"] = round(float(plots.range_rate_mps[i]), 3)
    fields["snr_db"] = round(float(plots.snr_db[i]), 2)
    if plots.word[i]:
        fields["class"] = plots.word[i]
    return fields


def look(sensor: Sensor, plan: Radar, flights: tuple[Flight, ...], end_s: float, seed: int) -> list[Report]:
    """All that a radar sends from 0 to `end_s` (story seconds), lost messages left out."""
    seen = [_seen(sensor, plan, flight, seed) for flight in flights]
    # Neighbours in azimuth are met one after the other; a staring radar meets all at once.
    within_s = plan.period_s * plan.resolution_deg / 360.0 if plan.rotating else 0.0
    plots = joined([*seen, _clutter(sensor, plan, end_s, seed)])
    plots = resolved(plots, within_s, plan.resolution_m, math.radians(plan.resolution_deg))
    sectors = plan.sectors if plan.rotating else 1
    dwell_s = plan.period_s / sectors
    messages = int(end_s / dwell_s) + 1
    sent_s = dwell_s * (np.arange(messages, dtype=np.float64) + (1.0 if plan.rotating else 0.0))
    received = delivered(sensor, sent_s, seed, "sectors")
    reports = []
    for i in range(len(plots)):
        message = min(int(plots.time_s[i] / dwell_s + 1e-9), messages - 1)
        if not math.isnan(received[message]):
            time_s, heard_s = float(plots.time_s[i]), float(received[message])
            reports.append(
                Report(sensor.name, ReportKind.PLOT, time_s, heard_s, _fields(plan, plots, i), plots.target[i])
            )
    return reports

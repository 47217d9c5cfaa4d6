"""Sensors: from flights to all that one sensor sends, in the order in which it is received."""

import math

import numpy as np

from tocsin.geo.frames import Origin
from tocsin.simulation.bearings import listen
from tocsin.simulation.delivery import delivered
from tocsin.simulation.flight import Flight
from tocsin.simulation.plan import (
    Acoustic,
    AdsbReceiver,
    Camera,
    DirectionFinder,
    Radar,
    RemoteIdReceiver,
    Sensor,
    Target,
)
from tocsin.simulation.radar import look
from tocsin.simulation.receivers import receive
from tocsin.simulation.report import Report, ReportKind
from tocsin.simulation.world import World


def _beats(sensor: Sensor, end_s: float, seed: int) -> list[Report]:
    """Signs of life: rows without a measurement; they do not say that nothing was seen."""
    if sensor.beat_s <= 0.0:
        return []
    sent_s = sensor.beat_s * np.arange(1, int(end_s / sensor.beat_s) + 1, dtype=np.float64)
    received = delivered(sensor, sent_s, seed, "beats")
    return [
        Report(sensor.name, ReportKind.BEAT, time_s, heard_s, {})
        for time_s, heard_s in zip(sent_s.tolist(), received.tolist(), strict=True)
        if not math.isnan(heard_s)
    ]


def sense(
    sensor: Sensor,
    flown: tuple[tuple[Target, Flight], ...],
    origin: Origin,
    end_s: float,
    world: World,
    seed: int,
) -> list[Report]:
    """The reports of one sensor over the whole story, ordered by when they are received."""
    device = sensor.device
    bodies = tuple((target, flight) for target, flight in flown if not target.ghost)
    match device:
        case Radar():
            reports = look(sensor, device, tuple(flight for _, flight in bodies), end_s, seed)
        case DirectionFinder() | Acoustic() | Camera():
            reports = listen(sensor, device, bodies, end_s, world, seed)
        case RemoteIdReceiver() | AdsbReceiver():
            reports = receive(sensor, device, flown, origin, end_s, world, seed)
    return sorted(reports + _beats(sensor, end_s, seed), key=lambda report: (report.received_s, report.time_s))

"""Balloon flight: carried by the mean wind of its height, with slow turbulence, rising until it floats."""

import math

import numpy as np

from tocsin.simulation.flight import STEP_S, Flight, Log
from tocsin.simulation.plan import Balloon, Target
from tocsin.simulation.world import World

_TURBULENCE_TIME_S = 15.0


def fly_balloon(target: Target, plan: Balloon, end_s: float, world: World, dice: np.random.Generator) -> Flight:
    """From `from_s` until `end_s` (story seconds)."""
    steps = max(int((end_s - target.from_s) / STEP_S) + 1, 2)
    keep = math.exp(-STEP_S / _TURBULENCE_TIME_S)
    add = world.gust_sigma_mps * math.sqrt(1.0 - keep * keep)
    draws = dice.standard_normal((steps, 3)).tolist()
    eddy = [0.0, 0.0, 0.0]
    east, north, height = plan.east_m, plan.north_m, plan.height_m
    log = Log(target.name, target.kind, target.from_s)
    for k in range(steps):
        eddy = [keep * e + add * d for e, d in zip(eddy, draws[k], strict=True)]
        wind = world.wind_enu_mps(height)
        climb = plan.climb_mps * min(max((plan.float_m - height) / 50.0, -1.0), 1.0) + 0.3 * eddy[2]
        velocity = (wind[0] + eddy[0], wind[1] + eddy[1], climb)
        log.add((east, north, world.ground_up_m(east, north) + height), velocity, height > 0.5)
        east, north = east + velocity[0] * STEP_S, north + velocity[1] * STEP_S
        height = max(height + climb * STEP_S, 0.0)
    return log.flight()

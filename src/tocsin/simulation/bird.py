"""Bird flight: headings wander as Ornstein-Uhlenbeck processes, speed follows the wing beat, soarers circle upward.

A flock is a leader and followers whose places about it are Ornstein-Uhlenbeck processes too, so that they mix without
drifting apart. Flapping speeds of 8 to 20 m/s are those of Alerstam et al., PLoS Biology 5(8), 2007.
"""

import math

import numpy as np

from tocsin.simulation.flight import STEP_S, Flight, Log
from tocsin.simulation.plan import Bird, Target
from tocsin.simulation.world import World

_HEADING_TIME_S = 12.0
_HEADING_SIGMA_RAD = 0.5
_FLAP_PERIOD_S = 2.2
_THERMAL_S = 25.0
_THERMAL_RADIUS_M = 22.0
_THERMAL_CLIMB_MPS = 1.5
_GLIDE_S = 30.0
_PLACE_TIME_S = 8.0


def _lead(target: Target, plan: Bird, end_s: float, world: World, dice: np.random.Generator) -> Flight:
    """The leader's path (story seconds)."""
    steps = max(int((end_s - target.from_s) / STEP_S) + 1, 2)
    keep = math.exp(-STEP_S / _HEADING_TIME_S)
    add = math.sqrt(1.0 - keep * keep)
    draws = dice.standard_normal((steps, 2)).tolist()
    phase = float(dice.uniform(0.0, 2.0 * math.pi))
    sense = 1.0 if dice.random() < 0.5 else -1.0
    mean, wander, rise, circled = math.radians(plan.heading_deg), 0.0, 0.0, 0.0
    east, north, height = plan.east_m, plan.north_m, plan.height_m
    log = Log(target.name, target.kind, target.from_s)
    for k in range(steps):
        wander = keep * wander + add * _HEADING_SIGMA_RAD * draws[k][0]
        rise = keep * rise + add * 0.6 * draws[k][1]
        circling = plan.soaring and (k * STEP_S) % (_THERMAL_S + _GLIDE_S) < _THERMAL_S
        speed = plan.speed_mps * (
            0.75 if circling else 1.0 + 0.06 * math.sin(2 * math.pi * k * STEP_S / _FLAP_PERIOD_S + phase)
        )
        if circling:
            circled += sense * speed / _THERMAL_RADIUS_M * STEP_S
        climb = _THERMAL_CLIMB_MPS if circling else rise - (0.9 if plan.soaring else 0.02 * (height - plan.height_m))
        wind = world.wind_enu_mps(height)
        course = mean + wander + circled
        velocity = (speed * math.sin(course) + wind[0], speed * math.cos(course) + wind[1], climb)
        log.add((east, north, world.ground_up_m(east, north) + height), velocity, True)
        east, north = east + velocity[0] * STEP_S, north + velocity[1] * STEP_S
        height = max(height + climb * STEP_S, 3.0)
    return log.flight()


def fly_birds(target: Target, plan: Bird, end_s: float, world: World, dice: np.random.Generator) -> tuple[Flight, ...]:
    """One flight a bird; of a flock they are named NAME-1, NAME-2 and so on."""
    leader = _lead(target, plan, end_s, world, dice)
    if plan.count == 1:
        return (leader,)
    n = len(leader.time_s)
    keep = math.exp(-STEP_S / _PLACE_TIME_S)
    scale = np.array([plan.spread_m, plan.spread_m, plan.spread_m / 4.0])
    flights = []
    for number in range(1, plan.count + 1):
        # Two first-order lags in a row: a place with a velocity that has no jumps.
        noise = dice.standard_normal((n, 3)) * math.sqrt(1.0 - keep * keep)
        rough, place, velocity = dice.standard_normal(3), dice.standard_normal(3), np.zeros((n, 3))
        offset = np.zeros((n, 3))
        for k in range(n):
            rough = keep * rough + noise[k]
            velocity[k] = (rough - place) / (_PLACE_TIME_S / 2.0)
            offset[k] = place
            place = place + velocity[k] * STEP_S
        position = leader.position_enu_m + offset * scale
        ground = [world.ground_up_m(east, north) for east, north, _ in position.tolist()]
        position[:, 2] = np.maximum(position[:, 2], np.array(ground) + 2.0)
        flights.append(
            Flight(
                f"{target.name}-{number}",
                target.kind,
                leader.time_s,
                position,
                leader.velocity_enu_mps + velocity * scale,
                leader.flying,
            )
        )
    return tuple(flights)

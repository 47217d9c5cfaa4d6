"""Rotorcraft flight: a velocity controller tilts the thrust, within a tilt limit and with a lag, against wind and drag.

Horizontal acceleration is g times the tangent of the tilt less drag against the air; so a hovering machine leans into
the wind and a sprint costs time to begin and to stop. Quadcopter and helicopter differ in numbers only.
"""

import math

import msgspec
import numpy as np

from tocsin.simulation.flight import STEP_S, Flight, Log
from tocsin.simulation.plan import Target, Waypoint
from tocsin.simulation.world import GRAVITY_MPS2, World


class Rotor(msgspec.Struct, frozen=True):
    """What a rotorcraft can do. `tilt_lag_s`: how slowly the tilt follows; `drag_hz`: drag per speed through air."""

    speed_mps: float
    tilt_max_rad: float
    tilt_lag_s: float
    drag_hz: float
    climb_max_mps: float
    velocity_gain_hz: float


class _State(msgspec.Struct):
    position_m: list[float]
    velocity_mps: list[float]
    thrust_mps2: list[float]
    wait_s: float = 0.0


def _wanted_velocity(state: _State, rotor: Rotor, goal: Waypoint) -> tuple[float, float, float]:
    """Toward the goal at the leg's speed, no faster than it can still stop."""
    delta = [goal.east_m - state.position_m[0], goal.north_m - state.position_m[1], goal.height_m - state.position_m[2]]
    level = math.hypot(delta[0], delta[1])
    brake = 0.5 * GRAVITY_MPS2 * math.tan(rotor.tilt_max_rad)
    speed = min(goal.speed_mps or rotor.speed_mps, math.sqrt(2.0 * brake * level), 0.8 * level)
    climb = min(max(0.8 * delta[2], -rotor.climb_max_mps), rotor.climb_max_mps)
    if level < 1e-6:
        return 0.0, 0.0, climb
    return speed * delta[0] / level, speed * delta[1] / level, climb


def _step(state: _State, rotor: Rotor, wanted_mps: tuple[float, float, float], air_mps: tuple[float, float]) -> None:
    """Tilt, accelerate, move."""
    most = GRAVITY_MPS2 * math.tan(rotor.tilt_max_rad)
    ask = [
        rotor.velocity_gain_hz * (wanted_mps[i] - state.velocity_mps[i])
        + rotor.drag_hz * (state.velocity_mps[i] - air_mps[i])
        for i in range(2)
    ]
    size = math.hypot(*ask)
    scale = most / size if size > most else 1.0
    for i in range(2):
        state.thrust_mps2[i] += (ask[i] * scale - state.thrust_mps2[i]) * STEP_S / rotor.tilt_lag_s
        push = state.thrust_mps2[i] - rotor.drag_hz * (state.velocity_mps[i] - air_mps[i])
        state.velocity_mps[i] += push * STEP_S
        state.position_m[i] += state.velocity_mps[i] * STEP_S
    state.velocity_mps[2] += (wanted_mps[2] - state.velocity_mps[2]) * STEP_S / 0.8
    state.position_m[2] = max(state.position_m[2] + state.velocity_mps[2] * STEP_S, 0.0)


def fly_rotorcraft(
    target: Target,
    rotor: Rotor,
    route: tuple[Waypoint, ...],
    end_s: float,
    world: World,
    dice: np.random.Generator,
) -> Flight:
    """Fly `route` from `from_s`, then stay at its last waypoint (in the air or on the ground) until `end_s`."""
    first = route[0]
    state = _State([first.east_m, first.north_m, first.height_m], [0.0, 0.0, 0.0], [0.0, 0.0], first.hold_s)
    steps = max(int((end_s - target.from_s) / STEP_S) + 1, 2)
    gusts = dice.standard_normal((steps, 2)).tolist()
    gust, keep = [0.0, 0.0], math.exp(-STEP_S / 3.0)
    add = world.gust_sigma_mps * math.sqrt(1.0 - keep * keep)
    log, leg = Log(target.name, target.kind, target.from_s), 1
    for k in range(steps):
        wind = world.wind_enu_mps(state.position_m[2])
        gust = [keep * gust[i] + add * gusts[k][i] for i in range(2)]
        ground = world.ground_up_m(state.position_m[0], state.position_m[1])
        place = (state.position_m[0], state.position_m[1], ground + state.position_m[2])
        log.add(place, (state.velocity_mps[0], state.velocity_mps[1], state.velocity_mps[2]), state.position_m[2] > 0.2)
        goal = route[leg - 1] if state.wait_s > 0.0 else route[leg]
        wanted = _wanted_velocity(state, rotor, goal)
        _step(state, rotor, wanted, (wind[0] + gust[0], wind[1] + gust[1]))
        if state.wait_s > 0.0:
            state.wait_s -= STEP_S
        elif leg < len(route) - 1 and _near(state, route[leg]):
            state.wait_s = route[leg].hold_s
            leg += 1
    return log.flight()


def _near(state: _State, goal: Waypoint) -> bool:
    reach = 3.0 + 0.5 * math.hypot(state.velocity_mps[0], state.velocity_mps[1])
    return math.hypot(goal.east_m - state.position_m[0], goal.north_m - state.position_m[1]) < reach

"""Falling: gravity and quadratic drag against moving air, by the classical Runge-Kutta method.

Acceleration = -g - rho |v - w| (v - w) / (2 b), with b = m / (Cd A) in kg/m^2, air density and wind of the world
at the body's height. Gravity is constant and points down the site's up axis, which within 30 km of the origin is wrong
by at most 5 mrad.
"""

import math

from tocsin.simulation.flight import STEP_S, Flight, Log
from tocsin.simulation.plan import FallingObject, Target
from tocsin.simulation.world import GRAVITY_MPS2, World

State = tuple[float, float, float, float, float, float]


def _rate(state: State, ballistic_kgpm2: float, world: World) -> State:
    east, north, up, ve, vn, vu = state
    height = up - world.ground_up_m(east, north)
    wind = world.wind_enu_mps(height)
    ae, an = ve - wind[0], vn - wind[1]
    drag = world.density_kgpm3(height) * math.sqrt(ae * ae + an * an + vu * vu) / (2.0 * ballistic_kgpm2)
    return ve, vn, vu, -drag * ae, -drag * an, -drag * vu - GRAVITY_MPS2


def _ahead(state: State, rate: State, step_s: float) -> State:
    e, n, u, a, b, c = (s + step_s * r for s, r in zip(state, rate, strict=True))
    return e, n, u, a, b, c


def _runge_kutta(state: State, ballistic_kgpm2: float, world: World) -> State:
    k1 = _rate(state, ballistic_kgpm2, world)
    k2 = _rate(_ahead(state, k1, STEP_S / 2.0), ballistic_kgpm2, world)
    k3 = _rate(_ahead(state, k2, STEP_S / 2.0), ballistic_kgpm2, world)
    k4 = _rate(_ahead(state, k3, STEP_S), ballistic_kgpm2, world)
    e, n, u, a, b, c = (x + 2.0 * (y + z) + w for x, y, z, w in zip(k1, k2, k3, k4, strict=True))
    return _ahead(state, (e, n, u, a, b, c), STEP_S / 6.0)


def fly_falling(target: Target, plan: FallingObject, end_s: float, world: World) -> Flight:
    """From `from_s` to the ground, or `end_s` if that comes first (story seconds)."""
    up = world.ground_up_m(plan.east_m, plan.north_m) + plan.height_m
    state: State = (plan.east_m, plan.north_m, up, *plan.velocity_enu_mps)
    log = Log(target.name, target.kind, target.from_s)
    for _ in range(max(int((end_s - target.from_s) / STEP_S) + 1, 2)):
        log.add(state[:3], state[3:], True)
        state = _runge_kutta(state, plan.ballistic_kgpm2, world)
        if state[2] < world.ground_up_m(state[0], state[1]):
            break
    return log.flight()

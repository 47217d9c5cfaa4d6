"""Fixed-wing flight: an autopilot steers a point with bank, speed and climb limits from waypoint to waypoint.

Turns are coordinated: heading rate = g tan(bank) / airspeed, so the radius is v^2 / (g tan bank). Bank follows its
command at a limited roll rate, airspeed with a lag, and the air itself moves: mean wind plus gusts (first-order, after
the Dryden form of MIL-F-8785C, with the length scale of low altitude). Angles in radians, clockwise from north.
"""

import math

import msgspec
import numpy as np

from tocsin.simulation.flight import STEP_S, Flight, Log
from tocsin.simulation.plan import Target, Waypoint
from tocsin.simulation.world import GRAVITY_MPS2, World

_ROLL_RATE_RADPS = math.radians(30.0)
_HEADING_GAIN_HZ = 0.6
_SPEED_LAG_S = 4.0
_CLIMB_LAG_S = 1.5
_GUST_LENGTH_M = 200.0
_DIVE_RAD = math.radians(30.0)


class Airframe(msgspec.Struct, frozen=True):
    """What an aeroplane can do. `dives`: on the last leg it keeps its height, then dives at 30 degrees."""

    speed_mps: float
    bank_max_rad: float
    climb_max_mps: float
    sink_max_mps: float
    acceleration_max_mps2: float
    dives: bool


class _Gusts:
    """First-order gusts: three components with `sigma_mps` each, as felt at an airspeed."""

    def __init__(self, sigma_mps: float, airspeed_mps: float, dice: np.random.Generator, steps: int) -> None:
        keep = math.exp(-STEP_S * airspeed_mps / _GUST_LENGTH_M)
        self._keep, self._add = keep, sigma_mps * math.sqrt(1.0 - keep * keep)
        self._draws = dice.standard_normal((steps, 3)).tolist()
        self.value = [sigma_mps * d for d in dice.standard_normal(3).tolist()]

    def step(self, k: int) -> None:
        self.value = [self._keep * g + self._add * d for g, d in zip(self.value, self._draws[k], strict=True)]


def _wrapped(angle_rad: float) -> float:
    return (angle_rad + math.pi) % (2.0 * math.pi) - math.pi


class _State(msgspec.Struct):
    """Where the aeroplane is and how it flies; `height_m` above ground."""

    east_m: float
    north_m: float
    height_m: float
    heading_rad: float
    airspeed_mps: float
    bank_rad: float = 0.0
    climb_mps: float = 0.0


def _steer(state: _State, air: Airframe, goal: Waypoint, ground_mps: tuple[float, float], last: bool) -> None:
    """One step of the autopilot: bank to bring the ground track onto the goal, speed and climb to reach it."""
    east, north = goal.east_m - state.east_m, goal.north_m - state.north_m
    speed = max(math.hypot(*ground_mps), 1.0)
    error = _wrapped(math.atan2(east, north) - math.atan2(ground_mps[0], ground_mps[1]))
    wanted = math.atan(_HEADING_GAIN_HZ * error * state.airspeed_mps / GRAVITY_MPS2)
    wanted = min(max(wanted, -air.bank_max_rad), air.bank_max_rad)
    roll = _ROLL_RATE_RADPS * STEP_S
    state.bank_rad += min(max(wanted - state.bank_rad, -roll), roll)
    state.heading_rad += GRAVITY_MPS2 * math.tan(state.bank_rad) / state.airspeed_mps * STEP_S
    goal_speed = goal.speed_mps if goal.speed_mps else air.speed_mps
    most = air.acceleration_max_mps2
    state.airspeed_mps += min(max((goal_speed - state.airspeed_mps) / _SPEED_LAG_S, -most), most) * STEP_S
    distance, drop = math.hypot(east, north), state.height_m - goal.height_m
    climb = -drop / max(distance / speed, 1.0)
    if air.dives and last and distance * math.tan(_DIVE_RAD) > drop:
        climb = 0.0
    climb = min(max(climb, -air.sink_max_mps), air.climb_max_mps)
    state.climb_mps += (climb - state.climb_mps) * STEP_S / _CLIMB_LAG_S


def _passed(state: _State, goal: Waypoint, ground_mps: tuple[float, float], turn_m: float) -> bool:
    """Near the goal, or abeam of it within a turn's reach."""
    east, north = goal.east_m - state.east_m, goal.north_m - state.north_m
    distance = math.hypot(east, north)
    ahead = east * ground_mps[0] + north * ground_mps[1] > 0.0
    return distance < 15.0 or (not ahead and distance < turn_m)


def fly_fixed_wing(
    target: Target,
    air: Airframe,
    route: tuple[Waypoint, ...],
    end_s: float,
    world: World,
    dice: np.random.Generator,
) -> Flight:
    """Fly `route` from `from_s` until its end, the ground or `end_s` (story seconds)."""
    first, second = route[0], route[1]
    heading = math.atan2(second.east_m - first.east_m, second.north_m - first.north_m)
    state = _State(first.east_m, first.north_m, first.height_m, heading, first.speed_mps or air.speed_mps)
    steps = max(int((end_s - target.from_s) / STEP_S) + 1, 2)
    gusts = _Gusts(world.gust_sigma_mps, air.speed_mps, dice, steps)
    log, leg = Log(target.name, target.kind, target.from_s), 1
    for k in range(steps):
        wind = world.wind_enu_mps(state.height_m)
        level = math.sqrt(max(state.airspeed_mps**2 - state.climb_mps**2, 1.0))
        ve = level * math.sin(state.heading_rad) + wind[0] + gusts.value[0]
        vn = level * math.cos(state.heading_rad) + wind[1] + gusts.value[1]
        vu = state.climb_mps + 0.5 * gusts.value[2]
        up = world.ground_up_m(state.east_m, state.north_m) + state.height_m
        log.add((state.east_m, state.north_m, up), (ve, vn, vu), True)
        state.east_m += ve * STEP_S
        state.north_m += vn * STEP_S
        state.height_m = max(state.height_m + vu * STEP_S, 0.0)
        turn_m = 1.5 * state.airspeed_mps**2 / (GRAVITY_MPS2 * math.tan(air.bank_max_rad))
        if leg < len(route) and _passed(state, route[leg], (ve, vn), turn_m):
            leg += 1
        if leg == len(route) or (state.height_m <= 0.0 and k > 0):
            break
        _steer(state, air, route[leg], (ve, vn), leg == len(route) - 1)
        gusts.step(k)
    return log.flight()

"""Falling objects as they are: three generic bodies, radars that see them, and how well their impact can be known.

The integrator here is the benchmark's own (fixed steps of 50 ms, its own air), so that what is scored is not also the
judge; only the drag curve is shared, for the matched runs are those in which the tracker knows it. The bodies are
generic, stand for no weapon, and are followed from where they come into view, in free fall.

The bound is the Bayesian Cramer-Rao bound of place, velocity, log drag factor and wind, mapped to the impact.
"""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from tocsin.physics.drag import CURVES, MACH_STEP, SLENDER

Floats = NDArray[np.float64]

STEP_S = 0.05
LOWEST_RAD = np.radians(1.5)
IMPACT_M = np.array((250.0, 260.0, 0.0))  # 360 m from the radar, which stands at the origin
DRAG_DEVIATION, WIND_SIGMA_MPS = 0.15, 4.0  # what the bound and the matched runs take as known
DRAG_DRIFT, WIND_DRIFT_MPS = 0.02, 0.4  # per root second, in the mismatch runs
CURVE = CURVES[SLENDER]


class Radar(NamedTuple):
    """Period (s), standard deviations of range (m), azimuth and elevation (rad) and range rate (m/s; 0 for none)."""

    name: str
    period_s: float
    range_m: float
    angle_rad: float
    rate_mps: float


RADARS = (
    Radar("A", 1.0, 10.0, 0.010, 0.0),
    Radar("B", 0.25, 5.0, 0.004, 0.0),
    Radar("B+D", 0.25, 5.0, 0.004, 0.5),
    Radar("C", 0.1, 5.0, 0.001, 0.0),
)


class Body(NamedTuple):
    """A name, how far and how long it flies, and its typical drag factor (m^2/kg)."""

    name: str
    reach_m: float
    flight_s: float
    factor_m2pkg: float


BODIES = (
    Body("mortar-like", 4500.0, 42.0, 1.6e-4),
    Body("short rocket-like", 8100.0, 37.0, 0.9e-4),
    Body("long rocket-like", 21000.0, 68.0, 0.45e-4),
)


@numba.njit(cache=True)
def _rate(x: Floats, curve: Floats, k: Floats) -> None:
    kelvin = 288.15 - 0.0065 * x[2]
    density = 1.225 * (kelvin / 288.15) ** 4.2558797
    ae, an = x[3] - x[7], x[4] - x[8]
    speed = np.sqrt(ae * ae + an * an + x[5] * x[5])
    at = min(speed / np.sqrt(1.4 * 287.05287 * kelvin), 4.99) / MACH_STEP
    low = int(at)
    drag = 0.5 * density * np.exp(x[6]) * (curve[low] + (at - low) * (curve[low + 1] - curve[low])) * speed
    k[0], k[1], k[2], k[3], k[4], k[5] = x[3], x[4], x[5], -drag * ae, -drag * an, -drag * x[5] - 9.80665


@numba.njit(cache=True)
def fly(start: Floats, curve: Floats, shocks: Floats, most: int) -> tuple[Floats, Floats, float]:
    """States (n, 9) every STEP_S to the ground, the impact (3,), and its time; `shocks` (most, 3) are added to log drag
    and wind at each step."""
    out, x, n = np.empty((most, 9)), start.copy(), 0
    k, y = np.zeros((4, 6)), np.empty(9)
    while n < most:
        out[n] = x
        n += 1
        for r in range(4):
            y[:] = x
            if r > 0:
                y[:6] = x[:6] + STEP_S * (1.0 if r == 3 else 0.5) * k[r - 1]
            _rate(y, curve, k[r])
        y[:] = x
        y[:6] = x[:6] + STEP_S / 6.0 * (k[0] + 2.0 * k[1] + 2.0 * k[2] + k[3])
        if y[2] <= 0.0 and y[5] < 0.0:
            s = STEP_S  # the last part under constant acceleration, by Newton's method
            a = (y[5] - x[5]) / STEP_S
            for _ in range(20):
                s -= (x[2] + s * x[5] + 0.5 * a * s * s) / (x[5] + a * s)
            w = s / STEP_S
            hit = x[:3] + s * (x[3:6] + 0.5 * w * (y[3:6] - x[3:6]))
            return out[:n], hit, (n - 1) * STEP_S + s
        x[:] = y
        x[6:] += shocks[min(n, shocks.shape[0] - 1)]
    return out[:n], x[:3], most * STEP_S


NO_SHOCKS = np.zeros((1, 3))
MOST = 4000
WALK_STEPS = round(1.0 / STEP_S)


def appearance(body: Body) -> Floats:
    """The body (9,) where it begins to fall freely, such that it comes down at `IMPACT_M` after `flight_s`."""

    def off(unknown: Floats) -> Floats:
        start = np.array([0.0, 0.0, 0.0, unknown[0], 0.0, unknown[1], np.log(body.factor_m2pkg), 0.0, 0.0])
        _, hit, time_s = fly(start, CURVE, NO_SHOCKS, MOST)
        return np.array([hit[0] - body.reach_m, 100.0 * (time_s - body.flight_s)])

    rough = np.array([body.reach_m / body.flight_s * 1.3, body.flight_s * 4.9])
    across, up = least_squares(off, rough, diff_step=1e-4).x
    return np.array(
        [IMPACT_M[0] - body.reach_m, IMPACT_M[1], 0.0, across, 0.0, up, np.log(body.factor_m2pkg), 0.0, 0.0]
    )


def first_seen(states: Floats) -> int:
    """The first step at which the body stands above the radar's lowest elevation."""
    ground = np.hypot(states[:, 0], states[:, 1])
    return int(np.argmax(np.arctan2(states[:, 2], ground) > LOWEST_RAD))


def measure(states: Floats, radar: Radar) -> Floats:
    """(n, 4): azimuth, range, elevation and range rate of each state, without noise."""
    east, north, up = states[:, 0], states[:, 1], states[:, 2]
    ground = np.hypot(east, north)
    slant = np.hypot(ground, up)
    rate = (states[:, :3] * states[:, 3:6]).sum(axis=1) / slant
    return np.column_stack((np.arctan2(east, north), slant, np.arctan2(up, ground), rate))


def seen_steps(states: Floats, radar: Radar, track_s: float) -> NDArray[np.int64]:
    """The steps at which the radar measures in the first `track_s` of the track, both ends included."""
    every = round(radar.period_s / STEP_S)
    first = first_seen(states)
    steps = np.arange(first, first + round(track_s / STEP_S) + 1, every)
    return steps[steps < len(states)]


class Bound(NamedTuple):
    """Covariance (2, 2) of the impact place and standard deviation of its time."""

    covariance: Floats
    time_sigma_s: float

    @property
    def cep_m(self) -> float:
        return cep_m(self.covariance)


def cep_m(covariance: Floats) -> float:
    """Radius that holds half of a two-dimensional normal law (by quadrature over direction)."""
    angle = np.linspace(0.0, np.pi, 2001)[:-1]
    inverse = np.linalg.inv(covariance)
    way = np.column_stack((np.cos(angle), np.sin(angle)))
    q = np.einsum("ij,jk,ik->i", way, inverse, way)
    weight = 1.0 / (q * np.sqrt(np.linalg.det(covariance)) * np.pi) * np.pi / len(angle) * np.pi
    low, high = 0.0, 5.0 * np.sqrt(np.trace(covariance))
    for _ in range(60):
        radius = 0.5 * (low + high)
        inside = ((1.0 - np.exp(-0.5 * radius * radius * q)) * weight).sum() / weight.sum()
        low, high = (radius, high) if inside < 0.5 else (low, radius)
    return 0.5 * (low + high)


def bound(
    start: Floats, radar: Radar, track_s: float, deviation: float = DRAG_DEVIATION, drifts: bool = False
) -> Bound:
    """The least covariance of the impact after `track_s` of track, for the body that starts at `start` (9,).

    `drifts`: where drag and wind walk at random as in the mismatch runs, from the first detection to the ground and a
    second at a time; else they stay, and the bound is one that those runs cannot reach.
    """
    states, _, _ = fly(start, CURVE, NO_SHOCKS, MOST)
    steps = seen_steps(states, radar, track_s)
    walks = np.arange(steps[0], len(states), WALK_STEPS) if drifts else np.empty(0, np.int64)
    change = np.concatenate(([1.0, 1.0, 1.0, 0.1, 0.1, 0.1], np.tile([1e-3, 0.1, 0.1], 1 + len(walks))))
    J, M = np.empty((len(steps), 4, len(change))), np.empty((3, len(change)))
    for a in range(len(change)):
        sides = []
        for sign in (1.0, -1.0):
            moved, shocks = start.copy(), np.zeros((MOST, 3))
            if a < 9:
                moved[a] += sign * change[a]
            else:
                begins = walks[(a - 9) // 3]
                shocks[begins : begins + WALK_STEPS, a % 3] = sign * change[a] / WALK_STEPS
            path, place, when = fly(moved, CURVE, shocks, MOST)
            path = np.concatenate((path, path[-1:].repeat(5, axis=0)))
            sides.append((measure(path[steps], radar), np.array([place[0], place[1], when])))
        J[:, :, a] = (sides[0][0] - sides[1][0]) / (2.0 * change[a])
        M[:, a] = (sides[0][1] - sides[1][1]) / (2.0 * change[a])
    rate = 1.0 / radar.rate_mps**2 if radar.rate_mps else 0.0
    weight = np.array([1.0 / radar.angle_rad**2, 1.0 / radar.range_m**2, 1.0 / radar.angle_rad**2, rate])
    info = np.einsum("nia,i,nib->ab", J, weight, J)
    step = np.array([DRAG_DRIFT, WIND_DRIFT_MPS, WIND_DRIFT_MPS]) * np.sqrt(WALK_STEPS * STEP_S)
    believed = np.concatenate(([deviation, WIND_SIGMA_MPS, WIND_SIGMA_MPS], np.tile(step, len(walks))))
    info[6:, 6:] += np.diag(1.0 / np.square(believed))
    covariance = M @ np.linalg.inv(info) @ M.T
    return Bound(covariance[:2, :2], float(np.sqrt(covariance[2, 2])))

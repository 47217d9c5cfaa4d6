"""Dynamics: a point mass under gravity, drag and wind in the site's ENU frame, by the classical Runge-Kutta method.

A body is nine numbers: east, north, up (m), their rates (m/s), natural log of the drag factor (m^2/kg), and the wind
(m/s east, north) that adds to the air's profile; the last three stay. The earth is a sphere below the site: gravity
points to its centre and weakens with height, and the ground falls away from the tangent plane as d^2 / 2R. The air's
altitude is the height above that sphere plus the site's own. The earth's rotation enters as its vector in ENU
(`spin`, rad/s; zeros leave it out). No step is longer than a quarter of the time in which drag takes the speed, nor
than `LONGEST_S`, so that a light body in thick air is as safe as a heavy one.

Letters of the kernels: x a body, k its rate, h a step.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tocsin.jit import kernel
from tocsin.physics.atmosphere import GAS_CONSTANT, HEAT_RATIO, pressure_pa, temperature_k
from tocsin.physics.drag import CURVES, relative_drag
from tocsin.physics.wind import CALM, wind_at
from tocsin.units import MPS2_PER_G

Floats = NDArray[np.float64]

EARTH_RADIUS_M = 6_371_000.0
SPIN_RADPS = 7.292115e-5
BODY = 9
LONGEST_S = 1.0
SHORTEST_S = 0.005
_FACTOR_LOG = (-14.0, 2.0)  # the drag factor is held between e^-14 and e^2 m^2/kg, far beyond any body


class Air(NamedTuple):
    """What surrounds the body, as kernels take it: `curves` (c, Machs) and the number of the one in force; `wind`
    (n, 3) profile; the site's altitude above sea level; `spin` (3,)."""

    curves: Floats
    curve: int
    wind: Floats
    site_altitude_m: float
    spin: Floats


def air(curve: int, site_altitude_m: float = 0.0, wind: Floats = CALM, latitude_rad: float | None = None) -> Air:
    """`latitude_rad` of the site, or None to leave the earth's rotation out."""
    spin = np.zeros(3)
    if latitude_rad is not None:
        spin[1], spin[2] = SPIN_RADPS * math.cos(latitude_rad), SPIN_RADPS * math.sin(latitude_rad)
    return Air(CURVES, curve, wind, site_altitude_m, spin)


@kernel
def height_above_sphere_m(x: Floats) -> float:
    """Height of ENU x (3+,) above the sphere through the site's origin."""
    return float(x[2] + (x[0] * x[0] + x[1] * x[1]) / (2.0 * (EARTH_RADIUS_M + x[2])))


@kernel
def rate_of(x: Floats, air: Air, k: Floats) -> float:
    """k (6,) = rate of the position and velocity of body x (9,); returns the share of its speed through the air that
    drag takes in a second."""
    above = height_above_sphere_m(x)
    altitude = above + air.site_altitude_m
    we, wn = wind_at(air.wind, altitude)
    ae, an = x[3] - we - x[7], x[4] - wn - x[8]
    speed = math.sqrt(ae * ae + an * an + x[5] * x[5])
    warmth = temperature_k(altitude)
    density = pressure_pa(altitude) / (GAS_CONSTANT * warmth)
    mach = speed / math.sqrt(HEAT_RATIO * GAS_CONSTANT * warmth)
    factor = math.exp(min(max(x[6], _FACTOR_LOG[0]), _FACTOR_LOG[1]))
    lost = 0.5 * density * factor * relative_drag(air.curves, air.curve, mach) * speed
    weaker = EARTH_RADIUS_M / (EARTH_RADIUS_M + above)
    g, s = MPS2_PER_G * weaker * weaker, air.spin
    k[0], k[1], k[2] = x[3], x[4], x[5]
    k[3] = -lost * ae - g * x[0] / EARTH_RADIUS_M - 2.0 * (s[1] * x[5] - s[2] * x[4])
    k[4] = -lost * an - g * x[1] / EARTH_RADIUS_M - 2.0 * (s[2] * x[3] - s[0] * x[5])
    k[5] = -lost * x[5] - g - 2.0 * (s[0] * x[4] - s[1] * x[3])
    return lost


@kernel
def safe_step_s(lost: float) -> float:
    """The longest step that is accurate where drag takes the share `lost` of the speed in a second."""
    return max(min(LONGEST_S, 0.25 / max(lost, 1e-9)), SHORTEST_S)


@kernel
def step(x: Floats, h: float, air: Air, work: Floats) -> None:
    """Move body x by h seconds in place; work (5, 9) is scratch and holds x's rate in its first row."""
    k1, k2, k3, k4, y = work[0], work[1], work[2], work[3], work[4]
    for a in range(9):
        y[a] = x[a] + 0.5 * h * k1[a] if a < 6 else x[a]
    rate_of(y, air, k2)
    for a in range(6):
        y[a] = x[a] + 0.5 * h * k2[a]
    rate_of(y, air, k3)
    for a in range(6):
        y[a] = x[a] + h * k3[a]
    rate_of(y, air, k4)
    for a in range(6):
        x[a] += h / 6.0 * (k1[a] + 2.0 * k2[a] + 2.0 * k3[a] + k4[a])


@kernel
def advance(x: Floats, seconds: float, air: Air) -> None:
    """Move body x by `seconds` (0 or more) in place, in as many equal steps as are needed."""
    work = np.zeros((5, 9))
    left = seconds
    while left > 1e-9:
        h = left / math.ceil(left / safe_step_s(rate_of(x, air, work[0])))
        step(x, h, air, work)
        left -= h


@kernel
def fall(x: Floats, ground_m: float, longest_s: float, air: Air) -> float:
    """Move body x in place to where it comes down through `ground_m` above the sphere; returns the seconds it takes.

    inf, and x left where it is then, if it does not within `longest_s`. A body at or below that height that does not
    rise has fallen: 0. The crossing is found by secants within the last step.
    """
    work, before = np.zeros((5, 9)), np.empty(9)
    elapsed = 0.0
    above = height_above_sphere_m(x) - ground_m
    while elapsed < longest_s:
        if above <= 0.0 and x[5] <= 0.0:
            return elapsed
        h = safe_step_s(rate_of(x, air, work[0]))
        for a in range(9):
            before[a] = x[a]
        step(x, h, air, work)
        after = height_above_sphere_m(x) - ground_m
        if after <= 0.0 and x[5] < 0.0 and above > 0.0:
            low, high, s, left = 0.0, h, h, after
            while abs(left) > 1e-6 and high - low > 1e-9:
                if left > 0.0:
                    low = s
                else:
                    high = s
                s += left / max(-x[5], 1e-3)
                if not low < s < high:
                    s = 0.5 * (low + high)
                for a in range(9):
                    x[a] = before[a]
                step(x, s, air, work)
                left = height_above_sphere_m(x) - ground_m
            return elapsed + s
        elapsed += h
        above = after
    return math.inf


@kernel
def fall_all(bodies: Floats, ground_m: float, longest_s: float, air: Air) -> Floats:
    """`fall` of bodies (n, 9), in place; returns the seconds (n,)."""
    seconds = np.empty(bodies.shape[0])
    for i in range(bodies.shape[0]):
        seconds[i] = fall(bodies[i], ground_m, longest_s, air)
    return seconds


@kernel
def advance_all(bodies: Floats, seconds: float, air: Air) -> None:
    """`advance` of bodies (n, 9), in place."""
    for i in range(bodies.shape[0]):
        advance(bodies[i], seconds, air)


def warm() -> None:
    """Compile or load the kernels of this room."""
    body = np.array([[0.0, 0.0, 10.0, 1.0, 0.0, 1.0, -8.0, 0.0, 0.0]])
    advance_all(body, 0.1, air(0))
    fall_all(body, 0.0, 30.0, air(0))

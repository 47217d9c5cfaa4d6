"""Where a body of nine numbers is at the times it was seen, and what a sensor measures of it there.

Two motions share the nine numbers' first six, place and velocity at the start: FALLING goes on with the natural log of
its drag factor and the wind (physics/dynamics), ACCELERATED with a constant acceleration. Besides the body itself, nine
neighbours are moved along, each with one number changed by its `STEPS`, for derivatives by differences. Between the
steps of the integration, places and velocities are cubic in time with the right slopes (Hermite).

Letters beyond those of `layout`: th the nine numbers, s a neighbour (0 the body itself), n a node of the integration.
"""

import math
from typing import NamedTuple

import numpy as np

from tocsin.jit import kernel
from tocsin.physics.dynamics import Air, rate_of, safe_step_s, step
from tocsin.tracking.kernels.layout import Floats, Ints
from tocsin.tracking.kernels.rows import AZIMUTH_ELEVATION, POLAR_2D, POLAR_3D, POSITION_2D, POSITION_3D

FALLING, ACCELERATED = 0, 1
NUMBERS = 9
STEPS = np.array(((1.0, 1.0, 1.0, 0.1, 0.1, 0.1, 1e-3, 0.1, 0.1), (1.0, 1.0, 1.0, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01)))
NODE_S = 0.5
MOST_NODES = 400


class Seen(NamedTuple):
    """Detections of one body, of any sensors, in the order of time."""

    kind: Ints  # (m,) MeasurementKind
    t: Floats  # (m,) UTC seconds
    z: Floats  # (m, 4) measured values, azimuth before range, and in the last column the range rate
    R: Floats  # (m, 3, 3)
    rate_variance: Floats  # (m,) of the range rate; 0 where there is none
    sensor: Floats  # (m, 3) ENU
    place: Floats  # (m, 3) ENU
    place_cov: Floats  # (m, 3, 3)


class Path(NamedTuple):
    """The integrated motion: `nodes` nodes at `t` seconds from the start."""

    nodes: int
    t: Floats  # (nodes,)
    x: Floats  # (nodes, 10, 6)
    a: Floats  # (nodes, 10, 3) acceleration


@kernel
def move(th: Floats, span: float, motion: int, air: Air, steps: Floats) -> Path:
    """The body and its nine neighbours from the start to `span` seconds later, or as far as `MOST_NODES` reach."""
    t, x, a = np.zeros(MOST_NODES), np.empty((MOST_NODES, 10, 6)), np.empty((MOST_NODES, 10, 3))
    body, work, k = np.empty((10, 9)), np.zeros((5, 9)), np.zeros(6)
    for s in range(10):
        for c in range(9):
            body[s, c] = th[c] + (steps[c] if s == c + 1 else 0.0)
    n = 0
    while True:
        lost = 0.0
        for s in range(10):
            if motion == FALLING:
                most = rate_of(body[s], air, k)
                lost = max(lost, most)
            else:
                k[3], k[4], k[5] = body[s, 6], body[s, 7], body[s, 8]
            for c in range(6):
                x[n, s, c] = body[s, c]
            for c in range(3):
                a[n, s, c] = k[c + 3]
        if t[n] >= span or n == MOST_NODES - 1:
            return Path(n + 1, t, x, a)
        h = min(NODE_S, safe_step_s(lost)) if motion == FALLING else span
        h = min(h, max(span - t[n], 1e-6))
        for s in range(10):
            if motion == FALLING:
                for c in range(3):
                    work[0, c], work[0, c + 3] = x[n, s, c + 3], a[n, s, c]
                step(body[s], h, air, work)
            else:
                for c in range(3):
                    body[s, c] += h * body[s, c + 3] + 0.5 * h * h * body[s, c + 6]
                    body[s, c + 3] += h * body[s, c + 6]
        n += 1
        t[n] = t[n - 1] + h


@kernel
def at_time(path: Path, t: float, s: int, p: Floats) -> None:
    """p (6,): place and velocity of neighbour s at `t` seconds from the start."""
    last = path.nodes - 1
    n = min(max(int(np.searchsorted(path.t[: path.nodes], t)) - 1, 0), max(last - 1, 0))
    if last == 0:
        for c in range(3):
            p[c] = path.x[0, s, c] + t * path.x[0, s, c + 3]
            p[c + 3] = path.x[0, s, c + 3]
        return
    h = path.t[n + 1] - path.t[n]
    u = (t - path.t[n]) / h
    b = u * u * (3.0 - 2.0 * u)
    c0, c1 = u * (1.0 - u) * (1.0 - u) * h, -u * u * (1.0 - u) * h
    for c in range(6):
        if c < 3:
            d0, d1 = path.x[n, s, c + 3], path.x[n + 1, s, c + 3]
        else:
            d0, d1 = path.a[n, s, c - 3], path.a[n + 1, s, c - 3]
        p[c] = (1.0 - b) * path.x[n, s, c] + b * path.x[n + 1, s, c] + c0 * d0 + c1 * d1


@kernel
def measured(kind: int, p: Floats, sensor: Floats, z: Floats) -> int:
    """z (4,): what a sensor measures of place and velocity p (6,), the range rate last; returns how many values."""
    de, dn, du = p[0] - sensor[0], p[1] - sensor[1], p[2] - sensor[2]
    g = math.sqrt(de * de + dn * dn)
    r = math.sqrt(max(g * g + du * du, 1.0))
    z[3] = (de * p[3] + dn * p[4] + du * p[5]) / r
    if kind == POSITION_2D or kind == POSITION_3D:
        z[0], z[1], z[2] = p[0], p[1], p[2]
        return 2 if kind == POSITION_2D else 3
    z[0] = math.atan2(de, dn)
    elevation = math.atan2(du, g)
    if kind == POLAR_2D or kind == POLAR_3D:
        z[1], z[2] = r, elevation
        return 2 if kind == POLAR_2D else 3
    z[1] = elevation
    return 2 if kind == AZIMUTH_ELEVATION else 1

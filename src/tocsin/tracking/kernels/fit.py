"""The body that best explains what was seen: Levenberg-Marquardt on raw measurements with a Gaussian prior.

Residuals are whitened by each detection's own covariance and held by Huber's function beyond `HUBER` deviations, so
that one wild report does not carry the fit. Nine unknowns, explicit loops. Source of the method: J. More, "The
Levenberg-Marquardt algorithm" (1978); of the evidence: Laplace's approximation at the maximum.
"""

import math
from typing import NamedTuple

import numpy as np

from tocsin.jit import kernel
from tocsin.physics.dynamics import Air
from tocsin.tracking.kernels.layout import Floats
from tocsin.tracking.kernels.linalg import cholesky, solve_lower, wrap_pi
from tocsin.tracking.kernels.rows import POSITION_3D
from tocsin.tracking.kernels.trajectory import NUMBERS, STEPS, Seen, at_time, measured, move
from tocsin.units import MPS2_PER_G

HUBER = 3.5
MOST_ROUNDS = 15
SETTLED = 1e-3  # a round that lowers the cost by less changes nothing that could be seen


class Fitted(NamedTuple):
    """`th` (9,) at the start; `A` (9, 9) information there, prior included; `cost` twice the negative log posterior,
    constants left out; `misfit` the measurements' part of it; `values` how many numbers were measured."""

    th: Floats
    A: Floats
    cost: float
    misfit: float
    values: int
    good: bool


@kernel
def solve_upper(L: Floats, v: Floats, size: int) -> None:
    """v = L'^-1 v in place."""
    for i in range(size - 1, -1, -1):
        s = v[i]
        for k in range(i + 1, size):
            s -= L[k, i] * v[k]
        v[i] = s / L[i, i]


@kernel
def invert(A: Floats, L: Floats, out: Floats) -> bool:
    """out = A^-1 of a symmetric positive definite (9, 9); False if it is not."""
    if not cholesky(A, NUMBERS, L):
        return False
    for c in range(NUMBERS):
        for a in range(NUMBERS):
            out[c, a] = 1.0 if a == c else 0.0
        solve_lower(L, out[c], NUMBERS)
        solve_upper(L, out[c], NUMBERS)
    for a in range(NUMBERS):
        for c in range(a):
            out[a, c] = out[c, a] = 0.5 * (out[a, c] + out[c, a])
    return True


@kernel
def weigh(
    th: Floats, mean: Floats, info: Floats, seen: Seen, first: int, last: int, start: float, motion: int, air: Air,
    A: Floats, g: Floats,
) -> tuple[float, float, int]:  # fmt: skip
    """Fill A (9, 9) and g (9,), half the second and first derivatives of the cost at th, from detections first to last
    and the prior; returns the cost, the measurements' part of it and their number."""
    for a in range(NUMBERS):
        g[a] = 0.0
        for c in range(NUMBERS):
            A[a, c] = info[a, c]
            g[a] += info[a, c] * (mean[c] - th[c])
    cost = 0.0
    for a in range(NUMBERS):
        cost -= g[a] * (th[a] - mean[a])
    span = max(seen.t[last - 1] - start, 0.0) if last > first else 0.0
    path = move(th, span, motion, air, STEPS[motion])
    p, z, z0 = np.empty(6), np.zeros(4), np.zeros(4)
    J, S, L = np.empty((NUMBERS, 4)), np.zeros((4, 4)), np.zeros((4, 4))
    r, misfit, values = np.empty(4), 0.0, 0
    for j in range(first, last):
        kind, t = seen.kind[j], seen.t[j] - start
        at_time(path, t, 0, p)
        d = measured(kind, p, seen.sensor[j], z0)
        size = d + 1 if seen.rate_variance[j] > 0.0 else d
        for s in range(NUMBERS):
            at_time(path, t, s + 1, p)
            measured(kind, p, seen.sensor[j], z)
            for q in range(size):
                at = 3 if q == d else q
                off = z[at] - z0[at]
                if q == 0 and kind > POSITION_3D:
                    off = wrap_pi(off)
                J[s, q] = off / STEPS[motion, s]
        for q in range(size):
            at = 3 if q == d else q
            r[q] = seen.z[j, at] - z0[at]
            for u in range(size):
                S[q, u] = seen.R[j, q, u] if q < d and u < d else 0.0
        if kind > POSITION_3D:
            r[0] = wrap_pi(r[0])
        if size > d:
            S[d, d] = seen.rate_variance[j]
        if not cholesky(S, size, L):
            continue
        solve_lower(L, r, size)
        square = 0.0
        for q in range(size):
            square += r[q] * r[q]
        w = 1.0
        if square > HUBER * HUBER:
            norm = math.sqrt(square)
            w = HUBER / norm
            square = HUBER * (2.0 * norm - HUBER)
        misfit += square
        values += size
        for s in range(NUMBERS):
            solve_lower(L, J[s], size)
        for a in range(NUMBERS):
            for q in range(size):
                g[a] += w * J[a, q] * r[q]
            for c in range(a, NUMBERS):
                v = 0.0
                for q in range(size):
                    v += J[a, q] * J[c, q]
                A[a, c] += w * v
    for a in range(NUMBERS):
        for c in range(a):
            A[a, c] = A[c, a]
    return cost + misfit, misfit, values


@kernel
def fit(th0: Floats, mean: Floats, info: Floats, seen: Seen, start: float, motion: int, air: Air) -> Fitted:
    """The most probable body given the prior (mean (9,), info (9, 9)) and everything seen, from the guess th0."""
    m = seen.t.shape[0]
    th, trial = th0.copy(), np.empty(NUMBERS)
    A, g, B, f = np.empty((NUMBERS, NUMBERS)), np.empty(NUMBERS), np.empty((NUMBERS, NUMBERS)), np.empty(NUMBERS)
    M, L = np.empty((NUMBERS, NUMBERS)), np.empty((NUMBERS, NUMBERS))
    cost, misfit, values = weigh(th, mean, info, seen, 0, m, start, motion, air, A, g)
    damping, good = 1e-4, math.isfinite(cost)
    for _ in range(MOST_ROUNDS):
        for a in range(NUMBERS):
            f[a] = g[a]
            for c in range(NUMBERS):
                M[a, c] = A[a, c] * (1.0 + damping if a == c else 1.0)
        if not good or not cholesky(M, NUMBERS, L):
            good = False
            break
        solve_lower(L, f, NUMBERS)
        solve_upper(L, f, NUMBERS)
        expected = 0.0
        for a in range(NUMBERS):
            trial[a] = th[a] + f[a]
            expected += f[a] * g[a]
        if expected < SETTLED:
            break
        new_cost, new_misfit, _ = weigh(trial, mean, info, seen, 0, m, start, motion, air, B, f)
        if new_cost < cost:
            gained = cost - new_cost
            cost, misfit = new_cost, new_misfit
            for a in range(NUMBERS):
                th[a], g[a] = trial[a], f[a]
                for c in range(NUMBERS):
                    A[a, c] = B[a, c]
            damping = max(damping * 0.1, 1e-9)
            if gained < SETTLED:
                break
        else:
            damping *= 10.0
            if damping > 1e6:
                break
    return Fitted(th, A, cost, misfit, values, good and cholesky(A, NUMBERS, L))


@kernel
def log_evidence(fitted: Fitted, info: Floats) -> float:
    """Natural log of the probability density of what was seen, save a constant that no motion changes."""
    L, v = np.empty((NUMBERS, NUMBERS)), -0.5 * fitted.cost
    if not cholesky(info, NUMBERS, L):
        return -math.inf
    for a in range(NUMBERS):
        v += math.log(L[a, a])
    if not cholesky(fitted.A, NUMBERS, L):
        return -math.inf
    for a in range(NUMBERS):
        v -= math.log(L[a, a])
    return v


@kernel
def log_scale(seen: Seen) -> float:
    """The constant that `log_evidence` leaves out: log of the measurement densities' heights."""
    L, v = np.empty((4, 4)), 0.0
    for j in range(seen.t.shape[0]):
        p = np.zeros(6)
        p[0] = 1.0
        d = measured(seen.kind[j], p, np.zeros(3), np.empty(4))
        if cholesky(seen.R[j], d, L):
            for a in range(d):
                v -= 0.9189385332046727 + math.log(L[a, a])
        if seen.rate_variance[j] > 0.0:
            v -= 0.9189385332046727 + 0.5 * math.log(seen.rate_variance[j])
    return v


@kernel
def guess(seen: Seen, start: float) -> Floats:
    """Place and velocity at the start that fit the placed detections best under plain gravity, and three zeros (9,)."""
    N, v, L, W = np.zeros((6, 6)), np.zeros(9), np.empty((6, 6)), np.empty((3, 3))
    F, y = np.empty((3, 3)), np.empty(3)
    for c in range(3):
        N[c, c], N[c + 3, c + 3] = 1e-10, 1e-6
    for j in range(seen.t.shape[0]):
        if not cholesky(seen.place_cov[j], 3, F):
            continue
        for c in range(3):
            for a in range(3):
                W[c, a] = 1.0 if a == c else 0.0
            solve_lower(F, W[c], 3)  # W[c] = F^-1 e_c
            y[c] = 0.0
        t = seen.t[j] - start
        for q in range(3):
            for c in range(3):
                fall = 0.5 * MPS2_PER_G * t * t if c == 2 else 0.0
                y[q] += W[c, q] * (seen.place[j, c] + fall)
        for a in range(3):
            for c in range(3):
                w = 0.0
                for q in range(3):
                    w += W[a, q] * W[c, q]
                N[a, c] += w
                N[a, c + 3] += w * t
                N[a + 3, c] += w * t
                N[a + 3, c + 3] += w * t * t
            for q in range(3):
                v[a] += W[a, q] * y[q]
                v[a + 3] += W[a, q] * y[q] * t
    if cholesky(N, 6, L):
        solve_lower(L, v, 6)
        solve_upper(L, v, 6)
    return v


@kernel
def carry(th: Floats, P: Floats, seconds: float, air: Air, out: Floats, Q: Floats) -> None:
    """Move a falling body and its covariance P (9, 9) by `seconds`: out (9,), Q (9, 9)."""
    F, half = np.zeros((NUMBERS, NUMBERS)), np.empty((NUMBERS, NUMBERS))
    path = move(th, max(seconds, 0.0), 0, air, STEPS[0])
    last = path.nodes - 1
    for a in range(NUMBERS):
        out[a] = path.x[last, 0, a] if a < 6 else th[a]
        for s in range(NUMBERS):
            if a < 6:
                F[a, s] = (path.x[last, s + 1, a] - path.x[last, 0, a]) / STEPS[0, s]
            else:
                F[a, s] = 1.0 if a == s else 0.0
    for a in range(NUMBERS):
        for c in range(NUMBERS):
            v = 0.0
            for s in range(NUMBERS):
                v += F[a, s] * P[s, c]
            half[a, c] = v
    for a in range(NUMBERS):
        for c in range(a, NUMBERS):
            v = 0.0
            for s in range(NUMBERS):
                v += half[a, s] * F[c, s]
            Q[a, c] = v
            Q[c, a] = v


@kernel
def set_back(
    th: Floats, mean: Floats, info: Floats, seen: Seen, last: int, start: float, to: float, air: Air, drift: Floats
) -> tuple[Floats, Floats, bool]:
    """The prior at time `to` that stands for the prior at `start` and the detections before `last`, taken to second
    order about th; `drift` (9, 9) is the covariance that the numbers gain on the way. Returns mean, info, success."""
    A, g = np.empty((NUMBERS, NUMBERS)), np.empty(NUMBERS)
    L, P, Q = np.empty((NUMBERS, NUMBERS)), np.empty((NUMBERS, NUMBERS)), np.empty((NUMBERS, NUMBERS))
    weigh(th, mean, info, seen, 0, last, start, 0, air, A, g)
    moved, shifted, ahead = np.empty(NUMBERS), np.empty(NUMBERS), np.empty(NUMBERS)
    if not invert(A, L, P):
        return mean, info, False
    carry(th, P, to - start, air, moved, Q)
    F = move(th, to - start, 0, air, STEPS[0])
    n = F.nodes - 1
    for a in range(NUMBERS):  # where the quadratic has its minimum, seen from th
        shifted[a] = 0.0
        for c in range(NUMBERS):
            shifted[a] += P[a, c] * g[c]
    for a in range(NUMBERS):
        ahead[a] = moved[a] + (shifted[a] if a >= 6 else 0.0)
        if a < 6:
            for s in range(NUMBERS):
                ahead[a] += (F.x[n, s + 1, a] - F.x[n, 0, a]) / STEPS[0, s] * shifted[s]
        for c in range(NUMBERS):
            Q[a, c] += drift[a, c]
    good = invert(Q, L, P)
    return ahead, P, good

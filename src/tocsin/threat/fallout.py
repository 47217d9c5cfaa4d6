"""Where and when a falling body comes down, from tracking's estimate of it.

The estimate's covariance is carried to the ground by central differences of second order along its nine principal
columns (Stirling's interpolation), so that a curved answer to a wide uncertainty shifts and widens the ellipse. Drag
and wind that drift on the way down add to it. Nothing is drawn at random.

Source: M. Norgaard, N. Poulsen, O. Ravn, "New developments in state estimation for nonlinear systems", Automatica 36
(2000), 1627.

Letters: x the nine numbers (see physics/dynamics), P their covariance, L its factor, y the answer: east and north of
the impact (m) and the seconds until it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tocsin.jit import kernel
from tocsin.physics.dynamics import Air, advance, fall

Floats = NDArray[np.float64]

STRETCH = math.sqrt(3.0)
PARTS = 10


@kernel
def _factor(P: Floats, L: Floats) -> None:
    """Lower factor of P (9, 9); a pivot that is not positive counts as 0."""
    for i in range(9):
        for j in range(i + 1):
            rest = P[i, j]
            for k in range(j):
                rest -= L[i, k] * L[j, k]
            if i == j:
                L[i, i] = math.sqrt(max(rest, 0.0))
            else:
                L[i, j] = rest / L[j, j] if L[j, j] > 0.0 else 0.0


@kernel
def _land(x: Floats, ground_m: float, longest_s: float, air: Air, y: Floats) -> bool:
    y[2] = fall(x, ground_m, longest_s, air)
    y[0], y[1] = x[0], x[1]
    return math.isfinite(y[2])


@kernel
def _drifted(
    mean: Floats, middle: Floats, ground_m: float, longest_s: float, air: Air, drift: Floats, C: Floats
) -> bool:
    """Add to C what drag and wind that walk at random on the way down do, a tenth of the way at a time."""
    here, x, y = mean.copy(), np.empty(9), np.empty(3)
    part = middle[2] / PARTS
    for q in range(PARTS):
        advance(here, part if q > 0 else 0.5 * part, air)
        for k in range(3):
            x[:] = here
            change = 0.05 if k == 0 else 1.0
            x[6 + k] += change
            if not _land(x, ground_m, longest_s, air, y):
                return False
            y[2] += (q + 0.5) * part
            gained = drift[k] * part / (change * change)
            for a in range(3):
                for b in range(3):
                    C[a, b] += gained * (y[a] - middle[a]) * (y[b] - middle[b])
    return True


@kernel
def landing(
    mean: Floats, P: Floats, ground_m: float, longest_s: float, air: Air, drift: Floats, y: Floats, C: Floats
) -> bool:
    """Fill y (3,) and its covariance C (3, 3) for a body with x = mean (9,); False if it does not come down.

    `drift` (3,): variance that log drag and each component of the wind gain a second.
    """
    L, x = np.zeros((9, 9)), np.empty(9)
    middle, plus, minus = np.empty(3), np.empty(3), np.empty(3)
    _factor(P, L)
    x[:] = mean
    if not _land(x, ground_m, longest_s, air, middle):
        return False
    for a in range(3):
        y[a] = middle[a]
        for b in range(3):
            C[a, b] = 0.0
    h2 = STRETCH * STRETCH
    for k in range(9):
        for a in range(9):
            x[a] = mean[a] + STRETCH * L[a, k]
        good = _land(x, ground_m, longest_s, air, plus)
        for a in range(9):
            x[a] = mean[a] - STRETCH * L[a, k]
        good = _land(x, ground_m, longest_s, air, minus) and good
        if not good:
            return False
        for a in range(3):
            y[a] += (plus[a] + minus[a] - 2.0 * middle[a]) / (2.0 * h2)
            for b in range(3):
                C[a, b] += (plus[a] - minus[a]) * (plus[b] - minus[b]) / (4.0 * h2)
                bend = (plus[a] + minus[a] - 2.0 * middle[a]) * (plus[b] + minus[b] - 2.0 * middle[b])
                C[a, b] += (h2 - 1.0) / (4.0 * h2 * h2) * bend
    if drift[0] + drift[1] + drift[2] > 0.0:
        return _drifted(mean, middle, ground_m, longest_s, air, drift, C)
    return True

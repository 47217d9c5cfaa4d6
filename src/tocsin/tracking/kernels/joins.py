"""How likely lost objects are to be where a new track is, with such a velocity.

Letters beyond those of `layout`: level states are east, north and their velocities; q spectral density of the white
acceleration, tau time in which a velocity forgets itself, s stationary spread of one. Source of the wandering motion:
the Ornstein-Uhlenbeck velocity, whose moments over a gap are in closed form.
"""

import math

import numpy as np

from tocsin.jit import kernel
from tocsin.tracking.kernels.layout import Floats
from tocsin.tracking.kernels.linalg import cholesky, solve_lower

LEVEL = (0, 1, 3, 4)
STEADY_SHARE, STEADY_NOISE = 0.5, 1.0  # of those that kept their course, and how far it may bend, m^2/s^3
WANDER_S, WANDER_MPS = 10.0, 5.0  # the others forget their velocity, and draw another of this spread or of their own
LOST_SIGMA_M = 25.0  # how well a place was known, each horizontal component
FAR = 60.0  # squared distance along one axis from which nothing is left to weigh


@kernel
def _density(x: Floats, P: Floats, lost: Floats, carried: float, left: float, p: float, c: float, v: float) -> float:
    """Of the new level state x (4,), P (4, 4), for a velocity carried so many seconds of which so much is left, and
    the variances p of place, v of velocity and the covariance c gained on each axis."""
    for a in range(2):
        away = x[a] - lost[1 + a] - carried * lost[3 + a]
        if away * away > FAR * (P[a, a] + p + LOST_SIGMA_M * LOST_SIGMA_M):
            return 0.0
    d, S, L = np.empty(4), P.copy(), np.empty((4, 4))
    for a in range(2):
        d[a] = x[a] - lost[1 + a] - carried * lost[3 + a]
        d[a + 2] = x[a + 2] - left * lost[3 + a]
        S[a, a] += p + LOST_SIGMA_M * LOST_SIGMA_M
        S[a + 2, a + 2] += v
        S[a, a + 2] += c
        S[a + 2, a] += c
    if not cholesky(S, 4, L):
        return 0.0
    solve_lower(L, d, 4)
    height: float = 4.0 * math.pi * math.pi * L[0, 0] * L[1, 1] * L[2, 2] * L[3, 3]
    return math.exp(-0.5 * (d[0] * d[0] + d[1] * d[1] + d[2] * d[2] + d[3] * d[3])) / height


@kernel
def returns(lost: Floats, time: float, born: float, within: float, state: Floats, covariance: Floats) -> Floats:
    """Density (n,), 1/(m^2 (m/s)^2), of each lost object in a new track's state (6,), (6, 6) at `time`; 0 where the
    track began before the object was lost, or longer after than `within`.

    lost (n, 5): time of the last detection, and the level state then.
    """
    found, x, P = np.zeros(lost.shape[0]), np.empty(4), np.empty((4, 4))
    for a in range(4):
        x[a] = state[LEVEL[a]]
        for b in range(4):
            P[a, b] = covariance[LEVEL[a], LEVEL[b]]
    for k in range(lost.shape[0]):
        gap = born - lost[k, 0]
        if not 0.0 < gap <= within:
            continue
        t = time - lost[k, 0]
        q = STEADY_NOISE
        steady = _density(x, P, lost[k], t, 1.0, q * t * t * t / 3.0, 0.5 * q * t * t, q * t)
        e = math.exp(-t / WANDER_S)
        s2 = WANDER_MPS * WANDER_MPS + 0.5 * (lost[k, 3] * lost[k, 3] + lost[k, 4] * lost[k, 4])
        spread = max(s2 * WANDER_S * (2.0 * t - WANDER_S * (1.0 - e) * (3.0 - e)), 0.0)
        both = s2 * WANDER_S * (1.0 - e) * (1.0 - e)
        wandering = _density(x, P, lost[k], WANDER_S * (1.0 - e), e, spread, both, s2 * (1.0 - e * e))
        found[k] = STEADY_SHARE * steady + (1.0 - STEADY_SHARE) * wandering
    return found

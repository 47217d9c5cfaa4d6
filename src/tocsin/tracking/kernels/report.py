"""What is given out: the modes' mixture of each reported track, predicted to one instant."""

import math

import numpy as np

from tocsin.jit import kernel
from tocsin.tracking.kernels.layout import BankArrays, Floats, Ints
from tocsin.tracking.kernels.prediction import mixture, propagate, transition


@kernel
def reportable(
    bank: BankArrays, n: int, time: float, death_rate: float, show: float, patience: float
) -> tuple[Ints, Floats]:
    """Tracks that are reported, or tentative with an existence of at least `show`, and their existence at `time`."""
    chosen, existence, count = np.empty(n, np.int64), np.empty(n), 0
    for i in range(n):
        r = bank.r[i]
        if time > bank.t[i]:
            r *= math.exp(-death_rate * (time - bank.t[i]))
        if time - bank.last[i] > patience or (bank.reported[i] != 1 and r < show):
            continue
        chosen[count], existence[count] = i, r
        count += 1
    return chosen[:count].copy(), existence[:count].copy()


@kernel
def report(bank: BankArrays, tracks: Ints, time: float, modes: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Positions and velocities (tracks, 3), covariances (tracks, 6, 6) and mode probabilities at `time`.

    A track whose own time is later than `time` is given as it is. The bank stays as it is.
    """
    n, count = tracks.shape[0], modes.shape[0]
    position, velocity, covariance = np.empty((n, 3)), np.empty((n, 3)), np.empty((n, 6, 6))
    probability, f, mean = np.empty((n, count)), np.empty((count, 12)), np.empty(6)
    x, P, w = np.empty((count, 6)), np.empty((count, 6, 6)), np.empty((5, 3, 3))
    last_dt = -1.0
    for k in range(n):
        i = tracks[k]
        dt = time - bank.t[i]
        if dt > 0.0:
            if dt != last_dt:
                transition(dt, modes, f)
                last_dt = dt
            for b in range(bank.width[i]):
                propagate(f[b], bank.x[i, b], bank.P[i, b], x[b], P[b], w)
            mixture(x, P, bank.mu[i], bank.width[i], mean, covariance[k])
        else:
            mixture(bank.x[i], bank.P[i], bank.mu[i], bank.width[i], mean, covariance[k])
        for a in range(3):
            position[k, a], velocity[k, a] = mean[a], mean[a + 3]
        for b in range(count):
            probability[k, b] = bank.mu[i, b] if bank.width[i] == count else modes[b, 5]
    return position, velocity, covariance, probability

"""IMM mixing and prediction of tracks, each to its own time.

Mode switching is a Markov chain in continuous time that leaves any mode at one common rate and picks the next from a
fixed distribution: exp(-rate dt) I + (1 - exp(-rate dt)) 1 share'. Each mixed mode is then a mixture of the mode itself
and of the overall mixture, so that mixing costs O(modes) and not O(modes^2), and any dt has its exact matrix.
Motion: velocity decays and turns, dv = (-damping + i turn) v dt + noise (v = east + i north; up without the turn), so
that constant velocity, coordinated turns and hover share one closed form. Source of the IMM: Blom, Bar-Shalom (1988).
Noise is exact for turn = 0; with a turn, its position-velocity part neglects the rotation within dt.
"""

import math

import numpy as np

from tocsin.jit import kernel
from tocsin.tracking.kernels.layout import BankArrays, Floats, Ints


@kernel
def noise_integrals(q: float, damping: float, dt: float) -> tuple[float, float, float]:
    """Covariance (position, cross, velocity) gained in dt from white acceleration q (m^2/s^3) under damping (1/s)."""
    a = damping * dt
    if a < 1e-3:
        return q * dt**3 / 3.0, q * dt * dt / 2.0, q * dt
    e = math.exp(-a)
    vv = q * (1.0 - e * e) / (2.0 * damping)
    pv = q * (1.0 - e) ** 2 / (2.0 * damping**2)
    pp = q / damping**2 * (dt - 2.0 * (1.0 - e) / damping + (1.0 - e * e) / (2.0 * damping))
    return pp, pv, vv


@kernel
def transition(dt: float, modes: Floats, out: Floats) -> None:
    """Fill out (modes, 12): A and B of the horizontal plane as complex numbers, of the vertical, then both noises.

    modes (modes, 6): horizontal noise, vertical noise, turn, horizontal damping, vertical damping, share.
    """
    for b in range(modes.shape[0]):
        turn, damping, climb_damping = modes[b, 2], modes[b, 3], modes[b, 4]
        e = math.exp(-damping * dt)
        c, s = e * math.cos(turn * dt), e * math.sin(turn * dt)
        n2 = damping * damping + turn * turn
        if n2 * dt * dt < 1e-10:
            out[b, 0], out[b, 1] = dt - damping * dt * dt / 2.0, turn * dt * dt / 2.0
        else:
            out[b, 0] = (-damping * (c - 1.0) + turn * s) / n2
            out[b, 1] = (-turn * (c - 1.0) - damping * s) / n2
        out[b, 2], out[b, 3] = c, s
        ez = math.exp(-climb_damping * dt)
        out[b, 4] = dt if climb_damping * dt < 1e-6 else (1.0 - ez) / climb_damping
        out[b, 5] = ez
        out[b, 6], out[b, 7], out[b, 8] = noise_integrals(modes[b, 0], damping, dt)
        out[b, 9], out[b, 10], out[b, 11] = noise_integrals(modes[b, 1], climb_damping, dt)


@kernel
def _left(ar: float, ai: float, az: float, m: Floats, out: Floats) -> None:
    """out = A m, A turning and scaling the first two rows and scaling the third; m and out (3, 3)."""
    for c in range(3):
        out[0, c] = ar * m[0, c] - ai * m[1, c]
        out[1, c] = ai * m[0, c] + ar * m[1, c]
        out[2, c] = az * m[2, c]


@kernel
def _right(ar: float, ai: float, az: float, m: Floats, out: Floats) -> None:
    """out = m A'."""
    for c in range(3):
        out[c, 0] = ar * m[c, 0] - ai * m[c, 1]
        out[c, 1] = ai * m[c, 0] + ar * m[c, 1]
        out[c, 2] = az * m[c, 2]


@kernel
def propagate(f: Floats, x: Floats, P: Floats, x_out: Floats, P_out: Floats, w: Floats) -> None:
    """x_out = F x, P_out = F P F' + Q for a mode's row f of `transition`; w (5, 3, 3) is scratch; in place is fine."""
    ar, ai, br, bi, az, bz = f[0], f[1], f[2], f[3], f[4], f[5]
    ve, vn, vu = x[3], x[4], x[5]
    x_out[0] = x[0] + ar * ve - ai * vn
    x_out[1] = x[1] + ai * ve + ar * vn
    x_out[2] = x[2] + az * vu
    x_out[3], x_out[4], x_out[5] = br * ve - bi * vn, bi * ve + br * vn, bz * vu
    cross, vv, m, t, u = w[0], w[1], w[2], w[3], w[4]
    for a in range(3):
        for c in range(3):
            cross[a, c] = P[a, c + 3]
            vv[a, c] = P[a + 3, c + 3]
    _left(ar, ai, az, vv, m)
    _right(ar, ai, az, cross, t)  # Ppv A'
    for a in range(3):
        for c in range(3):
            m[a, c] += cross[a, c]  # Ppv + A Pvv
            cross[a, c] = P[a, c] + t[c, a]
    _right(ar, ai, az, m, t)
    for a in range(3):
        for c in range(a, 3):
            v = cross[a, c] + t[a, c]
            P_out[a, c] = v
            P_out[c, a] = v
    _right(br, bi, bz, m, t)
    _right(br, bi, bz, vv, m)
    _left(br, bi, bz, m, u)
    for a in range(3):
        for c in range(3):
            P_out[a, c + 3] = t[a, c]
            P_out[c + 3, a] = t[a, c]
        for c in range(a, 3):
            P_out[a + 3, c + 3] = u[a, c]
            P_out[c + 3, a + 3] = u[a, c]
    for a in range(3):
        o = 6 if a < 2 else 9
        P_out[a, a] += f[o]
        P_out[a, a + 3] += f[o + 1]
        P_out[a + 3, a] += f[o + 1]
        P_out[a + 3, a + 3] += f[o + 2]


@kernel
def mixture(x: Floats, P: Floats, mu: Floats, modes: int, x_out: Floats, P_out: Floats) -> None:
    """Mean (6,) and covariance (6, 6) of the first `modes` modes' mixture; x (modes, 6), P (modes, 6, 6)."""
    for a in range(6):
        v = 0.0
        for b in range(modes):
            v += mu[b] * x[b, a]
        x_out[a] = v
        for c in range(6):
            P_out[a, c] = 0.0
    for b in range(modes):
        for a in range(6):
            d = mu[b] * (x[b, a] - x_out[a])
            for c in range(6):
                P_out[a, c] += mu[b] * P[b, a, c] + d * (x[b, c] - x_out[c])


@kernel
def predict(
    bank: BankArrays, tracks: Ints, times: Floats, modes: Floats, switch_rate: float, death_rate: float
) -> None:
    """Mix and predict tracks[k] to times[k] in place; one already later stays as it is."""
    count = modes.shape[0]
    f = np.empty((count, 12))
    x_all, x_mix, P_all, P_mix, w = np.empty(6), np.empty(6), np.empty((6, 6)), np.empty((6, 6)), np.empty((5, 3, 3))
    last_dt, stay, survive = -1.0, 1.0, 1.0
    for k in range(tracks.shape[0]):
        i = tracks[k]
        dt = times[k] - bank.t[i]
        if not dt > 0.0:
            continue
        if dt != last_dt:
            transition(dt, modes, f)
            stay, survive, last_dt = math.exp(-switch_rate * dt), math.exp(-death_rate * dt), dt
        if bank.width[i] == 1:
            propagate(f[0], bank.x[i, 0], bank.P[i, 0], bank.x[i, 0], bank.P[i, 0], w)
            bank.r[i] *= survive
            bank.t[i] = times[k]
            continue
        mixture(bank.x[i], bank.P[i], bank.mu[i], count, x_all, P_all)
        for b in range(count):
            c = stay * bank.mu[i, b] + (1.0 - stay) * modes[b, 5]
            own = stay * bank.mu[i, b] / c
            rest, both = 1.0 - own, own * (1.0 - own)
            x, P = bank.x[i, b], bank.P[i, b]
            for a in range(6):
                x_mix[a] = own * x[a] + rest * x_all[a]
                d = both * (x[a] - x_all[a])
                for o in range(6):
                    P_mix[a, o] = own * P[a, o] + rest * P_all[a, o] + d * (x[o] - x_all[o])
            propagate(f[b], x_mix, P_mix, x, P, w)
            bank.mu[i, b] = c
        bank.r[i] *= survive
        bank.t[i] = times[k]

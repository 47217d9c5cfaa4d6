"""Which tracks a sensor can see, what it should measure of them, and which rows pass their gates.

Measurements are compared in the sensor's own coordinates (extended Kalman filter, analytic derivatives). A track whose
azimuth from the sensor is uncertain by more than a few degrees (close by, or near the zenith) is compared with the
placed rows instead, or, if a row has no place, its azimuth counts as unknown. A gate grows with the track's and the
row's own uncertainty; candidates come from a search in the sorted first value, so that none is dropped by a grid.
"""

import math

import numpy as np

from tocsin.jit import inlined, kernel
from tocsin.tracking.kernels.layout import BankArrays, Edges, Floats, Ints, Predicted, Rows
from tocsin.tracking.kernels.linalg import wrap_pi
from tocsin.tracking.kernels.rows import AZIMUTH_ELEVATION, POLAR_2D, POLAR_3D, POSITION_2D, POSITION_3D

AZIMUTH_BLUR = 0.06  # rad^2, about 14 degrees: above it the azimuth is not taken to first order
MOST_EDGES = 64  # of a track; in scenes that a radar could part it has a handful
UNKNOWN_AZIMUTH = math.pi**2 / 3.0  # variance of a uniform azimuth


@kernel
def leading_mode(bank: BankArrays, i: int) -> int:
    """The most probable mode of track i."""
    best = 0
    for b in range(1, bank.width[i]):
        if bank.mu[i, b] > bank.mu[i, best]:
            best = b
    return best


@kernel
def select(
    bank: BankArrays, n: int, kind: int, sensor: Floats, reach: float, time: float, z: Floats, t: Floats
) -> tuple[Ints, Floats, Floats]:
    """Tracks within `reach` of the sensor: their rows, when each was looked at (tracks,), and where they were then.

    When the rows span some time, a track's time is that of the row nearest in the first value: a scanning sensor
    reports neighbours together.
    """
    chosen, times, places = np.empty(n, np.int64), np.empty(n), np.empty((n, 3))
    m = t.shape[0]
    spread = m > 0 and (t.min() < time or t.max() > time)
    count = 0
    for i in range(n):
        b = leading_mode(bank, i)
        x, P = bank.x[i, b], bank.P[i, b]
        dt = time - bank.t[i]
        de, dn = x[0] + dt * x[3] - sensor[0], x[1] + dt * x[4] - sensor[1]
        slack = 4.0 * math.sqrt(P[0, 0] + P[1, 1] + dt * dt * (P[3, 3] + P[4, 4]))
        limit = reach + slack
        if not de * de + dn * dn <= limit * limit:
            continue
        at = time
        if spread:
            first = de + sensor[0]
            if kind != POSITION_2D and kind != POSITION_3D:
                first = math.atan2(de, dn) % (2.0 * math.pi)
            j = min(int(np.searchsorted(z[:, 0], first)), m - 1)
            if j > 0 and abs(z[j - 1, 0] - first) < abs(z[j, 0] - first):
                j -= 1
            at = t[j]
        chosen[count], times[count] = i, at
        dt = max(at - bank.t[i], 0.0)
        for a in range(3):
            places[count, a] = x[a] + dt * x[a + 3]
        count += 1
    return chosen[:count].copy(), times[:count].copy(), places[:count].copy()


@inlined
def derivative(kind: int, de: float, dn: float, du: float, z: Floats, H: Floats) -> None:
    """Measured values z and their derivative H (3, 3) by position from the sensor, for all kinds but positions."""
    g2 = max(de * de + dn * dn, 1.0)
    g = math.sqrt(g2)
    s2 = g2 + du * du
    s = math.sqrt(s2)
    z[0] = math.atan2(de, dn)
    H[0, 0], H[0, 1], H[0, 2] = dn / g2, -de / g2, 0.0
    size = 1
    if kind == POLAR_2D or kind == POLAR_3D:
        z[1] = s
        H[1, 0], H[1, 1], H[1, 2] = de / s, dn / s, du / s
        size = 2
    if kind == POLAR_3D or kind == AZIMUTH_ELEVATION:
        z[size] = math.atan2(du, g)
        H[size, 0], H[size, 1], H[size, 2] = -de * du / (g * s2), -dn * du / (g * s2), g / s2


@kernel
def expect_rate(d: int, x: Floats, P: Floats, sensor: Floats, h: Floats, out: Predicted, k: int, b: int) -> None:
    """Add the range rate as value d of the (k, b) entry; h (6,) is scratch."""
    de, dn, du = x[0] - sensor[0], x[1] - sensor[1], x[2] - sensor[2]
    s = math.sqrt(max(de * de + dn * dn + du * du, 1.0))
    h[3], h[4], h[5] = de / s, dn / s, du / s
    rate = h[3] * x[3] + h[4] * x[4] + h[5] * x[5]
    for a in range(3):
        h[a] = (x[a + 3] - rate * h[a + 3]) / s
    out.z[k, b, d], out.z_dot[k, b, d] = rate, 0.0
    for a in range(6):
        v = 0.0
        for c in range(6):
            v += P[a, c] * h[c]
        out.PH[k, b, a, d] = v
    for p in range(d + 1):
        v = 0.0
        for c in range(6):
            v += h[c] * out.PH[k, b, c, p]
        out.HPH[k, b, d, p] = v
        out.HPH[k, b, p, d] = v


@inlined
def expect(
    kind: int, d: int, bank: BankArrays, i: int, sensor: Floats, z: Floats, H: Floats, out: Predicted, k: int, b: int
) -> None:
    """Fill the (k, b) entry of `out` for mode b of track i; z (3,) and H (3, 3) are scratch."""
    x, P, PH = bank.x, bank.P, out.PH
    if kind == POSITION_2D or kind == POSITION_3D:
        for p in range(d):
            out.z[k, b, p], out.z_dot[k, b, p] = x[i, b, p], x[i, b, p + 3]
            for a in range(6):
                PH[k, b, a, p] = P[i, b, a, p]
            for q in range(d):
                out.HPH[k, b, p, q] = P[i, b, p, q]
        return
    derivative(kind, x[i, b, 0] - sensor[0], x[i, b, 1] - sensor[1], x[i, b, 2] - sensor[2], z, H)
    for p in range(d):
        h0, h1, h2 = H[p, 0], H[p, 1], H[p, 2]
        out.z[k, b, p] = z[p]
        out.z_dot[k, b, p] = h0 * x[i, b, 3] + h1 * x[i, b, 4] + h2 * x[i, b, 5]
        for a in range(6):
            PH[k, b, a, p] = P[i, b, a, 0] * h0 + P[i, b, a, 1] * h1 + P[i, b, a, 2] * h2
    for p in range(d):
        for q in range(p, d):
            v = H[p, 0] * PH[k, b, 0, q] + H[p, 1] * PH[k, b, 1, q] + H[p, 2] * PH[k, b, 2, q]
            out.HPH[k, b, p, q] = v
            out.HPH[k, b, q, p] = v


@inlined
def _expect_all(bank: BankArrays, tracks: Ints, kind: int, d: int, rate: int, sensor: Floats) -> Predicted:
    n, modes, size = tracks.shape[0], bank.mu.shape[1], d + rate
    out = Predicted(
        np.full(n, kind),
        np.empty((n, modes, size)),
        np.empty((n, modes, size)),
        np.empty((n, modes, 6, size)),
        np.empty((n, modes, size, size)),
    )
    z, H, h = np.empty(3), np.empty((3, 3)), np.empty(6)
    for k in range(n):
        i = tracks[k]
        if kind == POLAR_3D:
            b = leading_mode(bank, i)
            de, dn = bank.x[i, b, 0] - sensor[0], bank.x[i, b, 1] - sensor[1]
            if bank.P[i, b, 0, 0] + bank.P[i, b, 1, 1] > 2.0 * AZIMUTH_BLUR * (de * de + dn * dn):
                out.kind[k] = POSITION_3D
        placed = out.kind[k] != kind
        for b in range(bank.width[i]):
            if placed:
                expect(POSITION_3D, d, bank, i, sensor, z, H, out, k, b)
            else:
                expect(kind, d, bank, i, sensor, z, H, out, k, b)
            if rate == 1:
                expect_rate(d, bank.x[i, b], bank.P[i, b], sensor, h, out, k, b)
            if kind > POSITION_3D and not placed and out.HPH[k, b, 0, 0] > AZIMUTH_BLUR:
                out.HPH[k, b, 0, 0] += UNKNOWN_AZIMUTH
    return out


@kernel
def _expect_any(bank: BankArrays, tracks: Ints, kind: int, d: int, rate: int, sensor: Floats) -> Predicted:
    return _expect_all(bank, tracks, kind, d, rate, sensor)


@kernel
def _expect_polar_3d(bank: BankArrays, tracks: Ints, sensor: Floats) -> Predicted:
    return _expect_all(bank, tracks, POLAR_3D, 3, 0, sensor)


def expect_all(bank: BankArrays, tracks: Ints, kind: int, d: int, rate: int, sensor: Floats) -> Predicted:
    """`Predicted` of the tracks, each in the kind that suits it (see the head of the file)."""
    if kind == POLAR_3D and not rate:
        return _expect_polar_3d(bank, tracks, sensor)
    return _expect_any(bank, tracks, kind, d, rate, sensor)


@inlined
def factor(
    HPH: Floats, k: int, b: int, R: Floats, j: int, d: int, rate_variance: float, L: Floats, size: int
) -> tuple[bool, float]:
    """Factor of the innovation's covariance of track k's mode b and row j into L[b] (4, 4), its diagonal inverted.

    `size`: d, or d + 1 with a range rate. Returns whether it is definite, and the peak of the density's inverse.
    """
    definite, scale = True, 1.0
    for p in range(size):
        for q in range(p + 1):
            v = HPH[k, b, p, q]
            if p < d:
                v += R[j, p, q]
            elif q == d:
                v += rate_variance
            for c in range(q):
                v -= L[b, p, c] * L[b, q, c]
            if p == q:
                definite = definite and v > 0.0 and v != math.inf
                v = math.sqrt(v)
                scale *= 2.5066282746310002 * v
                L[b, p, p] = 1.0 / v
            else:
                L[b, p, q] = v * L[b, q, q]
    return definite, scale


@inlined
def whiten(
    z: Floats, j: int, lag: float, angular: bool, out: Predicted, k: int, b: int, size: int, L: Floats, nu: Floats
) -> float:
    """Innovation of row j whitened by L[b] into nu; returns its squared length."""
    d2 = 0.0
    for p in range(size):
        v = z[j, p] - out.z[k, b, p] - lag * out.z_dot[k, b, p]
        if angular and p == 0:
            v = wrap_pi(v)
        for c in range(p):
            v -= L[b, p, c] * nu[c]
        v *= L[b, p, p]
        nu[p] = v
        d2 += v * v
    return d2


@kernel
def window(
    rows: Rows, out: Predicted, k: int, modes: int, angular: bool, gate: float, widest: Floats, lag: float
) -> Floats:
    """Centre and half width of track k's search in the first two values, over all modes."""
    d = rows.R.shape[1]
    w = np.zeros(4)
    for p in range(min(d, 2)):
        low, high = 0.0, 0.0
        for b in range(modes):
            half = math.sqrt(gate * (out.HPH[k, b, p, p] + widest[p])) + lag * abs(out.z_dot[k, b, p])
            off = out.z[k, b, p] - out.z[k, 0, p]
            if angular and p == 0:
                off = wrap_pi(off)
            low, high = min(low, off - half), max(high, off + half)
        w[2 * p] = out.z[k, 0, p] + 0.5 * (low + high)
        w[2 * p + 1] = 0.5 * (high - low)
    return w


@kernel
def _keep_likeliest(start: int, count: int, row: Ints, mode_like: Floats, like: Floats) -> int:
    """Keep the MOST_EDGES likeliest of the edges from `start` on, in their order; where they end now."""
    order = np.argsort(like[start:count])
    kept = np.sort(order[order.shape[0] - MOST_EDGES :])
    for at in range(MOST_EDGES):
        source = start + kept[at]
        row[start + at], like[start + at] = row[source], like[source]
        mode_like[start + at] = mode_like[source]
    return start + MOST_EDGES


@inlined
def _gate(
    bank: BankArrays, tracks: Ints, out: Predicted, rows: Rows, kind: int, gates: Floats, widest: Floats, d: int,
    with_rate: bool,
) -> Edges:  # fmt: skip
    n, modes, m = tracks.shape[0], bank.mu.shape[1], rows.t.shape[0]
    ptr, capacity = np.zeros(n + 1, np.int64), max(256, 4 * (n + m))
    row, mode_like, like = np.empty(capacity, np.int64), np.empty((capacity, modes)), np.empty(capacity)
    L, nu, trial = np.empty((modes, 4, 4)), np.empty(4), np.empty(modes)
    definite, scales, size = np.zeros(modes, np.bool_), np.ones(modes), d
    count, crowded, first_t, last_t, widest_place = 0, 0, math.inf, -math.inf, np.zeros(2)
    for j in range(m):
        first_t, last_t = min(first_t, rows.t[j]), max(last_t, rows.t[j])
        for p in range(2):
            widest_place[p] = max(widest_place[p], rows.place_cov[j, p, p])
    for k in range(n):
        i = tracks[k]
        placed = out.kind[k] != kind
        angular = kind > POSITION_3D and not placed
        values, R = (rows.place, rows.place_cov) if placed else (rows.z, rows.R)
        start, steps, held = 0, m, -1
        w = np.zeros(4)
        if m > 0:
            lag = max(abs(first_t - bank.t[i]), abs(last_t - bank.t[i]))
            wide = widest_place if placed else widest
            w = window(rows, out, k, bank.width[i], angular, float(gates[d]), wide, lag)
            if placed:
                start = 0
            elif angular:
                if w[1] < math.pi:
                    start = int(np.searchsorted(rows.z[:, 0], (w[0] - w[1]) % (2.0 * math.pi)))
            else:
                start = int(np.searchsorted(rows.z[:, 0], w[0] - w[1]))
            w[1] = w[1] * (1.0 + 1e-9) + 1e-12  # so that rounding never cuts off the first candidate
        for step in range(steps):
            j = start + step
            if j >= m:
                if not angular:
                    break
                j -= m
            if placed:
                if abs(rows.place[j, 0] - w[0]) > w[1] or abs(rows.place[j, 1] - w[2]) > w[3]:
                    continue
            else:
                off = rows.z[j, 0] - w[0]
                if angular and w[1] < math.pi:
                    off = wrap_pi(off)
                    if abs(off) > w[1]:
                        break
                elif not angular and off > w[1]:
                    break
                if d > 1 and abs(rows.z[j, 1] - w[2]) > w[3]:
                    continue
            alike = j if placed else rows.alike[j]
            if alike != held:
                variance, held = 0.0 if placed else rows.rate_variance[j], alike
                size = d + 1 if with_rate and variance > 0.0 else d
                for b in range(bank.width[i]):
                    definite[b], scales[b] = factor(out.HPH, k, b, R, j, d, variance, L, size)
            total, nearest, lag = 0.0, math.inf, rows.t[j] - bank.t[i]
            unit = rows.swing[j] if placed else 1.0  # densities are compared in the sensor's own units
            for b in range(bank.width[i]):
                trial[b] = 0.0
                if definite[b]:
                    d2 = whiten(values, j, lag, angular, out, k, b, size, L, nu)
                    nearest = min(nearest, d2 / gates[size])
                    trial[b] = unit * bank.mu[i, b] * math.exp(-0.5 * d2) / scales[b]
                    total += trial[b]
            if nearest <= 1.0 and total > 0.0:
                if count == capacity:
                    capacity *= 2
                    row = np.concatenate((row, np.empty(count, np.int64)))
                    mode_like = np.concatenate((mode_like, np.empty((count, modes))))
                    like = np.concatenate((like, np.empty(count)))
                row[count], like[count] = j, total
                for b in range(modes):
                    mode_like[count, b] = trial[b] if b < bank.width[i] else 0.0
                count += 1
        if count - ptr[k] > MOST_EDGES:
            crowded += count - ptr[k] - MOST_EDGES
            count = _keep_likeliest(int(ptr[k]), count, row, mode_like, like)
        ptr[k + 1] = count
    return Edges(ptr, row[:count].copy(), mode_like[:count].copy(), like[:count].copy(), crowded)


@kernel
def _gate_any(
    bank: BankArrays, tracks: Ints, out: Predicted, rows: Rows, kind: int, gates: Floats, widest: Floats
) -> Edges:
    return _gate(bank, tracks, out, rows, kind, gates, widest, rows.R.shape[1], True)


@kernel
def _gate_3(
    bank: BankArrays, tracks: Ints, out: Predicted, rows: Rows, kind: int, gates: Floats, widest: Floats
) -> Edges:
    return _gate(bank, tracks, out, rows, kind, gates, widest, 3, False)


def gate_rows(
    bank: BankArrays, tracks: Ints, out: Predicted, rows: Rows, kind: int, gates: Floats, widest: Floats
) -> Edges:
    """Edges of all tracks; gates (5,): squared distance by number of values; widest (d,): largest R in the scan.

    A track keeps its MOST_EDGES likeliest, so that a heap of rows in one place costs no more than its number. Three
    values, which most radars give, have a kernel whose loops the compiler can write out.
    """
    chosen = _gate_3 if rows.R.shape[1] == rows.z.shape[1] == 3 else _gate_any
    return chosen(bank, tracks, out, rows, kind, gates, widest)

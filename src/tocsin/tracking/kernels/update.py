"""Existence, mode probabilities and states after a scan, births, and removal.

Each mode's posterior is the moment-matched mixture over "not detected" and the rows it may own, with the gain of each
row's own covariance. Source: J. L. Williams, "Marginal multi-Bernoulli filters: RFS derivation of MHT, JIPDA and
association-based MeMBer" (2015), the track-oriented marginal form.
"""

import math

import numpy as np

from tocsin.jit import inlined, kernel
from tocsin.tracking.kernels.gating import factor, whiten
from tocsin.tracking.kernels.layout import BankArrays, Edges, Floats, Ints, Predicted, Rows
from tocsin.tracking.kernels.linalg import cholesky

NEGLIGIBLE = 3e-4  # a row with less of a track than this moves nothing
MOST = 0.9999  # existence is never certain


@kernel
def miss(r: float, p: float) -> float:
    """Existence after a look that would have detected the track with probability p and did not."""
    return r * (1.0 - p) / (1.0 - r * p)


@kernel
def detection_odds(r: Floats, tracks: Ints, p_seen: Floats, edges: Edges, whole: bool) -> Floats:
    """Odds (edges,) of "detected by this row" against "not detected". In a scan that is not a whole look,
    only what was reported is known to have been looked at, and a track without a row was not missed."""
    w = np.empty(edges.row.shape[0])
    for k in range(tracks.shape[0]):
        r_k = r[tracks[k]]
        none = 1.0 - r_k * p_seen[k] if whole else 1.0
        for e in range(edges.ptr[k], edges.ptr[k + 1]):
            w[e] = r_k * p_seen[k] * edges.likelihood[e] / none
    return w


@inlined
def gain(PH: Floats, k: int, b: int, L: Floats, size: int, W: Floats) -> None:
    """W (6, 4) = P H' L'^-1 of track k's mode b, with L[b] as `gating.factor` leaves it."""
    for a in range(6):
        for p in range(size):
            v = PH[k, b, a, p]
            for c in range(p):
                v -= L[b, p, c] * W[a, c]
            W[a, p] = v * L[b, p, p]


@inlined
def shrink(P: Floats, b: int, weight: float, W: Floats, size: int) -> None:
    """P[b] -= weight W W', lower half."""
    for a in range(6):
        for c in range(a + 1):
            v = 0.0
            for p in range(size):
                v += W[a, p] * W[c, p]
            P[b, a, c] -= weight * v


@inlined
def _update(
    bank: BankArrays, tracks: Ints, out: Predicted, rows: Rows, edges: Edges, p_none: Floats, p_edge: Floats,
    p_seen: Floats, kind: int, whole: bool, shares: Floats, sensor_bit: int, d: int, with_rate: bool,
) -> int:  # fmt: skip
    modes, repaired = bank.mu.shape[1], 0
    L, nu, W, shift = np.empty((modes, 4, 4)), np.empty(4), np.empty((6, 4)), np.empty(6)
    x_new, P_new, mu_new = np.empty((modes, 6)), np.empty((modes, 6, 6)), np.empty(modes)
    check = np.empty((6, 6))
    for k in range(tracks.shape[0]):
        i = tracks[k]
        first, last = edges.ptr[k], edges.ptr[k + 1]
        r_miss = miss(bank.r[i], p_seen[k]) if whole else bank.r[i]
        seen, newest, best = 0.0, 0.0, 0.0
        for e in range(first, last):
            seen += p_edge[e]
            if p_edge[e] > best:
                best, newest = p_edge[e], rows.t[edges.row[e]]
        none = p_none[k] * r_miss
        bank.r[i] = min(none + seen, MOST)
        bank.owed[i] += p_seen[k] if whole else 0.0
        if seen > 0.5:
            bank.owed[i], bank.last[i] = 0.0, max(newest, bank.last[i])
            bank.bits[i] |= sensor_bit
        if seen == 0.0 or not none + seen > 0.0:
            continue
        placed = out.kind[k] != kind
        angular = kind > 2 and not placed
        values, R = (rows.place, rows.place_cov) if placed else (rows.z, rows.R)
        fine, mass, width = True, 0.0, bank.width[i]
        for b in range(width):
            total = none * bank.mu[i, b]
            for e in range(first, last):
                total += p_edge[e] * edges.mode_likelihood[e, b] / edges.likelihood[e]
            mu_new[b] = total
            mass += total
            held, size, weight, definite = -1, d, 0.0, False
            for a in range(6):
                x_new[b, a] = 0.0
                for c in range(a + 1):
                    P_new[b, a, c] = bank.P[i, b, a, c]
            for e in range(first, last):
                share = p_edge[e] * edges.mode_likelihood[e, b] / edges.likelihood[e]
                if not share > NEGLIGIBLE * total:
                    continue
                j = edges.row[e]
                alike = j if placed else rows.alike[j]
                if alike != held:
                    if weight > 0.0:
                        shrink(P_new, b, weight, W, size)
                    variance, held, weight = 0.0 if placed else rows.rate_variance[j], alike, 0.0
                    size = d + 1 if with_rate and variance > 0.0 else d
                    definite, _ = factor(out.HPH, k, b, R, j, d, variance, L, size)
                    gain(out.PH, k, b, L, size, W)
                if not definite:
                    continue
                whiten(values, j, rows.t[j] - bank.t[i], angular, out, k, b, size, L, nu)
                share /= total
                weight += share
                for a in range(6):
                    v = 0.0
                    for p in range(size):
                        v += W[a, p] * nu[p]
                    shift[a] = v
                    x_new[b, a] += share * v
                    for c in range(a + 1):
                        P_new[b, a, c] += share * v * shift[c]
            if weight > 0.0:
                shrink(P_new, b, weight, W, size)
            for a in range(6):
                for c in range(a + 1):
                    P_new[b, a, c] -= x_new[b, a] * x_new[b, c]
                    P_new[b, c, a] = P_new[b, a, c]
            for a in range(6):
                x_new[b, a] += bank.x[i, b, a]
            fine = fine and math.isfinite(x_new[b].sum()) and cholesky(P_new[b], 6, check)
        if not fine:
            repaired += 1
            continue
        if width == 1 and seen > 0.01 * bank.r[i]:  # a second detection: from here on the modes differ
            width = bank.width[i] = modes
            for b in range(1, modes):
                x_new[b], P_new[b] = x_new[0], P_new[0]
            for b in range(modes):
                mu_new[b] = shares[b] * mass
        for b in range(width):
            bank.mu[i, b] = max(mu_new[b] / mass, 1e-6)
            for a in range(6):
                bank.x[i, b, a] = x_new[b, a]
                for c in range(6):
                    bank.P[i, b, a, c] = P_new[b, a, c]
    return repaired


@kernel
def _update_any(
    bank: BankArrays, tracks: Ints, out: Predicted, rows: Rows, edges: Edges, p_none: Floats, p_edge: Floats,
    p_seen: Floats, kind: int, whole: bool, shares: Floats, sensor_bit: int,
) -> int:  # fmt: skip
    d = rows.R.shape[1]
    return _update(bank, tracks, out, rows, edges, p_none, p_edge, p_seen, kind, whole, shares, sensor_bit, d, True)


@kernel
def _update_3(
    bank: BankArrays, tracks: Ints, out: Predicted, rows: Rows, edges: Edges, p_none: Floats, p_edge: Floats,
    p_seen: Floats, kind: int, whole: bool, shares: Floats, sensor_bit: int,
) -> int:  # fmt: skip
    return _update(bank, tracks, out, rows, edges, p_none, p_edge, p_seen, kind, whole, shares, sensor_bit, 3, False)


def update(
    bank: BankArrays, tracks: Ints, out: Predicted, rows: Rows, edges: Edges, p_none: Floats, p_edge: Floats,
    p_seen: Floats, kind: int, whole: bool, shares: Floats, sensor_bit: int,
) -> int:  # fmt: skip
    """Update all tracks in place; returns how many states came out unusable and were left as predicted.

    Of kernels there are two, for the reason that `gating.gate_rows` gives.
    """
    chosen = _update_3 if rows.R.shape[1] == rows.z.shape[1] == 3 else _update_any
    return chosen(bank, tracks, out, rows, edges, p_none, p_edge, p_seen, kind, whole, shares, sensor_bit)


@kernel
def birth(
    bank: BankArrays, n: int, rows: Rows, existence: Floats, least: float, speed: Floats,
    height: Floats, sensor: Floats, origin: int, sensor_bit: int,
) -> int:  # fmt: skip
    """Append a track for each row whose `existence` is at least `least`, at rest on average; speed (2,): sigmas across
    and up, m/s; height (2,): where targets fly and how far from that (infinite: not to be used), taken as a second
    measurement where the first agrees. A range rate narrows the velocity along the line of sight. Returns the count.
    """
    d, u = rows.R.shape[1], np.zeros(6)
    for j in range(existence.shape[0]):
        if not existence[j] >= least:
            continue
        if n == bank.r.shape[0]:
            break
        x, P = bank.x[n, 0], bank.P[n, 0]
        for a in range(6):
            x[a] = rows.place[j, a] if a < 3 else 0.0
            for c in range(6):
                P[a, c] = rows.place_cov[j, a, c] if a < 3 and c < 3 else 0.0
        for a in range(3, 6):
            P[a, a] = speed[1 if a == 5 else 0] ** 2
        s = P[2, 2] + height[1] ** 2
        off = height[0] - x[2]
        if s < math.inf and off * off < 9.0 * s:
            for a in range(3):
                u[a] = P[a, 2]
            for a in range(3):
                x[a] += u[a] / s * off
                for c in range(3):
                    P[a, c] -= u[a] * u[c] / s
        if rows.rate_variance[j] > 0.0:
            norm = 1e-9
            for a in range(3):
                u[a] = rows.place[j, a] - sensor[a]
                norm += u[a] * u[a]
            norm = math.sqrt(norm)
            s = rows.rate_variance[j]
            for a in range(3):
                u[a + 3] = P[a + 3, a + 3] * u[a] / norm
                s += u[a + 3] * u[a] / norm
            for a in range(3, 6):
                x[a] = u[a] / s * rows.z[j, d]
                for c in range(3, 6):
                    P[a, c] -= u[a] * u[c] / s
        bank.mu[n] = 0.0
        bank.mu[n, 0], bank.width[n] = 1.0, 1
        bank.r[n] = min(existence[j], MOST)
        bank.t[n] = bank.born[n] = bank.last[n] = rows.t[j]
        bank.owed[n], bank.key[n], bank.bits[n] = 0.0, rows.key[j], sensor_bit
        bank.origin[n], bank.reported[n] = origin, 0
        n += 1
    return n


@kernel
def settle(
    bank: BankArrays, n: int, time: float, death_rate: float, confirm: float, drop: float, least: float,
    patience: float, settled: Floats,
) -> tuple[int, Ints]:  # fmt: skip
    """Hysteresis of what is reported, then removal of tracks below `least` or without a detection for `patience` s.

    Returns the new count and, by origin, how many tracks became reported for the first time: of those born
    after its time in `settled` (sensors,).
    """
    firsts, kept = np.zeros(settled.shape[0], np.int64), 0
    for i in range(n):
        r = bank.r[i]
        if time > bank.t[i]:
            r *= math.exp(-death_rate * (time - bank.t[i]))
        if r < least or time - bank.last[i] > patience:
            continue
        if r >= confirm:
            if bank.reported[i] == 0 and bank.born[i] > settled[bank.origin[i]]:
                firsts[bank.origin[i]] += 1
            bank.reported[i] = 1
        elif r < drop and bank.reported[i] == 1:
            bank.reported[i] = 2
        if kept != i:
            for b in range(bank.width[i]):
                for a in range(6):
                    bank.x[kept, b, a] = bank.x[i, b, a]
                    for c in range(6):
                        bank.P[kept, b, a, c] = bank.P[i, b, a, c]
            for b in range(bank.mu.shape[1]):
                bank.mu[kept, b] = bank.mu[i, b]
            bank.width[kept] = bank.width[i]
            bank.r[kept], bank.t[kept], bank.born[kept] = bank.r[i], bank.t[i], bank.born[i]
            bank.last[kept], bank.owed[kept], bank.key[kept] = bank.last[i], bank.owed[i], bank.key[i]
            bank.bits[kept], bank.origin[kept], bank.reported[kept] = bank.bits[i], bank.origin[i], bank.reported[i]
        kept += 1
    return kept, firsts

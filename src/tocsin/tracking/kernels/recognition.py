"""Which tracks may be falling, which reports belong to nobody, and which three of them are one fast body."""

import math

import numpy as np

from tocsin.jit import kernel
from tocsin.tracking.kernels.gating import leading_mode
from tocsin.tracking.kernels.layout import BankArrays, Edges, Floats, Ints, Rows
from tocsin.tracking.kernels.linalg import cholesky, solve_lower
from tocsin.units import MPS2_PER_G

OWNED = 0.5  # a row is a track's from this association probability on
PULL_MPS2 = 20.0  # how far drag may bend the path of a fast body, one standard deviation
WITHIN = 20.0  # squared distance within which three places are one body's
MOST_TRIPLES = 64
LOG_2PI_3 = 3.0 * math.log(2.0 * math.pi)  # of the heights of two densities in space


@kernel
def review(
    bank: BankArrays, tracks: Ints, edges: Edges, p_edge: Floats, m: int, climb: float, speed: float
) -> tuple[Ints, Ints, Ints, Ints]:
    """Owners of this look's m rows: (k,) bank rows, (k,) rows, (k,) 1 where the motion may be a fall (faster up or down
    than `climb`, or over the ground than `speed`, beyond doubt), and (m,) 1 where no reported track owns the row."""
    n = tracks.shape[0]
    owner, row, fast, loose = np.empty(n, np.int64), np.empty(n, np.int64), np.zeros(n, np.int64), np.ones(m, np.int64)
    count = 0
    for k in range(n):
        best, j = OWNED, -1
        for e in range(edges.ptr[k], edges.ptr[k + 1]):
            if p_edge[e] >= best:
                best, j = p_edge[e], edges.row[e]
        if j < 0:
            continue
        i = tracks[k]
        if bank.reported[i] == 1:
            loose[j] = 0
        b = leading_mode(bank, i)
        x, P = bank.x[i, b], bank.P[i, b]
        rising = abs(x[5]) - 1.5 * math.sqrt(max(P[5, 5], 0.0))
        going = math.sqrt(x[3] * x[3] + x[4] * x[4]) - 1.5 * math.sqrt(max(0.5 * (P[3, 3] + P[4, 4]), 0.0))
        owner[count], row[count] = i, j
        fast[count] = 1 if rising > climb or going > speed else 0
        count += 1
    return owner[:count].copy(), row[:count].copy(), fast[:count].copy(), loose


@kernel
def triples(
    now: Rows, loose: Ints, before: Rows, loose_before: Ints, first: Rows, loose_first: Ints, false_now: Floats,
    false_before: Floats, false_first: Floats, slowest: float, fastest: float, speed_sigma: float, least: float,
) -> Ints:  # fmt: skip
    """(k, 3) rows of three looks (first, before, now) whose places lie on one free path at a speed within bounds.

    false_* (m,): natural log of the density of false reports at each row, 1/m^3; speed_sigma: spread of each component
    of the velocity before anything is seen; least: natural log of the ratio, body against false reports, from which
    three rows are worth a fit. The ratio is taken for a steady acceleration, which is near enough to leave out what no
    drag could save.
    """
    found, count = np.empty((MOST_TRIPLES, 3), np.int64), 0
    v, off, S, L = np.empty(3), np.empty(3), np.empty((3, 3)), np.empty((3, 3))
    for c in loose:
        for b in loose_before:
            late = now.t[c] - before.t[b]
            if not late > 0.0:
                continue
            speed, spread = 0.0, 0.0
            for a in range(3):
                v[a] = (now.place[c, a] - before.place[b, a]) / late
                speed += v[a] * v[a]
                spread += now.place_cov[c, a, a] + before.place_cov[b, a, a]
            speed, spread = math.sqrt(speed), math.sqrt(spread) / late
            if speed > fastest + spread or speed + spread < slowest:
                continue
            known = -LOG_2PI_3 - least - false_now[c] - false_before[b]
            for a in range(3):
                own = now.place_cov[c, a, a] + before.place_cov[b, a, a] + (speed_sigma * late) ** 2
                known -= 0.5 * (v[a] * v[a] * late * late / own + math.log(own))
            for f in loose_first:
                early = before.t[b] - first.t[f]
                if not early > 0.0:
                    continue
                share, bend = early / late, 0.5 * early * (early + late)
                for a in range(3):
                    off[a] = first.place[f, a] - before.place[b, a] + early * v[a]
                    for d in range(3):
                        S[a, d] = first.place_cov[f, a, d] + share * share * now.place_cov[c, a, d]
                        S[a, d] += (1.0 + share) * (1.0 + share) * before.place_cov[b, a, d]
                    S[a, a] += (PULL_MPS2 * bend) ** 2
                off[2] += MPS2_PER_G * bend
                if off[2] * off[2] > WITHIN * S[2, 2] or off[0] * off[0] > WITHIN * S[0, 0]:
                    continue
                if not cholesky(S, 3, L):
                    continue
                solve_lower(L, off, 3)
                square = off[0] * off[0] + off[1] * off[1] + off[2] * off[2]
                ratio = known - false_first[f] - 0.5 * square - math.log(L[0, 0] * L[1, 1] * L[2, 2])
                if square > WITHIN or ratio < 0.0 or count == MOST_TRIPLES:
                    continue
                found[count, 0], found[count, 1], found[count, 2] = f, b, c
                count += 1
    return found[:count].copy()

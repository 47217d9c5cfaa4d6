"""Hypotheses of identity: branching of a few, kept for each group of tracks whose detections cannot be told apart.

A leaf is one way in which one member of a group may have moved (a state of the filter's own kind); a hypothesis is one
leaf a member. Source of the track-oriented form: D. B. Reid, "An algorithm for tracking multiple targets" (1979), with
hypotheses that agree on the last looks merged.
"""

import math

import numpy as np

from tocsin.jit import kernel
from tocsin.tracking.kernels.layout import BankArrays, Edges, Floats, Ints
from tocsin.tracking.kernels.linalg import cholesky, solve_lower
from tocsin.tracking.kernels.prediction import mixture

MEMBERS = 4  # of one group
OPTIONS = 6  # a member's rows in a look, "none" among them
PAST = 3  # looks on which hypotheses that agree are one
UNLIKELY = math.log(1e-4)  # against the best hypothesis of the group


@kernel
def entangled(edges: Edges, p_edge: Floats, tracks: Ints, reported: Ints, m: int, least: float) -> Ints:
    """Pairs (n, 2) of bank rows, both reported, that may have the same row of the look, each with at least `least`."""
    found, count = np.empty((64, 2), np.int64), 0
    holder = np.full(m, -1)
    for k in range(tracks.shape[0]):
        if reported[tracks[k]] != 1:
            continue
        for e in range(edges.ptr[k], edges.ptr[k + 1]):
            if p_edge[e] < least:
                continue
            j = edges.row[e]
            if holder[j] >= 0:
                if count == found.shape[0]:
                    found = np.concatenate((found, np.empty_like(found)))
                found[count, 0], found[count, 1] = holder[j], tracks[k]
                count += 1
            holder[j] = tracks[k]
    return found[:count].copy()


@kernel
def _options(leaf: int, edges: Edges, other: Floats, seen: float, whole: bool, edge: Ints, score: Floats) -> int:
    """Fill what a leaf may have had in this look: nothing (edge -1), then its likeliest rows; returns how many."""
    edge[0], score[0] = -1, math.log(1.0 - seen) if whole else 0.0
    count = 1
    for e in range(edges.ptr[leaf], edges.ptr[leaf + 1]):
        value = math.log(max(seen * edges.likelihood[e] / other[edges.row[e]], 1e-300))
        if count == OPTIONS:
            worst = 1
            for o in range(2, OPTIONS):
                if score[o] < score[worst]:
                    worst = o
            if score[worst] < value:
                edge[worst], score[worst] = e, value
            continue
        edge[count], score[count] = e, value
        count += 1
    return count


@kernel
def _keep(weight: float, parent: int, choice: Ints, most: int, count: int, w: Floats, of: Ints, chosen: Ints) -> int:
    """Put a child hypothesis among the best `most`; returns how many there are now."""
    at = count
    if count == most:
        at = 0
        for h in range(1, most):
            if w[h] < w[at]:
                at = h
        if w[at] >= weight:
            return count
    w[at], of[at] = weight, parent
    chosen[at] = choice
    return count + 1 if count < most else count


@kernel
def _children(
    leaves: Ints, log_weight: Floats, h: int, edges: Edges, other: Floats, seen: Floats, whole: bool, most: int,
    count: int, w: Floats, of: Ints, chosen: Ints,
) -> int:  # fmt: skip
    """Offer every choice of hypothesis h's members in which no row is had twice to the best so far (w, of, chosen)."""
    edge, score = np.empty((MEMBERS, OPTIONS), np.int64), np.empty((MEMBERS, OPTIONS))
    options, at, choice = np.empty(MEMBERS, np.int64), np.zeros(MEMBERS, np.int64), np.full(MEMBERS, -1)
    size = 0
    while size < MEMBERS and leaves[h, size] >= 0:
        leaf = leaves[h, size]
        options[size] = _options(leaf, edges, other, seen[leaf], whole, edge[size], score[size])
        size += 1
    place = 0
    while place < size:
        fine, total = True, log_weight[h]
        for a in range(size):
            choice[a] = edge[a, at[a]]
            total += score[a, at[a]]
            for b in range(a):
                if choice[a] >= 0 and choice[b] >= 0 and edges.row[choice[a]] == edges.row[choice[b]]:
                    fine = False
        if fine:
            count = _keep(total, h, choice, most, count, w, of, chosen)
        place = 0
        while place < size:
            at[place] += 1
            if at[place] < options[place]:
                break
            at[place] = 0
            place += 1
    return count


@kernel
def _leaf(
    old: int, member: int, edge: int, said: int, past: Ints, first: int, count: int, parent: Ints, own: Ints,
    owner: Ints, history: Ints,
) -> int:  # fmt: skip
    """The new leaf of `old` with a row: an earlier, likelier one of the member that agrees on the last rows, or the
    next (`count`), which is then written."""
    for f in range(first, count):
        same = owner[f] == member and history[f, PAST - 1] == said
        for s in range(PAST - 1):
            same = same and history[f, s] == past[old, s + 1]
        if same:
            return f
    parent[count], own[count], owner[count] = old, edge, member
    for s in range(PAST - 1):
        history[count, s] = past[old, s + 1]
    history[count, PAST - 1] = said
    return count


@kernel
def branch(
    leaves: Ints, log_weight: Floats, start: Ints, edges: Edges, row_key: Ints, other: Floats, seen: Floats,
    whole: bool, past: Ints, most: int,
) -> tuple[Ints, Floats, Ints, Ints, Ints, Ints]:  # fmt: skip
    """Let every hypothesis branch over the rows of a look, and keep of each group the `most` best.

    leaves (h, MEMBERS): a hypothesis's leaf a member, -1 beyond; start (groups + 1,): where a group's begin; row_key
    (m,); other (m,): density of a row of no member; seen (leaves,): chance that a leaf is detected; past (leaves,
    PAST): its last rows' keys, 0 for none. Returns hypotheses, log weights (of sum 1 a group), starts, and of each new
    leaf its parent, its edge (-1 for none) and its past.
    """
    groups = start.shape[0] - 1
    new_leaves, new_weight = np.full((groups * most, MEMBERS), -1), np.zeros(groups * most)
    new_start, room, leaf_count = np.zeros(groups + 1, np.int64), groups * most * MEMBERS, 0
    parent, own, owner = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    history = np.empty((room, PAST), np.int64)
    w, of, chosen = np.empty(most), np.empty(most, np.int64), np.empty((most, MEMBERS), np.int64)
    for g in range(groups):
        count, kept = 0, 0
        for h in range(start[g], start[g + 1]):
            count = _children(leaves, log_weight, h, edges, other, seen, whole, most, count, w, of, chosen)
        leaf_first, first = leaf_count, new_start[g]
        order = np.argsort(-w[:count], kind="mergesort")
        top = w[order[0]]
        for place in range(count):
            c = order[place]
            if w[c] < top + UNLIKELY:
                break
            new_leaves[first + kept] = -1
            for a in range(MEMBERS):
                old = leaves[of[c], a]
                if old >= 0:
                    e = chosen[c, a]
                    said = row_key[edges.row[e]] if e >= 0 else 0
                    f = _leaf(old, a, e, said, past, leaf_first, leaf_count, parent, own, owner, history)
                    leaf_count = max(leaf_count, f + 1)
                    new_leaves[first + kept, a] = f
            twin = kept
            for o in range(kept):
                if (new_leaves[first + o] == new_leaves[first + kept]).all():
                    twin = o
                    break
            new_weight[first + twin] += math.exp(w[c] - top)
            kept = max(kept, twin + 1)
        scale = new_weight[first : first + kept].sum()
        for o in range(kept):
            new_weight[first + o] = math.log(new_weight[first + o] / scale)
        new_start[g + 1] = first + kept
    n = new_start[groups]
    return (
        new_leaves[:n].copy(), new_weight[:n].copy(), new_start, parent[:leaf_count].copy(), own[:leaf_count].copy(),
        history[:leaf_count].copy(),
    )  # fmt: skip


@kernel
def orders(size: int) -> Ints:
    """All orders (n, MEMBERS) of `size` things, the given one first; places beyond stay."""
    found, count = np.empty((24, MEMBERS), np.int64), 0
    p = np.empty(MEMBERS, np.int64)
    for code in range(256):
        fine = True
        for a in range(MEMBERS):
            p[a] = code >> 2 * (MEMBERS - 1 - a) & 3
            fine = fine and (a < size or p[a] == a)
            for b in range(a):
                fine = fine and p[a] != p[b]
        if fine:
            found[count] = p
            count += 1
    return found[:count].copy()


@kernel
def placed(
    bank: BankArrays, leaf_bank: BankArrays, rows: Ints, leaves: Ints, log_weight: Floats
) -> tuple[Ints, Floats]:
    """The orders (n, MEMBERS) in which a group's members may lie on its tracks, and the probability (n,) of each.

    rows (size,): the bank's rows; leaves (h, MEMBERS). Order p says that member a is where track p[a] is.
    """
    size, count = rows.shape[0], leaf_bank.t.shape[0]
    table = orders(size)
    chance, trial, total = np.zeros(table.shape[0]), np.empty(table.shape[0]), 0.0
    mean, x, v = np.empty((size, 6)), np.empty(6), np.empty(6)
    P, Q, S, L = np.empty((size, 6, 6)), np.empty((6, 6)), np.empty((6, 6)), np.empty((6, 6))
    cost = np.full((count, size), math.nan)
    for q in range(size):
        i = rows[q]
        mixture(bank.x[i], bank.P[i], bank.mu[i], bank.width[i], mean[q], P[q])
    for h in range(leaves.shape[0]):
        for a in range(size):
            f = leaves[h, a]
            if not math.isnan(cost[f, 0]):
                continue
            mixture(leaf_bank.x[f], leaf_bank.P[f], leaf_bank.mu[f], leaf_bank.width[f], x, Q)
            for q in range(size):
                for c in range(6):
                    v[c] = mean[q, c] - x[c]
                    for d in range(6):
                        S[c, d] = P[q, c, d] + Q[c, d]
                lag = bank.t[rows[q]] - leaf_bank.t[f]
                for c in range(3):
                    v[c] -= lag * x[c + 3]
                cost[f, q] = 50.0
                if cholesky(S, 6, L):
                    solve_lower(L, v, 6)
                    cost[f, q] = min(0.5 * (v * v).sum(), 50.0)
        for o in range(table.shape[0]):
            trial[o] = 0.0
            for a in range(size):
                trial[o] -= cost[leaves[h, a], table[o, a]]
        top, mass = trial.max(), 0.0
        for o in range(table.shape[0]):
            trial[o] = math.exp(trial[o] - top)
            mass += trial[o]
        for o in range(table.shape[0]):
            chance[o] += math.exp(log_weight[h]) * trial[o] / mass
    total = chance.sum()
    for o in range(chance.shape[0]):
        chance[o] /= total
    return table, chance

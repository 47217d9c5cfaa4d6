"""Which row belongs to which track: marginals by loopy belief propagation, cluster by cluster.

Source: J. L. Williams and R. Lau, "Approximate evaluation of marginal association probabilities with belief
propagation" (2014), on the gated pairs only. Tracks that share no row are independent, so that each cluster of tracks
converges for itself, and a cluster of one track is exact without a loop.
"""

import numpy as np

from tocsin.jit import kernel
from tocsin.tracking.kernels.layout import Edges, Floats, Ints


@kernel
def root(parent: Ints, j: int) -> int:
    """The representative of j's set, halving the path on the way."""
    while parent[j] != j:
        parent[j] = parent[parent[j]]
        j = parent[j]
    return j


@kernel
def clusters(edges: Edges, m: int) -> tuple[Ints, Ints]:
    """Tracks with edges in order of cluster, and where each cluster starts in that order (clusters + 1,)."""
    n = edges.ptr.shape[0] - 1
    parent = np.arange(m)
    for k in range(n):
        for e in range(edges.ptr[k] + 1, edges.ptr[k + 1]):
            a, b = root(parent, edges.row[e - 1]), root(parent, edges.row[e])
            if a != b:
                parent[max(a, b)] = min(a, b)
    label, label_count, members = np.full(m, -1), 0, np.full(n, -1)
    for k in range(n):
        if edges.ptr[k + 1] > edges.ptr[k]:
            j = root(parent, edges.row[edges.ptr[k]])
            if label[j] < 0:
                label[j] = label_count
                label_count += 1
            members[k] = label[j]
    start = np.zeros(label_count + 1, np.int64)
    for k in range(n):
        if members[k] >= 0:
            start[members[k] + 1] += 1
    for c in range(label_count):
        start[c + 1] += start[c]
    fill, order = start.copy(), np.empty(start[label_count], np.int64)
    for k in range(n):
        if members[k] >= 0:
            order[fill[members[k]]] = k
            fill[members[k]] += 1
    return order, start


@kernel
def propagate_beliefs(
    edges: Edges,
    group: Ints,
    w: Floats,
    w_new: Floats,
    nu: Floats,
    out: Floats,
    total: Floats,
    cap: int,
    tolerance: float,
) -> int:
    """Pass one cluster's messages (nu to tracks, out to rows) until they settle; returns how often, cap + 1 if not."""
    for k in group:
        for e in range(edges.ptr[k], edges.ptr[k + 1]):
            nu[e] = 1.0 / w_new[edges.row[e]]
    for iteration in range(1, cap + 1):
        for k in group:
            for e in range(edges.ptr[k], edges.ptr[k + 1]):
                total[edges.row[e]] = w_new[edges.row[e]]
        for k in group:
            s = 1.0
            for e in range(edges.ptr[k], edges.ptr[k + 1]):
                s += w[e] * nu[e]
            for e in range(edges.ptr[k], edges.ptr[k + 1]):
                out[e] = w[e] / max(s - w[e] * nu[e], 1e-300)
                total[edges.row[e]] += out[e]
        change = 0.0
        for k in group:
            for e in range(edges.ptr[k], edges.ptr[k + 1]):
                j = edges.row[e]
                v = 1.0 / max(total[j] - out[e], w_new[j])
                change = max(change, abs(v - nu[e]) / v)
                nu[e] = v
        if change < tolerance:
            return iteration
    return cap + 1


@kernel
def associate(
    edges: Edges, w: Floats, w_new: Floats, cap: int, tolerance: float
) -> tuple[Floats, Floats, Floats, int, int]:
    """Marginals from the odds w (edges,) of "detected by this row" against "not detected" and w_new (m,) of "no track".

    Returns p_none (tracks,) that a track has no row, p_edge (edges,), p_new (m,) that a row has no track, the
    iterations in all and the number of clusters that did not settle within `cap`.
    """
    n, m, count = edges.ptr.shape[0] - 1, w_new.shape[0], w.shape[0]
    p_none, p_edge, p_new = np.ones(n), np.zeros(count), np.ones(m)
    nu, out, total = np.empty(count), np.empty(count), np.empty(m)
    order, start = clusters(edges, m)
    iterations, capped = 0, 0
    for c in range(start.shape[0] - 1):
        group = order[start[c] : start[c + 1]]
        if group.shape[0] == 1:
            for e in range(edges.ptr[group[0]], edges.ptr[group[0] + 1]):
                nu[e] = 1.0 / w_new[edges.row[e]]
        else:
            used = propagate_beliefs(edges, group, w, w_new, nu, out, total, cap, tolerance)
            iterations += min(used, cap)
            if used > cap:
                capped += 1
        for k in group:
            for e in range(edges.ptr[k], edges.ptr[k + 1]):
                total[edges.row[e]] = w_new[edges.row[e]]
        for k in group:
            s = 1.0
            for e in range(edges.ptr[k], edges.ptr[k + 1]):
                s += w[e] * nu[e]
            p_none[k] = 1.0 / s
            for e in range(edges.ptr[k], edges.ptr[k + 1]):
                p_edge[e] = w[e] * nu[e] / s
                total[edges.row[e]] += w[e] / max(s - w[e] * nu[e], 1e-300)
        for k in group:
            for e in range(edges.ptr[k], edges.ptr[k + 1]):
                j = edges.row[e]
                p_new[j] = w_new[j] / total[j]
    return p_none, p_edge, p_new, iterations, capped

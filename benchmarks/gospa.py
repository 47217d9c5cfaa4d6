"""GOSPA (alpha = 2) with its split, identity switches, breaks and "far": how well reported tracks fit the truth.

Source: A. S. Rahmathullah, A. F. Garcia-Fernandez and L. Svensson, "Generalized optimal sub-pattern assignment metric"
(2017). The assignment is exact, solved by connected components; pairs further apart than the cut-off c never match.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Match(NamedTuple):
    """Matched truths i, estimates j and their distances."""

    i: Ints
    j: Ints
    distance: Floats


class Gospa(NamedTuple):
    """The metric of one instant; `squared` is the localisation part of its square."""

    value: float
    squared: float
    missed: int
    false: int
    match: Match


def match(x: Floats, y: Floats, c: float) -> Match:
    """Optimal assignment of truths x (n, 3) to estimates y (m, 3)."""
    nothing = Match(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    if len(x) == 0 or len(y) == 0:
        return nothing
    near = cKDTree(x).sparse_distance_matrix(cKDTree(y), c, output_type="coo_matrix")
    if near.nnz == 0:
        return nothing
    n = len(x)
    graph = coo_matrix((np.ones(near.nnz), (near.row, near.col + n)), shape=(n + len(y),) * 2)
    labels = connected_components(graph, directed=False)[1][near.row]
    order = np.argsort(labels, kind="stable")
    parts = []
    for pairs in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        r, q = np.unique(near.row[pairs]), np.unique(near.col[pairs])
        d = np.linalg.norm(x[r][:, None] - y[q][None], axis=2)
        a, b = linear_sum_assignment(np.minimum(d, c) ** 2 - c**2)
        ok = d[a, b] < c
        parts.append((r[a[ok]], q[b[ok]], d[a, b][ok]))
    i, j, distance = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Match(i, j, distance)


def gospa(x: Floats, y: Floats, c: float = 100.0) -> Gospa:
    """GOSPA with p = 2 of truths x (n, 3) and estimates y (m, 3)."""
    m = match(x, y, c)
    squared = float((m.distance**2).sum())
    missed, false = len(x) - len(m.i), len(y) - len(m.j)
    return Gospa(float(np.sqrt(squared + c**2 / 2 * (missed + false))), squared, missed, false, m)


class Scans(NamedTuple):
    """What was scored at each instant, an array each (k,): see `evaluate`."""

    gospa: Floats
    squared: Floats
    missed: Ints
    false: Ints
    true: Ints
    reported: Ints
    id_switches: Ints
    breaks: Ints
    far: Ints


def score(
    truth: Sequence[tuple[float, Ints, Floats]], reported: Sequence[tuple[Ints, Floats]], c: float = 100.0
) -> Scans:
    """Each instant that was reported.

    id_switches: truths matched to another id than when they were last matched. breaks: the id that matched a truth at
    the last instant is no longer reported while the truth lives. far: it is reported, but matches the truth no more.
    """
    rows, last, before = [], dict[int, int](), dict[int, int]()
    for (_, ids, x), (names, y) in zip(truth, reported, strict=False):
        g = gospa(x, y, c)
        now = {int(ids[a]): int(names[b]) for a, b in zip(g.match.i, g.match.j, strict=True)}
        switches = sum(1 for target, name in now.items() if last.get(target, name) != name)
        shown = set(np.asarray(names).tolist())
        lost = [before[target] in shown for target in before.keys() - now.keys() if target in set(ids.tolist())]
        last.update(now)
        before = now
        row = (g.value, g.squared, g.missed, g.false, len(ids), len(y), switches, len(lost) - sum(lost), sum(lost))
        rows.append(row)
    return Scans(*(np.array(column) for column in zip(*rows, strict=True)))


def evaluate(scans: Scans, skip: int = 0, until: int | None = None) -> dict[str, float]:
    """Means over the instants from `skip` on, before `until`; switches, breaks and far are summed."""
    cut = Scans(*(column[skip:until] for column in scans))
    sums = {name: float(getattr(cut, name).sum()) for name in ("id_switches", "breaks", "far")}
    means = {name: float(getattr(cut, name).mean()) for name in ("gospa", "missed", "false", "true", "reported")}
    matched = float((cut.true - cut.missed).sum())
    loc_rms = float(np.sqrt(cut.squared.sum() / max(matched, 1.0)))
    return {"scans": float(len(cut.gospa)), **means, "loc_rms": loc_rms, **sums}

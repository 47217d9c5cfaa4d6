"""Hypotheses of identity against plain enumeration."""

import itertools
import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.tracking.bank import Bank
from tocsin.tracking.kernels.continuity import MEMBERS, PAST, branch, entangled, orders, placed
from tocsin.tracking.kernels.layout import Edges


def edges_of(likelihood: np.ndarray) -> Edges:
    """All pairs with a likelihood above 0, of (tracks, rows)."""
    ptr, row, like = [0], [], []
    for track in likelihood:
        chosen = np.flatnonzero(track > 0.0)
        row += chosen.tolist()
        like += track[chosen].tolist()
        ptr.append(len(row))
    values = np.array(like, dtype=np.float64)
    return Edges(np.array(ptr, np.int64), np.array(row, np.int64), values[:, None].copy(), values)


def test_orders_are_all_permutations_the_given_one_first():
    for size in (2, 3, 4):
        table = orders(size)
        assert table[0].tolist() == [0, 1, 2, 3]
        assert {tuple(p[:size]) for p in table.tolist()} == set(itertools.permutations(range(size)))
        assert (table[:, size:] == np.arange(size, MEMBERS)).all()


def test_pairs_that_may_have_the_same_row_are_found_among_reported_tracks():
    edges = edges_of(np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 1.0], [0.0, 0.0, 1.0]]))
    p_edge = np.array([0.9, 0.1, 0.4, 0.5, 0.001, 0.8])
    tracks, reported = np.array([4, 5, 6, 7]), np.ones(8, np.int64)
    assert entangled(edges, p_edge, tracks, reported, 3, 0.01).tolist() == [[4, 5], [5, 6]]
    reported[5] = 0
    assert entangled(edges, p_edge, tracks, reported, 3, 0.01).tolist() == [[4, 6]]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 3), st.integers(1, 4), st.booleans())
def test_weights_are_those_of_the_enumeration(seed: int, size: int, m: int, whole: bool):
    rng = np.random.default_rng(seed)
    likelihood = rng.exponential(1.0, (size, m)) * (rng.random((size, m)) < 0.8)
    if not likelihood.any():
        likelihood[0, 0] = 1.0
    edges, other, seen = edges_of(likelihood), rng.uniform(0.1, 1.0, m), rng.uniform(0.3, 0.95, size)
    leaves = np.full((1, MEMBERS), -1)
    leaves[0, :size] = np.arange(size)
    keys = np.arange(1, m + 1) * 7
    got = branch(
        leaves, np.zeros(1), np.array([0, 1]), edges, keys, other, seen, whole, np.zeros((size, PAST), np.int64), 200
    )
    new_leaves, log_weight, start, parent, own, past = got
    expected = {}
    for choice in itertools.product(range(-1, m), repeat=size):
        told = [j for j in choice if j >= 0]
        if len(set(told)) < len(told) or any(j >= 0 and likelihood[a, j] == 0.0 for a, j in enumerate(choice)):
            continue
        weight = 1.0
        for a, j in enumerate(choice):
            weight *= seen[a] * likelihood[a, j] / other[j] if j >= 0 else (1.0 - seen[a] if whole else 1.0)
        expected[choice] = weight
    top = max(expected.values())
    expected = {c: w for c, w in expected.items() if w > top * 1.001e-4}
    total = sum(np.exp(log_weight))
    assert math.isclose(total, 1.0, rel_tol=1e-9) and start.tolist() == [0, len(log_weight)]
    found = {}
    for hypothesis, weight in zip(new_leaves, np.exp(log_weight), strict=True):
        rows = tuple(int(edges.row[own[f]]) if own[f] >= 0 else -1 for f in hypothesis[:size])
        assert [parent[f] for f in hypothesis[:size]] == list(range(size))
        assert [past[f, -1] for f in hypothesis[:size]] == [keys[j] if j >= 0 else 0 for j in rows]
        found[rows] = weight
    assert expected.keys() <= found.keys()
    mass = sum(expected.values())
    for choice, weight in expected.items():
        assert math.isclose(found[choice], weight / mass, rel_tol=1e-2)


def test_only_the_best_are_kept_and_those_that_agree_on_the_last_looks_are_one():
    likelihood = np.array([[1.0, 0.5], [0.5, 1.0]])
    leaves, past = np.array([[0, 1, -1, -1]]), np.zeros((2, PAST), np.int64)
    edges, other, seen = edges_of(likelihood), np.full(2, 0.01), np.full(2, 0.9)
    few = branch(leaves, np.zeros(1), np.array([0, 1]), edges, np.array([5, 6]), other, seen, True, past, 2)
    assert len(few[1]) == 2 and few[1][0] >= few[1][1]
    twins = np.array([[0, 1, -1, -1], [2, 3, -1, -1]])  # two parents with the same recent past
    edges = edges_of(np.vstack((likelihood, likelihood)))
    both = branch(
        twins, np.log([0.6, 0.4]), np.array([0, 2]), edges, np.array([5, 6]), other, np.full(4, 0.9), True,
        np.zeros((4, PAST), np.int64), 50,
    )  # fmt: skip
    alone = branch(
        leaves, np.zeros(1), np.array([0, 1]), edges_of(likelihood), np.array([5, 6]), other, seen, True, past, 50
    )
    assert len(both[1]) == len(alone[1])
    assert np.allclose(np.sort(both[1]), np.sort(alone[1]), rtol=1e-6)


def test_a_member_is_placed_on_the_track_where_its_leaves_are():
    bank, leaf_bank = Bank(1, 10), Bank(1, 10)
    for one, places in ((bank, (0.0, 100.0)), (leaf_bank, (100.0, 0.0, 0.0, 100.0))):
        one.make_room(len(places))
        one.count = len(places)
        for i, east in enumerate(places):
            one.arrays.x[i, 0, 0] = east
            one.arrays.P[i, 0] = np.eye(6) * 25.0
            one.arrays.mu[i, 0], one.arrays.width[i] = 1.0, 1
    leaves = np.array([[0, 1, -1, -1], [2, 3, -1, -1]])  # swapped, kept
    table, chance = placed(bank.arrays, leaf_bank.arrays, np.array([0, 1]), leaves, np.log([0.8, 0.2]))
    by_order = {tuple(p[:2]): c for p, c in zip(table.tolist(), chance, strict=True)}
    assert math.isclose(by_order[1, 0], 0.8, abs_tol=1e-6) and math.isclose(by_order[0, 1], 0.2, abs_tol=1e-6)

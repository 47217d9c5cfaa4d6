"""The pairing of drones and marks against trying every pairing."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tocsin.evaluation.association import associate

GATE_M = 50.0


def rank(pairs, distance, kept):
    """What is to be greatest: pairs, then kept ones, then nearness."""
    return (
        len(pairs),
        sum(bool(kept[i, j]) for i, j in pairs),
        -sum(distance[i, j] for i, j in pairs),
    )


def best_by_trying_all(distance, kept):
    drones, marks = distance.shape
    choices = itertools.product(range(-1, marks), repeat=drones)
    best = None
    for choice in choices:
        pairs = [(i, j) for i, j in enumerate(choice) if j >= 0]
        if len({j for _, j in pairs}) < len(pairs) or any(not distance[i, j] <= GATE_M for i, j in pairs):
            continue
        found = rank(pairs, distance, kept)
        best = found if best is None else max(best, found)
    return best


@settings(deadline=None)
@given(data=st.data(), drones=st.integers(1, 3), marks=st.integers(0, 4))
def test_is_the_best_of_all_pairings(data, drones, marks):
    distance = data.draw(arrays(np.float64, (drones, marks), elements=st.one_of(st.floats(0, 100), st.just(np.nan))))
    kept = data.draw(arrays(np.bool_, (drones, marks)))
    paired = associate(distance, kept, GATE_M)
    pairs = [(i, j) for i, j in enumerate(paired.tolist()) if j >= 0]
    assert len({j for _, j in pairs}) == len(pairs)
    assert all(distance[i, j] <= GATE_M for i, j in pairs)
    found, best = rank(pairs, distance, kept), best_by_trying_all(distance, kept)
    assert found[:2] == best[:2]
    assert np.isclose(found[2], best[2], atol=1e-6)


def test_a_drone_keeps_its_mark_though_another_comes_closer():
    distance = np.array([[20.0, 2.0]])
    assert associate(distance, np.array([[True, False]]), GATE_M).tolist() == [0]
    assert associate(distance, np.array([[False, False]]), GATE_M).tolist() == [1]


def test_the_gate_itself_is_within():
    assert associate(np.array([[50.0]]), np.array([[False]]), GATE_M).tolist() == [0]
    assert associate(np.array([[50.001]]), np.array([[False]]), GATE_M).tolist() == [-1]

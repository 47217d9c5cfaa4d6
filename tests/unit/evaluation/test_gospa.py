"""GOSPA against Stone Soup's figures and against trying every assignment."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.evaluation.gospa import gospa

TRUTH = np.array([(0.0, 0.0), (120.0, 40.0), (300.0, -80.0), (305.0, -75.0)])
ESTIMATE = np.array([(10.0, -5.0), (100.0, 70.0), (306.0, -70.0), (900.0, 900.0), (0.0, 60.0)])
NONE = np.empty((0, 2))


@pytest.mark.parametrize(
    ("truth", "estimate", "distance", "localisation", "missed", "false"),
    [
        (TRUTH, ESTIMATE, 128.26145173044003, 1451.0, 5000.0, 10000.0),
        (TRUTH, NONE, 141.4213562373095, 0.0, 20000.0, 0.0),
        (NONE, ESTIMATE, 158.11388300841898, 0.0, 0.0, 25000.0),
        (TRUTH[:1], ESTIMATE, 141.86260959111107, 125.0, 0.0, 20000.0),
        (TRUTH, ESTIMATE[:2], 106.88779163215975, 1425.0, 10000.0, 0.0),
    ],
)
def test_agrees_with_stone_soup(truth, estimate, distance, localisation, missed, false):
    """Figures of Stone Soup 1.9.1, GOSPAMetric(p=2, c=100).compute_gospa_metric; its parts are squares."""
    found = gospa(truth, estimate)
    assert found.distance_m == pytest.approx(distance, rel=1e-12)
    assert found.localisation_m == pytest.approx(math.sqrt(localisation), rel=1e-12)
    assert found.missed_m == pytest.approx(math.sqrt(missed), rel=1e-12)
    assert found.false_m == pytest.approx(math.sqrt(false), rel=1e-12)


coordinates = st.floats(-150.0, 150.0)
points = st.lists(st.tuples(coordinates, coordinates), max_size=3).map(lambda xs: np.array(xs).reshape(-1, 2))


def least_by_trying_all(truth: np.ndarray, estimate: np.ndarray, cutoff: float) -> float:
    """The definition word for word: over every partial pairing, alpha = 2, p = 2."""
    best = math.inf
    for pairs in range(min(len(truth), len(estimate)) + 1):
        for rows in itertools.combinations(range(len(truth)), pairs):
            for columns in itertools.permutations(range(len(estimate)), pairs):
                squares = sum(np.sum((truth[i] - estimate[j]) ** 2) for i, j in zip(rows, columns, strict=True))
                unpaired = len(truth) + len(estimate) - 2 * pairs
                best = min(best, squares + cutoff**2 / 2 * unpaired)
    return math.sqrt(best)


@settings(deadline=None)
@given(truth=points, estimate=points)
def test_is_the_least_over_all_pairings(truth, estimate):
    found = gospa(truth, estimate)
    assert found.distance_m == pytest.approx(least_by_trying_all(truth, estimate, 100.0), abs=1e-6)
    squares = found.localisation_m**2 + found.missed_m**2 + found.false_m**2
    assert squares == pytest.approx(found.distance_m**2, abs=1e-6)


def test_nothing_beside_nothing_is_zero():
    assert gospa(NONE, NONE).distance_m == 0.0

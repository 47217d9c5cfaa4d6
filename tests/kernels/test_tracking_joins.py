"""The kernel of lost objects against a plain NumPy reference."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.tracking.kernels.joins import (
    LOST_SIGMA_M,
    STEADY_NOISE,
    STEADY_SHARE,
    WANDER_MPS,
    WANDER_S,
    returns,
)


def normal(d: np.ndarray, S: np.ndarray) -> float:
    return math.exp(-0.5 * float(d @ np.linalg.solve(S, d))) / math.sqrt(np.linalg.det(2.0 * math.pi * S))


def reference(lost: np.ndarray, t: float, x: np.ndarray, P: np.ndarray) -> float:
    """The moments of both motions by fine steps of their stochastic equations."""
    density, steps = 0.0, 20_000
    h = t / steps
    for share, memory_s, noise in (
        (STEADY_SHARE, math.inf, STEADY_NOISE),
        (1.0 - STEADY_SHARE, WANDER_S, 2.0 * (WANDER_MPS**2 + 0.5 * (lost[3] ** 2 + lost[4] ** 2)) / WANDER_S),
    ):
        F, Q = np.array([[1.0, h], [0.0, 1.0 - h / memory_s]]), np.diag([0.0, noise * h])
        total, S = np.eye(2), np.zeros((2, 2))
        for _ in range(steps):
            total, S = F @ total, F @ S @ F.T + Q
        expected = np.kron(total, np.eye(2)) @ lost[1:5]
        known = P + np.kron(S, np.eye(2)) + np.diag([LOST_SIGMA_M**2] * 2 + [0.0] * 2)
        density += share * normal(x - expected, known)
    return density


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_moments_are_those_of_the_motions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    t = rng.uniform(5.0, 60.0)
    lost = np.concatenate(([100.0], rng.normal(0.0, 200.0, 2), rng.normal(0.0, 15.0, 2)))
    A = rng.normal(size=(6, 6))
    covariance = A @ A.T * 20.0 + np.eye(6)
    state = np.concatenate((lost[1:3] + rng.normal(0.0, 150.0, 2), [50.0], rng.normal(0.0, 10.0, 2), [0.0]))
    level = [0, 1, 3, 4]
    expected = reference(lost, t, state[level], covariance[np.ix_(level, level)])
    got = returns(lost[None], 100.0 + t, 99.0 + t, 120.0, state, covariance)[0]
    assert math.isclose(got, expected, rel_tol=0.02, abs_tol=1e-18)


def test_the_time_between_counts_from_the_first_detection() -> None:
    lost = np.array([[100.0, 0.0, 0.0, 5.0, 0.0]] * 3)
    lost[:, 0] = 100.0, 129.0, 5.0
    found = returns(lost, 130.0, 128.0, 120.0, np.zeros(6), np.eye(6) * 100.0)
    assert found[0] > 0.0 and found[1] == 0.0 and found[2] == 0.0

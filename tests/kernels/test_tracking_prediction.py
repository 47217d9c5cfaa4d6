"""Prediction kernels against plain NumPy and SciPy: matrix exponentials, and the IMM written out."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from tocsin.tracking.bank import Bank
from tocsin.tracking.kernels.prediction import mixture, noise_integrals, predict, propagate, transition
from tocsin.tracking.motion import MODES, mode_table

TABLE = mode_table(MODES)


def generator(turn: float, damping: float, climb_damping: float) -> np.ndarray:
    """A of dx = A x dt for (east, north, up and their rates)."""
    a = np.zeros((6, 6))
    a[:3, 3:] = np.eye(3)
    a[3:5, 3:5] = [[-damping, -turn], [turn, -damping]]
    a[5, 5] = -climb_damping
    return a


def reference(mode: np.ndarray, dt: float) -> tuple[np.ndarray, np.ndarray]:
    """F and Q by Van Loan's method (1978)."""
    q, qz, turn, damping, climb_damping = mode[:5]
    a, noise = generator(turn, damping, climb_damping), np.diag([0, 0, 0, q, q, qz])
    block = expm(np.block([[-a, noise], [np.zeros((6, 6)), a.T]]) * dt)
    F = block[6:, 6:].T
    return F, F @ block[:6, 6:]


def spread(rng: np.random.Generator) -> np.ndarray:
    a = rng.normal(size=(6, 6))
    return a @ a.T + np.eye(6)


@pytest.mark.parametrize("dt", [1e-3, 0.1, 1.0, 5.0])
@pytest.mark.parametrize("mode", range(len(MODES)))
def test_a_mode_moves_as_its_differential_equation_says(mode: int, dt: float):
    rng = np.random.default_rng(mode)
    x, P = rng.normal(size=6) * 50, spread(rng) * 10
    f = np.empty((len(TABLE), 12))
    transition(dt, TABLE, f)
    x_out, P_out = np.empty(6), np.empty((6, 6))
    propagate(f[mode], x, P, x_out, P_out, np.empty((5, 3, 3)))
    F, Q = reference(TABLE[mode], dt)
    assert np.allclose(x_out, F @ x, rtol=1e-9, atol=1e-9)
    noise = P_out - F @ P @ F.T
    if TABLE[mode, 2] == 0.0:
        assert np.allclose(noise, Q, rtol=1e-6, atol=1e-8)
    else:  # the cross part neglects the turn within dt; the rest is exact in velocity, near in position
        assert np.allclose(np.diag(noise)[3:], np.diag(Q)[3:], rtol=1e-6)
        assert np.allclose(np.diag(noise), np.diag(Q), rtol=0.05, atol=1e-8)


@given(st.floats(1e-3, 3.0), st.floats(1e-4, 2.0), st.floats(0.01, 60.0))
def test_noise_has_no_seam_where_the_series_ends(q: float, damping: float, dt: float):
    pp, pv, vv = noise_integrals(q, damping, dt)
    assert pp > 0 and vv > 0 and pp * vv >= pv * pv * (1 - 1e-9)
    if damping * dt < 2e-3:
        assert pp == pytest.approx(q * dt**3 / 3, rel=3e-3)
        assert vv == pytest.approx(q * dt, rel=3e-3)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 10.0))
def test_mixing_is_the_interacting_multiple_model(seed: int, dt: float):
    rng = np.random.default_rng(seed)
    modes, rate = len(TABLE), 0.3
    x, mu = rng.normal(size=(modes, 6)) * 20, rng.dirichlet(np.ones(modes))
    P = np.array([spread(rng) for _ in range(modes)])
    bank = Bank(modes, 10)
    a = bank.arrays
    a.x[0], a.P[0], a.mu[0], a.r[0], a.t[0], a.width[0] = x, P, mu, 0.9, 5.0, modes
    predict(a, np.array([0]), np.array([5.0 + dt]), TABLE, rate, 0.01)
    stay = math.exp(-rate * dt)
    chain = stay * np.eye(modes) + (1 - stay) * np.tile(TABLE[:, 5], (modes, 1))
    c = mu @ chain
    assert np.allclose(a.mu[0], c)
    assert a.r[0] == pytest.approx(0.9 * math.exp(-0.01 * dt)) and a.t[0] == 5.0 + dt
    for b in range(modes):
        weight = chain[:, b] * mu / c[b]
        mean = weight @ x
        mixed = sum(w * (p + np.outer(v - mean, v - mean)) for w, v, p in zip(weight, x, P, strict=True))
        F = reference(TABLE[b], dt)[0]
        assert np.allclose(a.x[0, b], F @ mean, rtol=1e-8, atol=1e-8)
        noise = a.P[0, b] - F @ mixed @ F.T
        assert np.allclose(noise, noise.T, atol=1e-6)
        assert np.linalg.eigvalsh(a.P[0, b]).min() > 0


def test_the_chain_of_two_steps_is_the_chain_of_one():
    """Continuous time: predicting in two parts switches modes as often as in one."""
    bank = Bank(len(TABLE), 10)
    a, mu = bank.arrays, np.array([1.0, 0, 0, 0, 0])
    for i in range(2):
        a.P[i], a.mu[i], a.r[i], a.width[i] = np.eye(6), mu, 0.5, len(TABLE)
    predict(a, np.array([0]), np.array([2.0]), TABLE, 0.25, 0.0)
    for t in (0.7, 2.0):
        predict(a, np.array([1]), np.array([t]), TABLE, 0.25, 0.0)
    assert np.allclose(a.mu[0], a.mu[1])


def test_a_mixture_has_the_mean_and_covariance_of_its_samples():
    rng = np.random.default_rng(3)
    x, mu = rng.normal(size=(3, 6)) * 5, np.array([0.5, 0.3, 0.2])
    P = np.array([spread(rng) for _ in range(3)])
    mean, cov = np.empty(6), np.empty((6, 6))
    mixture(x, P, mu, 3, mean, cov)
    pick = rng.choice(3, size=400_000, p=mu)
    roots = np.array([np.linalg.cholesky(p) for p in P])
    draws = x[pick] + np.einsum("nij,nj->ni", roots[pick], rng.normal(size=(len(pick), 6)))
    assert np.allclose(mean, draws.mean(axis=0), atol=0.06)
    assert np.allclose(cov, np.cov(draws.T), atol=0.02 * np.abs(cov).max())

"""Measurement, gate and update kernels against plain NumPy: the textbook filter written out."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.model.detection import DIMENSION, MeasurementKind
from tocsin.tracking import SensorModel, Settings
from tocsin.tracking.bank import Bank
from tocsin.tracking.kernels.association import associate
from tocsin.tracking.kernels.gating import expect_all, gate_rows
from tocsin.tracking.kernels.linalg import cholesky, solve_lower, wrap_pi
from tocsin.tracking.kernels.rows import runs
from tocsin.tracking.kernels.update import birth, detection_odds, miss, update
from tocsin.tracking.measurement import Prepared, prepare
from unit.tracking.scenes import scan

Kind = MeasurementKind
GATES = np.array([0.0, 100.0, 100.0, 100.0, 100.0])
SENSOR = np.array([100.0, -50.0, 5.0])
SIGMA = {
    Kind.POSITION_2D: [15.0, 15.0],
    Kind.POSITION_3D: [15.0, 15.0, 20.0],
    Kind.POLAR_2D: [10.0, 0.01],
    Kind.POLAR_3D: [10.0, 0.01, 0.012],
    Kind.AZIMUTH: [0.01],
    Kind.AZIMUTH_ELEVATION: [0.01, 0.012],
}


def measure(kind: Kind, x: np.ndarray, rate: bool) -> np.ndarray:
    """What a sensor at SENSOR measures of state x, in the tracker's order (azimuth first), range rate last."""
    d = x[:3] - SENSOR
    ground, slant = math.hypot(d[0], d[1]), float(np.linalg.norm(d))
    azimuth, elevation = math.atan2(d[0], d[1]) % (2 * math.pi), math.atan2(d[2], ground)
    values = {
        Kind.POSITION_2D: x[:2],
        Kind.POSITION_3D: x[:3],
        Kind.POLAR_2D: [azimuth, slant],
        Kind.POLAR_3D: [azimuth, slant, elevation],
        Kind.AZIMUTH: [azimuth],
        Kind.AZIMUTH_ELEVATION: [azimuth, elevation],
    }[kind]
    return np.array([*values, *([x[3:] @ d / slant] if rate else [])])


def jacobian(kind: Kind, x: np.ndarray, rate: bool) -> np.ndarray:
    """By central differences."""
    columns = []
    for a in range(6):
        h = np.zeros(6)
        h[a] = 1e-3
        columns.append((measure(kind, x + h, rate) - measure(kind, x - h, rate)) / 2e-3)
    return np.array(columns).T


def one_track(rng: np.random.Generator, modes: int) -> Bank:
    bank = Bank(modes, 10)
    bank.count, a = 1, bank.arrays
    x = np.array([*rng.uniform(-3000, 3000, 2), rng.uniform(50, 500), *rng.normal(size=3) * 15])
    while math.hypot(x[0] - SENSOR[0], x[1] - SENSOR[1]) < 800.0:
        x[:2] = rng.uniform(-3000, 3000, 2)
    for b in range(modes):
        root = rng.normal(size=(6, 6)) * np.array([8, 8, 8, 2, 2, 1])[:, None]
        a.x[0, b], a.P[0, b] = x + rng.normal(size=6), root @ root.T + np.eye(6)
    a.mu[0], a.r[0], a.t[0], a.width[0] = rng.dirichlet(np.ones(modes)), 0.8, 10.0, modes
    return bank


def told(kind: Kind, bank: Bank, rng: np.random.Generator, rows: int, rate: bool) -> Prepared:
    truth = bank.arrays.x[0, 0]
    order = [1, 0, 2] if kind in (Kind.POLAR_2D, Kind.POLAR_3D) else [0, 1, 2]
    d = DIMENSION[kind]
    z = np.array([measure(kind, truth, False) + rng.normal(size=d) * _ordered(kind) for _ in range(rows)])
    rates = np.array([measure(kind, truth, True)[-1] + rng.normal() for _ in range(rows)]) if rate else np.empty(0)
    s = scan(kind, 10.0, z[:, order[:d]] if d > 1 else z, np.square(SIGMA[kind]), at=tuple(SENSOR), rates=rates)
    return prepare(s, 10.0, SensorModel("radar"), Settings(), 0)


def _ordered(kind: Kind) -> np.ndarray:
    sigma = np.array(SIGMA[kind])
    return sigma[[1, 0, 2][: len(sigma)]] if kind in (Kind.POLAR_2D, Kind.POLAR_3D) else sigma


@pytest.mark.parametrize("rate", [False, True])
@pytest.mark.parametrize("kind", list(Kind))
def test_expected_measurements_and_their_covariances(kind: Kind, rate: bool):
    rng = np.random.default_rng(int(kind))
    for _ in range(20):
        bank = one_track(rng, 2)
        d = DIMENSION[kind]
        out = expect_all(bank.arrays, np.array([0]), int(kind), d, int(rate), SENSOR)
        for b in range(2):
            x, P = bank.arrays.x[0, b], bank.arrays.P[0, b]
            H = jacobian(kind, x, rate)
            off = out.z[0, b] - measure(kind, x, rate)
            if kind not in (Kind.POSITION_2D, Kind.POSITION_3D):
                off[0] = wrap_pi(off[0])
            assert np.allclose(off, 0.0, atol=1e-9)
            assert np.allclose(out.PH[0, b], P @ H.T, rtol=1e-4, atol=1e-4)
            assert np.allclose(out.HPH[0, b], H @ P @ H.T, rtol=1e-4, atol=1e-6)
            assert np.allclose(out.z_dot[0, b, :d], H[:d, :3] @ x[3:], rtol=1e-4, atol=1e-8)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(list(Kind)), st.booleans(), st.integers(1, 3), st.booleans())
def test_a_track_among_rows_is_the_textbook_mixture(seed: int, kind: Kind, rate: bool, rows: int, alike: bool):
    rng = np.random.default_rng(seed)
    modes, d, p = 2, DIMENSION[kind], 0.9
    bank = one_track(rng, modes)
    ready = told(kind, bank, rng, rows, rate)
    if not alike:
        ready.rows.R[-1] *= 1.5
        ready.rows.alike[:] = runs(ready.rows.R, ready.rows.rate_variance)
        ready.widest[:] *= 1.5
    a, tracks, seen = bank.arrays, np.array([0]), np.array([p])
    x, P, mu, r = a.x[0].copy(), a.P[0].copy(), a.mu[0].copy(), a.r[0]
    out = expect_all(a, tracks, int(kind), d, ready.rate, SENSOR)
    edges = gate_rows(a, tracks, out, ready.rows, int(kind), GATES, ready.widest)
    assert len(edges.row) == rows
    density = 1e-6
    odds = detection_odds(a.r, tracks, seen, edges, True)
    p_none, p_edge, _, _, _ = associate(edges, odds, np.full(rows, density), 200, 1e-12)
    update(a, tracks, out, ready.rows, edges, p_none, p_edge, seen, int(kind), True, np.full(modes, 0.5), 1)
    # the same, written out
    like, means, covs = np.zeros((rows, modes)), {}, {}
    for j in range(rows):
        for b in range(modes):
            H = jacobian(kind, x[b], rate)
            R = np.zeros((d + rate, d + rate))
            R[:d, :d] = ready.rows.R[j]
            if rate:
                R[d, d] = ready.rows.rate_variance[j]
            S = H @ P[b] @ H.T + R
            nu = ready.rows.z[j] - measure(kind, x[b], rate)
            if kind not in (Kind.POSITION_2D, Kind.POSITION_3D):
                nu[0] = (nu[0] + math.pi) % (2 * math.pi) - math.pi
            K = P[b] @ H.T @ np.linalg.inv(S)
            scale = math.sqrt(np.linalg.det(2 * math.pi * S))
            like[j, b] = mu[b] * math.exp(-0.5 * nu @ np.linalg.solve(S, nu)) / scale
            means[j, b], covs[j, b] = x[b] + K @ nu, P[b] - K @ S @ K.T
    weight = r * p * like / density
    total = 1 - r * p + weight.sum()
    existence = (r * (1 - p) + weight.sum()) / total
    assert a.r[0] == pytest.approx(min(existence, 0.9999), rel=1e-4)
    for b in range(modes):
        parts = [(r * (1 - p) * mu[b], x[b], P[b])] + [(weight[j, b], means[j, b], covs[j, b]) for j in range(rows)]
        mass = sum(w for w, _, _ in parts)
        mean = sum(w * m for w, m, _ in parts) / mass
        cov = sum(w * (c + np.outer(m - mean, m - mean)) for w, m, c in parts) / mass
        assert a.mu[0, b] == pytest.approx(max(mass / (r * (1 - p) + weight.sum()), 1e-6), rel=1e-3)
        assert np.allclose(a.x[0, b], mean, atol=0.05)
        assert np.allclose(a.P[0, b], cov, rtol=5e-3, atol=5e-3 * np.abs(cov).max())


def test_gates_let_through_what_they_promise():
    rng = np.random.default_rng(4)
    bank = one_track(rng, 1)
    a = bank.arrays
    gates = np.array([0.0, 10.83, 13.82, 16.27, 18.47])
    inside = 0
    for _ in range(3000):
        root = np.linalg.cholesky(a.P[0, 0])
        truth = a.x[0, 0] + root @ rng.normal(size=6)
        z = measure(Kind.POLAR_3D, truth, False) + rng.normal(size=3) * _ordered(Kind.POLAR_3D)
        s = scan(Kind.POLAR_3D, 10.0, z[None, [1, 0, 2]], np.square(SIGMA[Kind.POLAR_3D]), at=tuple(SENSOR))
        ready = prepare(s, 10.0, SensorModel("radar"), Settings(), 0)
        out = expect_all(a, np.array([0]), 4, 3, 0, SENSOR)
        inside += len(gate_rows(a, np.array([0]), out, ready.rows, 4, gates, ready.widest).row)
    assert 0.996 <= inside / 3000 <= 1.0


def test_search_windows_lose_nothing_that_a_full_search_finds():
    rng = np.random.default_rng(6)
    tracks, rows = 40, 300
    bank = Bank(1, 100)
    bank.count, a = tracks, bank.arrays
    for i in range(tracks):
        a.x[i, 0] = [*rng.uniform(-400, 400, 2), 60.0, *rng.normal(size=3) * 10]
        a.P[i, 0] = np.diag([400.0, 400.0, 400.0, 25.0, 25.0, 4.0])
        a.mu[i, 0], a.r[i], a.width[i] = 1.0, 0.5, 1
    z = np.column_stack((rng.uniform(10, 600, rows), rng.uniform(0, 2 * math.pi, rows), rng.uniform(-0.1, 1.2, rows)))
    ready = prepare(
        scan(Kind.POLAR_3D, 0.0, z, np.array([100.0, 1e-3, 1e-3])), 0.0, SensorModel("radar"), Settings(), 0
    )
    names, gates = np.arange(tracks), np.array([0.0, 10.83, 13.82, 16.27, 18.47])
    out = expect_all(a, names, 4, 3, 0, np.zeros(3))
    found = gate_rows(a, names, out, ready.rows, 4, gates, ready.widest)
    expected = 0
    for k in range(tracks):
        if out.kind[k] != 4:
            continue
        for j in range(rows):
            nu = ready.rows.z[j] - out.z[k, 0]
            nu[0] = (nu[0] + math.pi) % (2 * math.pi) - math.pi
            S = out.HPH[k, 0] + ready.rows.R[j]
            if nu @ np.linalg.solve(S, nu) <= gates[3]:
                expected += 1
                assert j in found.row[found.ptr[k] : found.ptr[k + 1]]
    assert expected > 50


def test_a_birth_is_the_detection_placed_and_nothing_more():
    z = np.array([[3000.0, 1.0, 0.05]])
    ready = prepare(
        scan(Kind.POLAR_3D, 0.0, z, np.square([10.0, 0.009, 0.012])), 0.0, SensorModel("radar"), Settings(), 0
    )
    bank = Bank(2, 10)
    none = np.array([0.0, math.inf])
    n = birth(bank.arrays, 0, ready.rows, np.array([0.4]), 0.01, np.array([20.0, 2.0]), none, np.zeros(3), 0, 1)
    assert n == 1 and bank.arrays.r[0] == 0.4
    rng = np.random.default_rng(0)
    draws = z[0] + rng.normal(size=(200_000, 3)) * [10.0, 0.009, 0.012]
    ground = draws[:, 0] * np.cos(draws[:, 2])
    cloud = np.column_stack(
        (ground * np.sin(draws[:, 1]), ground * np.cos(draws[:, 1]), draws[:, 0] * np.sin(draws[:, 2]))
    )
    assert np.allclose(bank.arrays.x[0, 0, :3], cloud.mean(axis=0), atol=0.6)
    assert np.allclose(bank.arrays.P[0, 0, :3, :3], np.cov(cloud.T), rtol=0.03, atol=15.0)
    assert np.allclose(np.diag(bank.arrays.P[0, 0])[3:], [400.0, 400.0, 4.0])


def test_a_miss_lowers_existence_by_bayes():
    assert miss(0.5, 0.9) == pytest.approx(0.05 / 0.55)
    assert miss(0.5, 0.0) == 0.5


@settings(deadline=None)
@given(st.integers(0, 1000), st.integers(1, 6))
def test_cholesky_solves(seed: int, size: int):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(size, size))
    a = a @ a.T + 0.1 * np.eye(size)
    L, v = np.zeros((size, size)), rng.normal(size=size)
    w = v.copy()
    assert cholesky(a, size, L)
    solve_lower(L, w, size)
    assert np.allclose(np.tril(L) @ np.tril(L).T, a) and np.allclose(np.tril(L) @ w, v)
    a[size - 1, size - 1] = -1.0
    assert not cholesky(a, size, L)


@given(st.floats(-1e4, 1e4))
def test_wrapping(a: float):
    w = wrap_pi(a)
    assert -math.pi <= w < math.pi + 1e-9
    assert math.cos(w) == pytest.approx(math.cos(a), abs=1e-9) and math.sin(w) == pytest.approx(math.sin(a), abs=1e-9)

"""Rows made of measurements, and columns made of the bank, against sampling and plain NumPy."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.tracking.bank import Bank
from tocsin.tracking.columns import link_rows
from tocsin.tracking.history import Links
from tocsin.tracking.kernels.report import report, reportable
from tocsin.tracking.kernels.rows import BLUR, arrange, check, place_rows, row_keys, runs
from tocsin.tracking.motion import MODES, mode_table

TABLE = mode_table(MODES)


@pytest.mark.parametrize("azimuth", [0.1, 2.0, 4.0])
@pytest.mark.parametrize("elevation", [-0.05, 0.3, 1.2])
def test_a_polar_row_is_placed_as_its_samples_lie(azimuth: float, elevation: float):
    sensor, R = np.array([10.0, 20.0, 30.0]), np.diag([1e-4, 25.0, 1.5e-4])
    place, cov = np.empty((1, 3)), np.empty((1, 3, 3))
    place_rows(4, np.array([[azimuth, 2000.0, elevation]]), R[None], sensor, 100.0, 50.0, place, cov)
    draws = np.random.default_rng(1).multivariate_normal([azimuth, 2000.0, elevation], R, 200_000)
    a, r, e = draws.T
    cloud = np.column_stack((r * np.cos(e) * np.sin(a), r * np.cos(e) * np.cos(a), r * np.sin(e))) + sensor
    assert np.allclose(place[0], cloud.mean(axis=0), atol=0.5)
    assert np.allclose(cov[0], np.cov(cloud.T), rtol=0.02, atol=0.02 * np.trace(cov[0]))


def test_at_the_zenith_the_ellipse_covers_every_azimuth():
    place, cov = np.empty((1, 3)), np.empty((1, 3, 3))
    R = np.diag([1e-4, 25.0, 4e-4])
    place_rows(4, np.array([[1.0, 500.0, math.pi / 2]]), R[None], np.zeros(3), 100.0, 50.0, place, cov)
    across = np.sqrt(np.linalg.eigvalsh(cov[0, :2, :2]))
    assert across.max() == pytest.approx(10.0, rel=0.05) and across.min() > 0.0
    assert np.linalg.eigvalsh(cov[0]).min() > 0.0


@pytest.mark.parametrize("kind", [1, 3])
def test_a_row_without_height_has_the_prior_height_and_its_variance(kind: int):
    z = np.array([[500.0, 600.0]]) if kind == 1 else np.array([[0.7, 3000.0]])
    R = np.diag([100.0, 100.0]) if kind == 1 else np.diag([1e-4, 100.0])
    place, cov = np.empty((1, 3)), np.empty((1, 3, 3))
    place_rows(kind, z, R[None], np.zeros(3), 150.0, 200.0, place, cov)
    assert place[0, 2] == pytest.approx(150.0) and math.sqrt(cov[0, 2, 2]) >= 200.0
    assert np.linalg.eigvalsh(cov[0]).min() >= BLUR / 2


def test_unusable_rows_are_told_apart():
    values = np.array([[1.0, 2.0], [math.nan, 2.0], [1.0, 2.0], [1.0, 2.0], [1e9, 2.0]])
    covariance = np.tile(np.eye(2), (5, 1, 1))
    covariance[2, 0, 1] = covariance[2, 1, 0] = 2.0  # not definite
    times = np.array([0.0, 0.0, 0.0, math.inf, 0.0])
    R = np.empty((5, 2, 2))
    usable = check(values, covariance, times, 4.0, np.array([3.0, 0.0]), R)
    assert usable.tolist() == [1, 0, 0, 0, 0]
    assert np.allclose(R[0], [[4.0 + 9.0, 0.0], [0.0, 4.0]])


@given(st.integers(0, 1000))
def test_keys_depend_on_the_row_and_not_on_its_place(seed: int):
    rng = np.random.default_rng(seed)
    z, t = rng.normal(size=(20, 3)), rng.normal(size=20)
    repeated = np.zeros(20, np.int64)
    keys = row_keys(z, t, 3, repeated)
    assert len(set(keys.tolist())) == 20 and repeated.sum() == 0
    order = rng.permutation(20)
    assert np.array_equal(row_keys(z[order].copy(), t[order].copy(), 3, repeated), keys[order])
    twice = row_keys(np.repeat(z, 2, axis=0), np.repeat(t, 2), 3, again := np.zeros(40, np.int64))
    assert np.array_equal(twice[::2], twice[1::2]) and again.tolist() == [0, 1] * 20


def test_a_report_is_the_mixture_of_the_predicted_modes_and_leaves_the_bank_alone():
    rng = np.random.default_rng(2)
    bank = Bank(len(TABLE), 10)
    a = bank.arrays
    a.x[0], a.mu[0], a.t[0], a.width[0] = rng.normal(size=(len(TABLE), 6)), TABLE[:, 5], 5.0, len(TABLE)
    a.P[0] = np.eye(6)
    before = a.x.copy()
    position, velocity, covariance, probability = report(a, np.array([0]), 5.0, TABLE)
    mean = TABLE[:, 5] @ a.x[0]
    spread = (a.x[0] - mean).T @ ((a.x[0] - mean) * TABLE[:, 5:6])
    assert np.allclose(np.concatenate((position[0], velocity[0])), mean)
    assert np.allclose(covariance[0], np.eye(6) + spread) and np.allclose(probability[0], TABLE[:, 5])
    later = report(a, np.array([0]), 7.0, TABLE)
    assert np.array_equal(a.x, before) and np.trace(later[2][0]) > np.trace(covariance[0])


def test_what_is_reportable():
    bank = Bank(1, 10)
    a = bank.arrays
    a.r[:4], a.reported[:4], a.last[:4], a.t[:4] = [0.9, 0.15, 0.15, 0.9], [1, 1, 2, 1], [9, 9, 9, -90], 9.0
    chosen, existence = reportable(a, 4, 10.0, 0.1, 0.2, 20.0)
    assert chosen.tolist() == [0, 1]
    assert existence[0] == pytest.approx(0.9 * math.exp(-0.1))


def test_links_become_rows_and_those_of_others_are_left_out():
    links = Links(np.array([7, 9, 8]), np.array([0, 1, 2]), np.array([0.5, 0.6, 0.7]))
    pairs, probability = link_rows(links, np.array([8, 5, 7]))
    assert pairs.tolist() == [[2, 0], [0, 2]] and probability.tolist() == [0.5, 0.7]
    assert link_rows(links, np.empty(0, np.int64))[0].shape == (0, 2)


def test_runs_part_where_a_covariance_or_a_rate_changes() -> None:
    R = np.tile(np.diag([1.0, 2.0]), (6, 1, 1))
    R[3:, 0, 1] = R[3:, 1, 0] = 0.5
    rate_variance = np.array([0.0, 0.0, 1.0, 1.0, 1.0, 0.0])
    assert runs(R, rate_variance).tolist() == [0, 0, 2, 3, 3, 5]
    assert runs(R[:0], rate_variance[:0]).tolist() == []


COARSE = st.sampled_from(
    [-1.0, 0.0, 0.5, 1.0, 7.0, math.nan, math.inf]
)  # so that ties are common, and the unusable too


@given(
    st.lists(st.tuples(COARSE, COARSE, COARSE, st.sampled_from([0.0, 1.0, 2.0, 99.0])), max_size=40),
    st.sampled_from([2, 4]),
    st.booleans(),
)
def test_rows_are_sorted_as_numpy_sorts_them_and_equal_ones_are_told_once(told: list[tuple], kind: int, single: bool):
    table = np.array(told, np.float64).reshape(-1, 4)
    values, times = np.ascontiguousarray(table[:, :3]), np.ascontiguousarray(table[:, 3])
    covariance = np.tile(np.diag((1.0, 2.0, 3.0)), (len(times), 1, 1))
    rows = arrange(values, covariance, times, kind, 1.0, np.zeros(3), 0.0, 10.0, 5, single)
    z = values[:, [1, 0, 2]] if kind == 4 else values.copy()
    if kind == 4:
        with np.errstate(invalid="ignore"):
            z[:, 0] %= 2.0 * math.pi
    usable = np.flatnonzero(np.isfinite(values).all(axis=1) & (times <= 10.0))
    order = usable[np.lexsort((times[usable], z[usable, 2], z[usable, 1], z[usable, 0]))]
    same = [k > 0 and (z[j] == z[order[k - 1]]).all() and times[j] == times[order[k - 1]] for k, j in enumerate(order)]
    kept = order[~np.array(same, bool)] if single else order
    assert rows.order.tolist() == kept.tolist()
    assert (rows.bad, rows.repeated) == (len(times) - len(usable), sum(same) if single else 0)
    assert np.array_equal(rows.z, z[kept]) and np.array_equal(rows.t, times[kept])
    assert np.allclose(rows.R, np.diag((2.0, 1.0, 3.0) if kind == 4 else (1.0, 2.0, 3.0)))

"""The identity kernels against plain NumPy."""

import numpy as np
import pytest

from tocsin.identity.kernels import absorb, posterior


@pytest.mark.parametrize("seed", range(4))
def test_absorb_and_posterior_agree_with_numpy(seed: int) -> None:
    random = np.random.default_rng(seed)
    n, s, c, m = 7, 3, 10, 9
    total, weight = random.normal(size=(n, s, c)), random.uniform(0.1, 4, (n, s))
    last, heard = random.uniform(90, 110, (n, s)), random.integers(0, 5, (n, s))
    links = np.array([(row, random.integers(m)) for row in range(n) for _ in range(2)])
    links = np.unique(links, axis=0)
    p = random.uniform(0.05, 0.45, len(links))
    words, ratio = random.integers(0, 4, m), np.vstack([np.ones(c), random.uniform(0.1, 5, (3, c))])
    time_s, memory_s, sensor = 100.0, 60.0, 1

    mixture, share = np.ones((n, c)), np.zeros(n)
    for (row, detection), p_here in zip(links, p, strict=True):
        if words[detection]:
            mixture[row] += p_here * (ratio[words[detection]] - 1)
            share[row] += p_here
    spoken = share > 0
    elapsed_s = time_s - last[:, sensor]
    kept = np.where(spoken & (elapsed_s >= 0), np.exp(-elapsed_s / memory_s), 1.0)
    fresh = np.where(elapsed_s >= 0, 1.0, np.exp(elapsed_s / memory_s))
    want_total, want_weight = total.copy(), weight.copy()
    want_total[:, sensor] = np.where(
        spoken[:, None], total[:, sensor] * kept[:, None] + np.log(mixture) * fresh[:, None], total[:, sensor]
    )
    want_weight[:, sensor] = np.where(spoken, weight[:, sensor] * kept + share * fresh, weight[:, sensor])
    want_last = last.copy()
    want_last[:, sensor] = np.where(spoken & (elapsed_s >= 0), time_s, last[:, sensor])

    absorb(total, weight, last, heard, links, p, words, ratio, sensor, time_s, memory_s)
    np.testing.assert_allclose(total, want_total, rtol=1e-12)
    np.testing.assert_allclose(weight, want_weight, rtol=1e-12)
    np.testing.assert_allclose(last, want_last)

    log_prior = np.log(random.dirichlet(np.ones(c), n))
    probability, mark = np.empty((n, c)), np.empty(n, np.int64)
    posterior(total, weight, last, heard, log_prior, 115.0, memory_s, 2.0, 0.02, probability, mark)
    count = weight * np.exp(-(115.0 - last) / memory_s)
    effective = count / (1 + count / 2.0)
    log_odds = log_prior + ((effective / weight)[:, :, None] * total).sum(axis=1)
    want = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    want *= 0.98 / want.sum(axis=1, keepdims=True)
    want[:, 0] += 0.02
    np.testing.assert_allclose(probability, want, rtol=1e-10)

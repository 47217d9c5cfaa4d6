"""The order of threats does not jump."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.threat.order import ThreatOrder

NOBODY = np.zeros(2, np.int64)


def test_small_changes_keep_the_order_and_large_ones_change_it() -> None:
    order = ThreatOrder()
    order.follow(np.array([-1, -1]))
    assert order.step(np.array([40.0, 42.0]), NOBODY, 0.0).tolist() == [0, 1]
    assert order.step(np.array([40.5, 39.0]), NOBODY, 1.0).tolist() == [0, 1]
    assert order.step(np.array([40.0, 20.0]), NOBODY, 2.0).tolist() == [1, 0]


@given(st.lists(st.floats(-1.5, 1.5), min_size=1, max_size=60))
def test_noise_below_the_least_change_never_swaps_rows(noise: list[float]) -> None:
    order = ThreatOrder()
    order.follow(np.array([-1, -1]))
    for k, wobble in enumerate(noise):
        left_s = max(100.0 - k, 20.0)
        if left_s == 20.0:
            break
        pressing = np.array([left_s, left_s + 1.0 + wobble * (k > 0)])
        assert order.step(pressing, NOBODY, float(k)).tolist() == [0, 1]

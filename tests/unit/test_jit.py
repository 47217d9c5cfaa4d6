"""The kernel decorator compiles without fast mathematics and keeps the interpreter out."""

import math
import os

from tocsin.jit import kernel


@kernel
def total(first: float, second: float, third: float) -> float:
    return first + second + third


@kernel
def quotient(numerator: float, denominator: float) -> float:
    return numerator / denominator


def test_sums_are_not_reassociated() -> None:
    assert total(1e16, 1.0, -1e16) == (1e16 + 1.0) - 1e16


def test_division_by_zero_is_as_in_numpy() -> None:
    assert math.isinf(quotient(1.0, 0.0))


def test_the_cache_has_a_place_before_numba_is_loaded() -> None:
    assert os.environ["NUMBA_CACHE_DIR"]

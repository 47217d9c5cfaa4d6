"""Chi-square quantiles against SciPy's."""

import pytest
from scipy.stats import chi2

from tocsin.tracking.chi_square import chi_square_quantile


@pytest.mark.parametrize("dimensions", [1, 2, 3, 4])
@pytest.mark.parametrize("probability", [1e-6, 0.5, 0.9, 0.99, 0.999, 0.99999, 1.0 - 1e-9])
def test_as_scipy_has_it(probability: float, dimensions: int) -> None:
    assert chi_square_quantile(probability, dimensions) == pytest.approx(chi2.ppf(probability, dimensions), rel=1e-9)


def test_a_gate_agrees_to_the_last_digits() -> None:
    for dimensions in (1, 2, 3, 4):
        assert chi_square_quantile(0.999, dimensions) == pytest.approx(chi2.ppf(0.999, dimensions), rel=1e-12)


def test_nothing_lies_below_zero_and_all_below_infinity() -> None:
    assert chi_square_quantile(0.0, 2) == 0.0
    assert chi_square_quantile(1.0, 2) == float("inf")


@pytest.mark.parametrize(("probability", "dimensions"), [(1.1, 2), (-0.1, 2), (0.5, 5), (0.5, 0)])
def test_what_has_no_quantile_is_refused(probability: float, dimensions: int) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        chi_square_quantile(probability, dimensions)

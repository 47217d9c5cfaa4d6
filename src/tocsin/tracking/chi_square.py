"""Chi-square quantiles for gates of one to four dimensions, from the closed forms of the distribution.

Abramowitz and Stegun, Handbook of Mathematical Functions, 26.4.4 and 26.4.5. Agrees with SciPy's to 1e-12 of the value;
SciPy itself takes longer to load than the rest of the line's own modules, and a restart waits for it.
"""

import math

_HALVINGS = 200


def chi_square_quantile(probability: float, dimensions: int) -> float:
    """The value that a chi-square variable of 1 to 4 `dimensions` stays below with `probability`, in [0, 1]."""
    if dimensions not in _BEYOND or not 0.0 <= probability <= 1.0:
        raise ValueError(f"no quantile of probability {probability} in {dimensions} dimensions")
    if probability == 1.0:
        return math.inf
    beyond, wanted = _BEYOND[dimensions], 1.0 - probability
    low, high = 0.0, 1.0
    while beyond(high) > wanted:
        high *= 2.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        low, high = (middle, high) if beyond(middle) > wanted else (low, middle)
    return high if probability else 0.0


def _beyond_1(value: float) -> float:
    return math.erfc(math.sqrt(0.5 * value))


def _beyond_2(value: float) -> float:
    return math.exp(-0.5 * value)


def _beyond_3(value: float) -> float:
    return _beyond_1(value) + math.sqrt(2.0 * value / math.pi) * _beyond_2(value)


def _beyond_4(value: float) -> float:
    return (1.0 + 0.5 * value) * _beyond_2(value)


_BEYOND = {1: _beyond_1, 2: _beyond_2, 3: _beyond_3, 4: _beyond_4}

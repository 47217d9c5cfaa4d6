"""Classifier: the words a sensor's own classifier puts on what it sees, right or wrong for seconds at a time.

Real classifiers err in stretches, not row by row: a word is drawn for each stretch of `_HOLD_S` and kept.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tocsin.simulation.targets import WORDS

_HOLD_S = 6.0


def words(
    own: np.random.Generator, time_s: NDArray[np.float64], truth: str, right_probability: float
) -> tuple[str, ...]:
    """A word a row: `truth` with `right_probability`, else mostly "unknown", else another; "" if that is 0.

    With `truth` = "unknown" (clutter) every row is "unknown" but one in ten.
    """
    if truth == "unknown":
        draws, other = own.random(len(time_s)), own.integers(0, len(WORDS), len(time_s))
        return tuple(WORDS[k] if d < 0.1 else "unknown" for d, k in zip(draws.tolist(), other.tolist(), strict=True))
    if right_probability <= 0.0 or not len(time_s):
        return ("",) * len(time_s)
    stretches = int(math.floor((float(time_s[-1]) - float(time_s[0])) / _HOLD_S)) + 1
    draws, other = own.random(stretches), own.integers(0, len(WORDS), stretches)
    unknown = right_probability + 0.75 * (1.0 - right_probability)
    held = [
        truth if d < right_probability else "unknown" if d < unknown else WORDS[k]
        for d, k in zip(draws.tolist(), other.tolist(), strict=True)
    ]
    return tuple(held[int((t - time_s[0]) / _HOLD_S)] for t in time_s.tolist())

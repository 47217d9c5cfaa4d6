"""GOSPA: the generalised optimal sub-pattern assignment distance of Rahmathullah, Garcia-Fernandez and Svensson
(FUSION 2017), with p = 2 and alpha = 2, and its parts.

Squared, it is the sum of squared distances of the pairs closer than the cut-off c, plus c^2 / 2 for each missed truth
and each false estimate, at the assignment that makes this least.
"""

import math

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

CUTOFF_M = 100.0


class Gospa(msgspec.Struct, frozen=True):
    """The distance in metres, and the distance each part alone would make; squares of the parts add up to its own."""

    distance_m: float
    localisation_m: float
    missed_m: float
    false_m: float


def gospa(truth_m: NDArray[np.float64], estimate_m: NDArray[np.float64], cutoff_m: float = CUTOFF_M) -> Gospa:
    """Between points `truth_m` (m, d) and `estimate_m` (n, d), both finite."""
    distance_m = np.linalg.norm(truth_m[:, None, :] - estimate_m[None, :, :], axis=2)
    squared = np.minimum(distance_m, cutoff_m) ** 2
    rows, columns = linear_sum_assignment(squared)
    paired = distance_m[rows, columns] < cutoff_m
    localisation = float(squared[rows[paired], columns[paired]].sum())
    pairs = int(paired.sum())
    missed = (len(truth_m) - pairs) * cutoff_m**2 / 2.0
    false = (len(estimate_m) - pairs) * cutoff_m**2 / 2.0
    return Gospa(*(math.sqrt(part) for part in (localisation + missed + false, localisation, missed, false)))

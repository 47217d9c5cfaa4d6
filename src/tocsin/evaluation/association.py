"""Association: which mark stands for which drone at one second, at most one each.

Pairs are within the gate. As many drones as possible are paired; among those pairings, as many drones as possible keep
the mark they had last (as in CLEAR MOT: Bernardin and Stiefelhagen, 2008); among those, the sum of distances is least.
The optimum is exact (`scipy.optimize.linear_sum_assignment`).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment


def associate(distance_m: NDArray[np.float64], kept: NDArray[np.bool_], gate_m: float) -> NDArray[np.int64]:
    """For each of m drones the index of its mark, -1 for none.

    `distance_m` (m, n) to n marks, NaN never pairs. `kept` (m, n) is true where the drone had that mark last.
    """
    drones, marks = distance_m.shape
    paired = np.full(drones, -1, dtype=np.int64)
    within = distance_m <= gate_m
    if not within.any():
        return paired
    # Weights in which one more pair outweighs any number kept, and one more kept outweighs any distances.
    keep_weight = drones + 1.0
    pair_weight = keep_weight * (drones + 1.0)
    cost = np.where(within, distance_m / gate_m - pair_weight - keep_weight * kept, 0.0)
    rows, columns = linear_sum_assignment(cost)
    good = within[rows, columns]
    paired[rows[good]] = columns[good]
    return paired

"""Small dense linear algebra by explicit loops: no library whose order of summation depends on the machine."""

import math

from tocsin.jit import kernel
from tocsin.tracking.kernels.layout import Floats


@kernel
def cholesky(a: Floats, size: int, L: Floats) -> bool:
    """Lower factor of the leading (size, size) block of a; False if it is not positive definite (L then unusable)."""
    for j in range(size):
        v = a[j, j]
        for k in range(j):
            v -= L[j, k] * L[j, k]
        if not v > 0.0 or v == math.inf:
            return False
        L[j, j] = math.sqrt(v)
        scale = 1.0 / L[j, j]
        for i in range(j + 1, size):
            v = a[i, j]
            for k in range(j):
                v -= L[i, k] * L[j, k]
            L[i, j] = v * scale
    return True


@kernel
def solve_lower(L: Floats, v: Floats, size: int) -> None:
    """v = L^-1 v in place."""
    for i in range(size):
        s = v[i]
        for k in range(i):
            s -= L[i, k] * v[k]
        v[i] = s / L[i, i]


@kernel
def wrap_pi(a: float) -> float:
    """An angle difference brought into [-pi, pi)."""
    if -math.pi <= a < math.pi:
        return a
    return a - 2.0 * math.pi * math.floor((a + math.pi) / (2.0 * math.pi))

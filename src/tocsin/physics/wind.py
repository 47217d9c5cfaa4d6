"""Wind: its profile with height, as arrays that kernels take.

Above and below the profile the nearest value holds; in between it is straight. Wind has no vertical part.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tocsin.jit import kernel
from tocsin.model.errors import TocsinError

Floats = NDArray[np.float64]

CALM = np.zeros((1, 3))


def wind_profile(altitude_m: Sequence[float], east_mps: Sequence[float], north_mps: Sequence[float]) -> Floats:
    """(n, 3): heights above sea level, which must rise, and the air's velocity there."""
    profile = np.array([altitude_m, east_mps, north_mps], np.float64).T.copy()
    if not len(profile) or not np.isfinite(profile).all() or (np.diff(profile[:, 0]) <= 0.0).any():
        raise TocsinError("wind profile: needs finite values at rising heights")
    return profile


@kernel
def wind_at(profile: Floats, altitude_m: float) -> tuple[float, float]:
    """East and north velocity of the air at a height above sea level."""
    n = profile.shape[0]
    if n == 1 or altitude_m <= profile[0, 0]:
        return profile[0, 1], profile[0, 2]
    if altitude_m >= profile[n - 1, 0]:
        return profile[n - 1, 1], profile[n - 1, 2]
    i = int(np.searchsorted(profile[:, 0], altitude_m)) - 1
    s = (altitude_m - profile[i, 0]) / (profile[i + 1, 0] - profile[i, 0])
    return (
        profile[i, 1] + s * (profile[i + 1, 1] - profile[i, 1]),
        profile[i, 2] + s * (profile[i + 1, 2] - profile[i, 2]),
    )

"""Angles brought into one turn, and the azimuth of a direction.

Each function takes scalars or arrays of any shape and answers in kind, in radians. A result lies in its half-open
interval strictly, whatever the rounding (-1e-17 wraps to 0, not to 2 pi), and an angle already inside comes back
unchanged to the last bit: `fmod` is exact, and so is the one addition after it wherever it changes the leading digits.
NaN and infinities give NaN. The scalar kernels are the same functions for use inside other kernels.
"""

import math
from typing import overload

import numpy as np
from numpy.typing import NDArray

from tocsin.jit import kernel

TAU = math.tau
Floats = NDArray[np.float64]


@kernel
def wrap_2pi_scalar_rad(angle_rad: float) -> float:
    """One angle in [0, 2 pi)."""
    rest: float = np.fmod(angle_rad, TAU)  # numba knows no math.fmod
    if rest < 0.0:
        rest += TAU
    if rest >= TAU or rest == 0.0:  # a tiny negative angle rounds up to 2 pi; -0.0 becomes 0.0
        return 0.0
    return rest


@kernel
def wrap_pi_scalar_rad(angle_rad: float) -> float:
    """One angle in [-pi, pi)."""
    rest: float = np.fmod(angle_rad, TAU)  # numba knows no math.fmod
    if rest >= math.pi:
        return rest - TAU
    if rest < -math.pi:
        return rest + TAU
    return rest


@overload
def wrap_2pi_rad(angle_rad: float) -> float: ...
@overload
def wrap_2pi_rad(angle_rad: Floats) -> Floats: ...
def wrap_2pi_rad(angle_rad: float | Floats) -> float | Floats:
    """The same direction in [0, 2 pi)."""
    with np.errstate(invalid="ignore"):
        rest = np.fmod(angle_rad, TAU)
    rest = np.where(rest < 0.0, rest + TAU, rest)
    rest = np.where((rest >= TAU) | (rest == 0.0), 0.0, rest)
    return float(rest) if rest.ndim == 0 else rest


@overload
def wrap_pi_rad(angle_rad: float) -> float: ...
@overload
def wrap_pi_rad(angle_rad: Floats) -> Floats: ...
def wrap_pi_rad(angle_rad: float | Floats) -> float | Floats:
    """The same direction in [-pi, pi)."""
    with np.errstate(invalid="ignore"):
        rest = np.fmod(angle_rad, TAU)
    rest = np.where(rest >= math.pi, rest - TAU, np.where(rest < -math.pi, rest + TAU, rest))
    return float(rest) if rest.ndim == 0 else rest


@overload
def azimuth_rad(east_m: float, north_m: float) -> float: ...
@overload
def azimuth_rad(east_m: Floats, north_m: Floats) -> Floats: ...
def azimuth_rad(east_m: float | Floats, north_m: float | Floats) -> float | Floats:
    """Clockwise from north in [0, 2 pi); 0 where both components are 0."""
    angle_rad = np.arctan2(east_m, north_m)
    return wrap_2pi_rad(float(angle_rad)) if angle_rad.ndim == 0 else wrap_2pi_rad(angle_rad)

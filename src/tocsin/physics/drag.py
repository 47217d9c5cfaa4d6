"""Drag: how the drag of an unpowered body grows with speed, and what is known of a body before it is seen.

Drag acceleration = factor * curve(Mach) * density * speed^2 / 2 against the motion through the air. The factor is
Cd A / m at low speed in m^2/kg; the curve is Cd over its low-speed value. Two generic curves: `SLENDER` for finned and
pointed bodies, `BLUNT` for stones, parts and wreckage. A `DragClass` is a curve with a log-normal prior of the factor;
`UNKNOWN` spans everything from a dense slender body to a broken airframe and is what an unclassified object gets.

Sources: the rise through the speed of sound of slender bodies as in the G1 and G7 standard projectiles (McCoy, "Modern
Exterior Ballistics", 1999), smoothed; of blunt ones as in spheres (Miller and Bailey, J. Fluid Mech. 93, 1979).
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from tocsin.jit import kernel
from tocsin.units import MPS2_PER_G

Floats = NDArray[np.float64]

MACH_STEP = 0.05
MACH_MOST = 5.0

_SLENDER = ((0.0, 1.0), (0.8, 1.0), (0.9, 1.1), (0.95, 1.35), (1.0, 1.9), (1.05, 2.25), (1.1, 2.3), (1.2, 2.25),
            (1.5, 2.05), (2.0, 1.75), (2.5, 1.55), (3.0, 1.4), (4.0, 1.2), (5.0, 1.1))  # fmt: skip
_BLUNT = ((0.0, 1.0), (0.5, 1.03), (0.7, 1.15), (0.9, 1.45), (1.0, 1.65), (1.2, 1.9), (1.5, 2.0), (2.0, 2.0),
          (3.0, 1.93), (5.0, 1.9))  # fmt: skip


def _table(points: tuple[tuple[float, float], ...]) -> Floats:
    mach = np.arange(round(MACH_MOST / MACH_STEP) + 1) * MACH_STEP
    return np.asarray(np.interp(mach, [m for m, _ in points], [c for _, c in points]), np.float64)


# (curves, Machs) relative drag at even steps of Mach; the curve's number is its row.
SLENDER, BLUNT = 0, 1
CURVES = np.stack([_table(_SLENDER), _table(_BLUNT)])


@kernel
def relative_drag(curves: Floats, curve: int, mach: float) -> float:
    """Drag coefficient over its low-speed value."""
    at = min(mach, MACH_MOST) / MACH_STEP
    low = min(int(at), curves.shape[1] - 2)
    return float(curves[curve, low] + (at - low) * (curves[curve, low + 1] - curves[curve, low]))


class DragClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A curve and what is believed of the factor: log-normal about `factor_m2pkg`, `log_deviation` in natural logs."""

    name: str
    curve: int
    factor_m2pkg: float
    log_deviation: float


UNKNOWN = DragClass("unknown", SLENDER, 1e-3, 1.8)
DRAG_CLASSES = (
    UNKNOWN,
    DragClass("slender", SLENDER, 2.2e-4, 0.5),
    DragClass("stone", BLUNT, 3e-3, 0.8),
    DragClass("wreckage", BLUNT, 2e-2, 0.9),
)


def terminal_speed_mps(factor_m2pkg: float, density_kgpm3: float) -> float:
    """The low-speed speed of fall at which drag carries the weight."""
    return float(np.sqrt(2.0 * MPS2_PER_G / (factor_m2pkg * density_kgpm3)))

"""Mode: one way a target may move; the tracker weighs them against each other (interacting multiple models).

A mode's velocity decays at `damping_per_s`, turns at `turn_radps` (counter-clockwise positive) and is driven by white
acceleration of the given spectral density (m^2/s^3), across and up separately. `share` is how often targets move so.
"""

from typing import Annotated

import msgspec
import numpy as np
from numpy.typing import NDArray

from tocsin.model.bounds import Angle, Name, Probability, Rate
from tocsin.units import RAD_PER_DEG

Noise = Annotated[float, msgspec.Meta(ge=0, le=1e6)]


class Mode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One motion model; the shares of all modes are made to sum to 1.

    `name`: shown in statistics. `share`: how often targets move so. `noise`: spectral density of the white acceleration
    that drives it, each horizontal component, m^2/s^3. `climb_noise`: the same, vertical. `turn_radps`: rate of turn,
    counter-clockwise positive. `damping_per_s`: how fast its horizontal velocity decays. `climb_damping_per_s`: the
    same, vertical.
    """

    name: Name
    share: Probability
    noise: Noise
    climb_noise: Noise
    turn_radps: Angle = 0.0
    damping_per_s: Rate = 0.0
    climb_damping_per_s: Rate = 0.0


TURN_RADPS = 5.0 * RAD_PER_DEG

MODES = (
    Mode("straight", share=0.6, noise=0.15, climb_noise=0.05),
    Mode("manoeuvre", share=0.1, noise=20.0, climb_noise=0.5),
    Mode("turn-left", share=0.14, noise=1.0, climb_noise=0.05, turn_radps=TURN_RADPS),
    Mode("turn-right", share=0.14, noise=1.0, climb_noise=0.05, turn_radps=-TURN_RADPS),
    Mode("hover", share=0.02, noise=0.5, climb_noise=0.2, damping_per_s=1.0, climb_damping_per_s=1.0),
)


def mode_table(modes: tuple[Mode, ...]) -> NDArray[np.float64]:
    """The modes as the kernels read them: (modes, 6) horizontal and vertical noise, turn, two dampings, share."""
    rows = [(m.noise, m.climb_noise, m.turn_radps, m.damping_per_s, m.climb_damping_per_s, m.share) for m in modes]
    table = np.array(rows, dtype=np.float64)
    table[:, 5] /= table[:, 5].sum()
    return table

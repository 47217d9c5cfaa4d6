"""Forgery: what a Remote ID sender says when it lies, and how strong it is heard.

A forger may shift its places, repeat what it said some time ago, keep a wrong clock, or transmit from another place
than it says (the strength of its signal then tells). What it lies about begins at `from_s`. Strength is that of free
space at 2.4 GHz with fading, of a sender of 100 mW.
"""

import numpy as np
from numpy.typing import NDArray

from tocsin.simulation.plan import Forgery, SensorPose

Floats = NDArray[np.float64]

_RADIATED_DBM, _AT_1_M_DB, _FADING_DB = 20.0, 40.0, 4.0


def forged(
    forgery: Forgery | None, time_s: Floats, period_s: float, position_m: Floats, velocity_mps: Floats
) -> tuple[Floats, Floats]:
    """Positions and velocities (n, 3) as they are said at `time_s` (n,), a message each `period_s`."""
    if forgery is None:
        return position_m, velocity_mps
    lies = time_s >= forgery.from_s
    position_m = position_m + np.where(lies[:, None], [forgery.shift_east_m, forgery.shift_north_m, 0.0], 0.0)
    back = round(forgery.back_s / period_s)
    if back:
        rows = np.arange(len(time_s))
        rows = np.where(lies & (rows >= back), rows - back, rows)
        position_m, velocity_mps = position_m[rows], velocity_mps[rows]
    return position_m, velocity_mps


def clock_ahead_s(forgery: Forgery | None, time_s: float) -> float:
    """How far the sender's clock is ahead in a message of `time_s`."""
    return forgery.clock_ahead_s if forgery is not None and time_s >= forgery.from_s else 0.0


def signal_dbm(
    forgery: Forgery | None, pose: SensorPose, time_s: Floats, position_m: Floats, own: np.random.Generator
) -> Floats:
    """(n,) how strong messages are heard at `pose`, sent from `position_m` (n, 3) unless the sender is elsewhere."""
    sent = position_m.copy()
    if forgery is not None and forgery.sender_east_m is not None and forgery.sender_north_m is not None:
        sent[time_s >= forgery.from_s] = forgery.sender_east_m, forgery.sender_north_m, pose.up_m + 2.0
    away_m = np.linalg.norm(sent - [pose.east_m, pose.north_m, pose.up_m], axis=1)
    level = _RADIATED_DBM - _AT_1_M_DB - 20.0 * np.log10(np.maximum(away_m, 1.0))
    return np.asarray(np.round(level + _FADING_DB * own.standard_normal(len(level))))

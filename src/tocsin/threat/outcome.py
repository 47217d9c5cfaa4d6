"""Outcome of an ended track: left, landed or fell where there is evidence for it, else lost. Lost is not destroyed.

`outcome` is pure: the caller says what it knows of the place where the track would be now, and what is not known (None)
is no evidence. The reason says in words what was seen.
"""

import math

import msgspec

from tocsin.model.track import EndedTrack, Outcome
from tocsin.threat.settings import Settings
from tocsin.units import MPS2_PER_G


class Ending(msgspec.Struct, frozen=True):
    """How a track ended and what speaks for it."""

    outcome: Outcome
    reason: str


def outcome(
    ended: EndedTrack, settings: Settings, ahead_probability: float | None = None, ground_up_m: float | None = None
) -> Ending:
    """How `ended` ended.

    `ahead_probability`: the greatest detection probability of any sensor where the track would be now. `ground_up_m`:
    up of the ground below it in site ENU.
    """
    east_mps, north_mps, climb_mps = ended.velocity_enu_mps
    speed_mps = math.hypot(east_mps, north_mps)
    silent_s = max(ended.time_s - ended.last_detection_s, 0.0)
    height_m = None if ground_up_m is None else ended.position_enu_m[2] - ground_up_m
    if height_m is not None and climb_mps <= -settings.fall_speed_mps and _fall_s(height_m, -climb_mps) <= silent_s:
        return Ending(Outcome.FELL, f"last seen {height_m:.0f} m above ground, going down at {-climb_mps:.0f} m/s")
    if height_m is not None and height_m <= settings.landed_height_m:
        if math.hypot(speed_mps, climb_mps) <= settings.landed_speed_mps:
            return Ending(Outcome.LANDED, f"last seen {max(height_m, 0.0):.0f} m above ground, hardly moving")
    if (
        ahead_probability is not None
        and ahead_probability < settings.left_probability
        and speed_mps > settings.landed_speed_mps
    ):
        return Ending(Outcome.LEFT, f"was heading where no sensor sees, at {speed_mps:.0f} m/s")
    return Ending(Outcome.LOST, f"not seen for {silent_s:.0f} s; nothing says how it ended")


def _fall_s(height_m: float, down_mps: float) -> float:
    """Seconds to the ground from `height_m`, without drag: the soonest it can be there; NaN if the height is NaN."""
    root = math.sqrt(max(down_mps * down_mps + 2.0 * MPS2_PER_G * height_m, 0.0))
    return (root - down_mps) / MPS2_PER_G

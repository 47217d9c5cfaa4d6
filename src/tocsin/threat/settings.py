"""Settings of the threat stage, as read from `[threat]` of the site file."""

from typing import Annotated

from msgspec import Meta, Struct

from tocsin.model.bounds import Ahead, DistanceOrZero, Duration, DurationOrZero, Height, Probability, Speed, SpeedOrZero


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """How far ahead is looked, how targets are expected to move, and what ends a track with more than "lost".

    `horizon_s`: how far ahead. `near_m`: places within this distance of where a track may go are listed with it.
    `wander_mps`: how far (standard deviation, each axis) a target's velocity strays from the one it keeps to, before
    the track has shown its own way. `wander_min_mps` and `wander_max_mps`: bounds of what a track shows of its own.
    `wander_time_s`: how soon it strays. `lookback_s`: the age at which a track's own past forecast is held against
    where it is now. `mean_time_s`: the time over which its mean velocity is taken. `climb_time_s`: a climb or descent
    is expected to die away in this time. `left_probability`: the chance of being seen ahead below which a track going
    that way has left. `landed_height_m`, `landed_speed_mps`: a track last seen at most this high above ground and this
    fast has landed. `fall_speed_mps`: one going down at least this fast fell, if the ground was in reach.
    `ground_m`: where objects come down, above the level of the site's origin. `impact_margin_m`: how far from its
    impact a falling object does harm. `warn_probability`: a place is warned from this chance of harm on: what a
    needless warning costs, over what an impact without warning costs. `warn_share`: and where the ellipse that holds
    the impact with this probability touches it. `decide_s`: the age of a falling object's track at which places are
    first warned.
    """

    horizon_s: Ahead = 120.0
    near_m: DistanceOrZero = 500.0
    wander_mps: Speed = 1.5
    wander_min_mps: Speed = 0.5
    wander_max_mps: Speed = 25.0
    wander_time_s: Duration = 12.0
    lookback_s: Duration = 13.0
    mean_time_s: Duration = 90.0
    climb_time_s: Duration = 20.0
    left_probability: Probability = 0.1
    landed_height_m: DistanceOrZero = 5.0
    landed_speed_mps: SpeedOrZero = 3.0
    fall_speed_mps: Speed = 12.0
    ground_m: Height = 0.0
    impact_margin_m: DistanceOrZero = 150.0
    warn_probability: Annotated[float, Meta(gt=0, le=1)] = 0.01
    warn_share: Annotated[float, Meta(gt=0, lt=1)] = 0.98
    decide_s: DurationOrZero = 2.9

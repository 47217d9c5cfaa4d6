"""Settings of the tracker; every default stands here, and none of them needs to be touched for a new site."""

from typing import Annotated

import msgspec

from tocsin.model.bounds import Count, Duration, DurationOrZero, Height, Probability, Rate, SigmaLength, SigmaSpeed
from tocsin.tracking.falling import Falling
from tocsin.tracking.motion import MODES, Mode


class Joining(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How lost objects are found again.

    within_s: longest time from the last detection of an object to the first of the track that may be it
    least: probability from which a track is joined to a lost object
    """

    within_s: Duration = 120.0
    least: Probability = 0.97


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How tracks live, move and are reported.

    confirm: existence probability from which a track is reported
    drop: existence probability below which a reported track is dropped; far below `confirm`, against flicker
    show: existence probability from which a track not yet confirmed stands in the columns as tentative
    forget: existence probability below which a track is removed altogether
    late_window_s: how far back a scan may come in and still be worked in as if it had been in time
    future_limit_s: a scan whose time is further than this past its receipt comes from a wrong clock and is dropped
    patience_s: longest time without a detection before a track is removed
    death_rate_per_s: how often targets vanish (land, leave)
    switch_rate_per_s: how often targets change their way of moving
    speed_sigma_mps: spread of the velocity of a new track, each horizontal component
    climb_sigma_mps: the same, vertical
    height_m: where targets fly when the sensor does not say, above the site's origin
    height_sigma_m: and how far from that
    gate_probability: share of a target's detections that its gate lets through
    link_least: least association probability given out as a link
    most_tracks: bound of the bank, tentative and hidden tracks included
    most_iterations: bound of one cluster's message passing
    modes: ways a target may move
    falling: how falling objects are recognised
    joining: how lost objects are found again
    """

    confirm: Probability = 0.8
    drop: Probability = 0.2
    show: Probability = 0.2
    forget: Probability = 1e-4
    late_window_s: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 2.0
    future_limit_s: DurationOrZero = 5.0
    patience_s: Duration = 20.0
    death_rate_per_s: Rate = 0.005
    switch_rate_per_s: Rate = 0.1
    speed_sigma_mps: SigmaSpeed = 25.0
    climb_sigma_mps: SigmaSpeed = 2.0
    height_m: Height = 150.0
    height_sigma_m: SigmaLength = 200.0
    gate_probability: Probability = 0.999
    link_least: Probability = 0.05
    most_tracks: Count = 20_000
    most_iterations: Count = 200
    modes: tuple[Mode, ...] = MODES
    falling: Falling = Falling()
    joining: Joining = Joining()

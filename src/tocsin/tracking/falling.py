"""Settings of the recognition and tracking of falling objects."""

from typing import Annotated, Literal

import msgspec

from tocsin.model.bounds import Factor, Speed, SpeedComponent, SpeedOrZero

Drift = Annotated[float, msgspec.Meta(ge=0, le=100)]
Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]


class Falling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is believed of a falling object before it is seen, and when a motion is taken for a fall.

    The defaults are the widest: a body of which nothing is known, in air of which nothing is measured.

    share: how often a track is that of a falling object
    fast_share: and one that starts fast, with the velocity that its first reports show
    declare: probability of falling from which a track is given out with a ballistic estimate
    starts_per_s: fast objects that come into a sensor's view a second; a stream of clutter is not taken for them
    slowest_mps: an object at least this fast is started from three detections by its own motion
    fastest_mps: and at most this fast
    curve: how drag grows with speed, "slender" for pointed and finned bodies, "blunt" for stones, parts and wreckage
    factor_m2pkg: typical drag area over mass
    factor_deviation: spread of its natural log; 0.15 is 15 percent, 1.8 a factor of 6 either way
    wind_mps: east and north wind where objects fall, as measured or forecast
    wind_sigma_mps: and how far it may be from that, each component
    drag_drift: change of the drag's natural log in a second (standard deviation; grows as the root of time)
    wind_drift_mps: the same of the wind that acts on the object, each component
    speed_sigma_mps: spread of the velocity of falling objects, each horizontal component
    climb_sigma_mps: the same, vertical
    """

    share: Share = 0.01
    fast_share: Share = 0.1
    declare: Share = 0.5
    starts_per_s: Annotated[float, msgspec.Meta(gt=0, le=1e6)] = 0.001
    slowest_mps: Speed = 90.0
    fastest_mps: Speed = 1500.0
    curve: Literal["slender", "blunt"] = "slender"
    factor_m2pkg: Factor = 1e-3
    factor_deviation: Annotated[float, msgspec.Meta(gt=0, le=100)] = 1.8
    wind_mps: tuple[SpeedComponent, SpeedComponent] = (0.0, 0.0)
    wind_sigma_mps: Speed = 6.0
    drag_drift: Drift = 0.02
    wind_drift_mps: SpeedOrZero = 0.4
    speed_sigma_mps: Speed = 600.0
    climb_sigma_mps: Speed = 600.0

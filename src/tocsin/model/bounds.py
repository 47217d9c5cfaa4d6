"""Bounds: the number types of a site file, each with the widest values that can be meant, and what a name may hold.

They are wide on purpose: a value outside is a slip of the pen or a wrong unit, never a choice, and would end in
overflow or in a site that silently does nothing. A narrower bound stands where the value is declared.
"""

import math
from typing import Annotated

from msgspec import Meta

FARTHEST_M = 1_000_000.0
LONGEST_S = 31_536_000.0  # a year

Coordinate = Annotated[float, Meta(ge=-FARTHEST_M, le=FARTHEST_M)]  # m from the site's origin, along one axis
Height = Annotated[float, Meta(ge=-12_000.0, le=100_000.0)]  # m, above whatever its name says
Distance = Annotated[float, Meta(gt=0, le=FARTHEST_M)]
DistanceOrZero = Annotated[float, Meta(ge=0, le=FARTHEST_M)]
Angle = Annotated[float, Meta(ge=-4.0 * math.pi, le=4.0 * math.pi)]  # rad, two turns either way
Duration = Annotated[float, Meta(gt=0, le=LONGEST_S)]
DurationOrZero = Annotated[float, Meta(ge=0, le=LONGEST_S)]
Ahead = Annotated[float, Meta(gt=0, le=3600.0)]  # s, of a forecast
Reaction = Annotated[float, Meta(ge=0, le=86_400.0)]  # s, of people
Speed = Annotated[float, Meta(gt=0, le=20_000.0)]
SpeedOrZero = Annotated[float, Meta(ge=0, le=20_000.0)]
SpeedComponent = Annotated[float, Meta(ge=-20_000.0, le=20_000.0)]
Rate = Annotated[float, Meta(ge=0, le=1e6)]  # 1/s
Count = Annotated[int, Meta(ge=1, le=1_000_000)]
Factor = Annotated[float, Meta(ge=1e-6, le=1e6)]
Expected = Annotated[float, Meta(ge=0, le=1e6)]  # an expected number of something
Probability = Annotated[float, Meta(ge=0, le=1)]
SigmaLength = Annotated[float, Meta(ge=1e-3, le=FARTHEST_M)]
SigmaAngle = Annotated[float, Meta(ge=1e-6, le=2.0 * math.pi)]
SigmaSpeed = Annotated[float, Meta(ge=1e-3, le=20_000.0)]

_UNSEEN = r"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # control and invisible characters
Name = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=64,
        pattern=rf"^(?!\.+\Z)[^{_UNSEEN}/\\]+\Z",
        description="a name of visible characters, without / and \\, not dots alone",
    ),
]

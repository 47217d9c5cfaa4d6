"""Aircraft: what one aircraft has said so far, and where that puts it.

Positions come in halves. A first one in the air needs an even and an odd half within `PAIR_S`; after that one half is
enough, near the place before, and a jump faster than `FASTEST_MPS` makes it begin again. On the surface the place
before or the receiver's own is needed. What was said of motion and callsign counts as long as it is fresh.
"""

import math

from tocsin.formats import cpr
from tocsin.formats.mode_s import Identification, Position, Squitter, Status, Velocity
from tocsin.model.claim import Claim
from tocsin.units import M_PER_FT, M_PER_NM, MPS_PER_FPM, MPS_PER_KT, RAD_PER_DEG

PAIR_S = 10.0  # DO-260B, 2.2.3.2.3.7.6
NEAR_S = 30.0  # a place this old still tells which zone the next half is in
MOTION_S = 15.0
FASTEST_MPS = 1000.0
SLACK_M = 2000.0
M_PER_DEGREE = 111_320.0  # of latitude; only to tell far from near
ACCURACY_M = (
    None, 10 * M_PER_NM, 4 * M_PER_NM, 2 * M_PER_NM, M_PER_NM, 0.5 * M_PER_NM, 0.3 * M_PER_NM, 0.1 * M_PER_NM,
    0.05 * M_PER_NM, 30.0, 10.0, 3.0,
)  # fmt: skip
_PLANE_95 = 2.448
_SURFACE_REACH_M = 45.0 * M_PER_NM

Place = tuple[float, float]  # latitude and longitude, degrees


class Receiver:
    """Where the receiver stands and how far it can hear; `place` None if that is not known."""

    def __init__(self, place: Place | None, furthest_m: float) -> None:
        self.place = place
        self.furthest_m = furthest_m

    def hears(self, place: Place) -> bool:
        """Whether an aircraft there could be heard."""
        return self.place is None or distance_m(self.place, place) <= self.furthest_m


class Aircraft:
    """One aircraft; `heard_s` is when it was heard last."""

    def __init__(self, means: str, identifier: str) -> None:
        self.means = means
        self.identifier = identifier
        self.heard_s = -math.inf
        self._callsign: str | None = None
        self._category: str | None = None
        self._accuracy = 0
        self._velocity: Velocity | None = None
        self._velocity_s = -math.inf
        self._halves: list[tuple[Position, float, float] | None] = [None, None]  # even, odd; when, and by its counter
        self._place: Place | None = None
        self._place_s = -math.inf

    def note(self, squitter: Squitter, received_s: float) -> None:
        """Keep what a squitter without a position says."""
        self.heard_s = received_s
        message = squitter.message
        if isinstance(message, Velocity):
            self._velocity, self._velocity_s = message, received_s
        elif isinstance(message, Identification):
            self._callsign, self._category = message.callsign or None, message.category
        elif isinstance(message, Status):
            self._accuracy = message.accuracy

    def place(self, position: Position, received_s: float, counter_s: float, receiver: Receiver) -> Place | None:
        """Where `position` puts it, None if that cannot be told; `counter_s` is NaN without a counter."""
        self.heard_s = received_s
        self._halves[position.is_odd] = (position, received_s, counter_s)
        found = self._near(position, received_s)
        if found is None and position.surface:
            found = self._on_surface(position, receiver)
        elif found is None:
            found = self._from_pair(position)
        if found is None or not receiver.hears(found):
            return None
        self._place, self._place_s = found, received_s
        return found

    def claim(self, position: Position, place: Place, received_s: float, sensor: str) -> Claim:
        """The claim of a position at `place`."""
        velocity = self._velocity if received_s - self._velocity_s <= MOTION_S else None
        altitude_ft, above_ft = position.altitude_ft, velocity.above_pressure_ft if velocity else None
        pressure_ft = None if position.geometric else altitude_ft
        geometric_ft = altitude_ft if position.geometric else None
        if geometric_ft is None and pressure_ft is not None and above_ft is not None:
            geometric_ft = pressure_ft + above_ft
        speed_kt, track_deg = position.speed_kt, position.track_deg
        if not position.surface and velocity is not None:
            speed_kt, track_deg = velocity.speed_kt, velocity.track_deg
        climb_fpm = velocity.climb_fpm if velocity and not position.surface else None
        return Claim(
            means=self.means,
            identifier=self.identifier,
            sensor=sensor,
            time_s=received_s,
            received_s=received_s,
            latitude_rad=place[0] * RAD_PER_DEG,
            longitude_rad=place[1] * RAD_PER_DEG,
            height_m=None if geometric_ft is None else geometric_ft * M_PER_FT,
            altitude_pressure_m=None if pressure_ft is None else pressure_ft * M_PER_FT,
            speed_mps=None if speed_kt is None else speed_kt * MPS_PER_KT,
            course_rad=None if track_deg is None else track_deg * RAD_PER_DEG,
            climb_mps=None if climb_fpm is None else climb_fpm * MPS_PER_FPM,
            sigma_horizontal_m=sigma_m(self._accuracy),
            category=self._category,
            callsign=self._callsign,
            on_ground=position.surface,
        )

    def _near(self, position: Position, received_s: float) -> Place | None:
        """By the place before, if that is fresh and the way there possible."""
        passed_s = received_s - self._place_s
        if self._place is None or passed_s > NEAR_S:
            return None
        found = cpr.local(position.fractions, position.is_odd, self._place, position.surface)
        if found is not None and distance_m(self._place, found) <= SLACK_M + FASTEST_MPS * max(passed_s, 0.0):
            return found
        self._place = None
        self._halves[not position.is_odd] = None
        return None

    def _on_surface(self, position: Position, receiver: Receiver) -> Place | None:
        near = self._place or receiver.place
        if near is None:
            return None
        found = cpr.local(position.fractions, position.is_odd, near, surface=True)
        return found if found is not None and distance_m(near, found) <= _SURFACE_REACH_M else None

    def _from_pair(self, position: Position) -> Place | None:
        even, odd = self._halves
        if even is None or odd is None or even[0].surface or odd[0].surface:
            return None
        if abs(even[1] - odd[1]) > PAIR_S or abs(even[2] - odd[2]) > PAIR_S:  # NaN is not greater
            return None
        return cpr.global_airborne(even[0].fractions, odd[0].fractions, position.is_odd)


def distance_m(one: Place, other: Place) -> float:
    """Roughly how far apart two places are: within a few per cent up to some hundred kilometres."""
    east = ((other[1] - one[1] + 180.0) % 360.0 - 180.0) * math.cos((one[0] + other[0]) / 2.0 * RAD_PER_DEG)
    return math.hypot(other[0] - one[0], east) * M_PER_DEGREE


def sigma_m(accuracy: int) -> float | None:
    """The standard deviation of a class NACp, whose radius holds 95 %."""
    bound_m = ACCURACY_M[accuracy] if 0 <= accuracy < len(ACCURACY_M) else None
    return None if bound_m is None else bound_m / _PLANE_95

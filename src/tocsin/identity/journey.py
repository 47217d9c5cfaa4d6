"""Journey: whether what one sender has said of its places, speeds, heights and clock can be true of one aircraft.

Each new fix is held against the one before (a leap that no aircraft makes, or one away from its own stated course),
against the last seconds (it says that it stands and moves, or the other way round) and against all that was said before
(the same places in the same order again). A leap that its stated course explains, if the place was late, doubts that
one claim; any other lasts. Limits are wide of what flies: they are to catch what is invented, not what is unusual.
"""

import math
from collections import deque
from typing import NamedTuple

from tocsin.identity.doubt import Doubt
from tocsin.model.claim import Claim

DRONE_MEANS = ("remote-id", "dji-drone-id")
FASTEST_MPS = {"multirotor": 80.0}
FASTEST_DRONE_MPS, FASTEST_AIRCRAFT_MPS = 140.0, 350.0
_SIGMA_M = {True: 8.0, False: 12.0}  # of a claim that states none: of drones, of others
_LATE_S = {True: 3.0, False: 15.0}  # a place may be as old as this
_STILL_S = 8.0
_LEAP_GAP_S = 60.0
_AWAY_S, _LEAPS_BACK = 15.0, 2
_WINDOW_S, _WINDOW_FIXES = 3.0, 3
_CLOCK_CLAIMS, _CLOCK_S = 3, 2.0
_CLIMB_MPS, _HEIGHT_GAP_S = 100.0, 20.0
_REPEATED, _REPEATED_AFTER_S, _KEPT_PLACES = 5, 10.0, 4000
_MAX_WINDOW_S = 40.0


class Fix(NamedTuple):
    """One claim as far as motion goes, in the site's plane; NaN is unknown."""

    time_s: float
    east_m: float
    north_m: float
    height_m: float
    pressure_m: float
    speed_mps: float
    course_rad: float
    sigma_m: float


def fix_of(claim: Claim, east_m: float, north_m: float) -> Fix:
    """The fix that a claim makes, its place given in the site's plane."""
    drone = claim.means in DRONE_MEANS
    return Fix(
        claim.time_s,
        east_m,
        north_m,
        math.nan if claim.height_m is None else claim.height_m,
        math.nan if claim.altitude_pressure_m is None else claim.altitude_pressure_m,
        math.nan if claim.speed_mps is None else claim.speed_mps,
        math.nan if claim.course_rad is None else claim.course_rad,
        _SIGMA_M[drone] if claim.sigma_horizontal_m is None else claim.sigma_horizontal_m,
    )


class Journey:
    """What one sender has said, as far as it is still needed."""

    def __init__(self, drone: bool, category: str | None, clock_s: float) -> None:
        self._drone = drone
        self._fastest_mps = FASTEST_MPS.get(category or "", FASTEST_DRONE_MPS) if drone else FASTEST_AIRCRAFT_MPS
        self._clock_s = clock_s
        self._fixes: deque[Fix] = deque()
        self._left: Fix | None = None  # where it was before it leapt
        self._leaps_back = 0
        self.returned = False  # the newest leap took it back to where it had been
        self._clocks: deque[tuple[float, float]] = deque(maxlen=_CLOCK_CLAIMS)
        self._places: dict[tuple[float, float], float] = {}
        self._repeated: list[tuple[float, float]] = []

    @property
    def last(self) -> Fix | None:
        """The newest fix."""
        return self._fixes[-1] if self._fixes else None

    def add(self, fix: Fix, clock_ahead_s: float | None) -> list[Doubt]:
        """Take in the next fix and say what speaks against it."""
        self.returned = False
        doubts = self._clock(fix.time_s, clock_ahead_s)
        before = self._fixes[-1] if self._fixes else fix
        leap = self._leap(before, fix)
        doubts += leap + self._heights(before, fix)
        if any(doubt.kind == "leap" for doubt in leap):
            self._fixes.clear()  # what it states is held against where it is now
        while self._fixes and fix.time_s - self._fixes[0].time_s > _MAX_WINDOW_S:
            self._fixes.popleft()
        self._fixes.append(fix)
        return doubts + self._pace() + self._replay(fix)

    def speed_mps(self) -> float:
        """How fast it moves by its own places, over the last seconds; NaN if it has said too little."""
        if len(self._fixes) < 2:
            return math.nan
        first, last = self._fixes[0], self._fixes[-1]
        span_s = last.time_s - first.time_s
        return math.hypot(last.east_m - first.east_m, last.north_m - first.north_m) / span_s if span_s > 0 else math.nan

    def _clock(self, time_s: float, ahead_s: float | None) -> list[Doubt]:
        if ahead_s is None:
            return []
        self._clocks.append((time_s, ahead_s))
        if len(self._clocks) < _CLOCK_CLAIMS or time_s - self._clocks[0][0] < _CLOCK_S:
            return []
        least_s = min((ahead for _, ahead in self._clocks), key=abs)
        if abs(least_s) <= self._clock_s:
            return []
        way = "ahead of" if least_s > 0 else "behind"
        return [Doubt("clock", f"its clock is {abs(least_s):.0f} s {way} the receipt")]

    def _leap(self, before: Fix, fix: Fix) -> list[Doubt]:
        gap_s = fix.time_s - before.time_s
        if not 0.0 <= gap_s <= _LEAP_GAP_S:
            return []
        east_m, north_m = fix.east_m - before.east_m, fix.north_m - before.north_m
        moved_m = math.hypot(east_m, north_m)
        slack_m = 3.0 * math.hypot(before.sigma_m, fix.sigma_m)
        slack_s = min(0.3 * max(gap_s - 1.0, 0.0), 3.0) + (1.0 if self._drone else 0.0)
        implied_mps = max(moved_m - slack_m, 0.0) / max(gap_s + slack_s, 0.5)
        stated_mps = max(_or_0(before.speed_mps), _or_0(fix.speed_mps))
        off_course = self._off_course(before, east_m, north_m, gap_s, slack_m, stated_mps)
        unlike = implied_mps > 1.5 * stated_mps + (15.0 if self._drone else 60.0)
        impossible = implied_mps > self._fastest_mps
        if off_course and (impossible or unlike):
            doubts = self._back_and_forth(before, fix)
            return [
                Doubt("leap", f"moved {moved_m:.0f} m in {gap_s:.1f} s, stating {stated_mps:.0f} m/s", self.returned),
                *doubts,
            ]
        if impossible:
            return [Doubt("late", f"moved {moved_m:.0f} m in {gap_s:.1f} s after standing still on its course", True)]
        return []

    def _off_course(
        self, before: Fix, east_m: float, north_m: float, gap_s: float, slack_m: float, stated_mps: float
    ) -> bool:
        """Whether the stated course does not explain the move, even if the place was late."""
        moved_m = math.hypot(east_m, north_m)
        room_m = slack_m + (60.0 if self._drone else 250.0) + 0.5 * 4.0 * min(gap_s, 15.0) ** 2
        if math.isnan(before.course_rad) or math.isnan(before.speed_mps):
            return moved_m > room_m + self._fastest_mps * (gap_s + 1.0)
        along_m = east_m * math.sin(before.course_rad) + north_m * math.cos(before.course_rad)
        across_m = abs(east_m * math.cos(before.course_rad) - north_m * math.sin(before.course_rad))
        late_m = _LATE_S[self._drone] * stated_mps
        ahead_m = along_m - stated_mps * gap_s
        return abs(ahead_m) > late_m + room_m or across_m > room_m + 0.25 * moved_m

    def _back_and_forth(self, before: Fix, fix: Fix) -> list[Doubt]:
        """A leap that only takes it back was a single fault; two senders with one identifier go on leaping."""
        left, self._left = self._left, before
        if left is None or fix.time_s - left.time_s > _AWAY_S:
            self._leaps_back = 0
            return []
        apart_m = math.hypot(fix.east_m - left.east_m, fix.north_m - left.north_m)
        if apart_m > 100.0 + self._fastest_mps * (fix.time_s - left.time_s):
            return []
        self._leaps_back += 1
        if self._leaps_back < _LEAPS_BACK:
            self.returned, self._left = self._leaps_back == 1, before
            return []
        between_m = math.hypot(fix.east_m - before.east_m, fix.north_m - before.north_m)
        return [Doubt("twice", f"two senders use this identifier, {between_m / 1000.0:.1f} km apart")]

    def _heights(self, before: Fix, fix: Fix) -> list[Doubt]:
        gap_s = fix.time_s - before.time_s
        if 0.0 <= gap_s <= _HEIGHT_GAP_S:
            for kind, then_m, now_m in (
                ("pressure altitude", before.pressure_m, fix.pressure_m),
                ("height", before.height_m, fix.height_m),
            ):
                climbed_m = abs(now_m - then_m)
                if climbed_m > 150.0 + _CLIMB_MPS * max(gap_s, 1.0):
                    return [Doubt("climb", f"its {kind} changed by {climbed_m:.0f} m in {gap_s:.1f} s", True)]
        apart_m = abs(fix.height_m - fix.pressure_m)
        if apart_m > 800.0 + 0.06 * abs(fix.pressure_m):
            return [Doubt("heights", f"its height and its pressure altitude are {apart_m:.0f} m apart", True)]
        return []

    def _pace(self) -> list[Doubt]:
        """What it says of its speed beside how it moves."""
        last = self._fixes[-1]
        recent = [one for one in self._fixes if last.time_s - one.time_s <= 10.0]
        span_s = last.time_s - recent[0].time_s
        speeds = [one.speed_mps for one in recent if not math.isnan(one.speed_mps)]
        if span_s >= _WINDOW_S and len({one.time_s for one in recent}) >= _WINDOW_FIXES and len(speeds) == len(recent):
            moved_m = math.hypot(last.east_m - recent[0].east_m, last.north_m - recent[0].north_m)
            pace_mps = max(moved_m - 6.0 * last.sigma_m, 0.0) / (span_s + 1.0)
            if pace_mps > 1.5 * max(speeds) + (15.0 if self._drone else 60.0):
                return [Doubt("pace", f"moves at {moved_m / span_s:.0f} m/s, stating {max(speeds):.0f} m/s")]
        first = self._fixes[0]
        long_s = last.time_s - first.time_s
        slowest_mps = min((one.speed_mps for one in self._fixes), default=math.nan)
        if self._drone and long_s >= _STILL_S and slowest_mps > 8.0:  # aircraft's servers repeat old places
            reach_m = max(math.hypot(one.east_m - first.east_m, one.north_m - first.north_m) for one in self._fixes)
            if reach_m < 3.0 + 0.02 * slowest_mps * long_s:
                return [Doubt("pace", f"has stood for {long_s:.0f} s, stating {slowest_mps:.0f} m/s")]
        return []

    def _replay(self, fix: Fix) -> list[Doubt]:
        """The same places in the same order as some time ago: nobody flies that twice to the centimetre."""
        place = (round(fix.east_m, 2), round(fix.north_m, 2))
        seen_s = self._places.get(place)
        if seen_s is None:
            self._repeated = []
            self._places[place] = fix.time_s
            if len(self._places) > _KEPT_PLACES:
                del self._places[next(iter(self._places))]
            return []
        if fix.time_s - seen_s < _REPEATED_AFTER_S:
            return []
        if place not in self._repeated:
            self._repeated.append(place)
        if len(self._repeated) < _REPEATED:
            return []
        apart_m = max(math.dist(self._repeated[0], other) for other in self._repeated)
        if apart_m < 5.0 * _REPEATED:
            return []
        return [Doubt("replay", f"repeats {len(self._repeated)} places of {fix.time_s - seen_s:.0f} s before")]


def _or_0(value: float) -> float:
    return 0.0 if math.isnan(value) else value

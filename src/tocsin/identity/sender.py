"""Sender: one (means, identifier) as heard so far, what speaks for and against it, and the verdict."""

import math

from tocsin.identity.absence import Absence
from tocsin.identity.doubt import Doubt
from tocsin.identity.journey import DRONE_MEANS, Journey, fix_of
from tocsin.identity.matching import Matcher
from tocsin.identity.radio import Radio
from tocsin.identity.roster import Flight, Roster
from tocsin.identity.settings import ClaimSettings
from tocsin.identity.watch import Watch
from tocsin.model.claim import Claim
from tocsin.model.identity import ClaimState, Verdict
from tocsin.model.track import TrackColumns, TrackStatus

Key = tuple[str, str]
Place = tuple[float, float, float]

_NOWHERE: Place = (math.nan, math.nan, math.nan)
_AGAIN_S = 1.0  # a verdict is looked at again this often, claims or not
_ON_AIR_M = 15.0  # of height above take-off: below, it may not have left the ground


class Sender:
    """One sender. `take` and `judge` keep `state` true."""

    def __init__(self, claim: Claim, settings: ClaimSettings, time_s: float) -> None:
        self.key: Key = (claim.means, claim.identifier)
        self.drone = claim.means in DRONE_MEANS
        self.first_s = self.heard_s = time_s
        self.time_s = claim.time_s
        self.due_s = time_s
        self.counted = False
        self.expected: Flight | None = None
        self.matcher = Matcher()
        self.absence = Absence()
        self.sigma_m = 0.0
        self._settings = settings
        self._journey = Journey(self.drone, claim.category, settings.clock_s)
        self._radio: dict[str, Radio] = {}
        self._doubts: dict[str, tuple[float, Doubt]] = {}
        self._momentary: list[Doubt] = []
        self._claim = claim
        self._place_m = _NOWHERE
        self._claims = 0
        self.state = ClaimState(
            claim.means, claim.identifier, claim.sensor, Verdict.CLAIMED, ("heard",), time_s, claim.time_s, _NOWHERE
        )

    @property
    def flying(self) -> bool:
        """Whether it says where it is, and not that it is on the ground."""
        low = self._claim.height_takeoff_m is not None and self._claim.height_takeoff_m < _ON_AIR_M
        return math.isfinite(self._place_m[0]) and self._claim.on_ground is not True and not (self.drone and low)

    def take(
        self, claim: Claim, place_m: Place, receiver: Watch | None, tracks: TrackColumns, time_s: float, flood: int
    ) -> None:
        """Take in the next claim."""
        self._claim, self.heard_s = claim, time_s
        self._momentary = []
        self._claims += 1
        if flood:
            self._doubt(Doubt("flood", f"one of {flood} new senders within a minute at {claim.sensor}"), time_s)
        if not math.isfinite(place_m[0]):
            return
        again = claim.time_s == self.time_s and place_m[:2] == self._place_m[:2]
        fix = fix_of(claim, place_m[0], place_m[1])
        self._place_m, self.time_s, self.sigma_m = place_m, claim.time_s, fix.sigma_m
        if not again:
            for doubt in self._journey.add(fix, claim.clock_ahead_s):
                self._doubt(doubt, time_s)
            if self._journey.returned:
                self._doubts.pop("leap", None)
            self.matcher.add(fix, tracks)
        if receiver is not None:
            self._hear(receiver, claim, time_s)

    def place_at(self, time_s: float) -> Place:
        """Where it would be by its own word."""
        east_m, north_m, up_m = self._place_m
        speed_mps, course_rad = self._claim.speed_mps, self._claim.course_rad
        if speed_mps is None or course_rad is None:
            return self._place_m
        away_m = speed_mps * (time_s - self.time_s)
        return east_m + away_m * math.sin(course_rad), north_m + away_m * math.cos(course_rad), up_m

    def pace_mps(self) -> float:
        """How fast it says it flies, else how fast its places move."""
        if self._claim.speed_mps is not None:
            return self._claim.speed_mps
        moved_mps = self._journey.speed_mps()
        return 0.0 if math.isnan(moved_mps) else moved_mps

    def judge(self, tracks: TrackColumns, seeing: frozenset[str], roster: Roster, time_s: float) -> bool:
        """Bring `state` up to date; whether it has changed."""
        self.due_s = time_s + _AGAIN_S
        for doubt in self.absence.doubts():
            self._doubt(doubt, time_s)
        witness = self._witness(tracks, seeing)
        if self.matcher.parted:
            self._doubt(Doubt("parted", "it no longer moves as the track that it moved with"), time_s)
        self._doubts = {kind: held for kind, held in self._doubts.items() if held[0] > time_s}
        if witness:
            for kind in ("flood", "absent"):
                self._doubts.pop(kind, None)
        against = [doubt.reason for _, doubt in self._doubts.values()] + [doubt.reason for doubt in self._momentary]
        if against:
            verdict, reasons = Verdict.CONTRADICTED, against
        elif witness:
            verdict, reasons = Verdict.CORROBORATED, [witness, *self.absence.agreeing()]
        else:
            verdict, reasons = Verdict.CLAIMED, [self._unseen(), *self.absence.agreeing()]
        self.expected = roster.expects(self._claim)
        conforms: bool | None = None
        if self.expected is not None:
            conforms, why = roster.conforms(self.expected, self._place_m, self._claim)
            reasons = [*reasons, why]
        return self._put(verdict, tuple(reasons), bool(self._momentary and not self._doubts), conforms, time_s)

    def _put(
        self, verdict: Verdict, reasons: tuple[str, ...], momentary: bool, conforms: bool | None, time_s: float
    ) -> bool:
        claim, before = self._claim, self.state
        state = ClaimState(
            means=claim.means,
            identifier=claim.identifier,
            sensor=claim.sensor,
            verdict=verdict,
            reasons=reasons,
            since_s=before.since_s if before.verdict is verdict else time_s,
            time_s=claim.time_s,
            position_enu_m=self._place_m,
            track=self.matcher.track,
            callsign=claim.callsign,
            operator=claim.operator,
            category=claim.category,
            momentary=momentary,
            roster=None if self.expected is None else self.expected.name,
            conforms=conforms,
        )
        self.state = state
        return state != before

    def _unseen(self) -> str:
        if not math.isfinite(self._place_m[0]):
            return "has not said where it is"
        return f"heard by {self._claim.sensor} alone, {self._claims} times"

    def _witness(self, tracks: TrackColumns, seeing: frozenset[str]) -> str:
        """What has seen it, in words; "" if nothing has."""
        uid = self.matcher.track
        if not uid or uid not in tracks.uid:
            return ""
        row = tracks.uid.index(uid)
        if tracks.status[row] not in (TrackStatus.CONFIRMED, TrackStatus.COASTING):
            return ""
        bits = int(tracks.sensor_bits[row])
        seen = [name for bit, name in enumerate(tracks.sensors) if bits >> bit & 1 and name in seeing]
        if not seen:
            return ""
        moved_s = max(self.time_s - self.matcher.since_s, 0.0)
        return f"T{tracks.number[row]}, seen by {', '.join(seen)}, has moved as it says for {moved_s // 5 * 5:.0f} s"

    def _doubt(self, doubt: Doubt, time_s: float) -> None:
        if doubt.momentary:
            self._momentary.append(doubt)
        else:
            _, held = self._doubts.get(doubt.kind, (0.0, doubt))  # its first words stay: alerts are not to flicker
            self._doubts[doubt.kind] = (time_s + self._settings.hold_s, held)

    def _hear(self, receiver: Watch, claim: Claim, time_s: float) -> None:
        pose = receiver.pose
        up_m = self._place_m[2]
        away_m = (self._place_m[0] - pose.east_m, self._place_m[1] - pose.north_m)
        height_m = up_m - pose.up_m
        range_m = math.hypot(*away_m, 0.0 if math.isnan(height_m) else height_m)
        radio = self._radio.setdefault(receiver.name, Radio())
        signal_dbm = claim.signal_dbm if self.drone else None
        for doubt in radio.add(time_s, range_m, max(height_m, 100.0), signal_dbm):
            self._doubt(doubt, time_s)

"""Claims: what senders say of themselves, each with its verdict and the reasons for it.

A sender is a (means, identifier). It is contradicted while a check speaks against it (`journey`, `radio`, `absence`, a
track it has parted from, a flood of new senders), corroborated while a physically seen track moves as it says
(`matching`), and merely claimed otherwise. A doubt outlives its cause by `hold_s`, one about a single claim does not
outlive that claim. The table is bounded: what nothing corroborates and nobody expects goes first, so that a flood of
invented senders evicts nothing real.
"""

import math
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tocsin.geo.frames import Origin, enu_from_lla
from tocsin.geo.heights import undulation_m
from tocsin.identity.absence import is_bearing
from tocsin.identity.roster import Roster
from tocsin.identity.sender import Key, Sender
from tocsin.identity.settings import ClaimSettings
from tocsin.identity.watch import Watch
from tocsin.model.claim import Claim
from tocsin.model.identity import ClaimState, Verdict
from tocsin.model.scan import Scan
from tocsin.model.track import TrackColumns

_FLOOD_S = 60.0
_FRESH_S = 3.0
_SLOWEST_MPS = 3.0
_OTHERS_FACTOR = 10  # aircraft come in greater numbers than drones, all at once when a receiver starts


class ClaimBook:
    """All senders heard lately. `states` are those of the last step, ordered by means and identifier."""

    def __init__(self, settings: ClaimSettings, watches: Sequence[Watch], origin: Origin, roster: Roster) -> None:
        self._settings = settings
        self._watch = {watch.name: watch for watch in watches}
        self._seeing = frozenset(watch.name for watch in watches if watch.sees)
        self._origin = origin
        self._undulation_m = float(undulation_m(origin.latitude_rad, origin.longitude_rad))
        self._roster = roster
        self._senders: dict[Key, Sender] = {}
        self._new_s: dict[tuple[str, bool], deque[float]] = {}
        self._counts: Counter[str] = Counter()
        self.states: tuple[ClaimState, ...] = ()

    def step(self, tracks: TrackColumns, scan: Scan | None, claims: Sequence[Claim], time_s: float) -> None:
        """Take in new claims, hold those that are fresh against the scan, and judge."""
        self._counts["claims"] += len(claims)
        touched = set()
        for claim, place_m in zip(claims, self._places(claims), strict=True):
            sender = self._sender(claim, time_s)
            if sender is None:
                continue
            flood = self._flood(claim, sender, time_s)
            sender.take(claim, place_m, self._watch.get(claim.sensor), tracks, time_s, flood)
            touched.add(sender.key)
        if scan is not None and self._senders:
            touched |= self._look(tracks, scan)
        gone = [key for key, one in self._senders.items() if time_s - one.heard_s > self._settings.forget_s]
        for key in gone:
            del self._senders[key]
        changed = bool(gone)
        for key, sender in self._senders.items():
            if key in touched or time_s >= sender.due_s:
                changed = sender.judge(tracks, self._seeing, self._roster, time_s) or changed
        if changed:
            self.states = tuple(self._senders[key].state for key in sorted(self._senders))

    def statistics(self) -> Mapping[str, Any]:
        """Claims, senders by verdict, and what was refused or evicted."""
        verdicts = Counter(state.verdict.value for state in self.states)
        return {**self._counts, "senders": len(self._senders), "verdicts": dict(verdicts)}

    def _places(self, claims: Sequence[Claim]) -> list[tuple[float, float, float]]:
        """Where each claim is in the site's frame; up NaN where no geometric height is told."""
        if not claims:
            return []
        lla = np.full((len(claims), 3), math.nan)
        for k, claim in enumerate(claims):
            if claim.latitude_rad is None or claim.longitude_rad is None:
                continue
            height_m = claim.height_m
            if height_m is None and claim.altitude_msl_m is not None:
                height_m = claim.altitude_msl_m + self._undulation_m
            if height_m is None and claim.altitude_pressure_m is not None and claim.means == "ads-b":
                height_m = claim.altitude_pressure_m + self._undulation_m
            lla[k] = claim.latitude_rad, claim.longitude_rad, math.nan if height_m is None else height_m
        unknown = np.isnan(lla[:, 2])
        lla[unknown, 2] = self._origin.height_m
        enu = enu_from_lla(self._origin, lla)
        enu[unknown, 2] = math.nan
        return [(east_m, north_m, up_m) for east_m, north_m, up_m in enu.tolist()]

    def _sender(self, claim: Claim, time_s: float) -> Sender | None:
        key = (claim.means, claim.identifier)
        sender = self._senders.get(key)
        if sender is not None:
            return sender
        if len(self._senders) >= self._settings.most_senders and not self._evict():
            self._counts["senders_refused"] += 1
            return None
        sender = self._senders[key] = Sender(claim, self._settings, time_s)
        sender.expected = self._roster.expects(claim)
        return sender

    def _evict(self) -> bool:
        """Give up the sender that is heard of longest ago, of those that nothing corroborates and nobody expects."""
        idle = [one for one in self._senders.values() if not one.matcher.track and not one.expected]
        if not idle:
            return False
        oldest = min(idle, key=lambda one: (one.state.verdict is Verdict.CLAIMED, one.heard_s, one.key))
        del self._senders[oldest.key]
        self._counts["senders_evicted"] += 1
        return True

    def _flood(self, claim: Claim, sender: Sender, time_s: float) -> int:
        """How many senders are new at this receiver within a minute, if that is a flood and this is one of them."""
        kind = (claim.sensor, sender.drone)
        new_s = self._new_s.setdefault(kind, deque(maxlen=100_000))
        if not sender.counted:
            sender.counted = True
            new_s.append(time_s)
        while new_s and time_s - new_s[0] > _FLOOD_S:
            new_s.popleft()
        limit = self._settings.flood_senders * (1 if sender.drone else _OTHERS_FACTOR)
        if len(new_s) <= limit or time_s - sender.first_s > _FLOOD_S:
            return 0
        return len(new_s)

    def _look(self, tracks: TrackColumns, scan: Scan) -> set[Key]:
        """What the scan says of the places of those heard just now."""
        watch = self._watch.get(scan.sensor)
        touched: set[Key] = set()
        if watch is None:
            return touched
        bearing = is_bearing(scan)
        if not bearing and not (watch.sees and scan.whole):
            return touched
        for key, sender in self._senders.items():
            if not sender.flying or not abs(scan.time_s - sender.time_s) <= _FRESH_S:
                continue
            place_m = sender.place_at(scan.time_s)
            if bearing:
                sender.absence.listen(watch, scan, place_m)
            elif sender.pace_mps() >= _SLOWEST_MPS:
                sender.absence.look(watch, tracks, place_m, sender.sigma_m)
            touched.add(key)
        return touched

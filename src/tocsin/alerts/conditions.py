"""Conditions: which tracks meet a rule now, as findings; whole columns at a time.

A track seen by self-reporting sensors alone meets no rule, and nothing a target says of itself keeps a rule from being
met: that is held here and in `identity`. Conditions to stay are weaker than those to rise, so that a value wavering
around its bound does not flap.
"""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from tocsin.alerts.rule import Rule, classes_of, ignored_by, in_hours, priority_of, wanted_by
from tocsin.model.alert import AlertKey, Priority
from tocsin.model.picture import Picture
from tocsin.model.threat import Asset, ThreatColumns
from tocsin.model.track import TrackColumns, TrackStatus
from tocsin.model.wording import LOWEST_PROBABILITY

Floats = NDArray[np.float64]

_HEIGHT_SLACK_M = 20.0  # an alert stands until its object is this far outside the rule's heights
_STAY_SHARE = 2.0 / 3.0  # of the bounds on class and existence, once an alert stands


class Finding(msgspec.Struct, frozen=True):
    """One (rule, place, object) and how it stands: `raises`, or only `holds`; `probability` of entry within the rule's
    time. `row` and `pair` point into the picture's tracks and threats; `rows` are those of a raid, `row` first."""

    key: AlertKey
    raises: bool
    holds: bool
    priority: Priority
    probability: float
    row: int
    pair: int
    rows: tuple[int, ...] = ()


class EntryCondition:
    """The condition of one "enters" rule."""

    def __init__(self, rule: Rule, assets: Sequence[Asset], self_reporting: Sequence[str]) -> None:
        self._rule = rule
        self._classes = [int(kind) for kind in classes_of(rule)]
        self._ignored = [int(one) for one in ignored_by(rule)]
        self._wanted = [int(one) for one in wanted_by(rule)]
        self._reaction_s = {asset.name: asset.reaction_s for asset in assets}
        self._self_reporting = frozenset(self_reporting)

    def findings(self, picture: Picture) -> list[Finding]:
        """What meets the rule or would let an alert stand, one a key; an object's most pressing row speaks for it."""
        tracks, threats, rule = picture.tracks, picture.threats, self._rule
        if not len(threats.track):
            return []
        named = np.array([not rule.places or name in rule.places for name in threats.places])
        probability = within_probability(threats, rule.within_s)
        near = np.flatnonzero(named[threats.place] & (probability >= rule.clear_probability))
        if not near.size:
            return []
        rows = threats.track[near]
        class_probability = picture.identity.class_probability[rows][:, self._classes].sum(axis=1)
        least = LOWEST_PROBABILITY[rule.certainty]
        holds = np.isin(tracks.status[rows], (TrackStatus.CONFIRMED, TrackStatus.COASTING))
        seen_by = self._physically_seen_by(tracks)[rows]
        holds &= (seen_by > 0) & self._by_declaration(picture.identity.affiliation[rows])
        holds &= self._at_height(tracks.position_enu_m[rows, 2], _HEIGHT_SLACK_M)
        holds &= (class_probability >= _STAY_SHARE * least) & (tracks.existence[rows] >= _STAY_SHARE * rule.existence)
        raises = holds & (probability[near] >= rule.probability)
        raises &= (class_probability >= least) & (tracks.existence[rows] >= rule.existence)
        raises &= (seen_by >= rule.confirmations) & self._at_height(tracks.position_enu_m[rows, 2], 0.0)
        raises &= in_hours(rule, picture.time_s)
        found: dict[AlertKey, Finding] = {}
        for k in np.flatnonzero(holds).tolist():
            pair, row = int(near[k]), int(rows[k])
            place = threats.places[int(threats.place[pair])]
            key = AlertKey(rule.name, place, tracks.object[row])
            priority = self._priority(place, float(threats.entry_s[pair, 1]))
            finding = Finding(key, bool(raises[k]), True, priority, float(probability[pair]), row, pair)
            other = found.get(key)
            if other is None or (finding.raises, finding.probability) > (other.raises, other.probability):
                found[key] = finding
        return list(found.values())

    def _priority(self, place: str, median_s: float) -> Priority:
        """One higher where people have no more time than they need."""
        priority = priority_of(self._rule)
        hurried = median_s <= self._reaction_s.get(place, -1.0)
        return Priority(min(priority + 1, Priority.CRITICAL)) if hurried else priority

    def _by_declaration(self, affiliation: NDArray[np.int64]) -> NDArray[np.bool_]:
        wanted = ~np.isin(affiliation, self._ignored)
        return np.asarray(wanted & np.isin(affiliation, self._wanted) if self._wanted else wanted)

    def _at_height(self, up_m: Floats, slack_m: float) -> NDArray[np.bool_]:
        """Within the rule's heights; a height that is not known is no reason to keep quiet."""
        low, high = self._rule.lowest_m, self._rule.highest_m
        inside = np.ones(len(up_m), dtype=bool)
        if low is not None:
            inside &= ~(up_m < low - slack_m)
        if high is not None:
            inside &= ~(up_m > high + slack_m)
        return inside

    def _physically_seen_by(self, tracks: TrackColumns) -> NDArray[np.int64]:
        """How many sensors have seen each track, without those that repeat what targets say of themselves."""
        seen = np.zeros(len(tracks), dtype=np.int64)
        for bit, name in enumerate(tracks.sensors):
            if name not in self._self_reporting:
                seen += (tracks.sensor_bits >> bit) & 1
        return seen


def within_probability(threats: ThreatColumns, time_s: float) -> Floats:
    """(k,) probability of entry within `time_s`, straight between the known points of each distribution."""
    t = min(time_s, threats.horizon_s)
    ever = threats.entry_probability
    at_s = np.minimum(np.column_stack([threats.entry_s, np.full(len(ever), threats.horizon_s)]), threats.horizon_s)
    share = np.minimum(np.array([0.05, 0.5, 0.95, 1.0]), ever[:, None])
    share[:, 3] = ever
    result = np.where(at_s[:, 0] > t, share[:, 0] * t / np.maximum(at_s[:, 0], 1e-9), share[:, 0])
    for k in range(3):
        span_s = at_s[:, k + 1] - at_s[:, k]
        part = np.clip((t - at_s[:, k]) / np.maximum(span_s, 1e-9), 0.0, 1.0)
        part = np.where((span_s <= 0.0) & (at_s[:, k] <= t), 1.0, part)
        result = result + part * np.maximum(share[:, k + 1] - share[:, k], 0.0)
    return np.asarray(np.maximum(result, threats.inside_probability))


def rows_by_object(tracks: TrackColumns) -> Mapping[str, int]:
    """The last row of each object."""
    return {name: row for row, name in enumerate(tracks.object)}

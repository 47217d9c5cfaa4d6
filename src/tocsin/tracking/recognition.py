"""Recognition: which tracks fall, from how they move; it never waits for a class.

It stands beside the filter and changes nothing for tracks that fly. Three things are done after each look:
- a track that moves fast or steeply is weighed: a fall against flight, on its detections of the last seconds;
- a track that falls is carried on by its ballistic estimate, which `place` puts in the filter's way before the next
  look, so that gates and association follow the fall;
- three reports that no track explains and that lie on one fast, free path start a track with the velocity they show,
  where a track that starts at rest could never catch it. A stream of clutter is not searched for such paths.
All state is replaced, never changed, so that a copy is a reference.
"""

import math
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from tocsin.model.track import BallisticColumns
from tocsin.tracking.bank import Bank
from tocsin.tracking.fall import CURVE, Fall, go_on, joined, predicted, surroundings
from tocsin.tracking.falling import Falling
from tocsin.tracking.fast_starts import FastStart, Look, Sight, fast_starts, logistic
from tocsin.tracking.kernels.layout import BankArrays, Edges, Floats, Ints
from tocsin.tracking.kernels.recognition import review
from tocsin.tracking.kernels.trajectory import Seen
from tocsin.tracking.kernels.update import MOST
from tocsin.tracking.odds import HOPELESS, weigh_motion
from tocsin.tracking.seen import seen_rows

WINDOW_S = 5.0  # of detections that a motion is judged by
LONG_S = 12.0  # and one that was found to be a fall, until it is beyond doubt
BEYOND_DOUBT = 12.0  # log odds
STEADY = 4.0  # log odds by which a fall must become unlikely to be given back
LEAST_SEEN = 4  # and at least so many, if older ones are needed for it
STEEP_MPS = 6.0
MOST_WEIGHED = 12  # tracks a look; others wait for the next
BELOW_M = 50.0
NOTHING = np.empty(0, np.int64)


class Case(NamedTuple):
    """One track under suspicion, or found to fall (`fall`). `belief`: natural log of the odds before it
    was seen; `odds`: after; `due_s`: when it is to be weighed again; `poor`: looks in a row that the fall explains
    badly."""

    seen: Seen
    belief: float
    odds: float
    due_s: float
    fall: Fall | None = None
    poor: int = 0


class Memory(NamedTuple):
    """All that is remembered; replaced, never changed."""

    looks: tuple[Look, ...]
    cases: Mapping[int, Case]


class Recognition:
    """Falling objects among the tracks of a bank."""

    def __init__(self, settings: Falling, forget: float, site_altitude_m: float) -> None:
        self._settings = settings
        self._forget = forget
        self._around = surroundings(settings, site_altitude_m)
        self._belief, self._belief_fast, self._declare = (
            math.log(share / (1.0 - share)) for share in (settings.share, settings.fast_share, settings.declare)
        )
        self.memory = Memory((), {})
        self.counts: Counter[str] = Counter()

    def place(self, arrays: BankArrays, tracks: Ints) -> None:
        """Put the ballistic prediction in place of the filter's for the tracks that fall."""
        falls = {key: case.fall for key, case in self.memory.cases.items() if case.fall is not None}
        if not falls:
            return
        for i in tracks[np.isin(arrays.key[tracks], list(falls))].tolist():
            fall = falls[int(arrays.key[i])]
            found = predicted(fall, float(arrays.t[i]), self._around)
            if found is None:
                continue
            arrays.x[i, 0], arrays.P[i, 0], arrays.mu[i, 0], arrays.width[i] = found[0], found[1], 1.0, 1
            if found[2] < -BELOW_M and arrays.owed[i] > 0.0:
                arrays.r[i] = 0.0  # it is under the ground and was missed there: it has come down

    def step(self, bank: Bank, tracks: Ints, edges: Edges, p_edge: Floats, look: Look, sight: Sight) -> None:
        """Work in one look after the filter's own update; tracks of fast objects are added to the bank."""
        arrays = bank.arrays
        owner, row, fast, loose = review(
            arrays, tracks, edges, p_edge, len(look.rows.t), STEEP_MPS, self._settings.slowest_mps
        )
        key = arrays.key[owner]
        order = np.argsort(key, kind="stable")
        look = look._replace(key=key[order], row=row[order], loose=np.flatnonzero(loose))
        cases = self.memory.cases
        if cases:
            alive = set(arrays.key[: bank.count].tolist())
            cases = {key: case for key, case in cases.items() if key in alive}
        self.memory = Memory(self._kept(look), cases)
        self._weigh(look, key[fast > 0].tolist())
        if len(look.rows.t):
            self._start(bank, sight)

    def ballistic(self, keys: Ints) -> BallisticColumns | None:
        """What is known of the falling ones among the tracks given out, by their keys (n,)."""
        known = [key for key, case in self.memory.cases.items() if case.fall and case.fall.estimate]
        rows = np.flatnonzero(np.isin(keys, np.array(known, np.int64))) if known else keys[:0]
        if not len(rows):
            return None
        cases = [self.memory.cases[key] for key in keys[rows].tolist()]
        falls = [case.fall.estimate for case in cases if case.fall and case.fall.estimate]
        s, k = self._settings, len(rows)
        drift = np.square([s.drag_drift, s.wind_drift_mps, s.wind_drift_mps])
        columns = BallisticColumns(
            rows, np.array([logistic(case.odds) for case in cases]), np.array([e.time_s for e in falls]),
            np.array([e.mean for e in falls]), np.array([e.covariance for e in falls]),
            np.full(k, CURVE[s.curve], np.int64), np.tile(drift, (k, 1)),
        )  # fmt: skip
        for field in columns.__struct_fields__:
            getattr(columns, field).flags.writeable = False
        return columns

    def _kept(self, look: Look) -> tuple[Look, ...]:
        """The looks that still matter, the newest last."""
        if not len(look.rows.t):
            return self.memory.looks
        horizon_s = look.time_s - 2.0 * WINDOW_S
        return (*(one for one in self.memory.looks if one.time_s >= horizon_s), look)

    def _weigh(self, look: Look, suspects: list[int]) -> None:
        """Bring every case up to this look, and open new ones."""
        cases, weighed = dict(self.memory.cases), 0
        waiting = {key: (cases[key].due_s if key in cases else -math.inf, key) for key in {*suspects, *cases}}
        for key in sorted(waiting, key=waiting.__getitem__):  # the longest waiting first
            case = cases.get(key)
            at = int(np.searchsorted(look.key, key))
            if at == len(look.key) or look.key[at] != key:
                continue
            new = seen_rows(look.kind, look.rows, [int(look.row[at])], look.at_enu_m)
            if case is not None and case.fall is not None:
                cases[key] = self._follow(case, case.fall, new)
                continue
            seen = self._recent(key) if case is None else _window(joined(case.seen, new))
            case = Case(seen, self._belief, -math.inf, 0.0) if case is None else case._replace(seen=seen)
            cases[key] = case
            if look.time_s < case.due_s or weighed == MOST_WEIGHED or len(seen.t) < LEAST_SEEN - 1:
                continue
            weighed += 1
            cases[key] = self._judge(case, look.time_s)
        self.counts["weighed"] += weighed
        self.memory = Memory(self.memory.looks, cases)

    def _judge(self, case: Case, time_s: float) -> Case:
        """Weigh a track that is not known to fall."""
        fall, odds = weigh_motion(case.seen, self._settings, self._around)
        odds += case.belief
        if odds >= self._declare and fall.estimate is not None:
            self.counts["recognised"] += 1
            return case._replace(odds=odds, fall=fall)
        wait_s = 0.0 if odds > -3.0 else 0.5 if odds > -8.0 else 2.0
        return case._replace(odds=odds, due_s=time_s + wait_s)

    def _follow(self, case: Case, fall: Fall, new: Seen) -> Case:
        """A falling track's next detection; one that the fall explains badly for long is given back to the filter."""
        fall = go_on(fall, new, self._settings, self._around)
        odds, seen = case.odds, joined(case.seen, new)
        seen = _window(seen, LONG_S if odds < BEYOND_DOUBT else WINDOW_S)
        poor = case.poor + 1 if fall.estimate is None or fall.estimate.misfit > HOPELESS else 0
        if poor >= LEAST_SEEN:
            self.counts["given_back"] += 1
            return Case(_window(seen), case.belief, -math.inf, 0.0)
        if odds < BEYOND_DOUBT:
            odds = weigh_motion(seen, self._settings, self._around)[1] + case.belief
            if odds < self._declare - STEADY:
                self.counts["given_back"] += 1
                return Case(_window(seen), case.belief, odds, 0.0)
        return case._replace(seen=seen, fall=fall, odds=odds, poor=poor)

    def _recent(self, key: int) -> Seen:
        """A track's detections of the last seconds, from the looks."""
        parts = []
        for look in self.memory.looks:
            at = int(np.searchsorted(look.key, key))
            if at < len(look.key) and look.key[at] == key:
                parts.append(seen_rows(look.kind, look.rows, [int(look.row[at])], look.at_enu_m))
            else:  # the detection that started the track is its key
                born = np.flatnonzero(look.rows.key == key).tolist()
                parts += [seen_rows(look.kind, look.rows, born, look.at_enu_m)] if born else []
        seen = parts[0]
        for part in parts[1:]:
            seen = joined(seen, part)
        return _window(seen)

    def _start(self, bank: Bank, sight: Sight) -> None:
        """Start tracks of fast objects that nothing explains."""
        look = self.memory.looks[-1]
        least = 10.0 * self._forget
        for start in fast_starts(self.memory.looks, self._settings, self._around, sight, least):
            placed = predicted(start.fall, float(look.rows.t[start.row]), self._around)
            if placed is not None:
                self._add(bank, look, start, placed)

    def _add(self, bank: Bank, look: Look, start: FastStart, placed: tuple[Floats, Floats, float]) -> None:
        """Put a fast object's track in the bank, or in place of what a track made of the same reports."""
        key = self._track_of(look, start.row)
        found = np.flatnonzero(bank.arrays.key[: bank.count] == key) if key is not None else NOTHING
        if key is not None and len(found):
            i = int(found[0])
            if start.existence < bank.arrays.r[i]:  # flight explains the reports at least as well
                return
        elif bank.make_room(1):
            i, key = bank.count, ~int(look.rows.key[start.row])  # the last report may have started a track of its own
            arrays = bank.arrays
            arrays.key[i], arrays.born[i], arrays.origin[i] = key, start.seen.t[0], look.sensor
            arrays.bits[i] = 1 << look.sensor if look.sensor < 63 else 0
            arrays.reported[i], arrays.owed[i], arrays.mu[i] = 0, 0.0, 0.0
            bank.count += 1
        else:
            self.counts["fast_starts_without_room"] += 1
            return
        arrays = bank.arrays
        arrays.x[i, 0], arrays.P[i, 0], arrays.mu[i, 0], arrays.width[i] = placed[0], placed[1], 1.0, 1
        seen_s = look.rows.t[start.row]
        arrays.r[i], arrays.t[i], arrays.last[i] = min(start.existence, MOST), seen_s, seen_s
        self.counts["fast_starts"] += 1
        odds = self._belief_fast + start.log_ratio
        falls = odds >= self._declare
        self.counts["recognised"] += falls
        case = Case(start.seen, self._belief_fast, odds, 0.0, start.fall if falls else None)
        self.memory = Memory(self.memory.looks, {**self.memory.cases, key: case})

    def _track_of(self, look: Look, row: int) -> int | None:
        """The key of the unreported track that owns this row and the one before it."""
        at = np.flatnonzero(look.row == row)
        if not len(at):
            return None
        key = int(look.key[at[0]])
        return key if len(self._recent(key).t) >= 2 else None


def _window(seen: Seen, span_s: float = WINDOW_S) -> Seen:
    """The last `span_s` seconds, or more for `LEAST_SEEN` detections."""
    keep = min(int(np.searchsorted(seen.t, seen.t[-1] - span_s)), max(len(seen.t) - LEAST_SEEN, 0))
    return Seen._make(column[keep:] for column in seen) if keep else seen

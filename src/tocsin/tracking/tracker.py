"""Tracker: scans and ticks in, tracks out. Usable by itself, from numpy arrays.

A Poisson multi-Bernoulli filter: each track has an existence probability, an interacting-multiple-model state (extended
Kalman filters in the site's ENU frame), and shares each look's detections with its neighbours by loopy belief
propagation; what is not yet tracked is a Poisson intensity learnt from the looks themselves. `step` never raises for
what a sensor sends: scans it cannot use are counted in `statistics()` by reason. Same items, same result, bit by bit.
"""

import math
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import numpy as np

from tocsin.model.detection import MeasurementKind
from tocsin.model.scan import Scan, Tick
from tocsin.model.sensor import Pose
from tocsin.model.track import EndedTrack, Join, TrackColumns
from tocsin.sensing.view import detection_probability
from tocsin.tracking.bank import Bank
from tocsin.tracking.chi_square import chi_square_quantile
from tocsin.tracking.clutter_map import ClutterMap
from tocsin.tracking.columns import compose
from tocsin.tracking.continuity import Continuity, Glance
from tocsin.tracking.fast_starts import Look, Sight
from tocsin.tracking.history import NO_LINKS, Copy, Entry, History, Key, Links, merge
from tocsin.tracking.initiation import SETTLED, Expectation
from tocsin.tracking.joins import LostObjects
from tocsin.tracking.kernels.association import associate
from tocsin.tracking.kernels.gating import expect_all, gate_rows, select
from tocsin.tracking.kernels.layout import Edges, Floats, Ints
from tocsin.tracking.kernels.prediction import predict
from tocsin.tracking.kernels.update import birth, detection_odds, settle, update
from tocsin.tracking.measurement import Prepared, is_well_formed, measured_volume, prepare
from tocsin.tracking.motion import mode_table
from tocsin.tracking.recognition import NOTHING, Recognition
from tocsin.tracking.registry import Registry
from tocsin.tracking.sensor_model import SensorModel, Starts
from tocsin.tracking.settings import Settings

START_FACTOR = {Starts.AT_ONCE: 1.0, Starts.YES: 1.0, Starts.RARELY: 0.01, Starts.NO: 0.0}
LEAST_SEEN = 0.01  # a report from outside the stated view is unlikely, not impossible
TOLERANCE = 1e-3
MOST_SETTLED, MOST_ENDED = 1_000, 100_000  # kept for who asks late, then the oldest go


class Tracker:
    """Tracks of one site. `sensors` are all that may send; `site_seed` makes ids unique among sites.
    `site_altitude_m`: of the site's origin above the sea, for the air that falling objects fall through."""

    def __init__(
        self, settings: Settings, sensors: Sequence[SensorModel], site_seed: str = "", site_altitude_m: float = 0.0
    ) -> None:
        self.settings = settings
        self.sensors = tuple(sensors)
        self._index = {sensor.name: s for s, sensor in enumerate(self.sensors)}
        self._volumes = [max(measured_volume(MeasurementKind.POSITION_3D, sensor), 1.0) for sensor in sensors]
        self._modes = mode_table(settings.modes)
        self._gates = np.array([0.0, *(chi_square_quantile(settings.gate_probability, d) for d in range(1, 5))])
        self._bank = Bank(len(settings.modes), settings.most_tracks)
        self._expectation = Expectation([sensor.false_per_look for sensor in self.sensors])
        self._clutter = ClutterMap(self.sensors)
        self._history = History(settings.late_window_s)
        self._registry = Registry(site_seed)
        field_m2 = max((sensor.area_m2 for sensor in sensors if sensor.starts != Starts.NO), default=1.0)
        self._lost = LostObjects(settings.joining, field_m2, settings.speed_sigma_mps)
        self._falling = Recognition(settings.falling, settings.forget, site_altitude_m)
        self._continuity = Continuity(self._modes, self._gates)
        self._now_s = -math.inf
        self._counts: Counter[str] = Counter()
        self._worked_in: list[TrackColumns] = []
        self._settled: deque[TrackColumns] = deque(maxlen=MOST_SETTLED)
        self._ended: deque[EndedTrack] = deque(maxlen=MOST_ENDED)

    def resume(self, last_number: int) -> None:
        """Go on numbering above `last_number`, which a run before this one gave; before the first step."""
        self._registry.last_number = max(self._registry.last_number, last_number)

    def step(self, item: Scan | Tick) -> TrackColumns:
        """Work in one scan, or let time pass; returns the tracks as they are now."""
        return self.step_all((item,))

    def step_all(self, items: Iterable[Scan | Tick]) -> TrackColumns:
        """Work in several scans at once, late ones with a single re-run; links are those of the last scan given."""
        horizon_s = self._now_s - self.settings.late_window_s
        now_s, earliest, latest = self._now_s, None, None
        self._worked_in = []
        for item in items:
            if isinstance(item, Tick):
                if math.isfinite(item.time_s):
                    now_s = max(now_s, item.time_s)
                continue
            self._counts["scans"] += 1
            self._counts["detections"] += len(item.times_s)
            key = self._admit(item, horizon_s)
            if key is not None:
                now_s = max(now_s, key[0])
                earliest = key if earliest is None else min(earliest, key)
                latest = key
        self._now_s = now_s
        columns = self._run(earliest) if earliest is not None else None
        if columns is None or columns.time_s != now_s or latest != self._history.done:
            told = self._history.find(latest) if latest else None
            columns = self._columns(now_s, told.links if told else NO_LINKS)
        self._follow(columns)
        self._settled += self._history.close(now_s)
        return columns

    def worked_in(self) -> tuple[TrackColumns, ...]:
        """The tracks at the time of each scan that the last step worked in for the first time, as known right then."""
        return tuple(self._worked_in)

    def settled(self) -> tuple[TrackColumns, ...]:
        """Revisions of instants that late scans changed, whose late window has closed since the last call."""
        settled = tuple(self._settled)
        self._settled.clear()
        return settled

    def ended(self) -> tuple[EndedTrack, ...]:
        """Confirmed tracks that have ended for good since the last call: no late scan can bring them back."""
        ended = tuple(self._ended)
        self._ended.clear()
        return ended

    def joined(self) -> tuple[Join, ...]:
        """Tracks found to be lost objects since the last call."""
        return self._registry.joined()

    def statistics(self) -> dict[str, Any]:
        """Counts since the start, the size of the bank, and what has been learnt of each sensor."""
        learnt = {
            sensor.name: {
                "false_per_look": self._expectation.false_reports(s),
                "births_per_s": self._expectation.birth_rate(s),
                "undetected": float(self._expectation.values[s, 0]),
            }
            for s, sensor in enumerate(self.sensors)
        }
        return {
            **dict(sorted(self._counts.items())),
            "identity": dict(sorted(self._continuity.counts.items())),
            "falling": dict(sorted(self._falling.counts.items())),
            "confirmed": self._registry.last_number,
            "joined": self._registry.join_count,
            "bank": self._bank.count,
            "sensors": learnt,
        }

    def _admit(self, scan: Scan, horizon_s: float) -> Key | None:
        """Put a scan in its place in the history; None if it is dropped or says nothing new."""
        s = self._index.get(scan.sensor)
        if s is None:
            return self._drop("unknown_sensor")
        if not is_well_formed(scan):
            return self._drop("malformed")
        stamps = scan.times_s[scan.times_s <= scan.time_s + self.settings.future_limit_s]
        time_s = max(scan.time_s, float(stamps.max())) if len(stamps) else scan.time_s
        if time_s > scan.received_s + self.settings.future_limit_s:
            return self._drop("from_the_future")
        if time_s < horizon_s:
            return self._drop("too_late")
        key = (float(time_s), s, int(scan.kind) if len(scan.times_s) else 0)
        if key <= self._history.done:
            self._counts["late"] += 1
            if not self._history.copies:  # no window, so nothing to go back to
                return self._drop("too_late")
        return self._place(key, scan)

    def _place(self, key: Key, scan: Scan) -> Key | None:
        """Insert the scan, or join it to what is held of the same look; an empty look gives way to a told one."""
        history = self._history
        same = history.same_look(key)
        if key[2] == 0:
            if same:
                return self._drop("repeated_scan")
        elif same and same[0].key[2] == 0:
            history.entries.remove(same[0])
            history.insert(Entry(key, scan, same[0].given_out))
            return min(key, same[0].key)
        for entry in same:
            if entry.key == key:
                merged = merge(entry.scan, scan)
                if merged is None:
                    return self._drop("repeated_scan")
                entry.scan = merged
                return key
        history.insert(Entry(key, scan))
        return key

    def _drop(self, reason: str) -> Key | None:
        self._counts[f"dropped_{reason}"] += 1
        return None

    def _run(self, earliest: Key) -> TrackColumns | None:
        """Work in all pending entries, from `earliest` on if that lies in the past; the columns of the last, if new."""
        columns = None
        if earliest <= self._history.done:
            copy = self._history.rewind(earliest)
            self._bank.restore(copy.bank)
            self._expectation.values = copy.expectation.copy()
            self._clutter.values = copy.clutter.copy()
            self._falling.memory, self._continuity.memory = copy.falling, copy.continuity
            self._counts["reruns"] += 1
        for entry in self._history.pending():
            if self._history.wants_copy(entry.key[0]):
                self._history.copies.append(
                    Copy(
                        self._history.done,
                        self._bank.copy(),
                        self._expectation.values.copy(),
                        self._clutter.values.copy(),
                        self._falling.memory,
                        self._continuity.memory,
                    )  # fmt: skip
                )
            self._work_in(entry)
            self._history.done = entry.key
            columns = None if entry.given_out else self._columns(entry.key[0], entry.links)
            if columns is None:
                entry.revised = self._columns(entry.key[0], entry.links, settled=True)
            else:
                self._worked_in.append(columns)
            entry.given_out = True
        return columns

    def _work_in(self, entry: Entry) -> None:
        """One look: predict, gate, associate, update, start, remove."""
        time_s, s, _ = entry.key
        sensor, bank, settings = self.sensors[s], self._bank, self.settings
        ready = prepare(entry.scan, time_s, sensor, settings, s)
        kind = ready.kind
        self._counts.update(bad_detections=ready.bad, repeated_detections=ready.repeated)
        whole, arrays, rows, at = entry.scan.whole, bank.arrays, ready.rows, ready.sensor_enu_m
        reach = sensor.view.range_m[1]
        tracks, times, places = select(arrays, bank.count, kind, at, reach, time_s, rows.z, rows.t)
        predict(arrays, tracks, times, self._modes, settings.switch_rate_per_s, settings.death_rate_per_s)
        self._falling.place(arrays, tracks)
        chance = partial(self._chance, sensor, Pose(float(at[0]), float(at[1]), float(at[2]), sensor.pose.heading_rad))
        seen = chance(places)
        expected = expect_all(arrays, tracks, kind, rows.R.shape[1], ready.rate, at)
        edges = gate_rows(arrays, tracks, expected, rows, kind, self._gates, ready.widest)
        odds = detection_odds(arrays.r, tracks, seen, edges, whole)
        existence = seen * arrays.r[tracks]
        p = sensor.view.detection_probability
        known, variance = float(existence.sum()), float((existence * (1.0 - existence)).sum())
        mass = self._expectation.look(s, time_s, len(rows.t), known, variance, p, whole)
        even = np.maximum(ready.clutter * self._expectation.false_reports(s), 1e-30)
        crowd = self._clutter.factor(s, entry.scan.kind, rows.z)
        clutter, half_way = even * crowd, even * np.sqrt(crowd)
        new = ready.newborn * (mass * p * START_FACTOR[sensor.starts])
        p_none, p_edge, p_new, iterations, capped = associate(
            edges, odds, clutter + new, settings.most_iterations, TOLERANCE
        )
        self._counts.update(iterations=iterations, scans_at_cap=int(capped > 0), pairs_left_out=edges.crowded)
        glance = Glance(time_s, kind, rows, ready.rate, ready.widest, at, clutter + new, whole)
        self._continuity.follow(bank, tracks, edges, p_edge, glance, chance)
        bit = 1 << s if s < 63 else 0
        self._counts["repaired"] += update(
            arrays, tracks, expected, rows, edges, p_none, p_edge, seen, kind, whole, self._modes[:, 5].copy(), bit
        )
        if whole:
            self._expectation.learn(s, float(p_new.sum()))
            self._clutter.learn(s, entry.scan.kind, rows.z, p_new * clutter / (clutter + new))
        least = 0.5 * (1.0 + settings.confirm) if sensor.starts == Starts.AT_ONCE else 0.0
        started = p_new * np.maximum(
            new / (half_way + new), least
        )  # in a crowd too, what is real must be able to start
        self._start(ready, started, s, bit)
        exchanged = self._continuity.rename(bank, time_s)
        look = Look(time_s, s, kind, rows, at, clutter, NOTHING, NOTHING, NOTHING)
        sight = Sight(self._volumes[s], p, START_FACTOR[sensor.starts])
        self._falling.step(bank, tracks, edges, p_edge, look, sight)
        entry.links = self._link(ready, tracks, edges, p_edge, started)
        bank.exchange(exchanged)
        self._settle(time_s)

    def _chance(self, sensor: SensorModel, pose: Pose, places: Floats) -> Floats:
        """Of detecting a target at each of the places (k, 3), gate included."""
        seen = detection_probability(sensor.view, pose, places) * self.settings.gate_probability
        return np.maximum(seen, LEAST_SEEN)

    def _settle(self, time_s: float) -> None:
        """Report, and remove, what has become likely or unlikely enough."""
        bank, settings = self._bank, self.settings
        bank.count, firsts = settle(
            bank.arrays, bank.count, time_s, settings.death_rate_per_s, settings.confirm, settings.drop,
            settings.forget, settings.patience_s, self._expectation.values[:, SETTLED].copy(),
        )  # fmt: skip
        for origin in np.flatnonzero(firsts):
            self._expectation.credit(int(origin), int(firsts[origin]))

    def _start(self, ready: Prepared, started: Floats, s: int, bit: int) -> None:
        bank, settings = self._bank, self.settings
        wanted = int((started >= settings.forget).sum())
        if not wanted:
            return
        fits = bank.make_room(wanted)
        if fits < wanted:
            self._counts["births_without_room"] += wanted - fits
        spread = settings.height_sigma_m if ready.has_height else math.inf
        bank.count = birth(
            bank.arrays, bank.count, ready.rows, started, settings.forget,
            np.array((settings.speed_sigma_mps, settings.climb_sigma_mps)), np.array((settings.height_m, spread)),
            ready.sensor_enu_m, s, bit,
        )  # fmt: skip

    def _link(self, ready: Prepared, tracks: Ints, edges: Edges, p_edge: Floats, started: Floats) -> Links:
        """Links of updated and of new tracks; to be read before rows are removed."""
        strong = np.flatnonzero(p_edge >= self.settings.link_least)
        owner = tracks[np.searchsorted(edges.ptr, strong, side="right") - 1]
        fresh = np.flatnonzero(started >= self.settings.show)
        return Links(
            np.concatenate((self._bank.arrays.key[owner], ready.rows.key[fresh])),
            ready.order[np.concatenate((edges.row[strong], fresh))],
            np.concatenate((p_edge[strong], started[fresh])),
        )

    def _columns(self, time_s: float, links: Links, settled: bool = False) -> TrackColumns:
        names = tuple(self._index)
        return compose(
            self._bank,
            self.settings,
            self._modes,
            self._registry,
            links,
            names,
            self._falling,
            self._lost,
            self._continuity,
            time_s,
            self._now_s,
            settled,
        )

    def _follow(self, columns: TrackColumns) -> None:
        """See which confirmed tracks left the columns, and which of them can no longer come back."""
        self._registry.follow(columns)
        if self._registry.waiting:
            n, arrays = self._bank.count, self._bank.arrays
            alive = arrays.key[:n][columns.time_s - arrays.last[:n] <= self.settings.patience_s]
            ended = self._registry.end(alive, columns.time_s - self.settings.late_window_s)
            self._lost.add(ended)
            self._ended += ended

"""Matching: which track moves as a claim says, by the odds of the whole way and not by who is nearest.

Each claim is held against every track near it, predicted to the claim's time: a normal law of the distance (and of the
difference in velocity, where it is stated) against a target that may be anywhere within `_ELSEWHERE_M`. The log odds of
each pair add up, bounded on both sides. A claim and a track belong together once the odds are high, have stood for some
seconds, and are well above those of any other track.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tocsin.identity.journey import Fix
from tocsin.model.track import TrackColumns

Floats = NDArray[np.float64]

_ELSEWHERE_M = 500.0
_NEAR_M = 1500.0
_LOWEST, _HIGHEST, _STEP_LEAST, _STEP_MOST = -12.0, 30.0, -4.0, 3.0
_MATCHED, _AHEAD, _MATCHED_S, _MATCHED_CLAIMS = 8.0, 4.0, 4.0, 4
_KEEPS, _LOST = 0.0, -6.0
_LATENCY_S = 0.5  # a place may be as late as this, at one sigma
_MOST_S = 10.0  # a track not seen for longer is no witness


class Pairing:
    """The odds of one track being the sender."""

    __slots__ = ("count", "odds", "since_s")

    def __init__(self, time_s: float) -> None:
        self.odds = 0.0
        self.count = 0
        self.since_s = time_s


class Matcher:
    """The odds of one sender's tracks, by uid."""

    def __init__(self) -> None:
        self._pairings: dict[str, Pairing] = {}
        self.track = ""
        self.since_s = math.nan
        self.parted = ""  # the track that it moved like once and no longer does

    def add(self, fix: Fix, tracks: TrackColumns) -> None:
        """Hold a new fix against the tracks."""
        near = _near(fix, tracks)
        step = _odds(fix, tracks, near) if near.size else np.empty(0)
        seen = set()
        for row, gain in zip(near.tolist(), step.tolist(), strict=True):
            uid = tracks.uid[row]
            seen.add(uid)
            pairing = self._pairings.get(uid)
            if pairing is None:
                if gain <= 0.0:
                    continue
                pairing = self._pairings[uid] = Pairing(fix.time_s)
            pairing.odds = min(max(pairing.odds + gain, _LOWEST), _HIGHEST)
            pairing.count += 1
        alive = set(tracks.uid)
        for uid in list(self._pairings):
            if uid not in seen and uid in alive:
                self._pairings[uid].odds += _STEP_LEAST
            if uid not in alive or self._pairings[uid].odds <= _LOST:
                del self._pairings[uid]
        self._decide(fix.time_s, alive)

    def joined(self, other: dict[str, str]) -> None:
        """Tracks that go on under another uid."""
        for before, now in other.items():
            if before in self._pairings:
                self._pairings[now] = self._pairings.pop(before)

    def _decide(self, time_s: float, alive: set[str]) -> None:
        ranked = sorted(self._pairings.items(), key=lambda item: (-item[1].odds, item[0]))
        best = ranked[0] if ranked else None
        held = self._pairings.get(self.track)
        if self.track and (held is None or held.odds < _KEEPS):
            self.parted = self.track if self.track in alive else ""
            self.track, self.since_s = "", math.nan
            held = None
        if best is None:
            return
        uid, pairing = best
        second = ranked[1][1].odds if len(ranked) > 1 else _LOWEST
        ready = pairing.count >= _MATCHED_CLAIMS and time_s - pairing.since_s >= _MATCHED_S
        if ready and pairing.odds >= _MATCHED and uid != self.track:
            if pairing.odds - second >= _AHEAD or (held is not None and pairing.odds - held.odds >= _AHEAD):
                self.track, self.since_s, self.parted = uid, pairing.since_s, ""


def _near(fix: Fix, tracks: TrackColumns) -> NDArray[np.int64]:
    if not len(tracks):
        return np.empty(0, np.int64)
    away_s = fix.time_s - tracks.time_s
    east_m = tracks.position_enu_m[:, 0] + away_s * tracks.velocity_enu_mps[:, 0] - fix.east_m
    north_m = tracks.position_enu_m[:, 1] + away_s * tracks.velocity_enu_mps[:, 1] - fix.north_m
    near = east_m * east_m + north_m * north_m < _NEAR_M * _NEAR_M
    near &= tracks.time_s - tracks.last_detection_s < _MOST_S
    return np.flatnonzero(near)


def _odds(fix: Fix, tracks: TrackColumns, rows: NDArray[np.int64]) -> Floats:
    """(k,) log odds that each of the tracks is where the fix says, against anywhere near."""
    away_s = fix.time_s - tracks.time_s
    velocity = tracks.velocity_enu_mps[rows, :2]
    miss = np.array([fix.east_m, fix.north_m]) - tracks.position_enu_m[rows, :2] - away_s * velocity
    covariance = tracks.covariance[rows]
    speed = np.hypot(velocity[:, 0], velocity[:, 1])
    extra = fix.sigma_m**2 + 25.0 + (_LATENCY_S * speed) ** 2
    place = covariance[:, :2, :2] + away_s * away_s * covariance[:, 3:5, 3:5]
    odds = _normal(miss, place, extra) + math.log(math.pi * _ELSEWHERE_M**2)
    if not (math.isnan(fix.speed_mps) or math.isnan(fix.course_rad)):
        said = fix.speed_mps * np.array([math.sin(fix.course_rad), math.cos(fix.course_rad)])
        extra = 4.0 + (0.1 * max(fix.speed_mps, 0.0)) ** 2 + (0.15 * speed) ** 2
        odds = odds + _normal(said - velocity, covariance[:, 3:5, 3:5], extra) + math.log(math.pi * 20.0**2)
    return np.clip(odds, _STEP_LEAST, _STEP_MOST)


def _normal(miss: Floats, covariance: Floats, extra: float | Floats) -> Floats:
    """Log density of two-dimensional normal laws, their covariance (k, 2, 2) with `extra` on the diagonal."""
    a, c = covariance[:, 0, 0] + extra, covariance[:, 1, 1] + extra
    b = covariance[:, 0, 1]
    determinant = np.maximum(a * c - b * b, 1e-9)
    square = (c * miss[:, 0] ** 2 - 2.0 * b * miss[:, 0] * miss[:, 1] + a * miss[:, 1] ** 2) / determinant
    return np.asarray(-0.5 * square - 0.5 * np.log(determinant) - math.log(2.0 * math.pi))

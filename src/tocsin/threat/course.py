"""Course: where a target is going and how far it strays, learnt by holding its own forecasts against what came.

A track's velocity now and its mean velocity over the last while are two forecasts. Every `lookback_s` both, as they
stood then, are compared with where the track has come to. The expected course is their mean, weighted by what each has
missed: a weaving or orbiting target goes where it has been going on the whole, one that has turned goes where it
points. What the mixed forecast missed beyond its own covariance is put down to straying. A new track starts from the
setting, worth one comparison; old comparisons fade.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tocsin.geo.angles import wrap_pi_scalar_rad
from tocsin.jit import kernel
from tocsin.model.track import TrackColumns
from tocsin.threat.approach import stray_variance_s2
from tocsin.threat.settings import Settings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_PRIOR_COMPARISONS = 1.0
_KEPT = 0.8  # of older comparisons at each new one
_NEVER = np.nan
_TURN_TIME_S = 10.0
_CIRCLES_S = 20.0  # a target that turns by a radian in this time goes where it has been going on the whole
_SLOW_MPS = 3.0


class Forecast(NamedTuple):
    """Per track: `going_mps` (n, 2) the velocity it keeps to; `present_share` (n,) the share of the present velocity in
    that; `wander_mps` (n,) the standard deviation, each axis, of its straying from it; `turn_radps` (n,) how fast what
    strays turns, clockwise."""

    going_mps: Floats
    present_share: Floats
    wander_mps: Floats
    turn_radps: Floats


class Course:
    """One row a track; `follow` brings the rows in step with `TrackColumns`, `step` gives the forecast."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._time_s = 0.0
        self._age_s = np.zeros(0)
        self._mean_mps = np.zeros((0, 2))
        self._then = np.zeros((0, 12))  # what `_present` said, with mean and mixed velocity, at the last comparison
        self._turn = np.zeros((0, 3))  # course, its mean rate and that of its absolute value, rad and rad/s
        self._missed = np.zeros((0, 4))  # sums of squares: by present, by mean, unexplained; and their number

    def follow(self, before: Ints) -> None:
        """Rows as they are now, `before` their old ones (-1 for a new track)."""
        self._age_s = _moved(self._age_s, before, 0.0)
        self._mean_mps = _moved(self._mean_mps, before, 0.0)
        self._turn = _moved(self._turn, before, 0.0)
        self._then = _moved(self._then, before, _NEVER)
        self._missed = _moved(self._missed, before, 0.0)

    def step(self, tracks: TrackColumns) -> Forecast:
        """Take in the present, compare what is due, and forecast."""
        elapsed_s = max(tracks.time_s - self._time_s, 0.0)
        self._time_s = tracks.time_s
        velocity = np.array(tracks.velocity_enu_mps[:, :2])
        _take(velocity, elapsed_s, self._settings.mean_time_s, self._age_s, self._mean_mps, self._turn)
        due = ~(tracks.time_s - self._then[:, 0] < self._settings.lookback_s)
        if due.any():
            now = _present(tracks)
            _compare(self._then, now, due, self._settings.wander_time_s, self._missed)
            now[:, 8:10] = self._mean_mps
            now[:, 10:12] = self.forecast(velocity).going_mps
            self._then[due] = now[due]
        return self.forecast(velocity)

    def recalled(self, before: Ints, tracks: TrackColumns) -> Forecast:
        """The forecast of other columns with what is known now, `before` their rows here; changes nothing."""
        other = Course(self._settings)
        other._mean_mps, other._missed = _moved(self._mean_mps, before, 0.0), _moved(self._missed, before, 0.0)
        other._turn = _moved(self._turn, before, 0.0)
        velocity = np.array(tracks.velocity_enu_mps[:, :2])
        other._mean_mps[before < 0] = velocity[before < 0]
        return other.forecast(velocity)

    def forecast(self, velocity_mps: Floats) -> Forecast:
        """What is known now of tracks that have this velocity (n, 2)."""
        settings = self._settings
        wander = np.array([settings.wander_mps, settings.wander_min_mps, settings.wander_max_mps])
        return Forecast(*_forecast(velocity_mps, self._mean_mps, self._missed, self._turn, wander))


@kernel
def _compare(then: Floats, now: Floats, due: NDArray[np.bool_], wander_time_s: float, missed: Floats) -> None:
    """Score what the due rows forecast by straight extrapolation, in (m/s)^2 of wander that would explain the miss."""
    square = np.empty(3)
    for i in range(then.shape[0]):
        if not (due[i] and math.isfinite(then[i, 0])):
            continue
        age_s = now[i, 0] - then[i, 0]
        scale = 2.0 * stray_variance_s2(age_s, wander_time_s)
        for k, column in enumerate((3, 8, 10)):
            east = now[i, 1] - then[i, 1] - then[i, column] * age_s
            north = now[i, 2] - then[i, 2] - then[i, column + 1] * age_s
            square[k] = (east * east + north * north) / scale
        # an optimal filter's prediction differs from its later estimate by the difference of their covariances
        expected = then[i, 5] + 2.0 * age_s * then[i, 6] + age_s * age_s * then[i, 7] - now[i, 5]
        square[2] -= min(max(expected / scale, 0.0), square[0])
        if math.isfinite(square[0] + square[1] + square[2]):
            for k in range(3):
                missed[i, k] = _KEPT * missed[i, k] + square[k]
            missed[i, 3] = _KEPT * missed[i, 3] + 1.0


@kernel
def _take(velocity: Floats, elapsed_s: float, mean_time_s: float, age_s: Floats, mean: Floats, turn: Floats) -> None:
    """Follow the mean velocity, and how fast each course turns as means over the last `_TURN_TIME_S`; a slow target has
    no course, and a new one counts as a second old."""
    for i in range(age_s.shape[0]):
        ve, vn = velocity[i, 0], velocity[i, 1]
        first = not age_s[i] > 0.0
        step_s = 1.0 if first else elapsed_s
        age_s[i] += step_s
        share = min(step_s / min(age_s[i], mean_time_s), 1.0)
        mean[i, 0] += share * (ve - mean[i, 0])
        mean[i, 1] += share * (vn - mean[i, 1])
        course = math.atan2(ve, vn)
        if math.hypot(ve, vn) > _SLOW_MPS and step_s > 0.0:
            rate = 0.0 if first else wrap_pi_scalar_rad(course - turn[i, 0]) / max(step_s, 1e-3)
            share = -math.expm1(-step_s / _TURN_TIME_S)
            turn[i, 1] += share * (rate - turn[i, 1])
            turn[i, 2] += share * (abs(rate) - turn[i, 2])
        turn[i, 0] = course


@kernel
def _forecast(
    velocity: Floats, mean: Floats, missed: Floats, turn: Floats, wander: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """`wander` (3,): the setting, the least and the greatest. One that turns one way most of the time is taken to turn
    on, fading out for those that do not."""
    n = velocity.shape[0]
    going, present, strays, turns = np.empty((n, 2)), np.empty(n), np.empty(n), np.empty(n)
    prior = _PRIOR_COMPARISONS * wander[0] ** 2
    least, greatest = wander[1] ** 2, wander[2] ** 2
    for i in range(n):
        one_way = abs(turn[i, 1]) / max(turn[i, 2], 1e-6)
        turns[i] = turn[i, 1] * min(max(2.0 * one_way - 1.0, 0.0), 1.0)
        by_present, by_mean = missed[i, 0] + prior, missed[i, 1] + prior
        present[i] = by_mean / (by_present + by_mean) / (1.0 + (turns[i] * _CIRCLES_S) ** 2)
        for axis in range(2):
            going[i, axis] = mean[i, axis] + present[i] * (velocity[i, axis] - mean[i, axis])
        square = (prior + missed[i, 2]) / (_PRIOR_COMPARISONS + missed[i, 3])
        strays[i] = math.sqrt(min(max(square, least), greatest))
    return going, present, strays, turns


def _present(tracks: TrackColumns) -> Floats:
    """(n, 12): time, east, north, velocity east, north; traces of the position's, cross and velocity's covariance; and
    room for four more."""
    covariance = tracks.covariance
    present = np.zeros((len(tracks), 12))
    present[:, 0] = tracks.time_s
    present[:, 1:3] = tracks.position_enu_m[:, :2]
    present[:, 3:5] = tracks.velocity_enu_mps[:, :2]
    present[:, 5] = covariance[:, 0, 0] + covariance[:, 1, 1]
    present[:, 6] = covariance[:, 0, 3] + covariance[:, 1, 4]
    present[:, 7] = covariance[:, 3, 3] + covariance[:, 4, 4]
    return present


def _moved(column: Floats, before: Ints, empty: float) -> Floats:
    """Rows of `column` where they are now; new rows filled with `empty`."""
    moved = np.full((len(before), *column.shape[1:]), empty)
    kept = before >= 0
    moved[kept] = column[before[kept]]
    return moved


def warm() -> None:
    """Compile or load the kernels of this module."""
    one, turn = np.zeros((1, 2)), np.zeros((1, 3))
    _take(one, 1.0, 1.0, np.zeros(1), one.copy(), turn)
    _compare(np.zeros((1, 12)), np.zeros((1, 12)), np.zeros(1, np.bool_), 1.0, np.zeros((1, 4)))
    _forecast(one, one, np.zeros((1, 4)), turn, np.ones(3))

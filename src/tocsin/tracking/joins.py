"""Joins: which lost object a newly confirmed track is, if any.

A lost object either kept its course or wandered: its velocity then forgets itself and its place spreads (an
Ornstein-Uhlenbeck velocity). How well the new track fits either, times how likely the object was to come back after
such a gap, is weighed against something new appearing there with such a velocity. Source of the idea: S. Zhang and
Y. Bar-Shalom, "Track segment association for GMTI tracks of evasive move-stop-move maneuvering targets" (2011).
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tocsin.model.track import EndedTrack, Join
from tocsin.tracking.kernels.joins import returns
from tocsin.tracking.settings import Joining

Floats = NDArray[np.float64]
MOST_LOST = 500  # the newest are kept
RETURN_SHARE, SOONEST_S = 0.5, 5.0  # of lost objects that come back within the time; the longer a gap, the rarer
FAST_SHARE, FAST_MPS = 0.1, 150.0  # of new objects, the spread of their velocity
CALM_S = 300.0  # taken to have passed before the first track, with one new object in it


class LostObjects:
    """`add` what has ended; `find` whose a new track is. `field_m2`: the ground on which new objects may appear;
    `speed_sigma_mps`: spread of their velocity, each horizontal component."""

    def __init__(self, settings: Joining, field_m2: float, speed_sigma_mps: float) -> None:
        self._settings = settings
        self._field_m2 = field_m2
        self._speed_sigma_mps = speed_sigma_mps
        self._lost: list[EndedTrack] = []
        self._table = np.empty((0, 5))  # of each: time of the last detection, place and velocity then, east and north
        self._first_s = math.inf
        self._new = 1

    def add(self, ended: Sequence[EndedTrack]) -> None:
        """These tracks have ended for good."""
        if not ended:
            return
        rows = []
        for one in ended:
            coasted_s = one.time_s - one.last_detection_s
            place, velocity = np.array(one.position_enu_m[:2]), np.array(one.velocity_enu_mps[:2])
            rows.append(np.concatenate(([one.last_detection_s], place - coasted_s * velocity, velocity)))
        self._lost = [*self._lost, *ended][-MOST_LOST:]
        self._table = np.concatenate((self._table, np.array(rows)))[-MOST_LOST:]

    def find(self, time_s: float, born_s: float, uid: str, state: Floats, covariance: Floats) -> Join | None:
        """The lost object that a new track with this state (6,) and covariance (6, 6) at `time_s` goes on; None if none
        is likely enough. What is found is lost no more."""
        self._first_s = min(self._first_s, born_s)
        density = returns(self._table, time_s, born_s, self._settings.within_s, state, covariance)
        if density.any():
            weight = density * self._chance_of_gap(born_s - self._table[:, 0]) / self._new_density(time_s, state[3:5])
            best = int(np.argmax(weight))
            rest = 1.0 + float(weight.sum() - weight[best])
            if weight[best] >= self._settings.least * (rest + weight[best]):
                one, gap_s = self._lost.pop(best), float(born_s - self._table[best, 0])
                self._table = np.delete(self._table, best, axis=0)
                return Join(time_s, one.number, uid, one.object, one.uid, gap_s, float(weight[best]) / rest)
        self._new += 1
        return None

    def _chance_of_gap(self, gap_s: Floats) -> Floats:
        """That a lost object is found after this time, a second: falls as the gap's inverse, since gaps differ by
        orders of magnitude and none is typical."""
        return RETURN_SHARE / (
            np.maximum(gap_s, SOONEST_S) * math.log(max(self._settings.within_s / SOONEST_S, math.e))
        )

    def _new_density(self, time_s: float, velocity_mps: Floats) -> float:
        """Of new objects: a second, square metre and square metre a second of velocity."""
        rate = self._new / (max(time_s - self._first_s, 0.0) + CALM_S)
        usual, fast = (_normal(velocity_mps, sigma) for sigma in (self._speed_sigma_mps, FAST_MPS))
        return rate / self._field_m2 * ((1.0 - FAST_SHARE) * usual + FAST_SHARE * fast)


def _normal(velocity_mps: Floats, sigma_mps: float) -> float:
    """Density of a level velocity (2,) whose components have this spread."""
    square = float((velocity_mps * velocity_mps).sum()) / sigma_mps**2
    return math.exp(-0.5 * square) / (2.0 * math.pi * sigma_mps**2)

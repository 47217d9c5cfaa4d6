"""Shown: what a display would have drawn at each judged second, a row a mark; from tracks, as known later or then.

A track's place at second T is its newest row carried to T by the row's own velocity. A clock reading belongs to the
whole second within half a second of it, so "newest" means the greatest `time_s` before T + 0.5 (the same half second
that a raw report is given); nothing later is looked at and nothing is interpolated. Of rows with equal `time_s` the
one with the greatest `known_s` stands. Live, only rows with `known_s` not after T exist. A track is shown if that row
is confirmed or coasting and its last detection is at most `FRESH_S` old at T.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from tocsin.model.track import TrackStatus

FRESH_S = 5.0
HALF_SECOND_S = 0.5

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class TrackRows(msgspec.Struct, frozen=True):
    """n rows of a run's tracks, in any order: track `number` (0 = never confirmed), `time_s` of validity, `known_s`,
    `last_detection_s`, `status` (TrackStatus), `position_m` and `velocity_mps` (n, 2) east and north."""

    number: Ints
    time_s: Floats
    known_s: Floats
    last_detection_s: Floats
    status: Ints
    position_m: Floats
    velocity_mps: Floats


class Shown(msgspec.Struct, frozen=True):
    """r marks: `second` (r,) index into the judged seconds, increasing; `number` (r,) which track or report it is;
    `position_m` (r, 2) east and north at that second."""

    second: Ints
    number: Ints
    position_m: Floats


def tracks_shown(rows: TrackRows, time_s: Floats, live: bool) -> Shown:
    """The tracks shown at `time_s` (k,): by measurement time, or `live` by what had been received then."""
    order = np.lexsort((rows.known_s, rows.time_s, rows.number))
    number = rows.number[order]
    seconds: list[Ints] = []
    chosen: list[Ints] = []
    for track in np.unique(number[number > 0]):
        start, end = np.searchsorted(number, [track, track + 1])
        of_track = order[start:end]
        newest = _newest_known_by(rows, of_track, time_s) if live else _newest_before(rows, of_track, time_s)
        known = np.flatnonzero(newest >= 0)
        seconds.append(known)
        chosen.append(newest[known])
    if not chosen:
        return Shown(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty((0, 2)))
    return _visible(rows, np.concatenate(seconds), np.concatenate(chosen), time_s)


def _newest_before(rows: TrackRows, of_track: Ints, time_s: Floats) -> Ints:
    """Row for each of `time_s`, -1 for none; `of_track` is sorted by time, then by time of knowledge."""
    index = np.searchsorted(rows.time_s[of_track], time_s + HALF_SECOND_S, side="left") - 1
    return np.where(index >= 0, of_track[index], -1)


def _newest_known_by(rows: TrackRows, of_track: Ints, time_s: Floats) -> Ints:
    by_knowledge = np.argsort(rows.known_s[of_track], kind="stable")
    # `of_track` is sorted by (time, knowledge), so a place in it ranks how new a row is.
    newest = np.maximum.accumulate(by_knowledge)
    index = np.searchsorted(rows.known_s[of_track][by_knowledge], time_s, side="right") - 1
    return np.where(index >= 0, of_track[newest[index]], -1)


def _visible(rows: TrackRows, second: Ints, row: Ints, time_s: Floats) -> Shown:
    at_s = time_s[second]
    alive = (rows.status[row] == TrackStatus.CONFIRMED) | (rows.status[row] == TrackStatus.COASTING)
    fresh = at_s - rows.last_detection_s[row] <= FRESH_S
    position_m = rows.position_m[row] + rows.velocity_mps[row] * (at_s - rows.time_s[row])[:, None]
    keep = alive & fresh & np.isfinite(position_m).all(axis=1)
    second, row, position_m = second[keep], row[keep], position_m[keep]
    order = np.lexsort((rows.number[row], second))
    return Shown(second[order], rows.number[row][order], position_m[order])

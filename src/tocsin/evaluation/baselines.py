"""Baselines: what a sensor's reports give without a tracker, measured exactly as tracks are.

raw: each distinct report is a mark at the whole second nearest to it, where it says. hold: the newest distinct reports,
as many as drones fly (a courtesy to the baseline), each carried on with its own velocity until it is five seconds old.
A repeat (same time, same place) is no new report. always and never warn: an alert that stands from the first judged
second to the last, and none.
"""

from collections.abc import Iterable

import msgspec
import numpy as np
from numpy.typing import NDArray

from tocsin.evaluation.metrics import GATE_M
from tocsin.evaluation.seconds import Seconds, place_at
from tocsin.evaluation.shown import FRESH_S, HALF_SECOND_S, Shown
from tocsin.model.truth import TruthTrack

SEEN_S = 2.5

Floats = NDArray[np.float64]


class Reports(msgspec.Struct, frozen=True):
    """n reports that have a place: `time_s` (n,), `position_m` (n, 2) and `velocity_mps` (n, 2) east and north, the
    velocity NaN where the sensor gave none."""

    time_s: Floats
    position_m: Floats
    velocity_mps: Floats

    @classmethod
    def joined(cls, several: Iterable["Reports"]) -> "Reports":
        """The reports of several sensors, one after the other."""
        parts = list(several)
        return cls(
            np.concatenate([np.empty(0), *(part.time_s for part in parts)]),
            np.concatenate([np.empty((0, 2)), *(part.position_m for part in parts)]),
            np.concatenate([np.empty((0, 2)), *(part.velocity_mps for part in parts)]),
        )


def distinct(reports: Reports) -> Reports:
    """In time order and without repeats; the first of equal ones stays."""
    keys = np.column_stack((reports.time_s, reports.position_m))
    _, first = np.unique(keys, axis=0, return_index=True)
    keep = np.sort(first)
    keep = keep[np.argsort(reports.time_s[keep], kind="stable")]
    return Reports(reports.time_s[keep], reports.position_m[keep], reports.velocity_mps[keep])


def raw_shown(reports: Reports, seconds: Seconds) -> Shown:
    """Every distinct report, at the one judged second T with T - 0.5 <= time < T + 0.5, if there is one."""
    nearest = np.floor(reports.time_s + HALF_SECOND_S)
    second = np.searchsorted(seconds.time_s, nearest)
    hit = second < len(seconds.time_s)
    hit[hit] = seconds.time_s[second[hit]] == nearest[hit]
    report = np.flatnonzero(hit)
    return Shown(second[report], report, reports.position_m[report])


def hold_shown(reports: Reports, seconds: Seconds) -> Shown:
    """The newest distinct reports before T + 0.5, carried to T; an unknown velocity holds the place."""
    velocity_mps = np.nan_to_num(reports.velocity_mps, nan=0.0)
    known = np.searchsorted(reports.time_s, seconds.time_s + HALF_SECOND_S, side="left")
    marks: list[tuple[int, int]] = []
    for second, (end, at_s) in enumerate(zip(known, seconds.time_s, strict=True)):
        start = max(0, end - int(seconds.flying[second].sum()))
        marks.extend((second, report) for report in range(start, end) if at_s - reports.time_s[report] <= FRESH_S)
    second_of, report_of = np.array(marks, dtype=np.int64).reshape(-1, 2).T
    age_s = seconds.time_s[second_of] - reports.time_s[report_of]
    return Shown(second_of, report_of, reports.position_m[report_of] + velocity_mps[report_of] * age_s[:, None])


def unseen_share(reports: Reports, seconds: Seconds, truths: tuple[TruthTrack, ...]) -> float:
    """The share of flying drone-seconds with no report within 50 m of the drone (where it was at the report's own
    time) and within 2.5 s: what no tracker could know from these reports' places."""
    unseen = 0
    for column, truth in enumerate(truths):
        place_m, _, _ = place_at(truth, reports.time_s)
        near_s = np.sort(reports.time_s[np.linalg.norm(reports.position_m - place_m, axis=1) <= GATE_M])
        at_s = seconds.time_s[seconds.flying[:, column]]
        first = np.searchsorted(near_s, at_s - SEEN_S, side="left")
        last = np.searchsorted(near_s, at_s + SEEN_S, side="right")
        unseen += int((first == last).sum())
    return unseen / int(seconds.flying.sum())

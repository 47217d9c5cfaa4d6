"""Metrics: how well what was shown matches where the drones were.

Every definition stands in docs/explanation/metrics.md. All distances are horizontal. Unknown is NaN: an error without
a covered second, a time to a track that never came.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from tocsin.evaluation.association import associate
from tocsin.evaluation.gospa import Gospa, gospa
from tocsin.evaluation.seconds import Seconds
from tocsin.evaluation.shown import Shown

GATE_M = 50.0


class TargetFigures(msgspec.Struct, frozen=True):
    """One drone: seconds judged in flight and seconds covered, switches and breaks, the marks that ever covered it, and
    the first covered second counted from its own first flying second."""

    target: str
    flying_s: int
    covered_s: int
    id_switches: int
    track_breaks: int
    first_covered_s: float
    numbers: tuple[int, ...]


class Figures(msgspec.Struct, frozen=True):
    """All drones together. `first_covered_s` counts from the first second any drone flies to the first any is
    covered; `gospa` holds means over the judged seconds."""

    coverage: float
    error_median_m: float
    error_p95_m: float
    id_switches: int
    track_breaks: int
    false_tracks_per_h: float
    false_track_seconds_per_h: float
    first_covered_s: float
    gospa: Gospa
    targets: tuple[TargetFigures, ...]


class _Matched(msgspec.Struct, frozen=True):
    """`number` (k, m): the mark that covers a drone, -1 for none; `error_m` (k, m): NaN for none; `false` (k,): marks
    with no flying drone within the gate; `near`: marks that ever had one; `parts_m` (k, 4): GOSPA and its parts."""

    number: NDArray[np.int64]
    error_m: NDArray[np.float64]
    false: NDArray[np.int64]
    near: frozenset[int]
    parts_m: NDArray[np.float64]


def measure(seconds: Seconds, shown: Shown, gate_m: float = GATE_M) -> Figures:
    """The figures of marks shown at the judged seconds; within `gate_m` a mark is on the drone."""
    matched = _match(seconds, shown, gate_m)
    covered = matched.number >= 0
    errors_m = matched.error_m[covered]
    targets = tuple(_of_target(seconds, matched, column) for column in range(len(seconds.targets)))
    never_near = set(shown.number.tolist()) - matched.near
    any_covered = np.flatnonzero(covered.any(axis=1))
    return Figures(
        coverage=float(covered.sum() / seconds.flying.sum()),
        error_median_m=float(np.median(errors_m)) if len(errors_m) else np.nan,
        error_p95_m=float(np.percentile(errors_m, 95)) if len(errors_m) else np.nan,
        id_switches=sum(target.id_switches for target in targets),
        track_breaks=sum(target.track_breaks for target in targets),
        false_tracks_per_h=len(never_near) / seconds.hours,
        false_track_seconds_per_h=float(matched.false.sum()) / seconds.hours,
        first_covered_s=float(seconds.time_s[any_covered[0]] - seconds.time_s[0]) if len(any_covered) else np.nan,
        gospa=Gospa(*matched.parts_m.mean(axis=0).tolist()),
        targets=targets,
    )


def _match(seconds: Seconds, shown: Shown, gate_m: float) -> _Matched:
    count, drones = seconds.flying.shape
    number = np.full((count, drones), -1, dtype=np.int64)
    error_m = np.full((count, drones), np.nan)
    false = np.zeros(count, dtype=np.int64)
    parts_m = np.empty((count, 4))
    near: set[int] = set()
    last = np.full(drones, -1, dtype=np.int64)
    bounds = np.searchsorted(shown.second, np.arange(count + 1))
    for k in range(count):
        marks = slice(bounds[k], bounds[k + 1])
        marks_m, numbers = shown.position_m[marks], shown.number[marks]
        flying = np.flatnonzero(seconds.flying[k])
        truth_m = seconds.position_m[k, flying]
        distance_m = np.linalg.norm(truth_m[:, None, :] - marks_m[None, :, :], axis=2)
        paired = associate(distance_m, numbers[None, :] == last[flying, None], gate_m)
        has = np.flatnonzero(paired >= 0)
        number[k, flying[has]] = last[flying[has]] = numbers[paired[has]]
        error_m[k, flying[has]] = distance_m[has, paired[has]]
        close = (distance_m <= gate_m).any(axis=0)
        near.update(numbers[close].tolist())
        false[k] = int((~close).sum())
        parts_m[k] = msgspec.structs.astuple(gospa(truth_m, marks_m))
    return _Matched(number, error_m, false, frozenset(near), parts_m)


def _of_target(seconds: Seconds, matched: _Matched, column: int) -> TargetFigures:
    flying = seconds.flying[:, column]
    number = matched.number[flying, column]
    time_s = seconds.time_s[flying]
    covered = np.flatnonzero(number >= 0)
    owners = number[covered]
    return TargetFigures(
        target=seconds.targets[column],
        flying_s=len(number),
        covered_s=len(covered),
        id_switches=int((np.diff(owners) != 0).sum()),
        track_breaks=int((np.diff(covered) > 1).sum()),
        first_covered_s=float(time_s[covered[0]] - time_s[0]) if len(covered) else np.nan,
        numbers=tuple(dict.fromkeys(owners.tolist())),
    )

"""Evaluation: everything `tocsin evaluate` finds out about a run, as one structure that is written as JSON.

Each figure is defined in docs/explanation/metrics.md. NaN (null in JSON) is a figure that does not exist in this run;
shares and rates are of the judged seconds.
"""

import math
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from tocsin.evaluation.baselines import Reports, distinct, hold_shown, raw_shown, unseen_share
from tocsin.evaluation.metrics import Figures, measure
from tocsin.evaluation.seconds import Seconds, judged_seconds
from tocsin.evaluation.shown import TrackRows, tracks_shown
from tocsin.evaluation.warning import Entry, WarningFigures, always_and_never, measure_warning
from tocsin.model.alert import Alert
from tocsin.model.errors import TocsinError
from tocsin.model.threat import Asset, Zone
from tocsin.model.truth import TruthTrack


class Run(msgspec.Struct, frozen=True):
    """What a run left behind and what its site said: rows of its tracks; for each sensor of the site its reports that
    have a place, maybe none; all versions of its alerts in the order they were written; assets and zones."""

    tracks: TrackRows
    reports: Mapping[str, Reports]
    alerts: Sequence[Alert] = ()
    assets: Sequence[Asset] = ()
    zones: Sequence[Zone] = ()


class GospaMeans(msgspec.Struct, frozen=True, rename=lambda name: name.removesuffix("_m")):
    """Means over the judged seconds; `mean_m` is the whole distance, the others what each part alone makes.

    The JSON file says `mean`, `localisation`, `missed` and `false`, since the whole is called `gospa_m` there.
    """

    mean_m: float
    localisation_m: float
    missed_m: float
    false_m: float


class BaselineMarks(msgspec.Struct, frozen=True):
    """A sensor's reports measured as tracks are."""

    coverage_50m: float
    error_median_m: float
    error_p95_m: float
    track_breaks: int
    false_track_seconds_per_h: float
    gospa_m: GospaMeans


class BaselineWarning(msgspec.Struct, frozen=True):
    """A rule that needs no sensor, measured as alerts are."""

    first_alert_s: float
    warning_time_min_s: float


class Baselines(msgspec.Struct, frozen=True):
    """`raw` and `hold` are of the sensor named by --raw, None without it."""

    raw: BaselineMarks | None
    hold: BaselineMarks | None
    always_warn: BaselineWarning
    never_warn: BaselineWarning


class Target(msgspec.Struct, frozen=True):
    """One drone of the truth."""

    target: str
    flying_s: int
    coverage_50m: float
    id_switches: int
    track_breaks: int
    first_track_s: float
    tracks: tuple[int, ...]


class Evaluation(msgspec.Struct, frozen=True):
    """The keys of the JSON file, in its order."""

    coverage_50m: float
    coverage_raw_50m: float
    coverage_hold_50m: float
    coverage_ratio_to_raw: float
    coverage_live_50m: float
    error_median_m: float
    error_p95_m: float
    id_switches: int
    track_breaks: int
    false_tracks_per_h: float
    false_track_seconds_per_h: float
    first_track_s: float
    first_alert_s: float
    warning_time_min_s: float
    gospa_m: GospaMeans
    coverage_25m: float
    coverage_100m: float
    unseen_50m: float
    entries: tuple[Entry, ...]
    false_alerts_per_h: float
    misplaced_alerts: int
    misplaced_alerts_most: int
    judged_s: int
    unknown_s: int
    raw_sensor: str | None
    targets: tuple[Target, ...]
    baselines: Baselines
    schema: int = 1


def _check_overlap(run: Run, seconds: Seconds) -> None:
    """Refuse a run that saw something, but nothing of it within a minute of the judged seconds."""
    times_s = np.concatenate((run.tracks.time_s, *(reports.time_s for reports in run.reports.values())))
    first_s, last_s = float(seconds.time_s[0]) - 60.0, float(seconds.time_s[-1]) + 60.0
    if len(times_s) and not np.any((times_s >= first_s) & (times_s <= last_s)):
        raise TocsinError(
            f"run and truth do not overlap in time: the run has {times_s.min():.0f} to {times_s.max():.0f} s, "
            f"the truth flies from {first_s + 60.0:.0f} to {last_s - 60.0:.0f} s (UTC since 1970)"
        )


def evaluate(run: Run, truths: Sequence[TruthTrack], raw_sensor: str | None = None) -> Evaluation:
    """Compare a run with the truth. `raw_sensor` names the sensor of the raw and hold baselines; one that reported
    nothing with a place in this run gives baselines of nothing, one the site does not have is refused."""
    if raw_sensor is not None and raw_sensor not in run.reports:
        known = ", ".join(run.reports) or "none"
        raise TocsinError(f"--raw: the site has no sensor {raw_sensor!r}; it has {known}")
    seconds = judged_seconds(truths)
    _check_overlap(run, seconds)
    shown = tracks_shown(run.tracks, seconds.time_s, live=False)
    figures = measure(seconds, shown)
    live = measure(seconds, tracks_shown(run.tracks, seconds.time_s, live=True))
    raw = hold = None
    if raw_sensor is not None:
        reports = distinct(run.reports[raw_sensor])
        raw = _marks(measure(seconds, raw_shown(reports, seconds)))
        hold = _marks(measure(seconds, hold_shown(reports, seconds)))
    covering = {target.target: frozenset(target.numbers) for target in figures.targets}
    warning = measure_warning(seconds, covering, run.alerts, run.assets, run.zones)
    always, never = always_and_never(seconds, run.assets)
    every = Reports.joined(run.reports.values())
    return Evaluation(
        coverage_50m=figures.coverage,
        coverage_raw_50m=raw.coverage_50m if raw else math.nan,
        coverage_hold_50m=hold.coverage_50m if hold else math.nan,
        coverage_ratio_to_raw=figures.coverage / raw.coverage_50m if raw and raw.coverage_50m else math.nan,
        coverage_live_50m=live.coverage,
        error_median_m=figures.error_median_m,
        error_p95_m=figures.error_p95_m,
        id_switches=figures.id_switches,
        track_breaks=figures.track_breaks,
        false_tracks_per_h=figures.false_tracks_per_h,
        false_track_seconds_per_h=figures.false_track_seconds_per_h,
        first_track_s=figures.first_covered_s,
        first_alert_s=warning.first_alert_s,
        warning_time_min_s=warning.warning_min_s,
        gospa_m=_gospa(figures),
        coverage_25m=measure(seconds, shown, 25.0).coverage,
        coverage_100m=measure(seconds, shown, 100.0).coverage,
        unseen_50m=unseen_share(every, seconds, tuple(truths)),
        entries=warning.entries,
        false_alerts_per_h=warning.false_alerts / seconds.hours,
        misplaced_alerts=warning.misplaced,
        misplaced_alerts_most=warning.misplaced_most,
        judged_s=len(seconds.time_s),
        unknown_s=seconds.unknown,
        raw_sensor=raw_sensor,
        targets=_targets(figures),
        baselines=Baselines(raw, hold, _warned(always), _warned(never)),
    )


def _gospa(figures: Figures) -> GospaMeans:
    return GospaMeans(*msgspec.structs.astuple(figures.gospa))


def _marks(figures: Figures) -> BaselineMarks:
    return BaselineMarks(
        coverage_50m=figures.coverage,
        error_median_m=figures.error_median_m,
        error_p95_m=figures.error_p95_m,
        track_breaks=figures.track_breaks,
        false_track_seconds_per_h=figures.false_track_seconds_per_h,
        gospa_m=_gospa(figures),
    )


def _warned(figures: WarningFigures) -> BaselineWarning:
    return BaselineWarning(figures.first_alert_s, figures.warning_min_s)


def _targets(figures: Figures) -> tuple[Target, ...]:
    return tuple(
        Target(
            target=one.target,
            flying_s=one.flying_s,
            coverage_50m=one.covered_s / one.flying_s if one.flying_s else math.nan,
            id_switches=one.id_switches,
            track_breaks=one.track_breaks,
            first_track_s=one.first_covered_s,
            tracks=one.numbers,
        )
        for one in figures.targets
    )

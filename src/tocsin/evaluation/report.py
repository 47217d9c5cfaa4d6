"""Report: one evaluation as text for a terminal, several as a Markdown table, each figure beside the baselines."""

import math
from collections.abc import Callable, Sequence

from tocsin.evaluation.evaluation import BaselineMarks, Evaluation

ABSENT = "–"
Row = tuple[str, str, str, str]


def text(found: Evaluation) -> str:
    """Lines of figure, value, raw, hold, for a terminal."""
    heading = ("", "tracks", "raw", "hold")
    rows = [heading, *rows_of(found)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [f"{row[0]:<{widths[0]}}  " + "  ".join(f"{row[i]:>{widths[i]}}" for i in (1, 2, 3)) for row in rows]
    judged = f"{found.judged_s} s judged, {found.unknown_s} s without a fix left out"
    raw = f"; raw and hold are {found.raw_sensor}'s reports" if found.raw_sensor else ""
    return "\n".join([*lines, judged + raw])


def markdown(columns: Sequence[tuple[str, Evaluation]]) -> str:
    """A table with a row a figure and a column a run; a cell holds "tracks / raw / hold" where there are baselines."""
    heading = "| | " + " | ".join(name for name, _ in columns) + " |"
    rule = "|---|" + "---|" * len(columns)
    tables = [rows_of(found) for _, found in columns]
    lines = []
    for same in zip(*tables, strict=True):
        cells = [" / ".join(row[1:]) if any(row[2:]) else row[1] for row in same]
        lines.append(f"| {same[0][0]} | " + " | ".join(cells) + " |")
    return "\n".join([heading, rule, *lines])


def rows_of(found: Evaluation) -> list[Row]:
    """(figure, of the tracks, of raw, of hold); the last two are empty where the baseline has no such figure."""
    raw, hold = found.baselines.raw, found.baselines.hold

    def beside(name: str, value: float, digits: int, of: Callable[[BaselineMarks], float]) -> Row:
        baselines = ["" if marks is None else _number(of(marks), digits) for marks in (raw, hold)]
        return name, _number(value, digits), baselines[0], baselines[1]

    def alone(name: str, value: float, digits: int) -> Row:
        return name, _number(value, digits), "", ""

    return [
        alone("judged, s", found.judged_s, 0),
        alone("of the flight no sensor saw", found.unseen_50m, 3),
        beside("coverage_50m", found.coverage_50m, 3, lambda marks: marks.coverage_50m),
        alone("coverage_ratio_to_raw", found.coverage_ratio_to_raw, 2),
        alone("coverage_live_50m", found.coverage_live_50m, 3),
        alone("coverage_25m", found.coverage_25m, 3),
        alone("coverage_100m", found.coverage_100m, 3),
        beside("error_median_m", found.error_median_m, 1, lambda marks: marks.error_median_m),
        beside("error_p95_m", found.error_p95_m, 1, lambda marks: marks.error_p95_m),
        alone("id_switches", found.id_switches, 0),
        beside("track_breaks", found.track_breaks, 0, lambda marks: marks.track_breaks),
        alone("false_tracks_per_h", found.false_tracks_per_h, 1),
        beside(
            "false_track_seconds_per_h",
            found.false_track_seconds_per_h,
            0,
            lambda marks: marks.false_track_seconds_per_h,
        ),
        beside("gospa_m mean", found.gospa_m.mean_m, 1, lambda marks: marks.gospa_m.mean_m),
        alone("gospa_m localisation", found.gospa_m.localisation_m, 1),
        alone("gospa_m missed", found.gospa_m.missed_m, 1),
        alone("gospa_m false", found.gospa_m.false_m, 1),
        alone("first_track_s", found.first_track_s, 0),
        alone("first_alert_s", found.first_alert_s, 1),
        alone("entries into an asset", len(found.entries), 0),
        alone("of them warned of", sum(entry.warning_s > 0.0 for entry in found.entries), 0),
        alone("warning_time_min_s", found.warning_time_min_s, 1),
        alone("false_alerts_per_h", found.false_alerts_per_h, 1),
        alone("misplaced_alerts", found.misplaced_alerts, 0),
    ]


def _number(value: float, digits: int) -> str:
    return ABSENT if math.isnan(value) else f"{value:.{digits}f}"

"""All figures of one made-up run, worked out by hand."""

import math

import msgspec
import numpy as np
import pytest

from tocsin.evaluation.baselines import Reports
from tocsin.evaluation.evaluation import Run, evaluate
from tocsin.evaluation.shown import TrackRows
from tocsin.model.errors import TocsinError
from tocsin.model.track import TrackStatus
from tocsin.model.truth import TruthTrack

KEYS = (
    "coverage_50m coverage_raw_50m coverage_hold_50m coverage_ratio_to_raw coverage_live_50m error_median_m "
    "error_p95_m id_switches track_breaks false_tracks_per_h false_track_seconds_per_h first_track_s first_alert_s "
    "warning_time_min_s gospa_m"
).split()


def eastward(count=21):
    """Ten metres a second east along north 0, from second 100 on."""
    time_s = 100.0 + np.arange(count)
    position = np.column_stack((10.0 * np.arange(count), np.zeros(count), np.full(count, 50.0)))
    return TruthTrack("a", time_s, position, np.ones(count, dtype=bool))


def rows(*table):
    """Each row: number, time, known, east, north; detected at its time, ten metres a second east."""
    columns = np.array(table, dtype=np.float64).reshape(-1, 5).T
    n = len(columns[0])
    return TrackRows(
        number=columns[0].astype(np.int64),
        time_s=columns[1],
        known_s=columns[2],
        last_detection_s=columns[1],
        status=np.full(n, int(TrackStatus.CONFIRMED)),
        position_m=columns[3:5].T,
        velocity_mps=np.tile([10.0, 0.0], (n, 1)),
    )


def reports(*times_s):
    at = np.array(times_s)
    velocity = np.tile([10.0, 0.0], (len(at), 1))
    return Reports(at, np.column_stack((10.0 * (at - 100.0), np.full(len(at), 20.0))), velocity)


NOTHING = Reports(np.empty(0), np.empty((0, 2)), np.empty((0, 2)))


def test_every_figure_of_a_small_run():
    tracks = rows((1, 104.0, 106.0, 40.0, 30.0), (1, 108.0, 110.0, 80.0, 30.0), (2, 104.0, 104.0, 40.0, 400.0))
    found = evaluate(Run(tracks, {"radar": reports(104.0, 108.0, 108.0), "mast": NOTHING}), [eastward()], "radar")
    # Seconds 104 to 113 by measurement time; live from 106, and again old at 113.
    assert found.coverage_50m == pytest.approx(10 / 21)
    assert found.coverage_live_50m == pytest.approx(8 / 21)
    assert found.coverage_raw_50m == pytest.approx(2 / 21)
    assert found.coverage_hold_50m == pytest.approx(10 / 21)
    assert found.coverage_ratio_to_raw == pytest.approx(5.0)
    assert (found.error_median_m, found.error_p95_m) == pytest.approx((30.0, 30.0))
    assert (found.id_switches, found.track_breaks) == (0, 0)
    assert found.false_tracks_per_h == pytest.approx(3600 / 21)
    assert found.false_track_seconds_per_h == pytest.approx(6 * 3600 / 21)
    assert found.first_track_s == 4.0
    assert math.isnan(found.first_alert_s) and math.isnan(found.warning_time_min_s)
    assert found.coverage_25m == 0.0
    assert found.coverage_100m == found.coverage_50m
    assert found.unseen_50m == pytest.approx((21 - 9) / 21)  # 102 to 110 lie within 2.5 s of a report
    assert found.baselines.raw is not None and found.baselines.raw.error_median_m == pytest.approx(20.0)
    assert found.targets[0].tracks == (1,)


def test_the_json_has_the_promised_keys_and_null_for_what_is_not():
    found = evaluate(Run(rows(), {"radar": NOTHING}), [eastward()])
    written = msgspec.json.decode(msgspec.json.encode(found))
    assert set(KEYS) <= set(written)
    assert set(written["gospa_m"]) == {"mean", "localisation", "missed", "false"}
    assert written["coverage_50m"] == 0.0
    assert written["false_tracks_per_h"] == 0.0
    for key in ("coverage_raw_50m", "coverage_ratio_to_raw", "error_median_m", "first_track_s", "first_alert_s"):
        assert written[key] is None
    assert written["baselines"]["raw"] is None
    assert written["gospa_m"]["mean"] == pytest.approx(100.0 / math.sqrt(2.0))


def test_a_sensor_that_saw_nothing_has_a_raw_coverage_of_zero_and_no_ratio():
    found = evaluate(Run(rows((1, 104.0, 104.0, 40.0, 0.0)), {"radar": NOTHING}), [eastward()], "radar")
    assert (found.coverage_raw_50m, found.coverage_hold_50m) == (0.0, 0.0)
    assert math.isnan(found.coverage_ratio_to_raw)


def test_a_sensor_the_site_does_not_have_is_refused():
    with pytest.raises(TocsinError, match="no sensor 'sonar'; it has radar"):
        evaluate(Run(rows(), {"radar": NOTHING}), [eastward()], "sonar")


def test_a_run_of_another_day_is_refused():
    with pytest.raises(TocsinError, match="do not overlap in time"):
        evaluate(Run(rows((1, 90_104.0, 90_104.0, 40.0, 0.0)), {"radar": NOTHING}), [eastward()])

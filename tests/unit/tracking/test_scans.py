"""How detections become scans, by rule; repeats, late parts, and bad input."""

import math

import pytest

from tocsin.model.detection import Detection, Look, MeasurementKind
from tocsin.model.errors import TocsinError
from tocsin.tracking import ScanRule, SensorModel
from tocsin.tracking.scans import Collector

T = 1000.0


def collector(rule: str, period_s: float = 1.0, repeats: str = "drop") -> Collector:
    return Collector([SensorModel("s", scan=ScanRule(rule, period_s), repeats=repeats)])  # type: ignore[arg-type]


def report(time_s: float, east: float = 100.0, *, received_s: float | None = None, sensor: str = "s") -> Detection:
    received_s = time_s if received_s is None else received_s
    return Detection(sensor, MeasurementKind.POSITION_2D, time_s, received_s, (east, 50.0), (1.0, 0.0, 0.0, 1.0))


def bearing(time_s: float, degrees: float) -> Detection:
    return Detection("s", MeasurementKind.AZIMUTH, time_s, time_s, (math.radians(degrees),), (1e-4,))


def test_row_gives_each_detection_out_at_once_as_no_whole_look():
    c = collector("row")
    [scan] = c.add(report(T))
    assert scan.time_s == T and not scan.whole and scan.values.tolist() == [[100.0, 50.0]]
    assert scan.detections[0].time_s == T and c.tick(T + 5) == []


def test_period_gathers_until_the_next_period_or_a_tick():
    c = collector("period", 2.0)
    assert c.add(report(T)) == [] and c.add(report(T + 1.5, 200.0)) == []
    [scan] = c.add(report(T + 2.1, 300.0))
    assert scan.time_s == T + 2.0 and scan.whole and scan.times_s.tolist() == [T, T + 1.5]
    assert c.tick(T + 3.9) == []
    [scan] = c.tick(T + 4.0)
    assert scan.time_s == T + 4.0 and len(scan.times_s) == 1


def test_period_gives_a_late_part_the_time_of_its_own_look():
    c = collector("period", 2.0)
    c.add(report(T))
    c.tick(T + 2.0)
    [late] = c.add(report(T + 1.0, 300.0, received_s=T + 5.0))
    assert late.time_s == T + 2.0 and late.whole and late.received_s == T + 5.0


def test_an_empty_look_is_a_scan_without_rows_unless_its_look_has_some():
    c = collector("period", 1.0)
    c.add(Look("s", T, T))
    [scan] = c.tick(T + 1.0)
    assert scan.values.shape[0] == 0 and scan.whole
    c.add(Look("s", T + 1.1, T + 1.1))
    c.add(report(T + 1.2))
    [scan] = c.tick(T + 2.0)
    assert scan.values.shape[0] == 1


def test_sector_ends_where_the_turn_began():
    c = collector("sector", 4.0)
    for k, degrees in enumerate((90.0, 200.0, 350.0, 30.0, 80.0)):
        assert c.add(bearing(T + k, degrees)) == []
    [scan] = c.add(bearing(T + 5, 95.0))
    assert scan.time_s == T + 4 and len(scan.times_s) == 5
    assert len(c.tick(T + 5 + 6.0)) == 1


def test_sector_lets_jitter_at_its_start_pass():
    c = collector("sector", 4.0)
    assert c.add(bearing(T, 90.0)) == []
    assert c.add(bearing(T + 0.01, 89.9)) == []
    assert c.add(bearing(T + 1, 180.0)) == []
    [scan] = c.add(bearing(T + 4, 90.0))
    assert len(scan.times_s) == 3


def test_sector_tells_turns_with_one_detection_each_apart():
    c = collector("sector", 4.0)
    c.add(bearing(T, 90.0))
    for k in range(1, 6):
        [scan] = c.add(bearing(T + 4.0 * k, 90.0 - 0.2 * (k % 2)))
        assert len(scan.times_s) == 1


def test_gap_ends_a_burst_by_silence():
    c = collector("gap", 0.5)
    c.add(report(T))
    c.add(report(T + 0.1, 200.0))
    assert c.tick(T + 0.5) == []
    [scan] = c.tick(T + 0.6)
    assert scan.time_s == T + 0.1 and scan.whole and len(scan.times_s) == 2


def test_gap_cuts_a_burst_that_spans_seconds_into_slices_in_time_order():
    c = collector("gap", 0.5)
    for back in (0.0, 7.0, 3.2, 7.1):
        c.add(report(T - back, back, received_s=T))
    scans = c.tick(T + 1.0)
    assert [s.time_s for s in scans] == [T - 7.0, T - 3.2, T]
    assert [len(s.times_s) for s in scans] == [2, 1, 1] and not any(s.whole for s in scans)


def test_a_sensor_may_say_that_its_bursts_span_more():
    rule = ScanRule(rule="gap", period_s=0.5, span_s=4.0)
    c = Collector([SensorModel("s", scan=rule)])
    for back in (0.0, 3.2, 1.0):
        c.add(report(T - back, back, received_s=T))
    [scan] = c.tick(T + 1.0)
    assert scan.time_s == T and scan.whole and len(scan.times_s) == 3


def test_repeats_are_dropped_and_counted_also_across_looks():
    c = collector("gap", 0.5)
    c.add(report(T))
    c.add(report(T))
    assert len(c.tick(T + 1)[0].times_s) == 1
    c.add(report(T, received_s=T + 2))
    assert c.tick(T + 4) == [] and c.statistics()["repeats"] == 2
    keep = collector("gap", 0.5, repeats="keep")
    keep.add(report(T))
    keep.add(report(T))
    assert len(keep.tick(T + 1)[0].times_s) == 2


def test_bad_input_is_counted_and_loses_nothing_else():
    c = collector("period", 1.0)
    c.add(report(T))
    c.add(report(math.nan))
    c.add(report(T, sensor="stranger"))
    c.add(report(T + 1e6, received_s=T))
    c.add(Detection("s", MeasurementKind.POSITION_3D, T, T, (1.0,), (1.0,)))
    [scan] = c.tick(T + 1.0)
    assert len(scan.times_s) == 1
    counts = c.statistics()
    assert counts["dropped_bad_time"] == counts["dropped_unknown_sensor"] == 1
    assert counts["dropped_from_the_future"] == counts["dropped_malformed"] == 1


def test_range_rates_are_carried_and_columns_read_only():
    c = collector("period", 1.0)
    moving = Detection(
        "s", MeasurementKind.POLAR_2D, T, T, (500.0, 1.0), (25.0, 0.0, 0.0, 1e-4),
        range_rate_mps=-3.0, range_rate_sigma_mps=0.5,
    )  # fmt: skip
    still = Detection("s", MeasurementKind.POLAR_2D, T + 0.1, T + 0.1, (600.0, 1.0), (25.0, 0.0, 0.0, 1e-4))
    c.add(moving)
    c.add(still)
    [scan] = c.tick(T + 1.0)
    assert scan.range_rate_mps[0] == -3.0 and math.isnan(scan.range_rate_mps[1])
    with pytest.raises(ValueError, match="read-only"):
        scan.values[0, 0] = 1.0


def test_two_kinds_in_one_look_are_two_scans_and_one_whole_look():
    c = collector("period", 1.0)
    c.add(report(T))
    c.add(report(T + 0.1, 200.0))
    c.add(bearing(T + 0.2, 10.0))
    scans = c.tick(T + 1.0)
    assert [(s.kind, s.whole) for s in scans] == [(MeasurementKind.POSITION_2D, True), (MeasurementKind.AZIMUTH, False)]


def test_a_rule_without_a_sensible_period_is_refused():
    with pytest.raises(TocsinError, match="period_s"):
        ScanRule("period", 0.0)

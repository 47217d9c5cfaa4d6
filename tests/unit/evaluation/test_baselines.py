"""Raw reports and held reports as marks, and what no sensor saw."""

import numpy as np
import pytest

from tocsin.evaluation.baselines import Reports, distinct, hold_shown, raw_shown, unseen_share
from tocsin.evaluation.metrics import measure
from tocsin.evaluation.seconds import judged_seconds
from tocsin.model.truth import TruthTrack


def flight(count=20, east_m=0.0, target="a"):
    """Hovers at (east_m, 0)."""
    time_s = np.arange(float(count))
    position = np.column_stack((np.full(count, east_m), np.zeros(count), np.zeros(count)))
    return TruthTrack(target, time_s, position, np.ones(count, dtype=bool))


def reports(*table):
    """Each report: time, east, east speed."""
    columns = np.array(table, dtype=np.float64).reshape(-1, 3).T
    zeros = np.zeros_like(columns[0])
    return Reports(columns[0], np.column_stack((columns[1], zeros)), np.column_stack((columns[2], zeros)))


def test_repeats_are_one_report_and_order_is_time():
    kept = distinct(reports((5.0, 1.0, 0.0), (3.0, 2.0, 0.0), (5.0, 1.0, 0.0), (5.0, 4.0, 0.0)))
    assert kept.time_s.tolist() == [3.0, 5.0, 5.0]
    assert kept.position_m[:, 0].tolist() == [2.0, 1.0, 4.0]


def test_a_raw_report_covers_one_second():
    seconds = judged_seconds([flight()])
    found = raw_shown(reports((3.49, 0.0, 9.0), (4.5, 60.0, 0.0), (7.5, 10.0, 0.0), (99.0, 0.0, 0.0)), seconds)
    assert found.second.tolist() == [3, 5, 8]
    assert found.position_m[:, 0].tolist() == [0.0, 60.0, 10.0]
    assert measure(seconds, found).coverage == pytest.approx(2 / 20)


def test_two_drones_need_two_reports():
    seconds = judged_seconds([flight(), flight(east_m=30.0, target="b")])
    assert measure(seconds, raw_shown(reports((3.0, 10.0, 0.0)), seconds)).coverage == pytest.approx(1 / 40)
    both = reports((3.0, 10.0, 0.0), (3.1, 12.0, 0.0))
    assert measure(seconds, raw_shown(both, seconds)).coverage == pytest.approx(2 / 40)


def test_the_newest_report_is_carried_on_for_five_seconds():
    seconds = judged_seconds([flight()])
    found = hold_shown(reports((2.0, -20.0, 10.0)), seconds)
    assert found.second.tolist() == [2, 3, 4, 5, 6, 7]
    assert found.position_m[:, 0].tolist() == [-20.0, -10.0, 0.0, 10.0, 20.0, 30.0]


def test_a_newer_report_replaces_an_older_one_and_without_velocity_stays_put():
    seconds = judged_seconds([flight()])
    found = hold_shown(reports((2.0, 0.0, 0.0), (3.0, 500.0, np.nan)), seconds)
    assert found.position_m[:, 0].tolist() == [0.0, 500.0, 500.0, 500.0, 500.0, 500.0, 500.0]


def test_no_reports_are_no_marks():
    seconds = judged_seconds([flight()])
    assert len(hold_shown(reports(), seconds).number) == 0
    assert len(raw_shown(distinct(reports()), seconds).number) == 0
    assert unseen_share(reports(), seconds, (flight(),)) == 1.0


def test_unseen_is_what_no_report_came_near_in_time_and_place():
    seconds = judged_seconds([flight()])
    near_and_far = reports((5.0, 40.0, 0.0), (12.0, 51.0, 0.0))
    # Seconds 3 to 7 lie within 2.5 s of the near report.
    assert unseen_share(near_and_far, seconds, (flight(),)) == pytest.approx(15 / 20)

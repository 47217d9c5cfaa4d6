"""Which tracks stand where at a second, as known later and as known then."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.evaluation.shown import TrackRows, tracks_shown
from tocsin.model.track import TrackStatus

CONFIRMED, COASTING = int(TrackStatus.CONFIRMED), int(TrackStatus.COASTING)
TENTATIVE, DELETED = int(TrackStatus.TENTATIVE), int(TrackStatus.DELETED)


def rows(*table):
    """Each row: number, time, known, last detection, status, east, east speed."""
    columns = np.array(table, dtype=np.float64).reshape(-1, 7).T
    zeros = np.zeros_like(columns[0])
    return TrackRows(
        number=columns[0].astype(np.int64),
        time_s=columns[1],
        known_s=columns[2],
        last_detection_s=columns[3],
        status=columns[4].astype(np.int64),
        position_m=np.column_stack((columns[5], zeros)),
        velocity_mps=np.column_stack((columns[6], zeros)),
    )


def marks(found):
    pairs = zip(found.second.tolist(), found.number.tolist(), found.position_m[:, 0].tolist(), strict=True)
    return [(second, number, round(east, 6)) for second, number, east in pairs]


def test_the_newest_row_is_carried_by_its_own_velocity():
    found = tracks_shown(
        rows((1, 9.3, 9.5, 9.3, CONFIRMED, 100, 10), (1, 11.9, 12.0, 11.9, CONFIRMED, 200, 10)),
        np.array([10.0, 11.0, 12.0]),
        live=False,
    )
    assert marks(found) == [(0, 1, 107.0), (1, 1, 117.0), (2, 1, 201.0)]


def test_a_row_belongs_to_the_second_within_half_a_second_of_it_and_no_further():
    table = rows((1, 10.4, 10.4, 10.4, CONFIRMED, 100, 10), (2, 10.5, 10.5, 10.5, CONFIRMED, 100, 10))
    assert marks(tracks_shown(table, np.array([10.0]), live=False)) == [(0, 1, 96.0)]
    assert marks(tracks_shown(table, np.array([10.0]), live=True)) == []


def test_what_settled_later_replaces_what_was_said_first():
    table = rows((1, 10.0, 10.2, 10.0, CONFIRMED, 100, 0), (1, 10.0, 22.0, 10.0, CONFIRMED, 130, 0))
    assert marks(tracks_shown(table, np.array([10.0]), live=False)) == [(0, 1, 130.0)]
    assert marks(tracks_shown(table, np.array([10.0, 11.0, 14.0]), live=True)) == [(1, 1, 100.0), (2, 1, 100.0)]


def test_a_settled_row_about_the_past_is_not_news_in_the_live_picture():
    table = rows(
        (1, 10.0, 10.0, 10.0, CONFIRMED, 100, 0),
        (1, 14.0, 14.1, 14.0, CONFIRMED, 140, 0),
        (1, 10.0, 15.0, 10.0, CONFIRMED, 900, 0),
    )
    assert marks(tracks_shown(table, np.array([16.0]), live=True)) == [(0, 1, 140.0)]


def test_a_track_taken_back_by_late_scans_is_gone():
    table = rows((1, 10.0, 10.2, 10.0, CONFIRMED, 100, 0), (1, 10.0, 22.0, 10.0, TENTATIVE, 100, 0))
    assert marks(tracks_shown(table, np.array([10.0]), live=False)) == []


@pytest.mark.parametrize(("status", "count"), [(CONFIRMED, 1), (COASTING, 1), (TENTATIVE, 0), (DELETED, 0)])
def test_only_confirmed_and_coasting_tracks_are_shown(status, count):
    assert len(tracks_shown(rows((1, 10, 10, 10, status, 0, 0)), np.array([10.0]), live=False).number) == count


def test_a_last_detection_over_five_seconds_old_hides_a_track():
    table = rows((1, 14.8, 14.8, 10.0, COASTING, 0, 0))
    assert marks(tracks_shown(table, np.array([15.0, 16.0]), live=False)) == [(0, 1, 0.0)]


def test_rows_before_confirmation_and_rows_without_a_place_are_not_shown():
    table = rows((0, 10, 10, 10, CONFIRMED, 0, 0), (3, 10, 10, 10, CONFIRMED, np.nan, 0))
    assert marks(tracks_shown(table, np.array([10.0]), live=False)) == []
    assert marks(tracks_shown(rows(), np.array([10.0]), live=True)) == []


row = st.tuples(
    st.integers(0, 3),
    st.integers(0, 20).map(lambda tick: tick * 0.5),
    st.integers(0, 6).map(float),
    st.integers(0, 20).map(lambda tick: tick * 0.5),
    st.sampled_from([TENTATIVE, CONFIRMED, COASTING, DELETED]),
    st.integers(-5, 5).map(float),
    st.integers(-3, 3).map(float),
)


@settings(deadline=None)
@given(table=st.lists(row, max_size=25, unique_by=lambda r: (r[0], r[1], r[1] + r[2])), live=st.booleans())
def test_is_what_a_search_through_all_rows_finds(table, live):
    table = [(number, time, time + delay, *rest) for number, time, delay, *rest in table]
    seconds = np.arange(0.0, 16.0)
    expected = []
    for k, at in enumerate(seconds.tolist()):
        for number in (1, 2, 3):
            known = [r for r in table if r[0] == number and (r[2] <= at if live else r[1] < at + 0.5)]
            if not known:
                continue
            _, time, _, detected, status, east, speed = max(known, key=lambda r: (r[1], r[2]))
            if status in (CONFIRMED, COASTING) and at - detected <= 5.0:
                expected.append((k, number, round(east + speed * (at - time), 6)))
    assert marks(tracks_shown(rows(*table), seconds, live)) == expected

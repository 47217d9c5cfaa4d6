"""Rows on the earth against the frames they came from."""

import math

import numpy as np
import pytest

from tocsin.geo.frames import Origin, enu_from_lla
from tocsin.geo.tracks import placed_tracks
from track_builder import track_columns

ORIGIN = Origin(math.radians(54.6), math.radians(18.8), 41.0)


def test_a_row_lies_where_it_was() -> None:
    tracks = track_columns(("a", "b"), 1.7e9, (3000.0, 4000.0, 120.0), (10.0, 0.0, -1.0))
    first, second = placed_tracks(tracks, (0, 1), ORIGIN)
    place = [math.radians(first.latitude_deg), math.radians(first.longitude_deg), first.height_m or 0.0]
    assert enu_from_lla(ORIGIN, np.array([place]))[0] == pytest.approx([3000.0, 4000.0, 120.0], abs=1e-3)
    assert first.course_deg == pytest.approx(90.0, abs=0.05) and first.speed_mps == 10.0 and first.up_mps == -1.0
    assert first.east_mps == pytest.approx(10.0, abs=1e-3) and second.row == 1


def test_what_is_not_known_is_none() -> None:
    tracks = track_columns(("a",), 1.7e9, (1.0, 2.0, math.nan), (math.nan, 0.0, 0.0))
    (row,) = placed_tracks(tracks, (0,), ORIGIN)
    assert (row.height_m, row.sigma_up_m, row.course_deg, row.speed_mps) == (None, None, None, None)
    nowhere = track_columns(("a",), 1.7e9, (math.nan, 2.0, 3.0), (0.0, 0.0, 0.0))
    assert list(placed_tracks(nowhere, (0,), ORIGIN)) == []

"""Absence: looks at an empty place count, looks elsewhere and targets that are there do not."""

import math

import numpy as np

from tocsin.identity.absence import Absence
from tocsin.identity.watch import Watch
from tocsin.model.detection import MeasurementKind
from tocsin.model.scan import Scan
from tocsin.model.sensor import Pose
from tocsin.sensing.view import View
from track_builder import track_columns

RADAR = Watch("radar", Pose(), View(range_m=(100.0, 5000.0), blind_rad=((1.0, 2.0),)), True)


def looked(place_m: tuple[float, float, float], times: int, tracks: bool = False) -> list[str]:
    absence = Absence()
    for _ in range(times):
        columns = track_columns(["t"], 0.0, (place_m[0], place_m[1] + 30.0, 80.0)) if tracks else track_columns([])
        absence.look(RADAR, columns, place_m, 5.0)
    return [doubt.kind for doubt in absence.doubts()]


def test_an_empty_place_in_view_is_doubted_after_some_looks() -> None:
    assert looked((0.0, 2000.0, 90.0), 7) == ["absent"]
    assert looked((0.0, 2000.0, 90.0), 3) == []
    assert looked((0.0, 2000.0, math.nan), 7) == ["absent"]


def test_what_cannot_be_seen_there_is_not_missed() -> None:
    assert looked((0.0, 9000.0, 90.0), 50) == []
    assert looked((2000.0, 0.0, 90.0), 50) == []  # in the blind sector
    assert looked((0.0, 2000.0, 90.0), 50, tracks=True) == []


def test_bearings_that_point_at_it_are_counted() -> None:
    finder = Watch("df", Pose(), View(range_m=(0.0, 5000.0)), False)
    none, absence = np.empty(0), Absence()
    for k, azimuth in enumerate([0.02] * 8 + [3.0]):
        scan = Scan(
            "df", MeasurementKind.AZIMUTH, float(k), float(k), np.array([float(k)]), np.array([[azimuth]]),
            np.array([[[0.0027]]]), np.zeros(3), none, none,
        )  # fmt: skip
        absence.listen(finder, scan, (0.0, 1000.0, 90.0))
    assert absence.agreeing() == ["8 bearings of df point at it"]

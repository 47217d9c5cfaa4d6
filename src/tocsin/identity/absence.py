"""Absence: whether our sensors should have seen a sender where it says it is, and did not; and which bearings agree.

A look at the place counts with the probability that it would have shown a target (`sensing`). Only a sender that says
that it moves is counted, since many radars are blind to what hovers. A track near the place, of whatever status, takes
back what was counted.
"""

import math

import numpy as np

from tocsin.geo.angles import wrap_pi_scalar_rad
from tocsin.identity.doubt import Doubt
from tocsin.identity.watch import Watch
from tocsin.model.detection import MeasurementKind
from tocsin.model.scan import Scan
from tocsin.model.track import TrackColumns
from tocsin.sensing.view import detection_probability

_LEAST_PROBABILITY = 0.5
_ENOUGH_LOOKS = 5.0
_NEAR_M = 250.0
_UNKNOWN_HEIGHTS_M = (40.0, 120.0)
_BEARINGS, _SIGMAS, _OWN_SIGMA_RAD = 8, 3.0, math.radians(2.0)


class Absence:
    """What one sender's places have led sensors to see."""

    def __init__(self) -> None:
        self._looks: dict[str, tuple[float, int]] = {}
        self._bearings: dict[str, int] = {}

    def look(self, watch: Watch, tracks: TrackColumns, place_m: tuple[float, float, float], sigma_m: float) -> None:
        """The sensor has looked while the sender said it was at `place_m` (site ENU, up NaN if unknown)."""
        heights_m = _UNKNOWN_HEIGHTS_M if math.isnan(place_m[2]) else (place_m[2],)
        places = np.array([(place_m[0], place_m[1], up_m) for up_m in heights_m])
        probability = float(detection_probability(watch.view, watch.pose, places).min())
        if probability < _LEAST_PROBABILITY:
            return
        looks, count = self._looks.get(watch.name, (0.0, 0))
        if _anything_near(tracks, place_m, _NEAR_M + 3.0 * sigma_m):
            looks, count = max(looks - 2.0 * probability, 0.0), max(count - 2, 0)
        else:
            looks, count = min(looks + probability, 2.0 * _ENOUGH_LOOKS), count + 1
        self._looks[watch.name] = (looks, count)

    def doubts(self) -> list[Doubt]:
        """Sensors that have looked often enough and seen nothing."""
        return [
            Doubt("absent", f"{name} looked {count} times where it should be and saw nothing")
            for name, (looks, count) in self._looks.items()
            if looks >= _ENOUGH_LOOKS
        ]

    def listen(self, watch: Watch, scan: Scan, place_m: tuple[float, float, float]) -> None:
        """Count a bearing of the scan that points at the sender's place."""
        east_m, north_m = place_m[0] - watch.pose.east_m, place_m[1] - watch.pose.north_m
        if math.hypot(east_m, north_m) > watch.view.range_m[1]:
            return
        azimuth_rad = math.atan2(east_m, north_m)
        for k, found_rad in enumerate(scan.values[:, 0].tolist()):
            room_rad = _SIGMAS * math.sqrt(float(scan.covariance[k, 0, 0]) + _OWN_SIGMA_RAD**2)
            if abs(wrap_pi_scalar_rad(found_rad - azimuth_rad)) <= room_rad:
                self._bearings[watch.name] = self._bearings.get(watch.name, 0) + 1
                return

    def agreeing(self) -> list[str]:
        """Sensors whose bearings have pointed at it again and again, in words."""
        return [
            f"{count} bearings of {name} point at it" for name, count in self._bearings.items() if count >= _BEARINGS
        ]


def is_bearing(scan: Scan) -> bool:
    """Whether the scan holds azimuths without ranges."""
    return scan.kind in (MeasurementKind.AZIMUTH, MeasurementKind.AZIMUTH_ELEVATION)


def _anything_near(tracks: TrackColumns, place_m: tuple[float, float, float], within_m: float) -> bool:
    if not len(tracks):
        return False
    away = tracks.position_enu_m[:, :2] - np.array(place_m[:2])
    return bool((away * away).sum(axis=1).min() <= within_m * within_m)

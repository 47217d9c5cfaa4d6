"""Forward: our sensors' own reports as an edge node's, so that another's fusion can use them.

A claim goes out with the identifier as `id`; its object id is made from that and stays the same while it is heard. A
measured place goes out as a location, a range as the location it gives; a bearing as a bearing from our node's place,
if the sensor stands there. Of each object the newest report goes out, once a cycle. What is older than `OLDEST_S` when
its turn comes is left out, since the receiver takes a report for as old as its timestamp.
"""

import math
from collections import Counter
from typing import Any

import numpy as np

from tocsin.formats.sapient.ids import ulid
from tocsin.geo.frames import Origin, convergence_rad, lla_from_enu
from tocsin.geo.heights import height_from_msl_m
from tocsin.links.sapient.children import Children
from tocsin.links.sapient.composing import AIR, deviation, fill_location, fill_velocity
from tocsin.links.sapient.voice import Voice
from tocsin.model.claim import Claim
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.units import RAD_PER_DEG

OLDEST_S = 3.0
MOST_WAITING = 4096
SAME_PLACE_M = 1.0
_DEGREES_M, _TRUE = 1, 1
_PLACES = (MeasurementKind.POSITION_2D, MeasurementKind.POSITION_3D)
_BEARINGS = (MeasurementKind.AZIMUTH, MeasurementKind.AZIMUTH_ELEVATION)


class Forward:
    """Reports that wait for the next cycle. `stands_enu_m` is where our node says it stands."""

    def __init__(
        self,
        voice: Voice,
        origin: Origin,
        stands_enu_m: tuple[float, float, float],
        children: Children,
        counts: Counter[str],
    ) -> None:
        self._voice = voice
        self._origin = origin
        self._stands_enu_m = stands_enu_m
        self._children = children
        self._counts = counts
        self._waiting: dict[str, Claim | Detection] = {}
        self._born: dict[str, str] = {}

    def put(self, item: Claim | Detection) -> None:
        """Keep a report for the next cycle, in place of an older one of the same object."""
        key = self._key(item)
        self._counts["reports_replaced_by_newer"] += self._waiting.pop(key, None) is not None
        self._waiting[key] = item
        if len(self._waiting) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
            self._counts["reports_dropped"] += 1

    def cycle(self, time_s: float, most: int) -> list[Any]:
        """The messages of a cycle at `time_s`, `most` at most; what is left waits for the next."""
        messages: list[Any] = []
        for key in list(self._waiting):
            if len(messages) >= most:
                break
            item = self._waiting.pop(key)
            if time_s - item.time_s > OLDEST_S:
                self._counts["reports_too_old"] += 1
                continue
            message = self._voice.envelope(time_s, exercise=item.exercise)
            report = message.detection_report
            report.report_id, report.object_id = self._voice.id(time_s), key
            done = self._claim(report, item) if isinstance(item, Claim) else self._detection(report, item)
            if done:
                messages.append(message)
            else:
                self._counts["reports_without_place"] += 1
        return messages

    def _key(self, item: Claim | Detection) -> str:
        if isinstance(item, Detection):
            known = self._children.object_of(item)
            if known is not None:
                return known[1]
            return ulid(item.time_s, f"{self._voice.node}|{item.sensor}|{item.packet}|{item.row}")
        name = f"{item.means}|{item.identifier}"
        found = self._born.pop(name, None) or ulid(item.time_s, f"{self._voice.node}|{name}")
        self._born[name] = found
        if len(self._born) > MOST_WAITING:
            del self._born[next(iter(self._born))]
        return found

    def _claim(self, report: Any, claim: Claim) -> bool:
        if claim.latitude_rad is None or claim.longitude_rad is None:
            return False
        height_m = claim.height_m
        if height_m is None and claim.altitude_msl_m is not None:
            height_m = height_from_msl_m(claim.altitude_msl_m, claim.latitude_rad, claim.longitude_rad)
        sigma_m = claim.sigma_horizontal_m
        lla = (claim.latitude_rad, claim.longitude_rad, math.nan if height_m is None else height_m)
        fill_location(report.location, lla, (sigma_m, sigma_m, claim.sigma_vertical_m))
        report.id = claim.identifier
        report.object_info.add(type="means", value=claim.means)
        if claim.callsign:
            report.object_info.add(type="callsign", value=claim.callsign)
        report.classification.add(type=AIR, confidence=1.0)
        if claim.speed_mps is not None and claim.course_rad is not None:
            east_mps = claim.speed_mps * math.sin(claim.course_rad)
            north_mps = claim.speed_mps * math.cos(claim.course_rad)
            fill_velocity(report.enu_velocity, (east_mps, north_mps, _known(claim.climb_mps)))
        return True

    def _detection(self, report: Any, item: Detection) -> bool:
        if item.kind in _BEARINGS:
            if math.dist(item.sensor_enu_m, self._stands_enu_m) > SAME_PLACE_M:
                return False
            self._bearing(report.range_bearing, item)
        else:
            enu_m, sigmas = _placed(item)
            lla = item.lla or tuple(lla_from_enu(self._origin, np.array([enu_m]))[0].tolist())
            known = item.kind in (MeasurementKind.POSITION_3D, MeasurementKind.POLAR_3D)
            fill_location(report.location, (lla[0], lla[1], lla[2] if known else math.nan), sigmas)
        if item.class_word is not None:
            report.classification.add(type=item.class_word)
        if item.score is not None and 0.0 <= item.score <= 1.0:
            report.detection_confidence = item.score
        velocity = item.velocity_enu_mps
        if velocity is not None and math.isfinite(velocity[0]) and math.isfinite(velocity[1]):
            fill_velocity(report.enu_velocity, velocity)
        return True

    def _bearing(self, seen: Any, item: Detection) -> None:
        place = lla_from_enu(self._origin, np.array([item.sensor_enu_m]))
        turned_rad = float(convergence_rad(self._origin, place)[0])
        size = len(item.values)
        seen.azimuth = (item.values[0] - turned_rad) % math.tau / RAD_PER_DEG
        seen.azimuth_error = math.sqrt(item.covariance[0]) / RAD_PER_DEG
        if size > 1:
            seen.elevation = item.values[1] / RAD_PER_DEG
            seen.elevation_error = math.sqrt(item.covariance[size + 1]) / RAD_PER_DEG
        seen.coordinate_system, seen.datum = _DEGREES_M, _TRUE


def _placed(item: Detection) -> tuple[tuple[float, float, float], tuple[float | None, float | None, float | None]]:
    """East, north, up and their standard deviations; a range without elevation is taken as level."""
    size = len(item.values)
    variances = [item.covariance[k * (size + 1)] for k in range(size)]
    if item.kind in _PLACES:
        up_m = item.values[2] if size == 3 else 0.0
        up_sigma_m = deviation(variances[2]) if size == 3 else None
        return (item.values[0], item.values[1], up_m), (deviation(variances[0]), deviation(variances[1]), up_sigma_m)
    range_m, azimuth_rad = item.values[:2]
    elevation_rad = item.values[2] if size == 3 else 0.0
    flat_m = range_m * math.cos(elevation_rad)
    sine, cosine = math.sin(azimuth_rad), math.cos(azimuth_rad)
    across = variances[1] * flat_m * flat_m
    east = variances[0] * sine * sine + across * cosine * cosine
    north = variances[0] * cosine * cosine + across * sine * sine
    up = variances[2] * range_m * range_m if size == 3 else math.nan
    start = item.sensor_enu_m
    place = (start[0] + flat_m * sine, start[1] + flat_m * cosine, start[2] + range_m * math.sin(elevation_rad))
    return place, (deviation(east), deviation(north), deviation(up))


def _known(value: float | None) -> float:
    return math.nan if value is None else value

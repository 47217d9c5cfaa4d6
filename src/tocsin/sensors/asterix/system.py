"""System: categories 062 (system tracks) and 065 (service messages) of a tracking system to detections and states.

A track is a position that another system has already smoothed, so its errors are correlated in time; `track.inflation`
of the sensor is the place to say so. Its height is the geometric one, above the ellipsoid; pressure altitude is no
height and is left out. The report that ends a track gives no detection. Simulated tracks are marked as exercise.
"""

import math

import numpy as np

from tocsin.formats.asterix import Items, Layout
from tocsin.geo.frames import Origin, enu_from_lla
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.sensor import Health, SensorStatus
from tocsin.sensors.asterix.report import RefusedRecord, Report
from tocsin.sensors.asterix.settings import Sigma

NEEDED = ("010", "040", "070", "080")
_HEALTH = (Health.OK, Health.DEGRADED, Health.FAULT, Health.DEGRADED)
_REASON = ("says: operational", "says: degraded", "says: not connected", "says: state unknown")


class Tracks:
    """Category 062."""

    def __init__(self, layout: Layout, origin: Origin, sigma: Sigma) -> None:
        self.ended = 0
        self._origin = origin
        self._sigma = sigma
        self._time, self._number = layout.field("070"), layout.field("040")
        self._latitude, self._longitude = layout.field("105", "LAT"), layout.field("105", "LON")
        self._east, self._north = layout.field("185", "VX"), layout.field("185", "VY")
        self._height, self._climb = layout.field("130"), layout.field("220")
        self._simulated, self._end = layout.field("080", "SIM"), layout.field("080", "TSE")
        self._accuracy = layout.parts("500")
        self._plane = self._accuracy.field("APC", "X"), self._accuracy.field("APC", "Y")
        self._up = self._accuracy.field("AGA")

    def detection(self, items: Items, report: Report) -> Detection | None:
        """The detection of one record, None for the end of a track or one without latitude and longitude; refuses one
        without source, time, number or status."""
        if any(name not in items for name in NEEDED):
            raise RefusedRecord("a track without source, time, number or status")
        time_s = report.time_s(self._time.of(items["070"]) or 0.0)
        if self._end.raw(items["080"]):
            self.ended += 1
            return None
        if "105" not in items:
            return None
        latitude_rad, longitude_rad = self._latitude.of(items["105"]) or 0.0, self._longitude.of(items["105"]) or 0.0
        if abs(latitude_rad) > math.pi / 2 or abs(longitude_rad) > math.pi:
            raise RefusedRecord(f"a track at {latitude_rad:.3f}, {longitude_rad:.3f} rad")
        height_m = self._height.of(items["130"]) if "130" in items else None
        known_m = self._origin.height_m if height_m is None else height_m
        enu = enu_from_lla(self._origin, np.array([[latitude_rad, longitude_rad, known_m]]))[0].tolist()
        size = 2 if height_m is None else 3
        covariance = [0.0] * size * size
        covariance[:: size + 1] = self._variances(items)[:size]
        return Detection(
            sensor=report.sensor,
            kind=MeasurementKind.POSITION_2D if height_m is None else MeasurementKind.POSITION_3D,
            time_s=time_s,
            received_s=report.received_s,
            values=tuple(enu[:size]),
            covariance=tuple(covariance),
            velocity_enu_mps=self._velocity(items),
            lla=(latitude_rad, longitude_rad, math.nan if height_m is None else height_m),
            sensor_track=str(self._number.raw(items["040"])),
            packet=report.packet,
            row=report.row,
            exercise=report.exercise or bool(self._simulated.raw(items["080"])),
        )

    def _variances(self, items: Items) -> list[float]:
        """East, north, up; what the record states, else what the settings say."""
        stated = self._accuracy.part(items["500"]) if "500" in items else {}
        sigmas = [self._sigma.horizontal_m, self._sigma.horizontal_m, self._sigma.up_m]
        if "APC" in stated:
            sigmas[:2] = [field.of(stated["APC"]) or self._sigma.horizontal_m for field in self._plane]
        if "AGA" in stated:
            sigmas[2] = self._up.of(stated["AGA"]) or self._sigma.up_m
        return [sigma_m * sigma_m for sigma_m in sigmas]

    def _velocity(self, items: Items) -> tuple[float, float, float] | None:
        if "185" not in items:
            return None
        up_mps = self._climb.of(items["220"]) if "220" in items else None
        east_mps, north_mps = self._east.of(items["185"]) or 0.0, self._north.of(items["185"]) or 0.0
        return east_mps, north_mps, math.nan if up_mps is None else up_mps


class Service:
    """Category 065."""

    def __init__(self, layout: Layout) -> None:
        self._time, self._state = layout.field("030"), layout.field("040", "NOGO")
        self._last: dict[tuple[int, int], int] = {}

    def status(self, items: Items, report: Report) -> SensorStatus | None:
        """The system's state, if it has changed."""
        if "030" in items:
            report.time_s(self._time.of(items["030"]) or 0.0)
        if "040" not in items:
            return None
        state = self._state.raw(items["040"])
        if self._last.get(report.source, 0) == state:
            return None
        self._last[report.source] = state
        return SensorStatus(report.sensor, report.received_s, _HEALTH[state], _REASON[state], packet=report.packet)

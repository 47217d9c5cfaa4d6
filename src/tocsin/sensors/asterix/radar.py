"""Radar: categories 048 (targets) and 034 (service messages) of one radar to detections and states.

A target is its slant range and azimuth from the radar; with a height it gets an elevation, so that the slant is never
taken for ground range. The height is the one that a 3-D radar measured (above mean sea level), else, with the sigma
that weather makes of it, the flight level. Simulated and test targets are marked as exercise. A service message gives a
state where the radar's own word on itself has changed.
"""

import math

from tocsin.formats.asterix import Items, Layout
from tocsin.geo.heights import undulation_m
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.sensor import Health, SensorStatus
from tocsin.sensors.asterix.report import RefusedRecord, Report
from tocsin.sensors.asterix.settings import Sigma

EARTH_M = 6_371_000.0
NEEDED = ("010", "140")
_REASON = {Health.FAULT: "says: not to be used", Health.DEGRADED: "says: overloaded", Health.OK: "says: in order"}
_LEAST_SIGMA_RAD, _MOST_SIGMA_RAD = 1e-4, 0.5


class Stand:
    """Where the radar stands: ENU at the site, height above the ellipsoid there and above the sea."""

    def __init__(
        self, enu_m: tuple[float, float, float], heading_rad: float, height_m: float, place_rad: tuple[float, float]
    ) -> None:
        self.enu_m = enu_m
        self.heading_rad = heading_rad
        self.height_m = height_m
        self.undulation_m = undulation_m(*place_rad)


class Targets:
    """Category 048."""

    def __init__(self, layout: Layout, stand: Stand, sigma: Sigma) -> None:
        self._stand = stand
        self._sigma = sigma
        self._time = layout.field("140")
        self._range, self._azimuth = layout.field("040", "RHO"), layout.field("040", "THETA")
        self._number = layout.field("161", "TRN")
        self._height = layout.field("110", "3DH")
        self._level = layout.field("090", "FL")
        self._level_flags = layout.field("090", "V"), layout.field("090", "G")
        self._speed, self._heading = layout.field("200", "GSP"), layout.field("200", "HDG")
        self._marks = layout.field("020", "SIM"), layout.field("020", "TST")

    def detection(self, items: Items, report: Report) -> Detection | None:
        """The detection of one record, None if it tells no place; refuses one without source or time."""
        if any(name not in items for name in NEEDED):
            raise RefusedRecord("a target without source or time")
        time_s = report.time_s(self._time.of(items["140"]) or 0.0)
        if "040" not in items:
            return None
        range_m, azimuth_rad = self._range.of(items["040"]) or 0.0, self._azimuth.of(items["040"]) or 0.0
        if not range_m > 0.0:
            return None
        azimuth_rad = (azimuth_rad + self._stand.heading_rad) % math.tau
        values: tuple[float, ...] = (range_m, azimuth_rad)
        variances = [self._sigma.range_m**2, self._sigma.azimuth_rad**2]
        kind, elevation = MeasurementKind.POLAR_2D, self._elevation(items, range_m)
        if elevation is not None:
            kind, values = MeasurementKind.POLAR_3D, (*values, elevation[0])
            variances.append(elevation[1] ** 2)
        size = len(variances)
        covariance = [0.0] * size * size
        covariance[:: size + 1] = variances
        marked = "020" in items and any(mark.raw(items["020"]) for mark in self._marks)
        return Detection(
            sensor=report.sensor,
            kind=kind,
            time_s=time_s,
            received_s=report.received_s,
            values=values,
            covariance=tuple(covariance),
            sensor_enu_m=self._stand.enu_m,
            velocity_enu_mps=self._velocity(items),
            sensor_track=str(self._number.raw(items["161"])) if "161" in items else None,
            packet=report.packet,
            row=report.row,
            exercise=report.exercise or marked,
        )

    def _elevation(self, items: Items, range_m: float) -> tuple[float, float] | None:
        """Elevation and its sigma from what is known of the height; None if nothing is or it contradicts the range."""
        height_m, sigma_m = None, self._sigma.height_m
        if "110" in items:
            height_m = self._height.of(items["110"])
        elif "090" in items and self._sigma.pressure_m and not any(f.raw(items["090"]) for f in self._level_flags):
            height_m, sigma_m = self._level.of(items["090"]), self._sigma.pressure_m
        if height_m is None:
            return None
        own, other = EARTH_M + self._stand.height_m, EARTH_M + height_m + self._stand.undulation_m
        sine = (other * other - own * own - range_m * range_m) / (2.0 * own * range_m)
        if not -1.0 < sine < 1.0:
            return None
        elevation_rad = math.asin(sine)
        sigma_rad = sigma_m / max(range_m * math.cos(elevation_rad), 1.0)
        return elevation_rad, min(max(sigma_rad, _LEAST_SIGMA_RAD), _MOST_SIGMA_RAD)

    def _velocity(self, items: Items) -> tuple[float, float, float] | None:
        if "200" not in items:
            return None
        speed_mps, heading_rad = self._speed.of(items["200"]) or 0.0, self._heading.of(items["200"]) or 0.0
        heading_rad += self._stand.heading_rad
        return speed_mps * math.sin(heading_rad), speed_mps * math.cos(heading_rad), math.nan


class Service:
    """Category 034."""

    def __init__(self, layout: Layout) -> None:
        self._parts = layout.parts("050")
        self._time = layout.field("030")
        common = self._parts
        self._bad = common.field("COM", "NOGO")
        self._overload = common.field("COM", "OVLRDP"), common.field("COM", "OVLXMT")
        self._last: dict[tuple[int, int], Health] = {}

    def status(self, items: Items, report: Report) -> SensorStatus | None:
        """The radar's state, if it has changed."""
        if "030" in items:
            report.time_s(self._time.of(items["030"]) or 0.0)
        common = self._parts.part(items["050"]).get("COM") if "050" in items else None
        if common is None:
            return None
        overloaded = any(field.raw(common) for field in self._overload)
        health = Health.FAULT if self._bad.raw(common) else Health.DEGRADED if overloaded else Health.OK
        if self._last.get(report.source, Health.OK) == health:
            return None
        self._last[report.source] = health
        return SensorStatus(report.sensor, report.received_s, health, _REASON[health], packet=report.packet)

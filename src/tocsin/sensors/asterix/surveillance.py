"""Surveillance: category 021 (ADS-B reports of a ground station) to claims, in editions 2.x.

The position of high resolution is taken where there is one. Pressure altitude (the flight level) and geometric height,
which is above the ellipsoid, are kept apart. Reports that others made up for an aircraft (TIS-B) are told by the kind
of address only in part, so `means` stays "ads-b". Simulated and test targets are marked as exercise.
"""

import math

from tocsin.formats.asterix import Items, Layout
from tocsin.formats.mode_s import letters
from tocsin.model.claim import Claim
from tocsin.sensors.asterix.report import RefusedRecord, Report

CATEGORY = {
    1: "light aircraft", 2: "small aircraft", 3: "medium aircraft", 4: "high vortex large", 5: "heavy aircraft",
    6: "highly manoeuvrable", 10: "rotorcraft", 11: "glider", 12: "lighter than air", 13: "unmanned aircraft",
    14: "space vehicle", 15: "ultralight", 16: "parachutist", 20: "emergency vehicle", 21: "service vehicle",
    22: "obstacle", 23: "cluster obstacle", 24: "line obstacle",
}  # fmt: skip
_RADIUS_M = (None, 18_520.0, 7408.0, 3704.0, 1852.0, 926.0, 555.6, 185.2, 92.6, 30.0, 10.0, 3.0)  # NACp, 95 %
_PLANE_95 = 2.448
_TIMES = ("071", "073", "077")  # of the position, of its reception, of the report


class Reports:
    """Category 021."""

    def __init__(self, layout: Layout) -> None:
        self._times = [(name, layout.field(name)) for name in _TIMES]
        self._places = [(name, layout.field(name, "LAT"), layout.field(name, "LON")) for name in ("131", "130")]
        self._height, self._level = layout.field("140"), layout.field("145")
        self._speed, self._track = layout.field("160", "GS"), layout.field("160", "TA")
        self._climb = layout.field("157", "GVR")
        self._ground = layout.field("040", "GBS")
        self._marks = layout.field("040", "SIM"), layout.field("040", "TST")
        self._accuracy = layout.field("090", "NACP")

    def claim(self, items: Items, report: Report) -> Claim | None:
        """The claim of one record, None if it says no position; refuses one without source, time or address."""
        if "010" not in items or "080" not in items:
            raise RefusedRecord("a report without source or address")
        of_day_s = next((field.of(items[name]) for name, field in self._times if name in items), None)
        if of_day_s is None:
            raise RefusedRecord("a report without a time")
        time_s = report.time_s(of_day_s)
        place = self._place(items)
        if place is None:
            return None
        height_m = self._height.of(items["140"]) if "140" in items else None
        speed_mps = self._speed.of(items["160"]) if "160" in items else None
        descriptor = items.get("040", b"")
        accuracy = self._accuracy.raw(items["090"]) if "090" in items else 0
        radius_m = _RADIUS_M[accuracy] if accuracy < len(_RADIUS_M) else None
        return Claim(
            means="ads-b",
            identifier=items["080"].hex(),
            sensor=report.sensor,
            time_s=time_s,
            received_s=report.received_s,
            latitude_rad=place[0],
            longitude_rad=place[1],
            height_m=height_m,
            altitude_pressure_m=self._level.of(items["145"]) if "145" in items else None,
            speed_mps=speed_mps,
            course_rad=self._track.of(items["160"]) if "160" in items else None,
            climb_mps=self._climb.of(items["157"]) if "157" in items else None,
            sigma_horizontal_m=None if radius_m is None else radius_m / _PLANE_95,
            category=CATEGORY.get(items["020"][0]) if "020" in items else None,
            callsign=letters(int.from_bytes(items["170"], "big")) or None if "170" in items else None,
            on_ground=bool(self._ground.raw(descriptor)) if len(descriptor) > 1 else None,
            packet=report.packet,
            row=report.row,
            exercise=report.exercise or any(mark.raw(descriptor) for mark in self._marks),
        )

    def _place(self, items: Items) -> tuple[float, float] | None:
        for name, latitude, longitude in self._places:
            if name in items:
                latitude_rad, longitude_rad = latitude.of(items[name]) or 0.0, longitude.of(items[name]) or 0.0
                if abs(latitude_rad) > math.pi / 2 or abs(longitude_rad) > math.pi:
                    raise RefusedRecord(f"a report at {latitude_rad:.3f}, {longitude_rad:.3f} rad")
                return latitude_rad, longitude_rad
        return None

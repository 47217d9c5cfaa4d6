"""SensorModel: what the tracker must know of a sensor."""

import math
from enum import StrEnum
from typing import Literal

import msgspec

from tocsin.model.sensor import Pose
from tocsin.sensing.view import View
from tocsin.tracking.scan_rule import ScanRule


class Starts(StrEnum):
    """How readily a sensor's detections start tracks. AT_ONCE is for reports of tracks that the sensor has confirmed by
    itself, of which one is enough; NO leaves it to update those that others started."""

    AT_ONCE = "at-once"
    YES = "yes"
    RARELY = "rarely"
    NO = "no"


class SensorModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sensor.

    name: as detections and scans name it
    pose: where it stands
    view: what it can see, and how often it then reports a target
    scan: how its detections are gathered into looks
    false_per_look: expected false reports in one look over the whole view
    false_density: their density in the units of the measured values (1/(m rad^2), 1/m^2, 1/rad ...), where it is known
        that they do not fill the view evenly; None spreads `false_per_look` over all the view's values
    starts: how readily its detections start tracks
    sigma_floor: least standard deviation added (in squares) to each measured value, in the order and units of its kind
    inflation: factor on the covariances it states
    repeats: "drop" takes a report with the time and values of an earlier one as said twice; "keep" does not look
    """

    name: str
    pose: Pose = Pose()
    view: View = View()
    scan: ScanRule = ScanRule()
    false_per_look: float = 1.0
    false_density: float | None = None
    starts: Starts = Starts.YES
    sigma_floor: tuple[float, ...] = ()
    inflation: float = 1.0
    repeats: Literal["drop", "keep"] = "drop"

    @property
    def azimuth_extent_rad(self) -> float:
        """Angle the view spans, blind sectors taken off."""
        whole = 2.0 * math.pi
        sector = (self.view.azimuth_rad[1] - self.view.azimuth_rad[0]) % whole if self.view.azimuth_rad else whole
        blind = sum((end - start) % whole for start, end in self.view.blind_rad)
        return max((sector or whole) - blind, 0.01)

    @property
    def area_m2(self) -> float:
        """Ground that the view covers."""
        near, far = self.view.range_m
        return 0.5 * (far * far - near * near) * self.azimuth_extent_rad

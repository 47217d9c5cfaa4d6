"""What follows from a sensor's view."""

import math

import pytest

from tocsin.model.detection import MeasurementKind
from tocsin.model.errors import TocsinError
from tocsin.sensing.view import View
from tocsin.tracking.measurement import measured_volume
from tocsin.tracking.scan_rule import ScanRule
from tocsin.tracking.sensor_model import SensorModel


def test_area_and_extent_of_a_view():
    whole = SensorModel("a", view=View(range_m=(0.0, 1000.0)))
    assert whole.azimuth_extent_rad == pytest.approx(2 * math.pi)
    assert whole.area_m2 == pytest.approx(math.pi * 1e6)
    part = SensorModel("b", view=View(range_m=(0.0, 1000.0), azimuth_rad=(6.0, 0.5), blind_rad=((0.0, 0.1),)))
    assert part.azimuth_extent_rad == pytest.approx(0.5 + 2 * math.pi - 6.0 - 0.1)


def test_volume_of_what_is_measured():
    s = SensorModel("a", view=View(range_m=(100.0, 1100.0), elevation_rad=(0.0, 0.5)))
    assert measured_volume(MeasurementKind.POLAR_3D, s) == pytest.approx(1000.0 * 2 * math.pi * 0.5)
    assert measured_volume(MeasurementKind.POLAR_2D, s) == pytest.approx(1000.0 * 2 * math.pi)
    assert measured_volume(MeasurementKind.AZIMUTH, s) == pytest.approx(2 * math.pi)
    assert measured_volume(MeasurementKind.AZIMUTH_ELEVATION, s) == pytest.approx(math.pi)
    assert measured_volume(MeasurementKind.POSITION_2D, s) == pytest.approx(math.pi * (1100.0**2 - 100.0**2))
    shell = 2 * math.pi / 3 * (1100.0**3 - 100.0**3) * math.sin(0.5)
    assert measured_volume(MeasurementKind.POSITION_3D, s) == pytest.approx(shell)


@pytest.mark.parametrize("period_s", [0.0, -1.0, 3600.0, math.nan])
def test_a_scan_rule_has_a_sensible_period(period_s: float):
    with pytest.raises(TocsinError, match=r"scan\.period_s"):
        ScanRule("period", period_s)

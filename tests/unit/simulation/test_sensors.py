import math

import numpy as np
import pytest

from tocsin.geo.frames import Origin
from tocsin.simulation.plan import (
    Acoustic,
    AdsbReceiver,
    Camera,
    Clutter,
    Device,
    DirectionFinder,
    Radar,
    RemoteIdReceiver,
    Sensor,
    SensorPose,
)
from tocsin.simulation.report import ReportKind
from tocsin.simulation.sensors import sense
from tocsin.simulation.world import World

ORIGIN = Origin(math.radians(-24.3), math.radians(125.6), 430.0)
DEVICES = (
    Radar(clutter=Clutter(per_scan=0.0)),
    DirectionFinder(false_per_scan=0.0),
    Acoustic(false_per_scan=0.0),
    Camera(false_per_scan=0.0),
    RemoteIdReceiver(),
    AdsbReceiver(),
)


@pytest.mark.parametrize("device", DEVICES, ids=lambda device: type(device).__name__)
def test_every_sensor_gives_signs_of_life_when_there_is_nothing_to_see(device: Device) -> None:
    sensor = Sensor(name="s", pose=SensorPose(east_m=0.0, north_m=0.0, up_m=0.0), device=device, beat_s=2.0)
    reports = sense(sensor, (), ORIGIN, 60.0, World(), 1)
    assert [report.kind for report in reports] == [ReportKind.BEAT] * 30
    assert np.diff([report.time_s for report in reports]) == pytest.approx(2.0)
    assert all(not report.fields for report in reports)


def test_reports_come_in_the_order_received() -> None:
    sensor = Sensor(name="s", pose=SensorPose(east_m=0.0, north_m=0.0, up_m=0.0), device=Radar())
    received = [report.received_s for report in sense(sensor, (), ORIGIN, 60.0, World(), 1)]
    assert received == sorted(received)

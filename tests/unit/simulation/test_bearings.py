import math

import numpy as np
import pytest
from scipy import stats

from tocsin.simulation.bearings import listen
from tocsin.simulation.flight import STEP_S, Flight
from tocsin.simulation.plan import Acoustic, Bird, Camera, DirectionFinder, Sensor, SensorPose, Target
from tocsin.simulation.report import Report
from tocsin.simulation.world import World

POSE = SensorPose(east_m=0.0, north_m=0.0, up_m=0.0, heading_deg=90.0)
MOTION = Bird(east_m=0.0, north_m=0.0, height_m=1.0)  # any: flights are given ready made
LOOKS = 3000


def moving(east_m: float, north_m: float, up_m: float, speed_mps: float = 0.0, kind: str = "one-way-drone") -> Flight:
    time_s = np.arange(0.0, LOOKS + 0.5, STEP_S)
    position = np.column_stack([east_m + speed_mps * time_s, np.full_like(time_s, north_m), np.full_like(time_s, up_m)])
    velocity = np.tile([speed_mps, 0.0, 0.0], (len(time_s), 1))
    return Flight("t", kind, time_s, position, velocity, np.ones(len(time_s), dtype=np.bool_))


def heard(
    device: DirectionFinder | Acoustic | Camera,
    flight: Flight,
    radio_s: tuple[tuple[float, float], ...] = (),
    world: World | None = None,
) -> list[Report]:
    target = Target(name="t", motion=MOTION, from_s=0.0, radio_s=radio_s)
    sensor = Sensor(name="s", pose=POSE, device=device)
    return listen(sensor, device, ((target, flight),), LOOKS, world or World(), 5)


def test_a_direction_finder_hears_only_what_transmits() -> None:
    finder = DirectionFinder(false_per_scan=0.0, back_lobe_probability=0.0, detection_probability=0.8)
    flight = moving(1000.0, 1000.0, 50.0)
    assert not heard(finder, flight)
    reports = heard(finder, flight, radio_s=((1000.0, 2000.0),))
    assert min(report.time_s for report in reports) >= 1000.0
    assert max(report.time_s for report in reports) < 2000.0
    assert stats.binomtest(len(reports), 1000, 0.8).pvalue > 1e-4
    errors = np.array([float(report.fields["azimuth_deg"]) - 45.0 for report in reports])
    low, high = stats.chi2.ppf([1e-4, 1.0 - 1e-4], len(errors))
    assert low < np.sum((errors / 3.0) ** 2) < high
    assert all(set(report.fields) == {"azimuth_deg"} for report in reports)


def test_its_back_lobe_points_the_other_way() -> None:
    finder = DirectionFinder(false_per_scan=0.0, back_lobe_probability=0.1, azimuth_sigma_deg=1.0)
    reports = heard(finder, moving(0.0, 2000.0, 50.0), radio_s=((0.0, 1e9),))
    back = sum(90.0 < float(report.fields["azimuth_deg"]) < 270.0 for report in reports)
    assert stats.binomtest(back, len(reports), 0.1).pvalue > 1e-4


def test_sound_comes_from_where_the_target_was() -> None:
    array = Acoustic(false_per_scan=0.0, azimuth_sigma_deg=1e-6, elevation_sigma_deg=1e-6, reach_m=3000.0)
    speed_mps, aside_m = 50.0, 1700.0
    reports = heard(array, moving(-2000.0, aside_m, 0.0, speed_mps))
    for report in reports:
        if abs(report.time_s - 40.0) < 0.1:  # abeam now; heard at the angle whose sine is the Mach number
            azimuth_deg = (float(report.fields["azimuth_deg"]) + 180.0) % 360.0 - 180.0
            # d^2 = aside^2 + (v d / c)^2 for the place where the sound was made
            assert math.sin(math.radians(azimuth_deg)) == pytest.approx(-speed_mps / 340.0, abs=1e-3)
            break
    else:
        pytest.fail("no report as it passed")


def test_a_loud_helicopter_is_heard_where_a_quadcopter_is_not() -> None:
    array = Acoustic(false_per_scan=0.0, reach_m=1000.0)
    assert heard(array, moving(1500.0, 0.0, 50.0, kind="helicopter"))
    assert not heard(array, moving(1500.0, 0.0, 50.0, kind="quadcopter"))


def test_a_camera_sees_inside_its_field_and_weather() -> None:
    camera = Camera(false_per_scan=0.0, field_deg=40.0, class_accuracy=1.0)
    ahead, aside = moving(1200.0, 0.0, 60.0), moving(0.0, 1200.0, 60.0)
    reports = heard(camera, ahead)
    assert {report.fields["class"] for report in reports} == {"fixed wing drone"}
    assert not heard(camera, aside)
    assert len(heard(camera, ahead, world=World(visibility_m=3000.0))) < 0.6 * len(reports)


def test_false_bearings_come_at_their_rate() -> None:
    finder = DirectionFinder(false_per_scan=0.2)
    reports = heard(finder, moving(1000.0, 0.0, 50.0))
    assert stats.poisson.sf(len(reports), 0.2 * LOOKS) > 1e-4
    assert stats.poisson.cdf(len(reports), 0.2 * LOOKS) > 1e-4

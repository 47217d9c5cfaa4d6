import math

import numpy as np
from scipy import stats

from tocsin.geo.frames import Origin, enu_from_lla
from tocsin.simulation.flight import STEP_S, Flight
from tocsin.simulation.plan import Adsb, AdsbReceiver, Bird, RemoteId, RemoteIdReceiver, Sensor, SensorPose, Target
from tocsin.simulation.receivers import receive
from tocsin.simulation.report import Report
from tocsin.simulation.world import World

ORIGIN = Origin(math.radians(-24.3), math.radians(125.6), 430.0)
MOTION = Bird(east_m=0.0, north_m=0.0, height_m=1.0)
TIME_S = np.arange(0.0, 1000.0, STEP_S)


def flight(speed_mps: float) -> Flight:
    position = np.column_stack([-2000.0 + speed_mps * TIME_S, np.full_like(TIME_S, 500.0), np.full_like(TIME_S, 90.0)])
    velocity = np.tile([speed_mps, 0.0, 0.0], (len(TIME_S), 1))
    return Flight("t", "quadcopter", TIME_S, position, velocity, np.ones(len(TIME_S), dtype=np.bool_))


def received(
    device: RemoteIdReceiver | AdsbReceiver, remote_id: RemoteId | None = None, adsb: Adsb | None = None
) -> list[Report]:
    target = Target(name="t", motion=MOTION, from_s=0.0, remote_id=remote_id, adsb=adsb)
    sensor = Sensor(name="s", pose=SensorPose(east_m=0.0, north_m=0.0, up_m=0.0), device=device)
    return receive(sensor, device, ((target, flight(4.0)),), ORIGIN, 1000.0, World(ground_msl_m=430.0), 9)


def test_remote_id_repeats_where_the_target_says_it_is() -> None:
    said = RemoteId(identifier="KRN-1", operator="Survey", pilot_east_m=-1900.0, pilot_north_m=400.0)
    reports = received(RemoteIdReceiver(gnss_sigma_m=3.0), said)
    assert stats.binomtest(len(reports), 1000, 0.8).pvalue > 1e-4
    errors = []
    for report in reports:
        fields = report.fields
        place = [math.radians(float(fields["latitude_deg"])), math.radians(float(fields["longitude_deg"]))]
        enu = enu_from_lla(ORIGIN, np.array([[*place, float(fields["height_m"])]]))[0]
        errors.append(enu - [-2000.0 + 4.0 * report.time_s, 500.0, 90.0])
        assert fields["id"] == "KRN-1"
        assert abs(float(fields["course_deg"]) - 90.0) < 0.11
    sigma = np.std(errors, axis=0)
    assert np.all((sigma > 1.8) & (sigma < 4.5))  # 3 m, known to 14 % from about 50 independent stretches
    pilot = [math.radians(float(reports[0].fields[f"pilot_{axis}_deg"])) for axis in ("latitude", "longitude")]
    assert np.linalg.norm(enu_from_lla(ORIGIN, np.array([[*pilot, 430.0]]))[0][:2] - [-1900.0, 400.0]) < 0.1


def test_ads_b_gives_pressure_altitude_in_steps_of_25_ft() -> None:
    reports = received(AdsbReceiver(), adsb=Adsb(icao="7CFFF1", callsign="KRN204"))
    assert reports
    for report in reports:
        steps = float(report.fields["altitude_pressure_m"]) / (25 * 0.3048)
        assert abs(steps - round(steps)) < 1e-6
        assert report.fields["id"] == "7CFFF1"
        assert "height_m" not in report.fields


def test_a_target_without_a_transmitter_says_nothing() -> None:
    assert not received(RemoteIdReceiver())
    assert not received(AdsbReceiver(), RemoteId(identifier="x"))

import math

import pytest

from asterix_records import block, target
from asterix_site import LATITUDE, LONGITUDE, OF_DAY_S, TEN_S, live
from tocsin.geo.heights import undulation_m
from tocsin.model.detection import MeasurementKind
from tocsin.model.sensor import Health, SensorStatus
from tocsin.sensors.asterix.settings import Settings, Sigma
from tocsin.units import M_PER_FT, RAD_PER_DEG


def test_a_target_without_height_is_range_and_azimuth() -> None:
    items, _ = live(block(48, target(OF_DAY_S + 1.5, 10.0, 45.0, **{"161": 77})), received_s=TEN_S + 2.0)
    item = items[0]
    assert item.kind is MeasurementKind.POLAR_2D
    assert item.values == pytest.approx((18_520.0, 45.0 * RAD_PER_DEG + 0.1), abs=1e-3)
    assert (item.time_s, item.sensor_track) == (TEN_S + 1.5, "77")
    assert item.sensor_enu_m == (0.0, 0.0, 20.0)


def test_a_measured_height_gives_an_elevation() -> None:
    items, _ = live(block(48, target(OF_DAY_S, 10.0, 0.0, **{"110": 400})))  # in steps of 25 ft
    item = items[0]
    assert item.kind is MeasurementKind.POLAR_3D
    up_m = 10_000.0 * M_PER_FT + undulation_m(LATITUDE, LONGITUDE) - 120.0
    drop_m = 18_520.0**2 / (2.0 * 6_371_000.0)  # the earth falls away below the horizontal
    assert 18_520.0 * math.sin(item.values[2]) == pytest.approx(up_m - drop_m, abs=5.0)


def test_a_flight_level_gives_a_wider_one_unless_told_otherwise() -> None:
    record = target(OF_DAY_S, 10.0, 0.0, **{"090": (0, 0, (100.0, "FL"))})
    assert live(block(48, record))[0][0].kind is MeasurementKind.POLAR_3D
    assert live(block(48, record))[0][0].covariance[8] > 100.0 * 1e-6
    unused = Settings(sigma=Sigma(pressure_m=0.0))
    assert live(block(48, record), settings=unused)[0][0].kind is MeasurementKind.POLAR_2D
    garbled = target(OF_DAY_S, 10.0, 0.0, **{"090": (0, 1, (100.0, "FL"))})
    assert live(block(48, garbled))[0][0].kind is MeasurementKind.POLAR_2D


def test_a_height_that_contradicts_the_range_is_left_out() -> None:
    items, _ = live(block(48, target(OF_DAY_S, 1.0, 0.0, **{"090": (0, 0, (400.0, "FL"))})))
    assert items[0].kind is MeasurementKind.POLAR_2D


def test_simulated_and_test_targets_are_exercise() -> None:
    for octets in (((5, 1, 0, 0, 0, None),), ((5, 0, 0, 0, 0, None), (1, 0, 0, 0, 0, 0, None))):
        items, _ = live(block(48, target(OF_DAY_S, 10.0, 0.0, **{"020": octets})))
        assert items[0].exercise
    assert not live(block(48, target(OF_DAY_S, 10.0, 0.0)))[0][0].exercise


def test_a_velocity_is_turned_with_the_radar() -> None:
    record = target(OF_DAY_S, 10.0, 0.0, **{"200": (("GSP", (0.05, "NM/s")), ("HDG", (90.0, "°")))})
    east, north, up = live(block(48, record))[0][0].velocity_enu_mps
    assert (east, north) == pytest.approx((92.6 * math.cos(0.1), -92.6 * math.sin(0.1)), abs=0.1)
    assert math.isnan(up)


def test_a_radars_word_on_itself_is_told_when_it_changes() -> None:
    def service(no_go: int) -> bytes:
        return block(34, {"000": 1, "030": (OF_DAY_S, "s"), "050": {"COM": no_go << 7}})

    items, _ = live(service(0), service(1), service(1), service(0))
    assert [item.health for item in items if isinstance(item, SensorStatus)] == [Health.FAULT, Health.OK]

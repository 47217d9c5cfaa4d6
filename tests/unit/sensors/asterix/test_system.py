import pytest

from asterix_records import block, track
from asterix_site import OF_DAY_S, live
from tocsin.model.detection import MeasurementKind
from tocsin.model.sensor import Health
from tocsin.units import RAD_PER_DEG


def test_a_system_track_is_a_position() -> None:
    record = track(
        OF_DAY_S,
        9,
        45.9,
        16.1,
        **{
            "185": (("VX", (10.0, "m/s")), ("VY", (-5.0, "m/s"))),
            "130": (1000.0, "ft"),
            "220": (600.0, "ft/min"),
            "500": {"APC": (("X", (30.0, "m")), ("Y", (40.0, "m")))},
        },
    )
    items, _ = live(block(62, record))
    item = items[0]
    assert item.kind is MeasurementKind.POSITION_3D
    assert item.lla == pytest.approx((45.9 * RAD_PER_DEG, 16.1 * RAD_PER_DEG, 304.8), abs=1e-6)
    assert (item.covariance[0], item.covariance[4]) == (900.0, 1600.0)
    assert item.velocity_enu_mps == pytest.approx((10.0, -5.0, 3.048))
    assert 7_700.0 < item.values[0] < 7_800.0
    assert 11_100.0 < item.values[1] < 11_200.0


def test_the_end_of_a_track_gives_nothing() -> None:
    ended = track(OF_DAY_S, 9, 45.9, 16.1, **{"080": ((0, 0, 0, 0, 0, None), (0, 1, 0, 0, 0, 0, 0, None))})
    items, adapter = live(block(62, ended, track(OF_DAY_S, 10, 45.9, 16.1)))
    assert [item.sensor_track for item in items] == ["10"]
    assert items[0].kind is MeasurementKind.POSITION_2D
    assert adapter.statistics()["tracks_ended"] == 1


def test_a_systems_word_on_itself() -> None:
    items, _ = live(*(block(65, {"000": 1, "030": (OF_DAY_S, "s"), "040": k << 6}) for k in (0, 1, 1, 2, 0)))
    assert [item.health for item in items] == [Health.DEGRADED, Health.FAULT, Health.OK]

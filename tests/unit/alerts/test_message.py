"""The words of an alert."""

import math

import pytest

from tocsin.alerts import message
from tocsin.model.sensor import Health, SensorStatus
from tocsin.model.threat import Asset, Zone


def test_where_in_the_trades_order() -> None:
    east, north = 1200 * math.sin(math.radians(40)), 1200 * math.cos(math.radians(40))
    inbound = (-15 * math.sin(math.radians(40)), -15 * math.cos(math.radians(40)), 0.0)
    text = message.where("gate 3", (0.0, 0.0, 10.0), (east, north, 70.0), inbound, 8.0)
    assert text == "from gate 3, 040 deg, 1.2 km, 60 m, inbound 15 m/s"


@pytest.mark.parametrize(
    ("velocity", "words"),
    [((0, 10, 0), "outbound 10 m/s"), ((10, 0, 0), "crossing 10 m/s"), ((0.2, 0, 0), "hovering")],
)
def test_motion(velocity, words) -> None:
    text = message.where("x", (0, 0, 0), (0.0, 500.0, 50.0), velocity, 500.0)
    assert text == f"from x, 000 deg, 500 m, height not known, {words}"


def test_a_bearing_just_west_of_north_is_not_360() -> None:
    assert ", 000 deg, " in message.where("x", (0, 0, 0), (-0.001, 500.0, 50.0), (0, 0, 0), 1.0)


def test_a_sentence_without_percentages() -> None:
    text = message.entry_message("probable drone", 12, "gate 3", 0.8, "from gate 3", "55 s (40 to 80 s)", 0.0)
    assert text == "Probable drone T12, probable entry of gate 3: from gate 3, 55 s (40 to 80 s). As of 00:00:00Z."
    assert "In" not in message.entry_message("unidentified", 1, "z", 1.0, "there", "inside now", 0.0)
    assert ", in z: " in message.entry_message("unidentified", 1, "z", 1.0, "there", "inside now", 0.0)


def test_time_left() -> None:
    assert message.time_left((40.2, 55.0, 80.0), 0.0) == "55 s (40 to 80 s)"
    assert message.time_left(None, 0.1) == "time not known"
    assert message.time_left((0.0, 0.0, 0.0), 0.9) == "inside now"
    assert message.time_left((15.6, 15.9, 16.4), 0.0) == "16 s"


def test_middles_and_sensors() -> None:
    assert message.middle(Asset("a", 1.0, 2.0, 3.0, 4.0, 5.0)) == (1.0, 2.0, 3.0)
    assert message.middle(Zone("z", ((0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (0.0, 2.0)))) == (2.0, 1.0, 0.0)
    text = message.sensor_message(SensorStatus("radar", 60.0, Health.SILENT, "no data for 6 s"))
    assert text == "Sensor radar is silent (no data for 6 s). As of 00:01:00Z."
    text = message.sensor_message(SensorStatus("radar", 60.0, Health.OK, "heard again"))
    assert text == "Sensor radar is well again. As of 00:01:00Z."


def test_the_parts_of_a_loss_are_named_without_numbers_and_details() -> None:
    reason = "siren: no read-back within 2 s; the channels process gives no sign of life for 3 s"
    assert message.lost_parts(reason) == {"siren", "the channels process gives no sign of life for  s"}

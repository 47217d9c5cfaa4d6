import pytest

from tocsin.model.claim import Claim
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.sensor import Health, Reply, SensorStatus
from tocsin.model.statement import Stance, Statement
from tocsin.service.item_lines import item_line, kind_word

TIME_S = 1_772_359_200.0  # 2026-03-01T10:00:00Z


def detection(kind: MeasurementKind, values: tuple[float, ...], **more: object) -> Detection:
    size = len(values)
    return Detection("radar", kind, TIME_S, TIME_S + 0.25, values, (1.0,) * size * size, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "values", "shown"),
    [
        (MeasurementKind.POLAR_3D, (1234.5, 0.5235987755982988, 0.0), "range 1234.5 m, azimuth 30.00 deg, elevation 0"),
        (MeasurementKind.AZIMUTH, (0.5235987755982988,), "azimuth 30.00 deg"),
        (MeasurementKind.POSITION_2D, (10.0, -20.0), "east 10.0 m, north -20.0 m"),
    ],
)
def test_a_detection_is_said_in_the_radars_own_terms(kind, values, shown) -> None:
    line = item_line(detection(kind, values, sensor_track="7", range_rate_mps=-12.0, class_word="drone"))
    assert line.startswith("2026-03-01T10:00:00.000Z  detection, ")
    assert shown in line
    assert line.endswith("range rate -12.0 m/s, drone  (0.2 s old)") and "track 7: " in line


def test_a_place_on_the_earth_goes_before_one_in_the_sites_frame() -> None:
    line = item_line(detection(MeasurementKind.POSITION_2D, (1.0, 2.0), lla=(0.5235987755982988, 0.0, 90.0)))
    assert "30.000000 0.000000, height 90 m" in line and "east" not in line


def test_a_claim_keeps_its_heights_apart() -> None:
    claim = Claim("remote-id", "X1", "r", TIME_S, TIME_S, height_m=118.2, height_takeoff_m=80.0, speed_mps=12.5)
    assert "X1, height 118 m, above take-off 80 m, 12.5 m/s" in item_line(claim)
    assert kind_word(claim) == "claim, remote-id"


def test_states_statements_and_answers_have_their_words() -> None:
    assert "radar: fault, no antenna" in item_line(SensorStatus("radar", TIME_S, Health.FAULT, "no antenna"))
    assert "guard asserts: a drone" in item_line(Statement("1", "guard", Stance.ASSERTS, "a drone", "phone"))
    assert kind_word(Reply("link", 1, b"")) == "reply"

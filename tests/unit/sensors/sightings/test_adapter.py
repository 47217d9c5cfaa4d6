"""Sightings as bearings with an honest error, and as statements."""

import math

import msgspec
import numpy as np
import pytest

from tocsin.formats.sighting import Sighting, write_sighting
from tocsin.geo.frames import Origin, lla_from_enu
from tocsin.model.adapter import AdapterContext
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Pose
from tocsin.model.statement import Stance, Statement
from tocsin.sensors.sightings.adapter import Adapter, words_of
from tocsin.sensors.sightings.settings import Settings
from tocsin.units import RAD_PER_DEG

SITE = AdapterContext("people", Pose(), 54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)
TIME_S = 1_772_359_200.0
GUARD = Sighting(
    id="1", author="Gate guard", time="2026-03-01T10:00:00Z", latitude_deg=54.6, longitude_deg=18.8, accuracy_m=0.0,
    azimuth_deg=40.0, what="drone",
)  # fmt: skip


def told(*sightings: Sighting, received_s: float = TIME_S + 2.0) -> tuple[list[object], Adapter]:
    adapter = Adapter(Settings(), SITE)
    data = b"\n".join(map(write_sighting, sightings))
    return list(adapter.decode(Packet(PacketKind.DATA, "people", received_s, data))), adapter


def bearing(sighting: Sighting) -> Detection:
    found, _ = told(sighting)
    assert isinstance(found[1], Detection)
    return found[1]


def test_a_sighting_is_a_statement_and_a_bearing_and_no_place() -> None:
    (statement, detection), adapter = told(GUARD)
    assert isinstance(statement, Statement)
    assert (statement.speaker, statement.stance, statement.said_s) == ("Gate guard", Stance.ASSERTS, TIME_S)
    assert isinstance(detection, Detection)
    assert detection.kind is MeasurementKind.AZIMUTH
    assert detection.values[0] / RAD_PER_DEG == pytest.approx(40.0)
    assert (detection.lla, detection.class_word, detection.time_s) == (None, "drone", TIME_S)
    assert detection.sensor_enu_m == pytest.approx((0.0, 0.0, 1.6), abs=1e-6)
    assert adapter.statistics()["bearings"] == 1


@pytest.mark.parametrize(
    ("more", "sigma_deg"),
    [
        ({}, 10.0),
        ({"means": "heard"}, 25.0),
        ({"azimuth_sigma_deg": 3.0}, 3.0),
        ({"azimuth_sigma_deg": 3.0, "accuracy_m": 300.0}, math.hypot(3.0, 45.0)),
    ],
)
def test_the_error_takes_in_pointing_and_standing(more: dict[str, object], sigma_deg: float) -> None:
    found = bearing(msgspec.structs.replace(GUARD, **more))
    assert math.sqrt(found.covariance[0]) / RAD_PER_DEG == pytest.approx(sigma_deg)


def test_a_height_above_the_horizon_counts_for_what_was_seen() -> None:
    found = bearing(msgspec.structs.replace(GUARD, elevation_deg=20.0))
    assert found.kind is MeasurementKind.AZIMUTH_ELEVATION
    assert found.values[1] / RAD_PER_DEG == pytest.approx(20.0)
    assert math.sqrt(found.covariance[3]) / RAD_PER_DEG == pytest.approx(7.0)
    assert bearing(msgspec.structs.replace(GUARD, elevation_deg=20.0, means="heard")).kind is MeasurementKind.AZIMUTH


def test_a_bearing_starts_where_the_author_stood() -> None:
    origin = Origin(SITE.origin_latitude_rad, SITE.origin_longitude_rad, 41.0)
    lla = lla_from_enu(origin, np.array([[500.0, -300.0, 0.0]]))[0] / RAD_PER_DEG
    found = bearing(msgspec.structs.replace(GUARD, latitude_deg=float(lla[0]), longitude_deg=float(lla[1])))
    assert found.sensor_enu_m == pytest.approx((500.0, -300.0, 1.6), abs=0.1)


@pytest.mark.parametrize(
    ("more", "received_s", "count"),
    [
        ({"azimuth_deg": None}, TIME_S, "without_direction"),
        ({}, TIME_S + 61.0, "too_old"),
        ({}, TIME_S - 6.0, "too_old"),
    ],
)
def test_without_a_direction_or_too_late_it_is_a_statement_alone(
    more: dict[str, object], received_s: float, count: str
) -> None:
    found, adapter = told(msgspec.structs.replace(GUARD, **more), received_s=received_s)
    assert [type(one) for one in found] == [Statement]
    assert adapter.statistics()[count] == 1


def test_a_repeat_is_the_same_and_nonsense_is_counted() -> None:
    found, adapter = told(GUARD, GUARD)
    assert len(found) == 2
    assert adapter.statistics()["repeated"] == 1
    assert list(adapter.decode(Packet(PacketKind.DATA, "people", TIME_S, b'{"id": 1}'))) == []
    assert adapter.statistics()["problems"]["reasons"] == {"sighting: broken": 1}


def test_words_say_it_all() -> None:
    whole = msgspec.structs.replace(GUARD, azimuth_deg=318.0, elevation_deg=20.0, words="low,\n fast", photo="a.jpg")
    assert words_of(whole) == (
        "drone seen, towards north-west (318 deg), 20 deg above the horizon, “low, fast”, picture: a.jpg"
    )
    assert words_of(msgspec.structs.replace(GUARD, what="", azimuth_deg=None, means="heard")) == "something heard"

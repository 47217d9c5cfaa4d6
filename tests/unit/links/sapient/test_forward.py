"""Our sensors' reports as an edge node's, and back again through a server."""

import math

import pytest

from sapient_messages import BEGIN_S, NODE, message
from tocsin.formats.sapient.schema import schema
from tocsin.links.sapient import forward, reports, voice
from tocsin.model.claim import Claim
from tocsin.model.detection import Detection, MeasurementKind
from unit.links.sapient.harness import OWN, RADAR, Driven, context

MODULES = (forward, reports, voice)  # what is run here through the adapter
KINDS = {
    MeasurementKind.POSITION_2D: (500.0, 800.0),
    MeasurementKind.POSITION_3D: (500.0, 800.0, 70.0),
    MeasurementKind.POLAR_2D: (1500.0, 0.7),
    MeasurementKind.POLAR_3D: (1500.0, 0.7, 0.05),
    MeasurementKind.AZIMUTH: (0.7,),
    MeasurementKind.AZIMUTH_ELEVATION: (0.7, 0.05),
}
STANDS = (OWN.pose.east_m, OWN.pose.north_m, OWN.pose.up_m)


def edge() -> Driven:
    link = Driven(context(OWN), role="edge", node_id=NODE, place_of="own")
    (ours,) = link.opened()
    link.hear(message(link.time_s, registration_ack={"acceptance": True}, node="3d1ffd1b-cc01-4c26-a7e8-bf4da3d393b8"))
    assert ours.node_id == NODE
    return link


def server(link: Driven) -> Driven:
    """A server to which all that `link` has said so far was sent."""
    found = Driven(context(RADAR))
    found.opened()
    found.hear(*(one for _, one in link.replies))
    found.items.clear()
    return found


def seen(kind: MeasurementKind) -> Detection:
    values = KINDS[kind]
    size = len(values)
    covariance = [0.0] * size * size
    covariance[:: size + 1] = [25.0 if abs(value) > 20.0 else 1e-4 for value in values]
    return Detection(
        "own", kind, BEGIN_S, BEGIN_S, values, tuple(covariance), STANDS,
        velocity_enu_mps=(1.0, 2.0, math.nan), class_word="DRONE", score=0.5, sensor_track="12",
    )  # fmt: skip


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_of_measurement_comes_back_where_it_was(kind: MeasurementKind) -> None:
    link = edge()
    there = server(link)
    link.tell(seen(kind))
    (said,) = link.tick()
    assert schema().check(said) == ()
    there.time_s = link.time_s
    assert there.hear(said) == []
    (found,) = there.items
    assert isinstance(found, Detection)
    assert (found.class_word, found.score) == ("DRONE", 0.5)
    if kind in (MeasurementKind.POLAR_2D, MeasurementKind.POLAR_3D):
        range_m, azimuth_rad = KINDS[kind][:2]
        flat_m = range_m * math.cos(0.05 if kind is MeasurementKind.POLAR_3D else 0.0)
        place = (STANDS[0] + flat_m * math.sin(azimuth_rad), STANDS[1] + flat_m * math.cos(azimuth_rad))
        assert found.values[:2] == pytest.approx(place, abs=0.5)
    else:
        assert found.kind is kind
        assert found.values == pytest.approx(KINDS[kind], abs=1e-2)
        assert found.covariance[0] == pytest.approx(seen(kind).covariance[0], rel=0.02)
    if kind in (MeasurementKind.AZIMUTH, MeasurementKind.AZIMUTH_ELEVATION):
        assert found.sensor_enu_m == pytest.approx(STANDS, abs=1e-3)


def test_a_claim_keeps_its_object_id_and_its_name() -> None:
    link = edge()
    said = []
    for k in range(3):
        link.tell(
            Claim("remote-id", "S1", "own", link.time_s, link.time_s, 0.953, 0.328, altitude_msl_m=100.0, callsign="C")
        )
        said += link.tick(1.0)
        assert len(said) == k + 1
    assert len({one.detection_report.object_id for one in said}) == 1
    report = said[0].detection_report
    assert report.id == "S1"
    assert {one.type: one.value for one in report.object_info} == {"means": "remote-id", "callsign": "C"}
    assert 125.0 < report.location.z < 135.0  # on the ellipsoid
    assert report.location.datum == 1


def test_what_is_too_old_or_nowhere_is_counted() -> None:
    link = edge()
    link.tell(Claim("remote-id", "S1", "own", link.time_s - 10.0, link.time_s, 0.953, 0.328))
    link.tell(Claim("remote-id", "S2", "own", link.time_s, link.time_s))
    elsewhere = Detection("own", MeasurementKind.AZIMUTH, BEGIN_S, BEGIN_S, (1.0,), (1e-4,), (500.0, 0.0, 0.0))
    link.tell(elsewhere)
    assert link.tick() == []
    assert (link.count("reports_too_old"), link.count("reports_without_place")) == (1, 2)


def test_the_newest_report_of_an_object_goes_out() -> None:
    link = edge()
    for latitude_rad in (0.953, 0.95301):
        link.tell(Claim("remote-id", "S1", "own", link.time_s, link.time_s, latitude_rad, 0.328))
    (said,) = link.tick()
    assert said.detection_report.location.y == pytest.approx(math.degrees(0.95301))
    assert link.count("reports_replaced_by_newer") == 1


def test_the_place_of_a_sensor_that_is_not_there_is_refused() -> None:
    with pytest.raises(Exception, match="no sensor is named 'x'"):
        Driven(context(OWN), role="edge", place_of="x")

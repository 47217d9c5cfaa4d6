"""The server's answers, row by row as a middleware was found to answer; where that one is silent, an Error is sent."""

from typing import Any

import pytest

from sapient_messages import BEGIN_S, NODE, OBJECT, OTHER, ULID, detection, message, registration, status
from tocsin.links.sapient import hearing, nodes, server
from tocsin.model.claim import Claim
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.sensor import Health, SensorStatus
from tocsin.model.statement import Stance, Statement
from unit.links.sapient.harness import OTHERS, OWN, RADAR, Driven, context, errors

MODULES = (hearing, nodes, server)  # what is run here through the adapter
PLACE = {"x": 18.81, "y": 54.61, "z": 120.0, "coordinate_system": 1, "datum": 1}


def ready(**settings: Any) -> Driven:
    """A server with a registered node that has sent its first status."""
    link = Driven(context(RADAR, OWN), **settings)
    link.opened()
    link.hear(registration(), status())
    link.items.clear()
    return link


def test_a_correct_registration_is_acknowledged_by_our_own_node() -> None:
    link = Driven()
    link.opened()
    (ack,) = link.hear(registration())
    assert ack.registration_ack.acceptance
    assert ack.destination_id == NODE
    assert ack.node_id not in ("", NODE)
    assert link.items == [SensorStatus("radar", BEGIN_S, Health.OK, "Test radar registered", packet=7)]


def test_a_detection_before_registration_is_answered() -> None:
    link = Driven()
    link.opened()
    assert errors(link.hear(detection())) == ["detection_report: this node has not registered on this connection"]
    assert link.items == []
    assert link.count("messages_refused") == 1


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (status(info=0), "status_report.info: is INFO_UNSPECIFIED"),
        (
            status(info=2, system=2),
            "status_report.system: differs from the last INFO_NEW, in a report that says INFO_UNCHANGED",
        ),
        (
            detection(location={"x": 18.81, "y": 54.61, "coordinate_system": 1}),
            "detection_report.location.datum: is missing",
        ),
        (
            detection(location=PLACE | {"coordinate_system": 0}),
            "detection_report.location.coordinate_system: is LOCATION_COORDINATE_SYSTEM_UNSPECIFIED",
        ),
        (detection(detection_confidence=7.0), "detection_report.detection_confidence: 7 is not between 0 and 1"),
        (detection(location=PLACE | {"x": 500.0}), "detection_report.location: not on the earth: x 500, y 54.61"),
        (
            detection(location=PLACE | {"x": 54.61, "y": 18.81}),
            "detection_report.location: far from the site: 5000 km; x and y look swapped",
        ),
        (detection(object_id=OBJECT.lower()), f"detection_report.object_id: '{OBJECT.lower()}' is no upper-case ULID"),
        (detection(node=NODE.upper()), f"node_id: '{NODE.upper()}' is no lower-case version 4 UUID"),
        (
            detection(node="a8654cdf-4328-17de-81fa-c495589e30c9"),
            "node_id: 'a8654cdf-4328-17de-81fa-c495589e30c9' is no lower-case version 4 UUID",
        ),
        (detection(node=OTHER), f"node_id: expected {NODE}, got {OTHER}"),
        (detection(BEGIN_S - 2.0), "timestamp: 2.000 s old, taken are 0.9 s old to 0.1 s ahead; set the clock"),
        (detection(BEGIN_S + 0.5), "timestamp: 0.500 s ahead, taken are 0.9 s old to 0.1 s ahead; set the clock"),
        (registration(config_data=[]), "registration.config_data: is missing"),
        (registration(icd_version="2.0"), "registration.icd_version: '2.0' is not spoken here, 'BSI Flex 335 v2.0' is"),
        (
            message(task={"task_id": ULID, "control": 1, "command": {"request": "Start"}}),
            "task: is not for an edge node to send",
        ),
    ],
)
def test_what_is_refused(bad: Any, reason: str) -> None:
    link = ready()
    assert errors(link.hear(bad)) == [reason]
    assert link.replies[-1][1].error.packet == bad.SerializeToString()
    assert link.items == []
    assert errors(link.hear(detection())) == []  # the session goes on
    assert len(link.items) == 1


def test_a_registration_without_a_version_is_answered() -> None:
    link = Driven()
    link.opened()
    bad = registration()
    bad.registration.ClearField("icd_version")
    assert errors(link.hear(bad)) == ["registration.icd_version: is missing"]
    assert errors(link.hear(registration(icd_version="BSI_Flex_335_v2.0"))) == ["(registration_ack)"]


def test_unchanged_before_new_is_refused() -> None:
    link = Driven()
    link.opened()
    link.hear(registration())
    assert errors(link.hear(status(info=2))) == ["status_report.info: INFO_UNCHANGED before an INFO_NEW"]
    assert errors(link.hear(status(), status(info=2))) == []


def test_detections_keep_their_distance() -> None:
    link = ready()
    assert errors(link.hear(detection(BEGIN_S - 0.5))) == []
    assert errors(link.hear(detection(BEGIN_S - 0.48))) == [
        "timestamp: detection time delta too small, 0.020 s after the one before, 0.08 s or the same time are taken"
    ]
    assert errors(link.hear(detection(BEGIN_S - 0.5, object_id=ULID))) == []  # the same time is
    assert errors(link.hear(detection(BEGIN_S - 0.6))) == ["timestamp: detection 0.100 s earlier than the one before"]
    assert errors(link.hear(detection(BEGIN_S - 0.4))) == []


def test_registering_again_starts_the_status_afresh() -> None:
    link = ready()
    assert errors(link.hear(registration())) == ["(registration_ack)"]
    assert errors(link.hear(status(info=2))) == ["status_report.info: INFO_UNCHANGED before an INFO_NEW"]


def test_a_second_connection_takes_the_id_with_it() -> None:
    link = ready()
    link.opened(2)
    assert errors(link.hear(registration(), connection=2)) == ["(registration_ack)"]
    assert link.hear(detection(), status(info=9)) == []  # the first is ignored, whatever it says
    assert link.count("messages_of_replaced_connections") == 2
    assert errors(link.hear(status(), detection(), connection=2)) == []
    link.items.clear()
    link.closed(1)
    assert link.items == []  # nothing of the sensor's went with it


def test_an_end_without_goodbye_is_silence_and_one_with_it_is_not() -> None:
    link = ready()
    link.closed()
    reason = "its connection ended without a goodbye"
    assert link.items == [SensorStatus("radar", BEGIN_S, Health.SILENT, reason, packet=7)]
    link = ready()
    link.hear(status(system=5))
    assert [item.health for item in link.items if isinstance(item, SensorStatus)] == [Health.OFF]
    link.items.clear()
    link.closed()
    assert link.items == []


def test_a_node_that_misses_three_intervals_is_stale_once() -> None:
    link = ready()
    for _ in range(160):
        link.tick()
    (stale,) = link.items
    assert isinstance(stale, SensorStatus)
    assert (stale.health, stale.reason) == (Health.DEGRADED, "no message for 15 s, it promised one each 5 s")


def test_what_detections_become() -> None:
    link = ready()
    link.hear(status(node_location={"x": 18.8, "y": 54.6, "z": 45.0, "coordinate_system": 1, "datum": 1}))
    link.items.clear()
    seen = {"azimuth": 0.045, "range": 2.5, "elevation": 0.1, "coordinate_system": 4, "datum": 1}
    link.hear(detection(classification=[{"type": "Animal"}], id="TAIL"), detection(range_bearing=seen))
    located, claim, polar = link.items
    assert isinstance(located, Detection) and isinstance(claim, Claim) and isinstance(polar, Detection)
    assert (located.kind, located.class_word, located.sensor_track) == (MeasurementKind.POSITION_3D, "Animal", OBJECT)
    assert claim.identifier == "TAIL"
    assert polar.kind is MeasurementKind.POLAR_3D
    assert polar.values == pytest.approx((2500.0, 0.045, 0.1))
    assert polar.sensor_enu_m == pytest.approx((0.0, 0.0, 4.0), abs=1e-6)


def test_a_lost_object_gives_nothing() -> None:
    link = ready()
    link.hear(detection(state="Lost"))
    assert link.items == []
    assert link.count("detections_lost") == 1


def test_alerts_are_acknowledged_and_become_statements() -> None:
    link = ready()
    (ack,) = link.hear(message(alert={"alert_id": ULID, "description": "Intruder"}))
    assert (ack.alert_ack.alert_id, ack.alert_ack.alert_ack_status) == (ULID, 1)
    (said,) = link.items
    assert isinstance(said, Statement)
    assert (said.speaker, said.stance, said.content, said.id) == ("Test radar", Stance.WARNS, "Intruder", ULID)


def test_a_stranger_is_acknowledged_told_once_and_not_used() -> None:
    link = Driven()
    link.opened()
    for _ in range(2):
        assert errors(link.hear(registration(node=OTHER))) == ["(registration_ack)"]
    (told,) = link.items
    assert isinstance(told, SensorStatus)
    assert told.sensor == "nodes"
    assert told.reason == f"Test radar registered as {OTHER}, which no sensor of the site stands for"
    assert errors(link.hear(status(node=OTHER), detection(node=OTHER))) == []
    assert len(link.items) == 1
    assert link.count("reports_of_strangers") == 2


def test_a_sensor_without_a_node_takes_all_others() -> None:
    link = Driven(context(RADAR, OTHERS))
    link.opened()
    link.hear(registration(node=OTHER), status(node=OTHER), detection(node=OTHER))
    found = link.items[-1]
    assert isinstance(found, Detection)
    assert (found.sensor, found.sensor_track) == ("others", f"{OTHER}/{OBJECT}")


def test_a_node_that_passes_on_self_reports_makes_claims() -> None:
    link = ready(self_reporting=(NODE,))
    link.hear(detection(id="SERIAL"), detection(range_bearing={"azimuth": 1.0, "coordinate_system": 1, "datum": 1}))
    (claim,) = link.items
    assert isinstance(claim, Claim)
    assert (claim.means, claim.identifier, claim.height_m) == ("sapient", "SERIAL", 120.0)


def test_velocities_are_read_in_the_units_of_the_registration() -> None:
    link = ready()
    again = registration()
    units = again.registration.mode_definition[0].detection_definition[0].velocity_type.enu_velocity_units
    units.east_north_rate_units, units.up_rate_units = 2, 1  # km/h, m/s
    link.hear(again, status())
    link.items.clear()
    link.hear(detection(enu_velocity={"east_rate": 36.0, "north_rate": -72.0, "up_rate": 2.0}))
    (found,) = link.items
    assert isinstance(found, Detection)
    assert found.velocity_enu_mps == pytest.approx((10.0, -20.0, 2.0))


def test_bytes_that_are_no_message_are_answered_and_a_broken_stream_once() -> None:
    link = ready()
    (error,) = link.raw(b"\x03\x00\x00\x00\xff\xff\xff")
    assert errors([error])[0].startswith("not a SapientMessage")
    (error,) = link.raw(b"\x00\x00\x00\x0a0123456789")
    assert "big-endian" in errors([error])[0]
    assert link.raw(b"\x00\x00\x00\x0a0123456789") == []
    assert link.adapter.statistics()["problems"]["total"] == 2


def test_a_server_of_version_one() -> None:
    link = Driven(version="1.0")
    link.opened()
    old = registration(icd_version="BSI Flex 335 v1.0", config_data=[])
    assert errors(link.hear(registration())) == []  # an Error of version 1.0, whose text stands elsewhere
    (reason,) = link.adapter.statistics()["problems"]["reasons"]
    assert reason == "refused: registration.field 10"
    assert errors(link.hear(old)) == ["(registration_ack)"]
    assert errors(link.hear(status(), detection())) == []
    assert isinstance(link.items[-1], Detection)


def test_the_site_tells_its_exercise() -> None:
    link = Driven(context(RADAR, exercise=True))
    link.opened()
    (ack,) = link.hear(registration())
    assert ack.additional_information == "EXERCISE"

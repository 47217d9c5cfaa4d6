"""Our node towards others: as an edge and as a fusion node, through all that a middleware was found to do to it."""

from typing import Any

import msgspec
import pytest

from picture_builder import picture
from sapient_messages import BEGIN_S, NODE, OBJECT, OTHER, ULID, detection, message, registration, status
from tocsin.formats.sapient.schema import schema
from tocsin.links.sapient import client, tasks
from tocsin.links.sapient.client import AFTER_REFUSAL_S, ASK_AGAIN_S, GO_ON_S
from tocsin.model.claim import Claim
from tocsin.model.detection import Detection
from tocsin.model.packet import PacketKind
from tocsin.model.sensor import Health, SensorStatus
from unit.links.sapient.harness import OTHERS, OWN, Driven, context, errors

MODULES = (client, tasks)  # what is run here through the adapter
MIDDLEWARE = OTHER


def kinds(said: list[Any]) -> list[str]:
    return [str(one.WhichOneof("content")) for one in said]


def ack(link: Driven, acceptance: bool = True, **more: Any) -> Any:
    body = {"acceptance": acceptance, **more}
    return message(link.time_s, MIDDLEWARE, destination_id=link.replies[0][1].node_id, registration_ack=body)


def error(link: Driven, about: Any, text: str) -> Any:
    return message(link.time_s, MIDDLEWARE, error={"packet": about.SerializeToString(), "error_message": [text]})


def claim(time_s: float, identifier: str = "SERIAL-1") -> Claim:
    return Claim("remote-id", identifier, "own", time_s, time_s, 0.953, 0.328, 120.0, speed_mps=10.0, course_rad=0.5)


def edge(**settings: Any) -> Driven:
    link = Driven(context(OWN), role="edge", **settings)
    link.opened()
    return link


def fusion(**settings: Any) -> Driven:
    link = Driven(context(OTHERS, OWN), role="fusion", **settings)
    link.opened()
    return link


def test_an_edge_node_reports_only_once_it_is_acknowledged() -> None:
    link = edge()
    assert kinds([one for _, one in link.replies]) == ["registration"]
    link.tell(claim(link.time_s))
    assert [link.tick() for _ in range(5)] == [[]] * 5
    (first,) = link.hear(ack(link))
    assert (first.status_report.info, first.status_report.system, first.status_report.mode) == (1, 1, "Default")
    assert first.status_report.node_location.y == pytest.approx(54.6)
    (report,) = link.tick()
    assert report.detection_report.id == "SERIAL-1"
    told = link.items[-1]
    assert isinstance(told, SensorStatus)
    assert (told.sensor, told.health, told.reason) == ("nodes", Health.OK, "reports go out")


def test_everything_we_say_is_valid() -> None:
    for link in (edge(), fusion()):
        link.hear(ack(link))
        link.tell(claim(link.time_s))
        link.tell(picture(link.time_s))
        for _ in range(60):
            link.tick()
        link.adapter.decode(link._packet(PacketKind.CLOSED, b"the site stops", 0))
        assert len(link.replies) > 2
        for _, one in link.replies:
            assert schema().check(one) == ()


def test_it_asks_again_while_no_answer_comes() -> None:
    link = edge()
    found = [link.tick(ASK_AGAIN_S + 0.1) for _ in range(3)]
    assert [kinds(said) for said in found] == [["registration"]] * 3


def test_a_refused_registration_is_told_and_tried_again_later() -> None:
    link = edge()
    assert link.hear(ack(link, False, ack_response_reason=["no licence", "no room"])) == []
    told = link.items[-1]
    assert isinstance(told, SensorStatus)
    assert (told.health, told.reason) == (Health.FAULT, "refuses our registration: no licence; no room")
    assert link.tick(ASK_AGAIN_S + 0.1) == []
    assert kinds(link.tick(AFTER_REFUSAL_S)) == ["registration"]


def test_status_is_new_after_a_registration_and_unchanged_then() -> None:
    link = edge(status_s=2.0)
    link.hear(ack(link))
    said = [one for _ in range(50) for one in link.tick()]
    assert [one.status_report.info for one in said] == [2, 2]
    again = link.hear(error(link, said[-1], 'Status report "Unchanged" received before "New"'))
    assert again == []
    assert [one.status_report.info for _ in range(30) for one in link.tick()] == [1]


def test_an_error_that_asks_for_a_registration_gets_one() -> None:
    link = edge()
    link.hear(ack(link))
    link.tick(ASK_AGAIN_S + 1.0)
    said = link.hear(error(link, detection(), "this node has not registered"))
    assert kinds(said) == ["registration"]
    assert link.hear(error(link, detection(), "this node has not registered")) == []  # not in a loop
    assert link.count("errors_received") == 2


def test_whatever_an_error_says_the_node_goes_on() -> None:
    link = edge()
    link.hear(ack(link))
    about = detection()
    link.hear(error(link, about, "Detection time delta 0:00:00.020 too small"), error(link, about, ""))
    link.hear(message(link.time_s, MIDDLEWARE, error={"packet": b"\xff\xff", "error_message": ["what"]}))
    link.tell(claim(link.time_s))
    assert [one for _ in range(11) for one in kinds(link.tick())] == ["detection_report"]
    told = [item.reason for item in link.items if isinstance(item, SensorStatus)]
    assert "refused a message of ours: what" in told


def test_cycles_bear_one_timestamp_and_keep_their_distance() -> None:
    link = edge(interval_s=0.5)
    link.hear(ack(link))
    sent = []
    for step in range(100):
        link.tell(claim(link.time_s, f"S{step % 3}"))
        link.tell(claim(link.time_s, "S9"))
        said = [one for one in link.tick() if one.WhichOneof("content") == "detection_report"]
        if said:
            assert len({one.timestamp.ToNanoseconds() for one in said}) == 1
            assert len({one.detection_report.object_id for one in said}) == len(said)
            sent.append(said[0].timestamp.ToNanoseconds() * 1e-9)
    steps = [b - a for a, b in zip(sent, sent[1:], strict=False)]
    assert min(steps) >= 0.499
    assert 18 <= len(sent) <= 21


def test_a_lost_connection_registers_again() -> None:
    link = edge()
    link.hear(ack(link))
    link.closed()
    told = link.items[-1]
    assert isinstance(told, SensorStatus)
    assert (told.sensor, told.health, told.reason) == ("nodes", Health.DEGRADED, "reset")
    assert kinds(link.opened(2)) == ["registration"]
    link.tell(claim(link.time_s))
    assert link.tick() == []
    link.hear(ack(link), connection=2)
    assert [connection for connection, one in link.replies[-1:]] == [2]


def test_a_fusion_node_goes_on_where_no_peer_may_register() -> None:
    link = fusion()
    (ours,) = [one for _, one in link.replies]
    said = link.hear(error(link, ours, "Peer should not send registration"))
    assert kinds(said) == ["status_report"]
    assert "detection_report" in kinds(link.tell(picture(link.time_s)))


def test_a_fusion_node_goes_on_without_an_answer() -> None:
    link = fusion()
    assert link.tell(picture(link.time_s)) == []
    said = [one for _ in range(int(GO_ON_S * 10) + 1) for one in link.tick()]
    assert kinds(said) == ["status_report"]
    assert "detection_report" in kinds(link.tell(picture(link.time_s)))


def test_a_fusion_node_that_does_not_register_starts_at_once() -> None:
    link = Driven(context(OTHERS), role="fusion", register=False)
    assert kinds(link.opened()) == ["status_report"]


def test_nodes_behind_a_middleware_are_heard_late_and_old() -> None:
    """A peer that joins late is sent what was cached, with the timestamps of then, of several nodes."""
    link = fusion()
    third = "3d1ffd1b-cc01-4c26-a7e8-bf4da3d393b9"
    link.hear(
        registration(BEGIN_S - 900.0, OTHER),
        status(BEGIN_S - 800.0, node=OTHER),
        registration(BEGIN_S - 700.0, third),
        status(BEGIN_S - 5.0, info=2, node=OTHER),
        detection(BEGIN_S - 0.1, OTHER),
        detection(BEGIN_S - 0.1, third),
    )
    found = [item for item in link.items if isinstance(item, Detection)]
    assert [item.sensor_track for item in found] == [f"{OTHER}/{OBJECT}", f"{third}/{OBJECT}"]
    assert link.adapter.statistics()["problems"]["total"] == 0


def test_a_report_of_a_node_whose_registration_was_missed_is_used() -> None:
    link = fusion()
    link.hear(detection(node=OTHER))
    assert isinstance(link.items[-1], Detection)
    assert link.count("detections_of_unregistered") == 1


def test_what_comes_back_or_is_for_others_is_left() -> None:
    link = fusion()
    ours = link.replies[0][1].node_id
    link.hear(
        detection(node=ours), message(node=OTHER, destination_id=NODE, task_ack={"task_id": ULID, "task_status": 1})
    )
    assert link.items == []
    assert (link.count("own_messages_come_back"), link.count("messages_for_others")) == (1, 1)


def test_bad_messages_are_counted_and_lose_nothing_else() -> None:
    link = fusion()
    place = {"x": 500.0, "y": 54.6, "coordinate_system": 1, "datum": 1}
    link.hear(detection(node=OTHER, object_id="x"), detection(node=OTHER, location=place), detection(node=OTHER))
    link.raw(b"\x02\x00\x00\x00\xff\xff")
    assert sum(isinstance(item, Detection) for item in link.items) == 1
    assert link.adapter.statistics()["problems"]["reasons"] == {
        "message: not valid": 1,
        "detection_report: location: not on the earth": 1,
        "message: broken": 1,
    }


TASKS = [
    ({"request": "Registration"}, 1, "", ["task_ack", "registration"]),
    ({"request": "Reset"}, 1, "", ["task_ack", "registration"]),
    ({"request": "Status"}, 1, "", ["task_ack", "status_report"]),
    ({"request": "Explode"}, 2, "request 'Explode' is not supported", ["task_ack"]),
    ({"mode_change": "Default"}, 3, "the only mode there is", ["task_ack"]),
    ({"mode_change": "Fast"}, 2, "mode 'Fast' is not supported", ["task_ack"]),
    ({"detection_report_rate": 1}, 3, "", ["task_ack"]),
    ({"detection_threshold": 1}, 2, "detection_threshold is not supported", ["task_ack"]),
    ({"follow": {"follow_object_id": OBJECT}}, 2, "follow is not supported", ["task_ack"]),
]


@pytest.mark.parametrize(("command", "outcome", "reason", "said"), TASKS)
def test_tasks_are_answered(command: dict[str, Any], outcome: int, reason: str, said: list[str]) -> None:
    link = edge()
    link.hear(ack(link))
    ours = link.replies[0][1].node_id
    task = message(link.time_s, OTHER, destination_id=ours, task={"task_id": ULID, "control": 1, "command": command})
    found = link.hear(task)
    assert kinds(found) == said
    answer = found[0]
    assert (answer.destination_id, answer.task_ack.task_id) == (OTHER, ULID)
    assert (answer.task_ack.task_status, "; ".join(answer.task_ack.reason)) == (outcome, reason)


def test_stop_and_start() -> None:
    link = edge()
    link.hear(ack(link))
    ours = link.replies[0][1].node_id
    for word, expected in (("Stop", []), ("Start", ["detection_report"])):
        body = {"task_id": ULID, "control": 1, "command": {"request": word}}
        (done,) = link.hear(message(link.time_s, OTHER, destination_id=ours, task=body))
        assert done.task_ack.task_status == 3
        link.tell(claim(link.time_s + 1.0))
        assert kinds(link.tick(1.0)) == expected


def test_a_task_without_a_command_and_one_to_stop_are_rejected() -> None:
    link = edge()
    link.hear(ack(link))
    ours = link.replies[0][1].node_id
    for body in ({"control": 1}, {"control": 2, "command": {"request": "Status"}}):
        (done,) = link.hear(message(link.time_s, OTHER, destination_id=ours, task={"task_id": ULID} | body))
        assert done.task_ack.task_status == 2


def test_the_end_of_the_site_is_a_goodbye() -> None:
    link = edge()
    link.hear(ack(link))
    said = link._take(link.adapter.decode(link._packet(PacketKind.CLOSED, b"the site stops", 0)))
    assert [one.status_report.system for one in said] == [5]
    link.tell(claim(link.time_s))
    assert link.tick(1.0) == []


def test_alert_acknowledgements_are_counted() -> None:
    link = fusion()
    for outcome in (1, 2):
        link.hear(message(link.time_s, OTHER, alert_ack={"alert_id": ULID, "alert_ack_status": outcome}))
    assert (link.count("alerts_accepted"), link.count("alerts_refused")) == (1, 1)


def test_more_than_the_rate_waits_for_the_next_cycle() -> None:
    link = edge(most_per_s=3.0)
    link.hear(ack(link))
    for k in range(5):
        link.tell(claim(link.time_s, f"S{k}"))
    found = [len([one for one in link.tick(1.0) if one.WhichOneof("content") == "detection_report"]) for _ in range(3)]
    assert found == [3, 2, 0]


def test_an_exercise_says_so() -> None:
    link = Driven(context(OWN, exercise=True), role="edge")
    (ours,) = link.opened()
    assert ours.additional_information == "EXERCISE"
    assert ours.registration.name.startswith("EXERCISE ")
    link = edge()
    link.hear(ack(link))
    link.tell(msgspec.structs.replace(claim(link.time_s), exercise=True))
    (report,) = link.tick(1.0)
    assert report.additional_information == "EXERCISE"
    assert errors([report]) == ["(detection_report)"]

"""Tasks to nodes: what goes out, what is refused before it does, and what the answers become."""

import json
from typing import Any

import pytest

from sapient_messages import BEGIN_S, NODE, OTHER, ULID, message, registration, status
from tocsin.formats.sapient.schema import schema
from tocsin.links.sapient import modes, tasking, wish
from tocsin.model.command import Command, CommandAnswer, CommandKind
from tocsin.model.sensor import Health, Reply, SensorStatus
from unit.links.sapient.harness import OTHERS, OWN, RADAR, Driven, context

MODULES = (modes, tasking, wish)  # what is run here through the adapter
SECOND = {"units": 4, "value": 1.0}
REQUEST, RATE, CLASSES, MODE, LOOK, FOLLOW = (
    {"units": units, "type": kind, "completion_time": SECOND}
    for units, kind in (
        ("Reset, Start, Stop, Jam", 1),
        ("LOW, HIGH", 3),
        ("as the maker says", 4),
        ("mode name", 5),
        ("degrees", 6),
        ("object", 9),
    )
)


def able(node: str = NODE, kind: int = 2, category: str = "Radar", **more: Any) -> Any:
    """A registration of two modes: Default allows everything that is tried here, Track requests alone."""
    said = registration(node=node, node_definition=[{"node_type": kind}], **more)
    first = said.registration.mode_definition[0]
    second = said.registration.mode_definition.add()
    second.CopyFrom(first)
    second.mode_name = "Track"
    for command in (REQUEST, RATE, CLASSES, MODE, LOOK, FOLLOW):
        first.task.command.add(**command)
    second.task.command.add(**REQUEST)
    said.registration.capabilities[0].category = category
    return said


def ready(*said: Any, **settings: Any) -> Driven:
    link = Driven(context(RADAR, OWN), **settings)
    link.opened()
    link.hear(*(said or (able(), status())))
    link.items.clear()
    return link


def ask(link: Driven, name: str = "c1", target: str = "radar", reason: str = "look there", **value: Any) -> Any:
    """The Tasks that a command sent, and its answer."""
    command = Command(name, CommandKind.TASK_SENSOR, "Nowak", target, json.dumps(value), reason)
    found = list(link.adapter.task(command, link.time_s))
    (answer,) = (one for one in found if isinstance(one, CommandAnswer))
    assert answer.id == name
    return link._take(one for one in found if isinstance(one, Reply)), answer


def refused(link: Driven, **value: Any) -> str:
    sent, answer = ask(link, **value)
    assert sent == [] and not answer.accepted
    return str(answer.reason)


def answered(link: Driven, task: Any, state: int, *why: str, node: str = NODE) -> list[tuple[Health, str]]:
    """What the operator is told of a TaskAck."""
    link.items.clear()
    body = {"task_id": task.task.task_id, "task_status": state, "reason": why}
    assert link.hear(message(link.time_s, node, task_ack=body)) == []
    return told(link)


def told(link: Driven) -> list[tuple[Health, str]]:
    found = [one for one in link.items if isinstance(one, SensorStatus)]
    assert {one.sensor for one in found} <= {"nodes"}
    return [(one.health, one.reason) for one in found]


@pytest.mark.parametrize(
    ("value", "field", "sent"),
    [
        ({"request": "reset"}, "request", "Reset"),  # in the registration's own words
        ({"mode_change": "Track"}, "mode_change", "Track"),
        ({"detection_report_rate": "high"}, "detection_report_rate", 3),
        ({"classification_threshold": "medium"}, "classification_threshold", 2),
    ],
)
def test_what_the_registration_allows_goes_out(value: dict[str, Any], field: str, sent: Any) -> None:
    link = ready()
    (task,), answer = ask(link, **value)
    assert (answer.accepted, answer.reason) == (True, "sent to Test radar")
    assert (task.destination_id, task.task.control) == (NODE, 1)
    assert task.node_id not in ("", NODE)
    assert task.task.command.WhichOneof("command") == field
    assert getattr(task.task.command, field) == sent
    assert schema().read(task.SerializeToString())[1] == ()
    assert link.count("tasks_sent") == 1


def test_a_look_direction_is_against_true_north() -> None:
    (task,), _ = ask(ready(), look_at={"azimuth_deg": 271.5, "elevation_deg": 10.0})
    cone = task.task.command.look_at.range_bearing
    assert (cone.azimuth, cone.elevation, cone.coordinate_system, cone.datum) == (271.5, 10.0, 1, 1)
    assert schema().read(task.SerializeToString())[1] == ()
    (level,), _ = ask(ready(), look_at={"azimuth_deg": 0.0})
    assert not level.task.command.look_at.range_bearing.HasField("elevation")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (
            {"request": "Warm up"},
            "task.command.request: 'Warm up' is not in the registration; there stands Reset, Start",
        ),
        (
            {"mode_change": "Fast"},
            "task.command.mode_change: 'Fast' is not in the registration; there stands Default, T",
        ),
        (
            {"detection_report_rate": "medium"},
            "task.command.detection_report_rate: 'medium' is not in the registration; there stands LOW, HIGH",
        ),
        (
            {"detection_threshold": "low"},
            "task.command.detection_threshold: is not in the registration; there stands classification_threshold, ",
        ),
        ({"detection_report_rate": "fast"}, "task: Invalid enum value 'fast' - at `$.detection_report_rate`"),
        ({"look_at": {"azimuth_deg": 360.0}}, "task: Expected `float` < 360.0 - at `$.look_at.azimuth_deg`"),
        ({"follow": {"follow_object_id": ULID}}, "task: Object contains unknown field `follow`"),
        ({"move_to": {}}, "task: Object contains unknown field `move_to`"),
        ({"request": "Reset", "mode_change": "Track"}, "task.command: one at a time, not request and mode_change"),
        ({}, "task.command: is missing; one of request, mode_change, "),
        ({"control": "stop"}, "task: the id of the command that is to stop is missing"),
        ({"control": "pause", "task": "c9"}, "task: 'c9' gave this node no task that it still has"),
        ({"request": "Reset", "reason": ""}, "author, reason: a task needs both"),
        ({"request": "Reset", "node": OTHER}, "target: no node of 'radar' is registered here now"),
        ({"request": "Reset", "target": "own"}, "target: no node of 'own' is registered here now"),
        ({"request": "Jam"}, "task.command.request: 'Jam' sounds like an engagement; Tocsin controls no effector"),
    ],
)
def test_what_is_refused_before_it_is_sent(value: dict[str, Any], reason: str) -> None:
    link = ready()
    assert refused(link, **value).startswith(reason)
    assert link.count("tasks_denied") == 1 and link.count("tasks_sent") == 0


def test_what_may_be_asked_is_what_the_mode_in_force_allows() -> None:
    link = ready()
    link.hear(status(info=1, mode="Track"))
    assert refused(link, mode_change="Default") == (
        "task.command.mode_change: is not in the registration; there stands request"
    )
    assert ask(link, name="c2", request="Stop")[1].accepted


@pytest.mark.parametrize("kind", [13, 14, 15, 16, 17])
def test_an_effector_is_asked_for_nothing(kind: int) -> None:
    link = ready(able(kind=kind), status())
    words = "node_definition.node_type: an effector; Tocsin controls none"
    for value in ({"request": "Reset"}, {"control": "stop", "task": "c0"}, {"look_at": {"azimuth_deg": 1.0}}):
        assert refused(link, name=json.dumps(value), **value) == words
    assert refused(ready(able(kind=1, category="RF Jammer"), status()), request="Reset") == words


@pytest.mark.parametrize("word", ["Engage", "open fire", "RFJam", "Launch", "ReleasePayload", "Arm", "autoAim"])
def test_what_sounds_like_an_engagement_is_never_sent(word: str) -> None:
    said = able()
    said.registration.mode_definition[0].task.command[0].units += f", {word}"
    said.registration.mode_definition[1].mode_name = word
    for field in ("request", "mode_change"):
        assert "sounds like an engagement" in refused(ready(said, status()), **{field: word})


def test_an_alarm_is_no_arm() -> None:
    said = able()
    said.registration.mode_definition[0].task.command[0].units = "Reset alarm; Claim"
    link = ready(said, status())
    assert [ask(link, name=word, request=word)[1].accepted for word in ("reset alarm", "Claim")] == [True, True]


def test_the_answers_of_the_node_are_told() -> None:
    link = ready()
    (task,), _ = ask(link, mode_change="Track")
    assert answered(link, task, 1) == [(Health.OK, "radar accepted mode_change Track")]
    assert answered(link, task, 4, "stuck", "hot") == [(Health.DEGRADED, "radar failed mode_change Track: stuck; hot")]
    (second,), _ = ask(link, name="c2", request="Reset")
    assert answered(link, second, 2, "busy") == [(Health.DEGRADED, "radar rejected request Reset: busy")]
    assert (link.count("tasks_acknowledged"), link.count("tasks_refused")) == (1, 2)
    task.task.task_id = ULID
    assert answered(link, task, 1) == []
    assert link.count("task_acknowledgements_unasked") == 1


def test_silence_is_told_once_and_a_late_answer_still_counts() -> None:
    link = ready(task_answer_s=2.0)
    (task,), _ = ask(link, mode_change="Track")
    for _ in range(40):
        link.tick()
    assert told(link) == [(Health.DEGRADED, "radar has not answered mode_change Track within 2 s")]
    link.items.clear()
    assert answered(link, task, 3) == [(Health.OK, "radar completed mode_change Track")]


def test_a_task_is_paused_taken_up_again_and_stopped_under_one_id() -> None:
    link = ready()
    (task,), _ = ask(link, mode_change="Track")
    answered(link, task, 1)
    said = []
    for k, control in enumerate(("pause", "start", "stop")):
        (next_task,), answer = ask(link, name=f"n{k}", control=control, task="c1")
        assert answer.accepted and not next_task.task.HasField("command")
        assert next_task.task.task_id == task.task.task_id
        assert schema().read(next_task.SerializeToString())[1] == ()
        said.append((next_task.task.control, *answered(link, next_task, 3)[0]))
    assert said == [
        (3, Health.OK, "radar completed pause of mode_change Track"),
        (1, Health.OK, "radar completed start of mode_change Track"),
        (2, Health.OK, "radar completed stop of mode_change Track"),
    ]
    assert refused(link, name="n9", control="stop", task="c1") == "task: 'c1' is over, completed"


def test_a_stop_that_is_rejected_can_be_asked_again() -> None:
    link = ready()
    (task,), _ = ask(link, mode_change="Track")
    answered(link, task, 1)
    (stop,), _ = ask(link, name="s1", control="stop", task="c1")
    answered(link, stop, 2, "not now")
    assert refused(link, name="s2", control="start", task="c1") == "task: 'c1' is not paused"
    assert ask(link, name="s3", control="stop", task="c1")[1].accepted
    (lost,), _ = ask(link, name="c2", request="Reset")
    answered(link, lost, 2)
    assert refused(link, name="s4", control="stop", task="c2") == "task: 'c2' is over, rejected"
    assert refused(link, name="s5", control="stop", task="c1", request="Reset").startswith("task.command: only a new")


def test_a_command_that_comes_twice_is_sent_once() -> None:
    link = ready()
    assert len(ask(link, request="Reset")[0]) == 1
    sent, again = ask(link, request="Reset")
    assert sent == [] and again.accepted
    assert refused(link, request="Stop") == "the id 'c1' belongs to another command"


def test_a_node_that_goes_takes_its_tasks_with_it() -> None:
    link = ready()
    ask(link, request="Reset")
    link.closed()
    assert isinstance(link.items[0], SensorStatus)
    assert link.items[0].reason == "radar went without an answer to request Reset"
    assert refused(link, name="c2", request="Reset") == "target: no node of 'radar' is registered here now"
    link.opened(2)
    link.hear(able(), status(), connection=2)
    assert refused(link, name="c3", control="stop", task="c1") == "task: 'c1' gave this node no task that it still has"
    ask(link, name="c4", request="Reset")
    assert link.replies[-1][0] == 2  # on the connection that it has now


def test_several_nodes_of_one_sensor_are_told_apart() -> None:
    link = Driven(context(OTHERS))
    for connection, node in ((1, NODE), (2, OTHER)):
        link.opened(connection)
        link.hear(able(node), status(node=node), connection=connection)
    assert refused(link, target="others", request="Reset").startswith("node: several stand for 'others': ")
    (task,), _ = ask(link, name="c2", target="others", node=OTHER, request="Reset")
    assert (task.destination_id, link.replies[-1][0]) == (OTHER, 2)
    task.node_id = NODE
    assert answered(link, task, 1) == []  # another node's word does not count


def test_a_node_that_said_goodbye_is_not_asked() -> None:
    link = ready()
    link.hear(status(system=5))
    assert refused(link, request="Reset") == "target: no node of 'radar' is registered here now"


@pytest.mark.parametrize("role", ["fusion", "edge"])
def test_only_a_server_asks(role: str) -> None:
    assert refused(Driven(context(RADAR), role=role), request="Reset") == (
        "link 'nodes' is no server: its nodes are not ours"
    )


def test_a_node_of_version_one_is_asked_as_well() -> None:
    old = schema("1.0").message()
    old.ParseFromString(registration(icd_version="BSI Flex 335 v1.0", config_data=[]).SerializeToString())
    command = old.registration.mode_definition[0].task.command.add(name="Request", units="Reset", type=1)
    command.completion_time.units, command.completion_time.value = 4, 1.0
    link = Driven(version="1.0")
    link.opened()
    link.hear(old, status())
    (task,), answer = ask(link, request="Reset")
    assert answer.accepted and task.task.command.request == "Reset"
    assert task.timestamp.seconds == int(BEGIN_S)

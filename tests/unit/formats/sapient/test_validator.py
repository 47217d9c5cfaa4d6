"""The validator: what a message must be, and how its faults are named."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sapient_messages import detection, message, registration, status
from tocsin.formats.sapient.schema import SapientError, schema
from tocsin.formats.sapient.validator import problems, unknown_fields

CHECK = schema().check
LOCATION = {"x": 18.8, "y": 54.6, "coordinate_system": 1, "datum": 1}


def test_good_messages_have_no_problem() -> None:
    for one in (registration(), status(), detection()):
        assert CHECK(one) == ()


def without(one: Any, path: str) -> Any:
    *parts, last = path.split(".")
    inner = one
    for part in parts:
        repeated = inner.DESCRIPTOR.fields_by_name[part].is_repeated
        inner = getattr(inner, part)[0] if repeated else getattr(inner, part)
    inner.ClearField(last)
    return one


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (without(detection(), "detection_report.location.datum"), "detection_report.location.datum: is missing"),
        (without(detection(), "detection_report.location.x"), "detection_report.location.x: is missing"),
        (
            without(detection(), "detection_report.location"),
            "detection_report.location_oneof: is missing, one of range_bearing, location",
        ),
        (without(detection(), "timestamp"), "timestamp: is missing"),
        (
            without(detection(), "detection_report"),
            "content: is missing, one of registration, registration_ack, status_report, detection_report, task,"
            " task_ack, alert, alert_ack, error",
        ),
        (without(registration(), "registration.config_data"), "registration.config_data: is missing"),
        (without(registration(), "registration.icd_version"), "registration.icd_version: is missing"),
        (
            registration(config_data=[{"manufacturer": "x", "model": ""}]),
            "registration.config_data[1].model: is missing",
        ),
        (
            without(registration(), "registration.mode_definition.task.region_definition.region_area"),
            "registration.mode_definition[1].task.region_definition.region_area: is missing",
        ),
        (
            detection(location=LOCATION | {"coordinate_system": 0}),
            "detection_report.location.coordinate_system: is LOCATION_COORDINATE_SYSTEM_UNSPECIFIED",
        ),
        (
            detection(location=LOCATION | {"datum": 9}),
            "detection_report.location.datum: 9 is no value of LocationDatum",
        ),
        (detection(location=LOCATION | {"x": math.nan}), "detection_report.location.x: is not finite"),
        (detection(location=LOCATION | {"z": math.inf}), "detection_report.location.z: is not finite"),
        (detection(detection_confidence=7.0), "detection_report.detection_confidence: 7 is not between 0 and 1"),
        (
            detection(classification=[{"type": "Human"}, {"type": "Animal", "confidence": -0.5}]),
            "detection_report.classification[2].confidence: -0.5 is not between 0 and 1",
        ),
        (
            detection(object_id="01gGYFBAXGDG7AGAHRZ6XSNY12"),
            "detection_report.object_id: '01gGYFBAXGDG7AGAHRZ6XSNY12' is no upper-case ULID",
        ),
        (detection(task_id=""), "detection_report.task_id: '' is no upper-case ULID"),
        (
            detection(node="A8654CDF-4328-47DE-81FA-C495589E30C9"),
            "node_id: 'A8654CDF-4328-47DE-81FA-C495589E30C9' is no lower-case version 4 UUID",
        ),
        (status(info=0), "status_report.info: is INFO_UNSPECIFIED"),
        (status(mode=""), "status_report.mode: is empty"),
        (
            message(task={"task_id": "01GGYFBAXGDG7AGAHRZ6XSNY12", "control": 1, "command": {}}),
            "task.command.command: is missing, one of request, detection_threshold, detection_report_rate,"
            " classification_threshold, mode_change, look_at, move_to, patrol, follow",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(bad: Any, expected: str) -> None:
    assert CHECK(bad) == (expected,)


def test_a_place_at_zero_is_there() -> None:
    assert CHECK(detection(location=LOCATION | {"x": 0.0, "y": 0.0})) == ()


def test_large_numbers_are_finite() -> None:
    assert CHECK(detection(location=LOCATION | {"x": 1e308, "y": 1e308, "z": 1e308})) == ()


def test_unknown_fields_are_named() -> None:
    one = detection()
    one.detection_report.location.MergeFromString(b"\x98\x06\x01")  # field 99, varint 1
    assert list(unknown_fields(one)) == ["detection_report.location.field 99: is not of this version"]


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_the_quick_pass_and_the_long_one_agree(data: st.DataObject) -> None:
    """Bytes changed anywhere: where they still parse, the check says what a walk over every field says."""
    raw = bytearray(detection(classification=[{"type": "A"}], detection_confidence=0.5).SerializeToString())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        one = schema().decode(bytes(raw))
    except SapientError:
        return
    assert CHECK(one) == tuple(problems(one))

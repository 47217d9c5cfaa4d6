"""Version 1.0 on the wire: the field numbers that Dstl's first edition has."""

from sapient_messages import BEGIN_S, NODE, ULID, detection
from tocsin.formats.sapient.schema import reasons, schema, set_reasons

FIRST = schema("1.0")


def test_a_reason_is_one_text_under_its_old_number() -> None:
    one = FIRST.envelope(BEGIN_S, NODE)
    one.task_ack.task_id, one.task_ack.task_status = ULID, 2
    set_reasons(one.task_ack, "reason", ["not now", "never"])
    assert one.task_ack.SerializeToString() == b"\x0a\x1a" + ULID.encode() + b"\x10\x02\x1a\x0enot now; never"
    assert reasons(one.task_ack, "reason") == "not now; never"
    assert FIRST.check(one) == ()


def test_moved_numbers() -> None:
    fields = FIRST.message.DESCRIPTOR.file.pool.FindMessageTypeByName  # type: ignore[attr-defined]
    package = "sapient_msg.bsi_flex_335_v1_0"
    numbers = {
        ("RegistrationAck", "ack_response_reason"): 2,
        ("AlertAck", "alert_ack_status"): 2,
        ("AlertAck", "reason"): 3,
        ("Error", "error_message"): 2,
        ("StatusReport", "coverage"): 9,
        ("StatusReport.Status", "status_type"): 2,
        ("StatusReport.Power", "level"): 3,
        ("Registration.Command", "name"): 1,
    }
    for (name, field), number in numbers.items():
        assert fields(f"{package}.{name}").fields_by_name[field].number == number
    assert "config_data" not in fields(f"{package}.Registration").fields_by_name
    assert "follow" not in fields(f"{package}.Task.Command").fields_by_name


def test_what_the_versions_share_is_read_by_both() -> None:
    data = detection().SerializeToString()
    assert FIRST.read(data)[1] == ()


def test_the_other_version_shows_in_unknown_fields() -> None:
    one = FIRST.envelope(BEGIN_S, NODE)
    one.error.packet = b"x"
    set_reasons(one.error, "error_message", ["no"])
    _, problems = schema().read(one.SerializeToString())
    assert problems == ("error.field 2: is not of this version",)

"""Messages: read strictly, written so that sapient-msg reads them back."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from sapient_messages import BEGIN_S, NODE, detection, registration, status, unframed
from tocsin.formats.sapient import schema as module
from tocsin.formats.sapient.schema import SapientError, content, reasons, schema, set_reasons, set_time, time_s

SECOND = schema()


def test_a_good_message_is_read() -> None:
    data = detection(BEGIN_S + 0.25).SerializeToString()
    found, problems = SECOND.read(data)
    assert problems == ()
    assert content(found) == "detection_report"
    assert time_s(found.timestamp) == BEGIN_S + 0.25


def test_bytes_that_are_no_message_are_refused() -> None:
    with pytest.raises(SapientError, match="not a SapientMessage"):
        SECOND.read(b"\xff\xff\xff")


def test_unknown_fields_are_a_problem() -> None:
    _, problems = SECOND.read(detection().SerializeToString() + b"\x98\x06\x01")
    assert problems == ("field 99: is not of this version",)


def test_an_unusual_encoding_is_none() -> None:
    data = detection().SerializeToString()
    _, problems = SECOND.read(data + b"\x12" + bytes([len(NODE)]) + NODE.encode())  # the node said again
    assert problems == ()


def test_what_is_written_reads_back() -> None:
    one = SECOND.envelope(BEGIN_S + 1e-6, NODE, NODE)
    one.error.packet = b"xyz"
    set_reasons(one.error, "error_message", ["first", "second"])
    (back,) = unframed(SECOND.write(one))
    assert isinstance(back, SapientMessage)
    assert back.timestamp.ToNanoseconds() == round(BEGIN_S * 1e6) * 1000 + 1000
    assert list(back.error.error_message) == ["first", "second"]
    assert reasons(back.error, "error_message") == "first; second"
    assert SECOND.check(back) == ()


def test_a_time_that_is_none_is_nan() -> None:
    one = SECOND.message()
    one.timestamp.seconds = 1 << 60
    assert math.isnan(time_s(one.timestamp))
    set_time(one.timestamp, -0.25)
    assert time_s(one.timestamp) == -0.25


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(SapientError, match="known are 2.0, 1.0"):
        schema("7")


def test_a_registration_says_its_version() -> None:
    assert SECOND.same_version("BSI Flex 335 v2.0")
    assert SECOND.same_version("BSI_Flex_335_v2.0")
    assert not SECOND.same_version("2.0")
    assert schema("1.0").same_version("BSI Flex 335 v1.0")
    assert module.VERSIONS["2.0"] == "BSI Flex 335 v2.0"


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        _, problems = SECOND.read(data)
    except SapientError:
        return
    assert isinstance(problems, tuple)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from([detection(), status(), registration()]), st.data())
def test_damaged_messages_are_read_or_refused(one: Any, data: st.DataObject) -> None:
    raw = bytearray(one.SerializeToString())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        _, problems = SECOND.read(bytes(raw))
    except SapientError:
        return
    assert isinstance(problems, tuple)

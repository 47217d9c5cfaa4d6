"""The wire format against Google's own, and rubbish."""

import pytest
from google.protobuf import descriptor_pb2
from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats.protobuf import ProtobufError, read_fields, write_field


@given(st.text(max_size=20), st.integers(1, 2**31 - 1))
def test_fields_agree_with_googles(name: str, number: int) -> None:
    theirs = descriptor_pb2.FieldDescriptorProto(name=name or "x", number=number).SerializeToString()
    assert list(read_fields(theirs)) == [(1, (name or "x").encode()), (3, number)]
    assert write_field(1, name or "x") + write_field(3, number) == theirs


@given(st.binary(max_size=60))
def test_rubbish_is_fields_or_an_error(data: bytes) -> None:
    try:
        list(read_fields(data))
    except ProtobufError:
        pass


@pytest.mark.parametrize("data", [b"\x0b", b"\x00\x01", b"\x0a\x05ab", b"\x08" + b"\xff" * 11, b"\x09\x01"])
def test_what_breaks_the_format_is_refused(data: bytes) -> None:
    with pytest.raises(ProtobufError):
        list(read_fields(data))

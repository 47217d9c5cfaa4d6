"""Protobuf wire format: a message's bytes to its fields by number, and fields to bytes; nothing of any schema.

Wire types 0 (whole numbers), 1 (eight bytes, read as a double), 2 (bytes) and 5 (four bytes, read as a float) are read;
a group, a cut message or a field number 0 raises `ProtobufError`. Source: protobuf.dev, "Encoding".
"""

import struct
from collections.abc import Iterator

from tocsin.model.errors import TocsinError

_DOUBLE, _FLOAT = struct.Struct("<d"), struct.Struct("<f")
_LONGEST = 10  # bytes of a whole number

Value = int | float | bytes


class ProtobufError(TocsinError):
    """Bytes that are no protobuf message."""


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """(a whole number, where it ends); raises `ProtobufError` for one too long, IndexError for one cut short."""
    value = 0
    for k in range(_LONGEST):
        byte = data[at + k]
        value |= (byte & 0x7F) << 7 * k
        if byte < 0x80:
            return value & (1 << 64) - 1, at + k + 1
    raise ProtobufError("a whole number of more than ten bytes")


def read_fields(data: bytes) -> Iterator[tuple[int, Value]]:
    """(number, value) of each field, in order."""
    at = 0
    while at < len(data):
        try:
            tag, at = read_varint(data, at)
            number, wire = tag >> 3, tag & 7
            value: Value
            if wire == 0:
                value, at = read_varint(data, at)
            elif wire == 1:
                value, at = _DOUBLE.unpack_from(data, at)[0], at + 8
            elif wire == 2:
                size, at = read_varint(data, at)
                value, at = data[at : at + size], at + size
            elif wire == 5:
                value, at = _FLOAT.unpack_from(data, at)[0], at + 4
            else:
                raise ProtobufError(f"a field of wire type {wire}")
        except (IndexError, struct.error) as error:
            raise ProtobufError(f"a message that ends inside a field: {error}") from error
        if at > len(data) or not number:
            raise ProtobufError("a field that runs past the end of its message")
        yield number, value


def write_varint(value: int) -> bytes:
    """A whole number of 64 bits, not negative."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def write_field(number: int, value: Value | str) -> bytes:
    """One field; nothing for a value that the format leaves out (0, "")."""
    if not value:
        return b""
    if isinstance(value, float):
        return write_varint(number << 3 | 1) + _DOUBLE.pack(value)
    if isinstance(value, int):
        return write_varint(number << 3) + write_varint(value)
    data = value.encode() if isinstance(value, str) else value
    return write_varint(number << 3 | 2) + write_varint(len(data)) + data

"""Schema: the messages of one version of SAPIENT, read strictly and written.

`schema("2.0")` is BSI Flex 335 v2.0, `schema("1.0")` its predecessor. The version of a connection is configuration: the
bytes of one version parse as the other without an error and mean something else. Messages are protobuf's own; `content`
names which of them a `SapientMessage` carries. Reading refuses what `validator.py` finds, and unknown fields.
"""

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import msgspec
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass
from sapient_msg.bsi_flex_335_v2_0 import sapient_message_pb2

from tocsin.formats.sapient.first_edition import first_edition
from tocsin.formats.sapient.framing import frame
from tocsin.formats.sapient.validator import Check, compile_check, unknown_fields
from tocsin.model.errors import TocsinError

VERSIONS = {"2.0": "BSI Flex 335 v2.0", "1.0": "BSI Flex 335 v1.0"}  # with the exact words of a registration
_LATEST_S = 253_402_300_800.0  # the year 10000, where a timestamp's range ends


class SapientError(TocsinError):
    """Bytes that are no message of the version."""


class Schema(msgspec.Struct, frozen=True):
    """`parse`: bytes to a message. `check`: a message to its problems. `icd_version`: what a registration says."""

    version: str
    icd_version: str
    message: Callable[..., Any]
    parse: Callable[[bytes], Any]
    check: Check

    def read(self, data: bytes) -> tuple[Any, tuple[str, ...]]:
        """A message and what is wrong with it; raises SapientError where `data` is no protobuf message at all."""
        message = self.decode(data)
        message.DiscardUnknownFields()
        unknown: tuple[str, ...] = ()
        if message.ByteSize() != len(data):  # unknown fields, or an unusual but permitted encoding
            unknown = tuple(unknown_fields(self.parse(data)))
        return message, (*unknown, *self.check(message))

    def decode(self, data: bytes) -> Any:
        """The message in `data`, unchecked; raises SapientError."""
        try:
            return self.parse(data)
        except DecodeError as error:
            raise SapientError(f"not a SapientMessage: {error}") from error

    def envelope(self, time_s: float, node: str, destination: str = "") -> Any:
        """An empty message from `node`, sent at `time_s`; its content is for the caller to fill."""
        message = self.message(node_id=node)
        set_time(message.timestamp, time_s)
        if destination:
            message.destination_id = destination
        return message

    def write(self, message: Any) -> bytes:
        """A message as it goes on the wire, behind its length."""
        return frame(message.SerializeToString(deterministic=True))

    def same_version(self, icd_version: str) -> bool:
        """Whether a registration's words mean this version; blanks may be underscores, as some nodes write them."""
        return icd_version.replace("_", " ") == self.icd_version


@cache
def schema(version: str = "2.0") -> Schema:
    """The schema of a version, one of VERSIONS; its validator is made on first use."""
    descriptor = sapient_message_pb2.DESCRIPTOR.message_types_by_name["SapientMessage"]
    if version == "1.0":
        descriptor = first_edition()
    elif version not in VERSIONS:
        raise SapientError(f"no version {version!r} of SAPIENT is spoken; known are {', '.join(VERSIONS)}")
    message = GetMessageClass(descriptor)
    return Schema(version, VERSIONS[version], message, message.FromString, compile_check(descriptor))


def content(message: Any) -> str:
    """Which content a message carries, as its field's name; "" if none."""
    return message.WhichOneof("content") or ""


def time_s(stamp: Any) -> float:
    """UTC seconds since 1970 of a protobuf timestamp, NaN outside the years 1 to 9999."""
    seconds, nanos = stamp.seconds, stamp.nanos
    if not (-62_135_596_800 <= seconds < _LATEST_S and 0 <= nanos < 1_000_000_000):
        return math.nan
    return float(seconds) + 1e-9 * float(nanos)


def set_time(stamp: Any, time_s: float) -> None:
    """Write UTC seconds since 1970 into a timestamp, to the microsecond."""
    microseconds = round(time_s * 1e6)
    stamp.seconds, rest = divmod(microseconds, 1_000_000)
    stamp.nanos = rest * 1000


def set_reasons(message: Any, field: str, reasons: Sequence[str]) -> None:
    """Fill a field that holds several texts in version 2.0 and one in 1.0."""
    if message.DESCRIPTOR.fields_by_name[field].is_repeated:
        getattr(message, field).extend(reasons)
    elif reasons:
        setattr(message, field, "; ".join(reasons))


def reasons(message: Any, field: str) -> str:
    """What such a field says, in one text."""
    value = getattr(message, field)
    return value if isinstance(value, str) else "; ".join(value)

"""JSON form: messages as protobuf's JSON writes them; one message, a list of them, or one a line.

The byte order mark that Windows tools write is passed over. `Default.DetectionReport.json` of the BSI Flex 335 test
harness is such a file.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from google.protobuf import json_format

from tocsin.formats.sapient.schema import SapientError, Schema
from tocsin.model.errors import UNREADABLE

_MARK = b"\xef\xbb\xbf"


def read_json(data: bytes, schema: Schema) -> Iterator[Any]:
    """The messages of a text, unchecked, in its order; raises SapientError, naming the line of one message a line."""
    text = data.removeprefix(_MARK).strip()
    try:
        whole = msgspec.json.decode(text)
    except UNREADABLE as error:
        yield from _lines(text, schema, error)
        return
    for value in whole if isinstance(whole, list) else (whole,):
        yield _message(value, schema, "")


def _lines(text: bytes, schema: Schema, error: Exception) -> Iterator[Any]:
    lines = text.splitlines()
    if len(lines) < 2:
        raise SapientError(f"not JSON: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                value = msgspec.json.decode(line)
            except UNREADABLE as wrong:
                raise SapientError(f"line {number}: not JSON: {wrong}") from wrong
            yield _message(value, schema, f"line {number}: ")


def _message(value: Any, schema: Schema, place: str) -> Any:
    if not isinstance(value, dict):
        raise SapientError(f"{place}not a JSON object")
    try:
        return json_format.ParseDict(value, schema.message())
    except (json_format.ParseError, ValueError, RecursionError) as error:
        raise SapientError(f"{place}not a SapientMessage: {error}") from error

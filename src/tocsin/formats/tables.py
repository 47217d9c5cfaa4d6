"""Tables: whole files of any of the formats, packed or not, to bytes that `Readings` takes, and to readings.

A gzip file that is cut short or damaged gives everything before the damage. Parquet becomes JSON, an object a line:
NaN and null become null, timestamps ISO 8601.
"""

import re
import zlib

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from tocsin.formats.columns import Mapping
from tocsin.formats.problems import Problems
from tocsin.formats.reading import Reading
from tocsin.formats.readings import Readings
from tocsin.model.errors import TocsinError

_GZIP = b"\x1f\x8b"
_TAKE = 16_384  # bytes of a packed file at a time
_GIVE = 1_024  # bytes unpacked at a time, the most that a damaged place costs
_MOST = 1 << 31  # bytes of one file unpacked
_BEGINNING = 1_024  # bytes that tell text from binary data
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
BINARY = "not a table (binary data)"


def unpacked(data: bytes, file: str, mapping: Mapping) -> tuple[bytes, str]:
    """The table as CSV or JSON text, and what was lost on the way in words, "" if nothing was."""
    data, loss = gunzip(data) if data.startswith(_GZIP) else (data, "")
    return (parquet_lines(data, file) if mapping.format == "parquet" else data), loss


def is_binary(text: bytes) -> bool:
    """Whether more than a twentieth of a table's beginning are bytes that text does not have; noise has a tenth."""
    beginning = text[:_BEGINNING]
    return len(_NO_TEXT.findall(beginning)) * 20 > len(beginning)


def gunzip(data: bytes) -> tuple[bytes, str]:
    """Everything that can be unpacked, and why the rest cannot."""
    parts: list[bytes] = []
    stream, started = zlib.decompressobj(wbits=31), False
    for start in range(0, len(data) + 1, _TAKE):
        left = data[start : start + _TAKE]
        while True:
            left = left if started else left.lstrip(b"\0")  # members may be padded
            try:
                part = stream.decompress(left, _GIVE)
            except zlib.error as error:
                return b"".join(parts), f"gzip damaged: {error}"
            parts.append(part)
            if len(parts) * _GIVE > _MOST:
                return b"".join(parts), f"gzip of more than {_MOST} bytes"
            started = started or bool(left)
            left = stream.unconsumed_tail
            if stream.eof:
                left, stream, started = stream.unused_data, zlib.decompressobj(wbits=31), False
            if not left and not part:
                break
    return b"".join(parts), "gzip cut short" if started else ""


def parquet_lines(data: bytes, file: str) -> bytes:
    """A Parquet file as JSON lines."""
    try:
        table = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, OSError) as error:
        raise TocsinError(f"{file}: not a Parquet file that can be read: {error}") from error
    for i, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):  # nanoseconds have no Python type
            as_us = table.column(i).cast(pa.timestamp("us", tz="UTC" if field.type.tz else None), safe=False)
            table = table.set_column(i, field.name, as_us)
    return b"".join(
        msgspec.json.encode(row) + b"\n"
        for batch in table.to_batches(max_chunksize=65_536)
        for row in batch.to_pylist()
    )


def read_readings(data: bytes, file: str, mapping: Mapping) -> tuple[list[Reading], Problems]:
    """Every row of a file that has a position, in the file's order; a column that is not there is an error."""
    problems = Problems()
    text, loss = unpacked(data, file, mapping)
    if loss:
        problems.count("file: damaged", file, 0, loss)
    if is_binary(text):
        raise TocsinError(f"{file}: {BINARY}")
    stream: Readings[None] = Readings(mapping, problems)
    rows = [*stream.feed(text if loss or text.endswith(b"\n") else text + b"\n", file, None), *stream.close(file, None)]
    if stream.absent:
        raise TocsinError(f"{file}: " + "; ".join(stream.absent))
    return [row.reading for row in rows if row.reading is not None and row.reading.place is not None], problems

"""MCAP, version 0: an append-only container of timed messages in channels (mcap.dev/spec).

`Writer` writes zstd chunks to a stream and an index at the end. `Reader` needs no index: it walks the records from
the first byte, so a file that was cut off anywhere gives every message of its whole chunks. Chunks whose checksum or
compression is wrong are skipped and counted. Where a record's length makes no sense the reader looks for the next chunk
and goes on there; bytes it could not read are counted as lost. Times are UTC nanoseconds in the file, seconds here.
"""

import mmap
import struct
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import IO, Any, BinaryIO, NamedTuple, Protocol, cast

import zstandard
from mcap import exceptions, records, stream_reader, writer
from mcap.data_stream import ReadDataStream
from mcap.opcode import Opcode

from tocsin.model.errors import TocsinError

MAGIC = writer.MCAP0_MAGIC
NS_PER_S = 1_000_000_000
LARGEST_CHUNK_BYTES = 256 * 2**20  # of one chunk, unpacked; guards against a small file that unpacks to a huge one
_PREFIX = struct.Struct("<BQ")  # opcode and length before each record's content
# A chunk record: opcode, length, two times, unpacked size, checksum, compression (length and word), data length.
_CHUNK_HEAD = struct.Struct("<BQQQQII4sQ")
_CHUNK_MARK = struct.pack("<I4s", 4, b"zstd")
_MARK_AT_BYTES = struct.calcsize("<BQQQQI")
FOOTER_BYTES = 20  # a footer's content, by the specification
MOST_RESUMPTIONS = 1000  # in one file; each is a place where the walk lost its way
_LAST_TIME_S = 2**63 / NS_PER_S
_DAMAGE = (exceptions.McapError, ValueError, OverflowError, struct.error, zstandard.ZstdError)


class DamagedError(TocsinError):
    """The file's first bytes or its head cannot be read."""


class Message(NamedTuple):
    """One message: the channel's topic ("" if the chunk that named it is lost), and the bytes as they were written."""

    topic: str
    data: bytes


class Sink(Protocol):
    """What a writer writes to; `write` takes everything or raises OSError."""

    def write(self, data: bytes, /) -> int: ...

    def tell(self) -> int: ...

    def flush(self) -> None: ...


class Writer:
    """Writes one MCAP file; every channel has the same schema. `flush` ends the chunk and flushes the sink."""

    def __init__(self, sink: Sink, library: str, chunk_bytes: int = 2**20) -> None:
        self._writer = writer.Writer(cast(IO[Any], sink), chunk_size=chunk_bytes)
        self._writer.start(profile="", library=library)
        self._channels: dict[str, int] = {}
        self._schema = 0
        self._encoding = ""

    def describe(self, name: str, encoding: str, schema: bytes, message_encoding: str) -> None:
        """Set the schema of all messages; call once, before the first message."""
        self._schema = self._writer.register_schema(name=name, encoding=encoding, data=schema)
        self._encoding = message_encoding

    def add_metadata(self, name: str, values: Mapping[str, str]) -> None:
        """Add a named table of strings."""
        self._writer.add_metadata(name, dict(values))

    def add_attachment(self, name: str, media_type: str, time_s: float, data: bytes) -> None:
        """Add a whole file."""
        time_ns = _nanoseconds(time_s)
        self._writer.add_attachment(create_time=time_ns, log_time=time_ns, name=name, media_type=media_type, data=data)

    def add(self, topic: str, time_s: float, sequence: int, data: bytes) -> None:
        """Add one message; the file keeps the sequence modulo 2^32."""
        channel = self._channels.get(topic)
        if channel is None:
            channel = self._writer.register_channel(topic, self._encoding, self._schema)
            self._channels[topic] = channel
        time_ns = _nanoseconds(time_s)
        self._writer.add_message(channel, log_time=time_ns, publish_time=time_ns, sequence=sequence % 2**32, data=data)

    def flush(self) -> None:
        """End the chunk in progress and hand everything to the sink."""
        self._writer.flush()

    def finish(self) -> None:
        """Write the index; the sink stays open."""
        self._writer.finish()


class Reader:
    """Reads one file from front to back; a context manager that closes it.

    `messages()` yields every readable message in file order and fills the counters as it goes: `lost_bytes` outside any
    record, `damaged_chunks`, and `finished` (the file has its end; it was neither killed nor cut).
    `metadata` and `attachments` hold what came before the first chunk as soon as the reader is open. Opening raises
    DamagedError if that head cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.metadata: dict[str, dict[str, str]] = {}
        self.attachments: dict[str, bytes] = {}
        self.lost_bytes = 0
        self.damaged_chunks = 0
        self.finished = False
        self._size = path.stat().st_size
        self._topics: dict[int, str] = {}
        with ExitStack() as on_error:
            self._stream: BinaryIO = on_error.enter_context(path.open("rb"))
            self._start = self._read_head()
            on_error.pop_all()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def messages(self) -> Iterator[Message]:
        """Every message of every whole chunk from the first on."""
        count = 0
        for opcode, content in self._walk(self._start):
            if opcode == Opcode.CHUNK:
                found = self._open_chunk(content)
                count += len(found)
                yield from found
            elif opcode == Opcode.STATISTICS and not self.damaged_chunks:
                # a damaged opcode makes a chunk pass for something else; the index knows how many messages there were
                self.damaged_chunks = int(count != _message_count(content))

    def last_messages(self) -> list[Message]:
        """The messages of the last readable chunk, without unpacking those before it; topics may be empty."""
        chunks = deque((content for opcode, content in self._walk(self._start) if opcode == Opcode.CHUNK), maxlen=8)
        return next(filter(None, map(self._open_chunk, reversed(chunks))), [])

    def _read_head(self) -> int:
        magic = self._stream.read(len(MAGIC))
        if magic != MAGIC[: len(magic)]:
            raise DamagedError(f"{self.path}: not an MCAP file (it starts with {magic!r})")
        position = len(magic)
        for opcode, content in self._walk(position):
            if opcode not in (Opcode.HEADER, Opcode.METADATA, Opcode.ATTACHMENT):
                break
            try:
                self._keep(opcode, ReadDataStream(BytesIO(content)))
            except _DAMAGE as error:
                raise DamagedError(f"{self.path}: its head is damaged ({error!r})") from error
            position += _PREFIX.size + len(content)
        return position

    def _keep(self, opcode: int, stream: ReadDataStream) -> None:
        if opcode == Opcode.METADATA:
            table = records.Metadata.read(stream)
            self.metadata[table.name] = table.metadata
        elif opcode == Opcode.ATTACHMENT:
            attachment = records.Attachment.read(stream)
            self.attachments[attachment.name] = attachment.data

    def _walk(self, position: int) -> Iterator[tuple[int, bytes]]:
        """Whole records from `position` on as (opcode, content); sets `finished` and `lost_bytes`."""
        self.finished, self.lost_bytes, self.damaged_chunks = False, 0, 0
        before, resumptions = len(MAGIC), 0
        while not self.finished:
            self._stream.seek(position)
            prefix = self._stream.read(_PREFIX.size)
            opcode, length = _PREFIX.unpack(prefix) if len(prefix) == _PREFIX.size else (0, 0)
            if opcode == 0 or position + _PREFIX.size + length > self._size:
                # This prefix is damaged, or the one before it, whose length led here.
                resumptions += 1
                found = self._find_chunk(before + 1) if resumptions <= MOST_RESUMPTIONS else None
                self.lost_bytes += max(0, (self._size if found is None else found) - position)
                if found is None:
                    return
                before = position = found
                continue
            yield opcode, self._stream.read(length)
            before, position = position, position + _PREFIX.size + length
            self.finished = opcode == Opcode.FOOTER and length == FOOTER_BYTES  # else a damaged opcode of a chunk
        self.lost_bytes += max(0, self._size - position - len(MAGIC))

    def _find_chunk(self, position: int) -> int | None:
        """Where the next chunk that fits into the file begins, at `position` or later."""
        if position + _CHUNK_HEAD.size > self._size:
            return None
        with mmap.mmap(self._stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            mark = content.find(_CHUNK_MARK, position + _MARK_AT_BYTES)
            while mark >= 0 and mark - _MARK_AT_BYTES + _CHUNK_HEAD.size <= self._size:
                begin = mark - _MARK_AT_BYTES
                opcode, length, *_, data_length = _CHUNK_HEAD.unpack_from(content, begin)
                rest = length + _PREFIX.size - _CHUNK_HEAD.size
                if opcode == Opcode.CHUNK and rest == data_length and begin + _PREFIX.size + length <= self._size:
                    return begin
                mark = content.find(_CHUNK_MARK, mark + 1)
        return None

    def _open_chunk(self, content: bytes) -> list[Message]:
        try:
            chunk = records.Chunk.read(ReadDataStream(BytesIO(content)))
            if max(chunk.uncompressed_size, _unpacked_size(chunk)) > LARGEST_CHUNK_BYTES:
                raise ValueError(f"unpacks to more than {LARGEST_CHUNK_BYTES} bytes")
            entries = stream_reader.breakup_chunk(chunk, validate_crc=True)
        except _DAMAGE:
            self.damaged_chunks += 1
            return []
        found = []
        for entry in entries:
            if isinstance(entry, records.Channel):
                self._topics[entry.id] = entry.topic
            elif isinstance(entry, records.Message):
                found.append(Message(self._topics.get(entry.channel_id, ""), entry.data))
        return found


def _message_count(content: bytes) -> int:
    return int.from_bytes(content[:8], "little")


def _unpacked_size(chunk: records.Chunk) -> int:
    return int(zstandard.frame_content_size(chunk.data)) if chunk.compression == "zstd" else len(chunk.data)


def _nanoseconds(time_s: float) -> int:
    """Nanoseconds for the container's own index; 0 for a time that is none (the message keeps the true value)."""
    return int(time_s * NS_PER_S) if 0.0 <= time_s < _LAST_TIME_S else 0

"""MCAP files: read by the reference reader, and read by ours when cut, damaged or hostile."""

import io
import os
import struct
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.data_stream import RecordBuilder
from mcap.reader import make_reader
from mcap.records import Chunk
from mcap.writer import Writer as ReferenceWriter

from tocsin.formats.mcap import LARGEST_CHUNK_BYTES, MAGIC, DamagedError, Message, Reader, Writer

MESSAGES = [Message(f"topic-{k % 2}", os.urandom(100)) for k in range(12)]


def written() -> bytes:
    """Twelve messages in four chunks."""
    sink = io.BytesIO()
    writer = Writer(sink, "test")
    writer.add_metadata("about", {"schema": "1"})
    writer.add_attachment("site.toml", "application/toml", 5.0, b"[site]")
    writer.describe("Example", "jsonschema", b"{}", "json")
    for k, message in enumerate(MESSAGES):
        writer.add(message.topic, 1.5 + k, k + 2**32, message.data)
        if k % 3 == 2:
            writer.flush()
    writer.finish()
    return sink.getvalue()


WHOLE = written()


def read(folder: Path, content: bytes) -> tuple[list[Message], Reader]:
    path = folder / "x.mcap"
    path.write_bytes(content)
    with Reader(path) as reader:
        return list(reader.messages()), reader


def test_the_reference_reader_reads_it() -> None:
    reader = make_reader(io.BytesIO(WHOLE), validate_crcs=True)
    found = [(channel.topic, message) for _, channel, message in reader.iter_messages()]
    assert [Message(topic, message.data) for topic, message in found] == MESSAGES
    assert [message.sequence for _, message in found] == list(range(12))
    assert found[0][1].log_time == 1_500_000_000
    assert [attachment.data for attachment in reader.iter_attachments()] == [b"[site]"]
    assert [(table.name, table.metadata) for table in reader.iter_metadata()] == [("about", {"schema": "1"})]


def test_what_the_reference_writer_writes_is_read(tmp_path: Path) -> None:
    sink = io.BytesIO()
    reference = ReferenceWriter(sink, chunk_size=200)
    reference.start()
    channel = reference.register_channel("elsewhere", "json", 0)
    for k in range(20):
        reference.add_message(channel, k, b"%d" % k, k)
    reference.finish()
    messages, reader = read(tmp_path, sink.getvalue())
    assert messages == [Message("elsewhere", b"%d" % k) for k in range(20)]
    assert (reader.finished, reader.lost_bytes, reader.damaged_chunks) == (True, 0, 0)


def test_the_head_is_known_at_once_and_the_last_chunk_without_the_others(tmp_path: Path) -> None:
    path = tmp_path / "x.mcap"
    path.write_bytes(WHOLE)
    with Reader(path) as reader:
        assert (reader.metadata, reader.attachments) == ({"about": {"schema": "1"}}, {"site.toml": b"[site]"})
        assert [message.data for message in reader.last_messages()] == [message.data for message in MESSAGES[-3:]]


@settings(max_examples=100, deadline=None)
@given(length=st.integers(0, len(WHOLE)))
def test_cut_anywhere_it_gives_whole_chunks_from_the_front(
    tmp_path_factory: pytest.TempPathFactory, length: int
) -> None:
    messages, reader = read(tmp_path_factory.mktemp("cut"), WHOLE[:length])
    assert len(messages) % 3 == 0 and messages == MESSAGES[: len(messages)]
    assert reader.finished == (length >= len(WHOLE) - len(MAGIC))
    assert reader.damaged_chunks == 0


@pytest.mark.parametrize("bit", range(8))
def test_any_flipped_bit_costs_its_chunk_at_most_and_is_noticed(tmp_path: Path, bit: int) -> None:
    topics = {message.data: message.topic for message in MESSAGES}
    for place in range(len(WHOLE)):
        broken = bytearray(WHOLE)
        broken[place] ^= 1 << bit
        try:
            messages, reader = read(tmp_path, bytes(broken))
        except DamagedError:
            assert place < WHOLE.index(b"zstd")
            continue
        assert all(message.topic in (topics[message.data], "") for message in messages)
        assert len(messages) >= len(MESSAGES) - 3, place
        if len(messages) < len(MESSAGES):
            assert reader.damaged_chunks or reader.lost_bytes, place


def test_a_file_that_is_something_else_is_refused(tmp_path: Path) -> None:
    for content in (b"a poem about radar", bytes(100)):
        with pytest.raises(DamagedError, match="not an MCAP file"):
            read(tmp_path, content)
    assert read(tmp_path, b"")[0] == []


def test_a_small_chunk_that_unpacks_to_a_huge_one_is_not_unpacked(tmp_path: Path) -> None:
    packed = zstandard.compress(bytes(LARGEST_CHUNK_BYTES + 1))
    builder = RecordBuilder()
    Chunk("zstd", packed, 0, 0, 0, 1000).write(builder)
    messages, reader = read(tmp_path, MAGIC + struct.pack("<BQII", 1, 8, 0, 0) + builder.end())
    assert (messages, reader.damaged_chunks) == ([], 1)

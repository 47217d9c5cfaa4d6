"""One file of a recording: what others can read in it, and what is left when the disk refuses."""

import os
from pathlib import Path

import msgspec
import pytest
from mcap.reader import make_reader

from tocsin.recording import log
from tocsin.recording.segment import Segment, encode
from unit.recording.harness import BUILD, SITE, data, record


def test_another_mcap_reader_finds_channels_schema_and_messages(tmp_path: Path) -> None:
    record(tmp_path, [SITE, data(0.1), data(0.2, source="radar-2"), data(0.3)])
    (path,) = tmp_path.glob("*.mcap")
    with path.open("rb") as stream:
        reader = make_reader(stream, validate_crcs=True)
        summary = reader.get_summary()
        assert summary is not None and summary.statistics is not None
        topics = {channel.topic: channel for channel in summary.channels.values()}
        assert set(topics) == {"site", "radar-1", "radar-2"}
        assert summary.statistics.message_count == 4
        (schema,) = summary.schemas.values()
        assert (schema.name, schema.encoding) == ("tocsin.Packet", "jsonschema")
        messages = list(reader.iter_messages(topics=["radar-1"]))
    assert [message.sequence for _, _, message in messages] == [2, 4]
    assert msgspec.msgpack.decode(messages[0][2].data)["origin"] == "192.0.2.1:9"
    assert messages[0][2].log_time == pytest.approx(1_700_000_000_100_000_000, abs=1_000)


def test_abandoning_keeps_what_was_flushed_and_nothing_else(tmp_path: Path) -> None:
    segment = Segment(tmp_path, data(), 1, BUILD, None)
    for k in (1, 2):
        packet = msgspec.structs.replace(data(payload=os.urandom(500)), sequence=k)
        segment.add(packet, encode(packet))
        if k == 1:
            segment.flush()
    segment._mcap.flush()  # the second packet is in the file, but its flush did not come back
    segment.abandon()
    assert segment.path.stat().st_size == segment.good_bytes
    reading = log.read(segment.path)
    assert [packet.sequence for packet in reading] == [1] and reading.findings == []


def test_abandoning_an_empty_file_removes_it(tmp_path: Path) -> None:
    Segment(tmp_path, data(), 1, BUILD, None).abandon()
    assert list(tmp_path.iterdir()) == []


def test_no_file_is_ever_written_over(tmp_path: Path) -> None:
    first = Segment(tmp_path, data(), 1, BUILD, None)
    with pytest.raises(FileExistsError):
        Segment(tmp_path, data(), 1, BUILD, None)
    first.close()

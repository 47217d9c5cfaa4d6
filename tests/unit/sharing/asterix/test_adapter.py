"""Datagrams read back by libasterix, field by field, and by our own adapter that reads."""

import math
from pathlib import Path
from typing import Any

import asterix.base as base
import asterix.generated as generated
import numpy as np
import pytest

from picture_builder import picture
from shared_data import shared
from tocsin.formats.asterix import layout, read_blocks, write_block
from tocsin.formats.internet import read_datagram
from tocsin.formats.pcap import CaptureReader
from tocsin.geo.frames import Origin, enu_from_lla
from tocsin.model.adapter import AdapterContext
from tocsin.model.detection import Detection
from tocsin.model.errors import TocsinError
from tocsin.model.identity import Affiliation, TargetClass
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.sensor import Pose
from tocsin.model.track import TrackStatus
from tocsin.sensors.asterix.adapter import Adapter as Reader
from tocsin.sharing.asterix import adapter as module
from tocsin.sharing.asterix.adapter import Adapter
from tocsin.sharing.asterix.settings import Settings

CONTEXT = AdapterContext("control", Pose(), math.radians(54.6), math.radians(18.8), 41.0)
ORIGIN = Origin(CONTEXT.origin_latitude_rad, CONTEXT.origin_longitude_rad, CONTEXT.origin_height_m)
TIME_S = 1_772_359_205.0  # 10:00:05 UTC
KNOWN: dict[int, Any] = {62: generated.Cat_062_1_20, 65: generated.Cat_065_1_6}


def sent(adapter: Adapter, *shown: Picture) -> list[bytes]:
    return [packet.data for one in shown for packet in adapter.encode(one)]


def read(data: bytes) -> list[tuple[int, Any]]:
    """(category, record) of a datagram, as libasterix reads it; what it writes again is the same."""
    found = []
    blocks = base.RawDatablock.parse(base.Bits.from_bytes(data))
    assert not isinstance(blocks, ValueError)
    for block in blocks:
        kind = KNOWN[block.get_category()]
        records = kind.cv_uap.parse(block.get_raw_records())
        assert not isinstance(records, ValueError), records
        assert kind.create(records).unparse().to_bytes() == block.unparse().to_bytes()
        found += [(block.get_category(), record) for record in records]
    return found


def value(record: Any, item: str, *path: str, unit: str | None = None) -> Any:
    found = record.get_item(item)
    found = found.variation if hasattr(found, "variation") else found
    for name in path:
        found = found.get_item(name)
        assert found is not None
        found = found.variation
    content = found.content if unit else None
    return content.as_quantity(unit) if content is not None else found.as_uint()


def test_libasterix_reads_a_track_where_it_is() -> None:
    ((category, record), (status, service)) = [
        one for data in sent(Adapter(Settings(sac=48, sic=7), CONTEXT), picture(TIME_S)) for one in read(data)
    ]
    assert (category, status) == (62, 65)
    place = [math.radians(value(record, "105", "LAT", unit="°")), math.radians(value(record, "105", "LON", unit="°"))]
    height_m = value(record, "130", unit="ft") * 0.3048
    assert enu_from_lla(ORIGIN, np.array([[*place, height_m]]))[0] == pytest.approx([0.0, 1000.0, 60.0], abs=1.2)
    assert value(record, "070", unit="s") == 36_005.0 == value(service, "030", unit="s")
    assert value(record, "185", "VX", unit="m/s") == 0.0
    assert value(record, "185", "VY", unit="m/s") == -20.0
    assert value(record, "040") == 1
    assert (value(record, "010", "SAC"), value(record, "010", "SIC")) == (48, 7)
    assert value(record, "380", "EMC") == 13


def flags(record: Any) -> dict[str, int]:
    item = layout(62, "1.20").records(record.unparse().to_bytes())
    status = next(iter(item))["080"]
    return {name: layout(62, "1.20").field("080", name).raw(status) for name in ("CNF", "SIM", "TSE", "TSB", "CST")}


def test_a_track_begins_lives_and_ends_under_one_number() -> None:
    adapter = Adapter(Settings(sac=1, sic=2, status_s=0.0), CONTEXT)
    steps = [(0, "a", TrackStatus.CONFIRMED), (1, "ab", TrackStatus.COASTING), (2, "b", TrackStatus.CONFIRMED), (3, "c",
             TrackStatus.CONFIRMED)]  # fmt: skip
    told = []
    for t, uids, status in steps:
        (data,) = sent(adapter, picture(TIME_S + t, tuple(uids), status=status, exercise=t == 3))
        told.append([(value(record, "040"), flags(record)) for _, record in read(data)])
    assert [[number for number, _ in step] for step in told] == [[1], [1, 2], [2, 1], [3, 2]]
    assert [[said["TSB"] for _, said in step] for step in told] == [[1], [0, 1], [0, 0], [1, 0]]
    assert [[said["TSE"] for _, said in step] for step in told] == [[0], [0, 0], [0, 1], [0, 1]]
    assert [said["CST"] for _, said in told[1]] == [1, 1] and told[3][0][1]["SIM"] == 1
    assert adapter.statistics()["endings"] == 2 and adapter.statistics()["numbers_in_use"] == 1


def test_numbers_come_back_the_longest_free_first() -> None:
    adapter = Adapter(Settings(sac=1, sic=2, status_s=0.0), CONTEXT)
    for t in range(3):
        sent(adapter, picture(TIME_S + t, (f"u{t}",)))
    assert adapter._free[0] == 4 and list(adapter._free)[-2:] == [1, 2]


def test_our_reader_reads_what_we_write() -> None:
    adapter = Adapter(Settings(sac=1, sic=2), CONTEXT)
    reader = Reader(Reader.Settings(framing="datagram"), CONTEXT)
    (track,) = [
        item
        for data in sent(adapter, picture(TIME_S, exercise=True))
        for item in reader.decode(Packet(PacketKind.DATA, "control", TIME_S, data, connection=1))
        if isinstance(item, Detection)
    ]
    assert track.values == pytest.approx([0.0, 1000.0, 60.0], abs=1.2) and track.time_s == TIME_S
    assert track.exercise and track.velocity_enu_mps == pytest.approx([0.0, -20.0, 0.0], abs=0.13)


def test_many_tracks_are_cut_into_datagrams() -> None:
    adapter = Adapter(Settings(sac=1, sic=2, datagram_bytes=512), CONTEXT)
    data = sent(adapter, picture(TIME_S, tuple(f"u{k}" for k in range(200))))
    assert max(map(len, data)) <= 512
    assert len([one for each in data for one in read(each) if one[0] == 62]) == 200


def test_what_is_not_due_or_not_shared_is_counted() -> None:
    adapter = Adapter(Settings(sac=1, sic=2, interval_s=4.0), CONTEXT)
    assert len(sent(adapter, picture(TIME_S, status=TrackStatus.TENTATIVE), picture(TIME_S + 1.0))) == 1
    assert adapter.statistics()["tracks_not_shared"] == 1 and adapter.statistics()["pictures_not_due"] == 1
    bird = picture(TIME_S, kind=TargetClass.BIRD, affiliation=Affiliation.HOSTILE)
    (_, record), *_ = read(sent(Adapter(Settings(sac=1, sic=2), CONTEXT), bird)[0])
    assert record.get_item("380") is None


def test_an_edition_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TocsinError, match="control: settings.editions: category 62 has no edition 9.9"):
        Adapter(Settings(sac=1, sic=2, editions={"62": "9.9"}), CONTEXT)
    with pytest.raises(TocsinError, match="no category 48"):
        Adapter(Settings(sac=1, sic=2, editions={"48": "1.31"}), CONTEXT)


def test_the_sample_is_what_is_written() -> None:
    data = sent(Adapter(Settings(sac=48, sic=7), CONTEXT), picture(TIME_S, ("a", "b")))
    assert (Path(module.__file__).parent / "samples" / "picture.raw").read_bytes() == b"".join(data)


@pytest.mark.parametrize("name", ["cat_034_048.pcap", "cat_062_065.pcap"])
def test_real_records_are_written_again_byte_for_byte(name: str) -> None:
    editions = {34: "1.29", 48: "1.31", 62: "1.20", 65: "1.6"}
    count = 0
    for frame in CaptureReader().feed(shared(f"samples/asterix/{name}").read_bytes()):
        datagram = read_datagram(frame)
        assert datagram is not None
        again = b""
        for block in read_blocks(datagram.payload):
            known = layout(block.category, editions[block.category])
            again += write_block(block.category, b"".join(map(known.write, known.records(block.body))))
            count += 1
        assert again == datagram.payload
    assert count >= 2

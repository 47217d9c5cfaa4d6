import math

import pytest

from asterix_records import block, target
from asterix_site import OF_DAY_S, SITE, live, reasons
from shared_data import shared
from tocsin.model.adapter import Decoded
from tocsin.model.detection import Detection
from tocsin.model.errors import TocsinError
from tocsin.sensors.asterix.adapter import Adapter
from tocsin.sensors.asterix.settings import Settings
from tocsin.units import RAD_PER_DEG


def replayed(name: str) -> tuple[list[Decoded], Adapter]:
    adapter = Adapter(Settings(), SITE)
    data = shared(f"samples/asterix/{name}").read_bytes()
    return [item for packet in adapter.packets(data, name) for item in adapter.decode(packet)], adapter


def test_a_real_radar() -> None:
    items, adapter = replayed("cat_034_048.pcap")
    statistics = adapter.statistics()
    assert (statistics["datagrams"], statistics["records_048"], statistics["records_034"]) == (100, 128, 34)
    assert reasons(adapter) == {}
    detections = [item for item in items if isinstance(item, Detection)]
    assert len(detections) == 126  # two targets of the radar's tracker came without a plot
    assert all(0.0 < item.received_s - item.time_s < 5.0 for item in detections)
    assert all(1_000.0 < item.values[0] < 480_000.0 for item in detections)
    turned_rad = (0xF1E0 / 65536 * math.tau + 0.1) % math.tau
    assert detections[0].values[:2] == pytest.approx((0xC5AF / 256 * 1852.0, turned_rad))


def test_a_real_tracking_system() -> None:
    items, adapter = replayed("cat_062_065.pcap")
    assert [item.sensor_track for item in items if isinstance(item, Detection)] == ["4713", "6831"]
    lla = [item.lla for item in items if isinstance(item, Detection)]
    assert lla[0] is not None
    assert (lla[0][0] / RAD_PER_DEG, lla[0][1] / RAD_PER_DEG) == pytest.approx((41.1671, 15.7089), abs=1e-3)
    assert reasons(adapter) == {}


def test_a_capture_of_an_older_edition_gives_nothing() -> None:
    items, adapter = replayed("asterix.pcap")
    assert items == []
    assert sum(reasons(adapter).values()) == 100  # every block


def test_an_unknown_category_is_passed_over_by_its_length() -> None:
    good = block(48, target(OF_DAY_S, 10.0, 0.0))
    items, adapter = live(b"\xf0\x00\x06abc" + good)
    assert len(items) == 1
    assert adapter.statistics()["blocks_of_category_240_passed_over"] == 1


def test_a_bad_record_costs_the_rest_of_its_block_only() -> None:
    good = target(OF_DAY_S, 10.0, 0.0)
    spoilt = bytearray(block(48, good, good, good))
    at = 3 + (len(spoilt) - 3) // 3
    spoilt[at : at + 2] = b"\xff\xff"
    items, adapter = live(bytes(spoilt) + block(48, good))
    assert len(items) == 2
    assert sum(reasons(adapter).values()) == 1


def test_other_sources_are_counted_and_left() -> None:
    items, adapter = live(block(48, target(OF_DAY_S, 10.0, 0.0)), settings=Settings(sources=((1, 2),)))
    assert items == []
    assert adapter.statistics()["records_of_other_sources"] == 1


def test_a_datagram_with_rubbish_at_its_end_keeps_what_came_before() -> None:
    items, adapter = live(block(48, target(OF_DAY_S, 10.0, 0.0)) + b"\0\0\0\0")
    assert len(items) == 1
    assert reasons(adapter) == {"datagram: broken": 1}


@pytest.mark.parametrize(
    ("editions", "reason"),
    [({"48": "0.1"}, "no edition 0.1"), ({"1": "1.4"}, "is not read"), ({"x": "1"}, "is not read")],
)
def test_editions_that_cannot_be_read_are_refused(editions: dict[str, str], reason: str) -> None:
    with pytest.raises(TocsinError, match=reason):
        Adapter(Settings(editions=editions), SITE)


def test_raw_blocks_tell_no_date() -> None:
    with pytest.raises(TocsinError, match="says when"):
        list(Adapter(Settings(), SITE).packets(block(48, target(OF_DAY_S, 10.0, 0.0)), "blocks.raw"))

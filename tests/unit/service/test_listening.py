from pathlib import Path

import pytest

from sapient_messages import framed, registration
from small_site import START_S, row, small_site
from tocsin.geo.frames import Origin
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Reply
from tocsin.sensors import asterix
from tocsin.service.listening import Listener, Manner, named_ear, site_ear

BLOCKS = (Path(asterix.__file__).parent / "samples" / "blocks.raw").read_bytes()
TEN_S = 1_772_359_206.0  # 2026-03-01T10:00:06Z; the blocks were made at 10:00:04


def data(body: bytes, received_s: float = TEN_S, source: str = "sensor") -> Packet:
    return Packet(PacketKind.DATA, source, received_s, body, connection=1, sequence=1)


def live(**more: object) -> Listener:
    manner = Manner(datagrams=True, **more)  # type: ignore[arg-type]
    return Listener(None, lambda name: named_ear(name, manner))


def test_the_content_tells_what_it_is_and_all_is_counted() -> None:
    listener = live()
    lines = list(listener.feed(data(BLOCKS)))
    assert lines[0] == "this looks like asterix-blocks"
    assert len(lines) == 6
    told = list(listener.summary())
    assert "1 packets, 100 bytes" in told and "  detection, polar 2d: 1" in told
    assert any("blocks of category 240 passed over: 1" in line for line in told)


def test_what_is_refused_is_said_with_its_reason_once() -> None:
    listener = live()
    first = list(listener.feed(data(BLOCKS, TEN_S + 7200.0)))
    assert sum(line.startswith("refused: 048") and "time of day" in line for line in first) == 1
    again = list(listener.feed(data(BLOCKS, TEN_S)))
    assert not [line for line in again if line.startswith("refused")]
    assert any(line.endswith("rest of the block discarded: 1") for line in listener.summary())


def test_what_nobody_knows_is_shown_as_it_begins() -> None:
    listener = live()
    assert list(listener.feed(data(b"rubbish"))) == []
    assert any("say what it is with --as" in line and "72 75 62" in line for line in listener.summary())
    assert any(line.startswith("nothing came") for line in live().summary())


def test_what_is_kept_to_tell_the_kind_is_bounded() -> None:
    listener = live()
    for _ in range(40):
        list(listener.feed(data(b"\x00" * 10_000)))
    assert sum(len(packet.data) for packet in listener._held) <= 1 << 16
    assert listener.size_bytes == 400_000


def test_a_named_adapter_takes_settings_and_refuses_wrong_ones() -> None:
    ear = named_ear("asterix", Manner('framing = "datagram"\neditions = { "48" = "1.27" }', Origin(0.9, 0.3, 10.0)))
    assert len(list(Listener(ear, lambda _: ear).feed(data(BLOCKS)))) == 5
    with pytest.raises(TocsinError, match="no adapter reads that; known are"):
        named_ear("radarr", Manner())
    with pytest.raises(TocsinError, match="settings of asterix: framming"):
        named_ear("asterix", Manner('framming = "x"'))
    with pytest.raises(TocsinError, match="not TOML"):
        named_ear("asterix", Manner("framing"))


def test_a_sensor_of_the_site_is_read_as_the_site_says() -> None:
    site = small_site(radar='transport = "udp://127.0.0.1:8600"')
    ear, url, name = site_ear(site, "radar")
    assert (ear.called, url, name) == ("table", "udp://127.0.0.1:8600", "radar")
    (line,) = Listener(ear, lambda _: ear).feed(data(row(START_S, 700.0), START_S, name))
    assert "north 700.0 m" in line and "drone" in line
    with pytest.raises(TocsinError, match="there are: radar"):
        site_ear(site, "lidar")
    with pytest.raises(TocsinError, match="has no transport"):
        site_ear(small_site(), "radar")


def test_a_link_answers_the_other_side() -> None:
    replies: list[Reply] = []
    ear = named_ear("sapient", Manner())
    listener = Listener(ear, lambda _: ear, replies.append)
    list(listener.feed(Packet(PacketKind.OPENED, "link", TEN_S, connection=1)))
    list(listener.feed(data(framed(registration(TEN_S)), TEN_S, "link")))
    assert replies and listener.kinds["reply"] == len(replies)

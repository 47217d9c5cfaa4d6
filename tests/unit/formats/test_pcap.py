import struct
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_data import shared
from tocsin.formats.pcap import CaptureError, CaptureReader, Frame, pcap_header, pcap_record

CAPTURES = {  # frames and link types, as INDEX.md of the samples says
    "asterix/cat_034_048.pcap": (100, 1),
    "remoteid/odid_wifi_bcn_sample.pcap": (21, 127),
    "remoteid/odid_bt5_lr_sample.pcapng": (274, 272),
    "remoteid/parrot_anafi4_real.pcapng": (5091, 127),
    "remoteid/dji_air3.pcapng": (12, 127),
}


def block(order: str, kind: int, body: bytes) -> bytes:
    body += b"\0" * (-len(body) % 4)
    size = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + size + body + size


def pcapng(order: str, ticks: int, options: bytes = b"") -> bytes:
    """One section, one interface of link type 127, one frame b"frame" at `ticks`."""
    section = block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))
    interface = block(order, 1, struct.pack(order + "HHI", 127, 0, 65_535) + options)
    frame = block(order, 6, struct.pack(order + "IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, 5, 9) + b"frame")
    return section + interface + frame


def read(data: bytes) -> list[Frame]:
    return list(CaptureReader().feed(data))


@pytest.mark.parametrize("name", CAPTURES)
def test_captures_from_outside_are_read_to_their_end(name: str) -> None:
    data = shared(f"samples/{name}").read_bytes()
    reader = CaptureReader()
    frames = list(reader.feed(data))
    count, link_type = CAPTURES[name]
    assert Counter(frame.link_type for frame in frames) == {link_type: count}
    assert reader.waiting_bytes == 0
    times = [frame.time_s for frame in frames]
    assert times == sorted(times)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("magic", "ticks_hz"), [(0xA1B2C3D4, 1e6), (0xA1B23C4D, 1e9)])
def test_pcap_in_both_orders_and_resolutions(order: str, magic: int, ticks_hz: float) -> None:
    data = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 99, 105)
    data += struct.pack(order + "IIII", 1_700_000_000, int(ticks_hz / 4), 3, 7) + b"abc"
    assert read(data) == [Frame(1_700_000_000.25, 105, b"abc", 7, len(data))]


@pytest.mark.parametrize("order", ["<", ">"])
def test_pcapng_in_both_orders(order: str) -> None:
    data = pcapng(order, 1_700_000_000_250_000)
    assert read(data) == [Frame(1_700_000_000.25, 127, b"frame", 9, len(data))]


def test_an_interface_tells_its_resolution_and_offset() -> None:
    options = struct.pack("<HHB3x", 9, 1, 0x80 | 10) + struct.pack("<HHq", 14, 8, 1_000) + bytes(4)
    assert read(pcapng("<", 512, options))[0].time_s == 1000.5
    assert read(pcapng("<", 5_000_000_000, struct.pack("<HHB3x", 9, 1, 9)))[0].time_s == 5.0


def test_blocks_without_frames_are_passed_over() -> None:
    whole = pcapng("<", 1_000_000)
    statistics = block("<", 5, bytes(12))
    assert len(read(whole + statistics + whole)) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"not a capture at all",
        pcap_header(1) + struct.pack("<IIII", 1, 0, 1 << 30, 1 << 30),
        pcap_header(1) + struct.pack("<IIII", 1, 2_000_000, 4, 4) + b"late",
        pcapng("<", 0)[:-4] + b"\1\0\0\0",
        block("<", 0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)) + block("<", 6, bytes(20)),
    ],
)
def test_what_is_no_capture_is_refused_for_good(data: bytes) -> None:
    reader = CaptureReader()
    with pytest.raises(CaptureError):
        list(reader.feed(data))
    with pytest.raises(CaptureError):
        list(reader.feed(pcap_header(1)))


@given(st.lists(st.tuples(st.integers(0, 2**31), st.binary(max_size=40)), max_size=5), st.data())
def test_written_frames_come_back_wherever_the_bytes_are_cut(
    frames: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    whole = pcap_header(1) + b"".join(pcap_record(time_s + 0.125, frame) for time_s, frame in frames)
    cut = data.draw(st.integers(0, len(whole)))
    reader = CaptureReader()
    found = [*reader.feed(whole[:cut]), *reader.feed(whole[cut:])]
    assert [(frame.time_s - 0.125, frame.data) for frame in found] == frames
    assert found == read(whole)


@given(st.binary(max_size=300), st.sampled_from([b"", pcap_header(127), pcapng("<", 0), pcapng(">", 0)]))
def test_no_bytes_do_worse_than_an_error(noise: bytes, before: bytes) -> None:
    reader = CaptureReader()
    try:
        for frame in reader.feed(before + noise):
            assert len(frame.data) <= len(before + noise)
    except CaptureError:
        assert reader.waiting_bytes == 0

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats.internet import LINKS, Datagram, InternetError, read_datagram
from tocsin.formats.pcap import ETHERNET, LINUX_SLL, LINUX_SLL2, RAW_IP, Frame


def udp(payload: bytes) -> bytes:
    return struct.pack(">HHHH", 5000, 8600, 8 + len(payload), 0) + payload


def ipv4(payload: bytes, protocol: int = 17, fragment: int = 0) -> bytes:
    head = struct.pack(">BBHHHBBH", 0x46, 0, 24 + len(payload), 0, fragment, 9, protocol, 0)
    return head + bytes(8) + b"opts" + payload


def ipv6(payload: bytes) -> bytes:
    return struct.pack(">IHBB", 6 << 28, len(payload), 17, 9) + bytes(32) + payload


def frame(link_type: int, data: bytes) -> Frame:
    return Frame(0.0, link_type, data, len(data), 0)


@pytest.mark.parametrize(
    ("link_type", "data"),
    [
        (ETHERNET, bytes(12) + b"\x08\x00" + ipv4(udp(b"block")) + bytes(18)),  # padded on the wire
        (ETHERNET, bytes(12) + b"\x81\x00\x00\x07\x08\x00" + ipv4(udp(b"block"))),
        (ETHERNET, bytes(12) + b"\x86\xdd" + ipv6(udp(b"block"))),
        (LINUX_SLL, bytes(14) + b"\x08\x00" + ipv4(udp(b"block"))),
        (LINUX_SLL2, b"\x08\x00" + bytes(18) + ipv4(udp(b"block"))),
        (RAW_IP, ipv4(udp(b"block"))),
        (RAW_IP, ipv6(udp(b"block"))),
    ],
)
def test_each_link(link_type: int, data: bytes) -> None:
    assert read_datagram(frame(link_type, data)) == Datagram(8600, b"block")


@pytest.mark.parametrize(
    "data", [ipv4(udp(b"x"), protocol=6), ipv4(udp(b"x"), fragment=0x2000), ipv4(udp(b"x"), fragment=3)]
)
def test_what_is_no_whole_datagram_is_passed_over(data: bytes) -> None:
    assert read_datagram(frame(RAW_IP, data)) is None
    assert read_datagram(frame(147, data)) is None


@pytest.mark.parametrize("data", [b"", b"\x45", ipv4(udp(b"block"))[:-1], ipv6(udp(b"block"))[:44]])
def test_a_cut_frame_is_an_error(data: bytes) -> None:
    with pytest.raises(InternetError):
        read_datagram(frame(RAW_IP, data))


@given(st.binary(max_size=80), st.sampled_from(LINKS))
def test_no_bytes_do_worse_than_an_error(noise: bytes, link_type: int) -> None:
    with suppress(InternetError):
        read_datagram(frame(link_type, noise))

"""Internet: the UDP payload in a captured frame of Ethernet, Linux "cooked" or raw IP, versions 4 and 6.

The payload's length is UDP's own: short frames are padded on the wire, and the padding is none of it. Anything else,
and fragments, give None; a datagram that ends before its stated length raises `InternetError`.
"""

import struct

import msgspec

from tocsin.formats.pcap import ETHERNET, LINUX_SLL, LINUX_SLL2, RAW_IP, Frame
from tocsin.model.errors import TocsinError

LINKS = (ETHERNET, LINUX_SLL, LINUX_SLL2, RAW_IP)

_IPV4, _IPV6 = 0x0800, 0x86DD
_TAGS = (0x8100, 0x88A8)  # VLAN
_UDP = 17
_HEADERS = {ETHERNET: (12, 14), LINUX_SLL: (14, 16), LINUX_SLL2: (0, 20)}  # where the type stands, where it ends


class InternetError(TocsinError):
    """A frame that is cut or contradicts itself."""


class Datagram(msgspec.Struct, frozen=True):
    """One UDP datagram."""

    destination_port: int
    payload: bytes


def read_datagram(frame: Frame) -> Datagram | None:
    """The datagram in a frame."""
    try:
        found = _network(frame)
        return None if found is None else _transport(*found)
    except (struct.error, IndexError) as error:
        raise InternetError(f"a frame of {len(frame.data)} bytes ends inside a header") from error


def _network(frame: Frame) -> tuple[int, bytes] | None:
    """(type, what follows the link's header)."""
    data = frame.data
    if frame.link_type == RAW_IP:
        return (_IPV4 if data[0] >> 4 == 4 else _IPV6), data
    if frame.link_type not in _HEADERS:
        return None
    at, begin = _HEADERS[frame.link_type]
    (kind,) = struct.unpack_from(">H", data, at)
    while kind in _TAGS:
        (kind,) = struct.unpack_from(">H", data, begin + 2)
        begin += 4
    return kind, data[begin:]


def _transport(kind: int, packet: bytes) -> Datagram | None:
    if kind == _IPV4:
        fragment = int.from_bytes(packet[6:8], "big") & 0x3FFF
        if packet[9] != _UDP or fragment:
            return None
        begin = (packet[0] & 0xF) * 4
    elif kind == _IPV6:
        if packet[6] != _UDP:
            return None
        begin = 40
    else:
        return None
    port, size = struct.unpack_from(">HH", packet, begin + 2)
    if size < 8 or begin + size > len(packet):
        raise InternetError(f"a datagram of {size} bytes is cut at {len(packet) - begin}")
    return Datagram(port, packet[begin + 8 : begin + size])

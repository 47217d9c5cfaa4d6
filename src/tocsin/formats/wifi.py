"""Wi-Fi: management frames of 802.11, from captures with or without a radiotap header, to what they announce.

`read_frame` gives the sender, the signal, the vendor elements of beacons and probe responses, and the service
descriptors of NAN action frames; None for any other kind of frame. What ends before its stated length is left out, so
cut frames give what is whole. `write_beacon` makes the simplest beacon. Sources: radiotap.org; IEEE 802.11-2020, 9.3.3
and 9.4; Wi-Fi Aware (NAN) 3.1, 9.5.
"""

import struct
from collections.abc import Iterator

import msgspec

from tocsin.model.errors import TocsinError

_BEACON, _PROBE_RESPONSE, _ACTION = 0x80, 0x50, 0xD0
_HEADER, _BEACON_FIXED = 24, 12
_VENDOR_ELEMENT = 0xDD
_NAN_ACTION = bytes((4, 9, 0x50, 0x6F, 0x9A, 0x13))  # public action, vendor specific, Wi-Fi Alliance, service discovery
_SERVICE_DESCRIPTOR = 3
_RADIOTAP_FIELDS = ((8, 8), (1, 1), (1, 1), (4, 2), (2, 1), (1, 1))  # size and alignment, up to the antenna's signal
_FLAGS_BIT, _SIGNAL_BIT = 1, 5
_FCS_AT_END, _FCS_BAD = 0x10, 0x40


class WifiError(TocsinError):
    """A header that is not what the capture says it is."""


class Announcement(msgspec.Struct, frozen=True):
    """What one frame announces. `sender` is a MAC address; `intact` is False if the receiver saw a wrong checksum.

    `vendors`: contents of vendor elements, from the OUI on. `services`: service id and service information.
    """

    sender: str
    signal_dbm: float | None
    intact: bool
    vendors: tuple[bytes, ...] = ()
    services: tuple[tuple[bytes, bytes], ...] = ()


def read_frame(data: bytes, radiotap: bool) -> Announcement | None:
    """The announcement in a frame; a broken radiotap header raises `WifiError`."""
    start, flags, signal_dbm = _radiotap(data) if radiotap else (0, 0, None)
    frame = data[start : len(data) - 4 if flags & _FCS_AT_END else len(data)]
    if len(frame) < _HEADER or frame[0] not in (_BEACON, _PROBE_RESPONSE, _ACTION):
        return None
    sender = frame[10:16].hex(":")
    body = frame[_HEADER + 4 * (frame[1] >> 7) :]  # the order bit says that HT control follows
    intact = not flags & _FCS_BAD
    if frame[0] == _ACTION:
        if not body.startswith(_NAN_ACTION):
            return None
        return Announcement(sender, signal_dbm, intact, services=tuple(_services(body[len(_NAN_ACTION) :])))
    return Announcement(sender, signal_dbm, intact, vendors=tuple(_vendors(body[_BEACON_FIXED:])))


def write_beacon(sender: bytes, vendor: bytes, signal_dbm: int, *, bad_fcs: bool = False) -> bytes:
    """A beacon of `sender` (6 bytes) with one vendor element, under a radiotap header with flags and signal.

    Its checksum is zeros: few receivers pass the real one on, and the flags say what the receiver made of it.
    """
    flags = _FCS_AT_END | (_FCS_BAD if bad_fcs else 0)
    head = struct.pack("<BBHIBb", 0, 0, 10, 1 << _FLAGS_BIT | 1 << _SIGNAL_BIT, flags, signal_dbm)
    addresses = b"\xff" * 6 + sender + sender
    element = bytes([_VENDOR_ELEMENT, len(vendor)]) + vendor
    return head + bytes([_BEACON, 0, 0, 0]) + addresses + bytes(2 + _BEACON_FIXED) + b"\0\0" + element + bytes(4)


def _radiotap(data: bytes) -> tuple[int, int, float | None]:
    """(length of the header, its flags, signal in dBm)."""
    if len(data) < 8 or data[0] != 0:
        raise WifiError("no radiotap header")
    length, present = struct.unpack_from("<HI", data, 2)
    if not 8 <= length <= len(data):
        raise WifiError(f"the radiotap header is {length} bytes long in a frame of {len(data)}")
    at, more = 8, present
    while more >> 31:  # further words of the mask
        if at + 4 > length:
            raise WifiError("the radiotap header's mask runs past its end")
        (more,) = struct.unpack_from("<I", data, at)
        at += 4
    flags, signal_dbm = 0, None
    for bit, (size, alignment) in enumerate(_RADIOTAP_FIELDS):
        if present >> bit & 1:
            at += -at % alignment
            if at + size > length:
                raise WifiError("a radiotap field runs past the header's end")
            if bit == _FLAGS_BIT:
                flags = data[at]
            elif bit == _SIGNAL_BIT:
                signal_dbm = float(int.from_bytes(data[at : at + 1], signed=True))
            at += size
    return length, flags, signal_dbm


def _vendors(elements: bytes) -> Iterator[bytes]:
    at = 0
    while at + 2 <= len(elements):
        end = at + 2 + elements[at + 1]
        if elements[at] == _VENDOR_ELEMENT and end <= len(elements):
            yield elements[at + 2 : end]
        at = end


def _services(attributes: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 3 <= len(attributes):
        end = at + 3 + int.from_bytes(attributes[at + 1 : at + 3], "little")
        if attributes[at] == _SERVICE_DESCRIPTOR and end <= len(attributes):
            yield from _descriptor(attributes[at + 3 : end])
        at = end


def _descriptor(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Service id, two instance numbers, control, then what the control bits announce."""
    if len(body) < 9:
        return
    control, at = body[8], 9
    if control & 0x40:  # binding bitmap
        at += 2
    for bit in (0x04, 0x08):  # matching filter, service response filter
        if control & bit and at < len(body):
            at += 1 + body[at]
    if control & 0x10 and at < len(body) and at + 1 + body[at] <= len(body):
        yield body[:6], body[at + 1 : at + 1 + body[at]]

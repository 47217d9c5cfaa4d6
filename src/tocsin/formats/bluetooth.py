"""Bluetooth LE: advertisements from captures of the link layer, to sender and service data.

Three headers are read: the nRF sniffer's (DLT 272), the "phdr" of the pcap registry (DLT 256) and none (DLT 251); both
legacy and extended advertising, on all three PHYs. `read_advertisement` gives None for any other packet and raises
`BluetoothError` for one that ends before its stated lengths. Sources: Bluetooth Core 5.4, vol. 6, part B, 2.3;
Core Specification Supplement, part A; tcpdump.org/linktypes; the sniffer's packet header as nRF Sniffer 4 writes it.
"""

import struct
from collections.abc import Iterator

import msgspec

from tocsin.formats.pcap import BLE_PHDR, NORDIC_BLE
from tocsin.model.errors import TocsinError

_ACCESS_ADDRESS = bytes.fromhex("d6be898e")  # of every advertising channel
_LEGACY, _EXTENDED = (0, 2, 4, 6), 7  # PDU types with advertising data
_NORDIC_HEADER, _PHDR_HEADER = 17, 10
_CODED = 2
_EXTENDED_FIELDS = ((0x01, 6), (0x02, 6), (0x04, 1), (0x08, 2), (0x10, 3), (0x20, 18), (0x40, 1))
_SERVICE_DATA_16 = 0x16


class BluetoothError(TocsinError):
    """A packet that ends too soon."""


class Advertisement(msgspec.Struct, frozen=True):
    """One advertisement. `sender`: its address, empty if it gives none; `intact` is False if the checksum was wrong."""

    sender: str
    signal_dbm: float | None
    intact: bool
    data: bytes


def read_advertisement(data: bytes, link_type: int) -> Advertisement | None:
    """The advertisement of one captured packet."""
    try:
        start, intact, coded, signal_dbm = _header(data, link_type)
        if data[start : start + 4] != _ACCESS_ADDRESS:
            return None
        at = start + 4 + coded  # the coded PHY puts its coding indicator between
        kind, size = data[at] & 0xF, data[at + 1]
        body = data[at + 2 : at + 2 + size]
        if kind not in (*_LEGACY, _EXTENDED):
            return None
        if len(body) < size:
            raise BluetoothError(f"an advertisement of {size} bytes is cut at {len(body)}")
        if kind != _EXTENDED:
            return Advertisement(_address(body[:6]), signal_dbm, intact, body[6:])
        head = body[0] & 0x3F
        return Advertisement(_sender(body[1 : 1 + head]), signal_dbm, intact, body[1 + head :])
    except (IndexError, struct.error) as error:
        raise BluetoothError(f"no packet of link type {link_type} in {len(data)} bytes") from error


def service_data(advertised: bytes) -> Iterator[tuple[int, bytes]]:
    """(16-bit service, data) of each such structure; stops where one runs past the end."""
    at = 0
    while at + 1 < len(advertised) and advertised[at]:
        end = at + 1 + advertised[at]
        if advertised[at + 1] == _SERVICE_DATA_16 and at + 4 <= end <= len(advertised):
            yield int.from_bytes(advertised[at + 2 : at + 4], "little"), advertised[at + 4 : end]
        at = end


def _header(data: bytes, link_type: int) -> tuple[int, bool, bool, float | None]:
    """(where the access address begins, checksum right, coded PHY, signal)."""
    if link_type == NORDIC_BLE:
        flags = data[8]
        return _NORDIC_HEADER, bool(flags & 1), flags >> 4 & 7 == _CODED, -float(data[10])
    if link_type == BLE_PHDR:
        (flags,) = struct.unpack_from("<H", data, 8)
        signal = float(int.from_bytes(data[1:2], signed=True)) if flags & 0x0002 else None
        checked, valid = bool(flags & 0x0400), bool(flags & 0x0800)
        return _PHDR_HEADER, valid or not checked, flags >> 14 == _CODED, signal
    return 0, True, False, None


def _sender(fields: bytes) -> str:
    """The address in the extended header's fields."""
    at = 1
    for bit, size in _EXTENDED_FIELDS:
        if fields and fields[0] & bit:
            if bit == 0x01 and at + size <= len(fields):
                return _address(fields[at : at + size])
            at += size
    return ""


def _address(data: bytes) -> str:
    return data[::-1].hex(":")

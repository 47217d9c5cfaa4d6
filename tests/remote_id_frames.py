"""Remote ID transmissions as receivers capture them, built here from the standards to test the readers against."""

import struct

from tocsin.formats.dji_drone_id import OUI as DJI
from tocsin.formats.pcap import pcap_header, pcap_record
from tocsin.formats.wifi import write_beacon

ADVERTISING = bytes.fromhex("d6be898e")


def beacon(mac: bytes, pack: bytes, *, counter: int = 0, signal_dbm: int = -60, bad_fcs: bool = False) -> bytes:
    """A beacon under a radiotap header, Remote ID in a vendor element."""
    return write_beacon(mac, b"\xfa\x0b\xbc\x0d" + bytes([counter]) + pack, signal_dbm, bad_fcs=bad_fcs)


def bare_beacon(mac: bytes, element: bytes) -> bytes:
    """A beacon without radiotap, its vendor element after one that names the network."""
    head = b"\x80\0\0\0" + b"\xff" * 6 + mac + mac + b"\0\0"
    return head + bytes(12) + b"\0\x04test" + bytes([0xDD, len(element)]) + element


def radiotap(signal_dbm: int) -> bytes:
    """A radiotap header with flags and signal; four bytes of checksum end the frame."""
    return struct.pack("<BBHIBb", 0, 0, 10, 1 << 1 | 1 << 5, 0x10, signal_dbm)


def nan_action(mac: bytes, pack: bytes, *, counter: int = 0) -> bytes:
    """A NAN service discovery frame without radiotap."""
    information = bytes([counter]) + pack
    descriptor = bytes.fromhex("8869199d9209") + bytes([1, 0, 0x10, len(information)]) + information
    attribute = b"\x03" + struct.pack("<H", len(descriptor)) + descriptor
    head = b"\xd0\0\0\0" + bytes.fromhex("516f9a010000") + mac + bytes.fromhex("506f9a010000") + b"\0\0"
    return head + bytes.fromhex("0409506f9a13") + attribute


def advertised(messages: bytes, counter: int = 0) -> bytes:
    """The advertising data: service data of 0xFFFA with the application code of Remote ID."""
    return bytes([5 + len(messages), 0x16, 0xFA, 0xFF, 0x0D, counter]) + messages


def legacy_advertisement(mac: bytes, message: bytes) -> bytes:
    """A legacy advertisement's link layer packet."""
    body = mac[::-1] + advertised(message)
    return ADVERTISING + bytes([0x02, len(body)]) + body + b"CRC"


def extended_advertisement(mac: bytes, pack: bytes, *, coded: bool) -> bytes:
    """An auxiliary advertisement's link layer packet; on the coded PHY its indicator follows the access address."""
    body = bytes([9, 0x09]) + mac[::-1] + b"\x75\x0e" + advertised(pack)
    return ADVERTISING + b"\0" * coded + bytes([0x07, len(body)]) + body + b"CRC"


def nordic(packet: bytes, *, crc_ok: bool = True, coded: bool = False, signal_dbm: int = -70) -> bytes:
    """The nRF sniffer's header before a link layer packet."""
    head = struct.pack("<BHBHB", 1, 10 + len(packet), 3, 7, 2)
    return head + bytes([10, crc_ok | (2 if coded else 0) << 4, 37, -signal_dbm, 0, 0]) + bytes(4) + packet


def phdr(packet: bytes, *, flags: int = 0x0C03, signal_dbm: int = -50) -> bytes:
    """The registry's header before a link layer packet; the flags say checksum checked and right, signal given."""
    return struct.pack("<BbbBIH", 37, signal_dbm, 0, 0, 0x8E89BED6, flags) + packet


def dji_element(serial: str, latitude: int, longitude: int) -> bytes:
    """DJI's own element, version 2; the place in steps of 1e-7 rad."""
    body = struct.pack("<BHH16siihhhhh", 2, 9, 0x3F, serial.encode(), longitude, latitude, 55, 100, 300, 400, -50)
    body += struct.pack("<hQiiiiBB20s", 0, 0, latitude, longitude, longitude, latitude, 58, 4, b"name")
    return DJI + bytes.fromhex("58621310") + body


def capture(link_type: int, frames: list[tuple[float, bytes]]) -> bytes:
    """A pcap file."""
    return pcap_header(link_type) + b"".join(pcap_record(*frame) for frame in frames)

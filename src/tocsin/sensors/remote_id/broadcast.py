"""Broadcast: what one transmission carries of Remote ID, whatever its bearer.

`broadcasts` reads a captured frame: Wi-Fi beacons, probe responses and NAN action frames; Bluetooth LE advertisements,
legacy and extended; DJI's own element in Wi-Fi beacons. A frame whose checksum the receiver saw to be wrong gives
nothing, however well it looks. Where each bearer puts the messages: ASTM F3411-22a, 5.4; ASD-STAN prEN 4709-002, 5.3.
"""

from collections.abc import Callable, Iterator

import msgspec

from tocsin.formats import dji_drone_id
from tocsin.formats.bluetooth import BluetoothError, read_advertisement, service_data
from tocsin.formats.pcap import BLE, BLE_PHDR, NORDIC_BLE, RADIOTAP, RAW_802_11, Frame
from tocsin.formats.wifi import WifiError, read_frame

Count = Callable[[str, object], None]

_WIFI_PREFIX = bytes.fromhex("fa0bbc0d")  # OUI of ASD-STAN and its type; a counter and a pack follow
_NAN_SERVICE = bytes.fromhex("8869199d9209")  # hash of "org.opendroneid.remoteid"
_BLUETOOTH_SERVICE, _APPLICATION = 0xFFFA, 0x0D


class Broadcast(msgspec.Struct, frozen=True):
    """One transmission. `transmitter` tells senders apart; `messages` is a message pack or one message.

    `dji`: a vendor element of DJI's own format, from its OUI on, instead of messages.
    """

    transmitter: str
    signal_dbm: float | None
    messages: bytes = b""
    dji: bytes = b""


def broadcasts(frame: Frame, count: Count) -> Iterator[Broadcast]:
    """The Remote ID in one captured frame; `count` is told why a frame gives none."""
    try:
        if frame.link_type in (RADIOTAP, RAW_802_11):
            yield from _wifi(frame, count)
        elif frame.link_type in (NORDIC_BLE, BLE_PHDR, BLE):
            yield from _bluetooth(frame, count)
        else:
            count("frame: link type", frame.link_type)
    except (WifiError, BluetoothError) as error:
        count("frame: broken", error)


def _wifi(frame: Frame, count: Count) -> Iterator[Broadcast]:
    heard = read_frame(frame.data, frame.link_type == RADIOTAP)
    if heard is None:
        return
    if not heard.intact:
        count("frame: wrong checksum", heard.sender)
        return
    for element in heard.vendors:
        if element.startswith(_WIFI_PREFIX):
            yield Broadcast(f"wifi {heard.sender}", heard.signal_dbm, messages=element[5:])
        elif element.startswith(dji_drone_id.OUI):
            yield Broadcast(f"wifi {heard.sender}", heard.signal_dbm, dji=element)
    for service, information in heard.services:
        if service == _NAN_SERVICE:
            yield Broadcast(f"wifi {heard.sender}", heard.signal_dbm, messages=information[1:])


def _bluetooth(frame: Frame, count: Count) -> Iterator[Broadcast]:
    heard = read_advertisement(frame.data, frame.link_type)
    if heard is None:
        return
    if not heard.intact:
        count("frame: wrong checksum", heard.sender)
        return
    for service, data in service_data(heard.data):
        if service == _BLUETOOTH_SERVICE and data[:1] == bytes([_APPLICATION]):
            yield Broadcast(f"bluetooth {heard.sender}", heard.signal_dbm, messages=data[2:])

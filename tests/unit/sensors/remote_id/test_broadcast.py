import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_id_frames import (
    bare_beacon,
    beacon,
    dji_element,
    extended_advertisement,
    legacy_advertisement,
    nan_action,
    nordic,
    phdr,
)
from tocsin.formats.pcap import BLE, BLE_PHDR, ETHERNET, NORDIC_BLE, RADIOTAP, RAW_802_11, Frame
from tocsin.sensors.remote_id.broadcast import Broadcast, broadcasts

MAC = bytes.fromhex("02005e100001")
WIFI, BLUETOOTH = "wifi 02:00:5e:10:00:01", "bluetooth 02:00:5e:10:00:01"


def heard(data: bytes, link_type: int) -> tuple[list[Broadcast], list[str]]:
    counted: list[str] = []
    found = list(broadcasts(Frame(0.0, link_type, data, len(data), 0), lambda reason, _: counted.append(reason)))
    return found, counted


@pytest.mark.parametrize(
    ("data", "link_type", "expected"),
    [
        (beacon(MAC, b"pack"), RADIOTAP, Broadcast(WIFI, -60.0, b"pack")),
        (nan_action(MAC, b"pack"), RAW_802_11, Broadcast(WIFI, None, b"pack")),
        (nordic(legacy_advertisement(MAC, b"message")), NORDIC_BLE, Broadcast(BLUETOOTH, -70.0, b"message")),
        (phdr(extended_advertisement(MAC, b"pack", coded=False)), BLE_PHDR, Broadcast(BLUETOOTH, -50.0, b"pack")),
        (legacy_advertisement(MAC, b"message"), BLE, Broadcast(BLUETOOTH, None, b"message")),
        (bare_beacon(MAC, dji_element("S", 1, 1)), RAW_802_11, Broadcast(WIFI, None, dji=dji_element("S", 1, 1))),
    ],
)
def test_each_bearer(data: bytes, link_type: int, expected: Broadcast) -> None:
    assert heard(data, link_type) == ([expected], [])


@pytest.mark.parametrize(
    ("data", "link_type", "reason"),
    [
        (beacon(MAC, b"pack", bad_fcs=True), RADIOTAP, "frame: wrong checksum"),
        (nordic(legacy_advertisement(MAC, b"message"), crc_ok=False), NORDIC_BLE, "frame: wrong checksum"),
        (b"\0\0", RADIOTAP, "frame: broken"),
        (b"", BLE_PHDR, "frame: broken"),
        (bytes(60), ETHERNET, "frame: link type"),
    ],
)
def test_what_gives_nothing_says_why(data: bytes, link_type: int, reason: str) -> None:
    assert heard(data, link_type) == ([], [reason])


def test_other_vendors_and_services_are_passed_over() -> None:
    assert heard(bare_beacon(MAC, b"\x00\x50\xf2\x02"), RAW_802_11) == ([], [])


@given(st.binary(max_size=120), st.sampled_from([RADIOTAP, RAW_802_11, NORDIC_BLE, BLE_PHDR, BLE]))
def test_no_bytes_raise(noise: bytes, link_type: int) -> None:
    assert all(reason.startswith("frame:") for reason in heard(noise, link_type)[1])

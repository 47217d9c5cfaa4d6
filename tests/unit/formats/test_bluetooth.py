import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_id_frames import advertised, extended_advertisement, legacy_advertisement, nordic, phdr
from tocsin.formats.bluetooth import BluetoothError, read_advertisement, service_data
from tocsin.formats.pcap import BLE, BLE_PHDR, NORDIC_BLE

MAC = bytes.fromhex("c05e00100001")
SENDER = "c0:5e:00:10:00:01"


def test_a_legacy_advertisement_under_each_header() -> None:
    packet = legacy_advertisement(MAC, b"message")
    for data, link_type, signal_dbm in (
        (nordic(packet, signal_dbm=-71), NORDIC_BLE, -71.0),
        (phdr(packet, signal_dbm=-48), BLE_PHDR, -48.0),
        (packet, BLE, None),
    ):
        heard = read_advertisement(data, link_type)
        assert heard is not None
        assert (heard.sender, heard.signal_dbm, heard.intact) == (SENDER, signal_dbm, True)
        assert list(service_data(heard.data)) == [(0xFFFA, b"\x0d\x00message")]


@pytest.mark.parametrize("coded", [False, True])
def test_an_extended_advertisement_on_either_phy(coded: bool) -> None:
    packet = extended_advertisement(MAC, b"pack", coded=coded)
    for data, link_type in (
        (nordic(packet, coded=coded), NORDIC_BLE),
        (phdr(packet, flags=0x0C03 | (2 if coded else 0) << 14), BLE_PHDR),
    ):
        heard = read_advertisement(data, link_type)
        assert heard is not None
        assert heard.sender == SENDER
        assert list(service_data(heard.data)) == [(0xFFFA, b"\x0d\x00pack")]


def test_a_wrong_checksum_is_told() -> None:
    packet = legacy_advertisement(MAC, b"message")
    for data, link_type in (
        (nordic(packet, crc_ok=False), NORDIC_BLE),
        (phdr(packet, flags=0x0402), BLE_PHDR),
    ):
        heard = read_advertisement(data, link_type)
        assert heard is not None
        assert not heard.intact
    unchecked = read_advertisement(phdr(packet, flags=0), BLE_PHDR)
    assert unchecked is not None
    assert unchecked.intact
    assert unchecked.signal_dbm is None


def test_packets_of_a_connection_are_passed_over() -> None:
    assert read_advertisement(b"\1\2\3\4" + bytes(30), BLE) is None


def test_a_packet_that_ends_too_soon_is_an_error() -> None:
    with pytest.raises(BluetoothError, match="is cut at"):
        read_advertisement(legacy_advertisement(MAC, b"message")[:-6], BLE)
    with pytest.raises(BluetoothError):
        read_advertisement(b"\1\2", NORDIC_BLE)


def test_structures_stop_where_one_runs_past_the_end() -> None:
    assert list(service_data(b"\x02\x01\x06" + advertised(b"m") + b"\x30\x16")) == [(0xFFFA, b"\x0d\x00m")]


@given(st.binary(max_size=80), st.sampled_from([NORDIC_BLE, BLE_PHDR, BLE]))
def test_no_bytes_do_worse_than_an_error(noise: bytes, link_type: int) -> None:
    head = {NORDIC_BLE: nordic(b""), BLE_PHDR: phdr(b""), BLE: b""}[link_type] + bytes.fromhex("d6be898e")
    for data in (noise, head + noise, head + b"\x07" + noise):
        try:
            heard = read_advertisement(data, link_type)
        except BluetoothError:
            continue
        if heard is not None:
            list(service_data(heard.data))

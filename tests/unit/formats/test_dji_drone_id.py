from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_id_frames import dji_element
from shared_data import shared
from tocsin.formats.dji_drone_id import OUI, DjiDroneIdError, decode_element
from tocsin.formats.pcap import CaptureReader
from tocsin.formats.wifi import read_frame
from tocsin.units import RAD_PER_DEG


def test_a_spoofers_beacons_say_what_it_was_told_to_send() -> None:
    data = shared("samples/remoteid/mavic_alessa_spoofed.pcapng").read_bytes()
    reports = []
    for frame in CaptureReader().feed(data):
        heard = read_frame(frame.data, radiotap=True)
        assert heard is not None
        reports += [decode_element(element) for element in heard.vendors if element.startswith(OUI)]
    assert len(reports) == 10
    report = reports[0]
    assert (report.version, report.serial, report.text) == (2, "K6RE0WENAH9P8QAL", "alessa")
    assert report.latitude_rad == pytest.approx(12.0 * RAD_PER_DEG, abs=1e-6)
    assert report.longitude_rad == pytest.approx(13.0 * RAD_PER_DEG, abs=1e-6)
    assert report.phone_rad == pytest.approx((56.0 * RAD_PER_DEG, 43.0 * RAD_PER_DEG), abs=1e-6)
    assert report.home_rad == report.phone_rad


def test_the_fields_are_read() -> None:
    report = decode_element(dji_element("SERIAL0123456789", 8_000_000, -1_500_000))
    assert (report.latitude_rad, report.longitude_rad) == pytest.approx((0.8, -0.15))
    assert (report.north_mps, report.east_mps, report.climb_mps) == (3.0, 4.0, -0.5)
    assert report.in_air


def test_zeros_are_no_place() -> None:
    report = decode_element(dji_element("S", 0, 0))
    assert report.latitude_rad is None
    assert report.home_rad is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no DroneID"),
        (OUI + b"\x58\x62\x13\x11\0", "sub-command 17"),
        (OUI + b"\x58\x62\x13\x10\x09", "version 9"),
        (dji_element("S", 1, 1)[:-1], "bytes"),
    ],
)
def test_other_elements_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(DjiDroneIdError, match=reason):
        decode_element(data)


@given(st.binary(max_size=100))
def test_no_bytes_do_worse_than_an_error(noise: bytes) -> None:
    with suppress(DjiDroneIdError):
        decode_element(OUI + b"\x58\x62\x13\x10" + noise)

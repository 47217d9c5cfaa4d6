import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_id_frames import bare_beacon, beacon, nan_action, radiotap
from tocsin.formats.wifi import WifiError, read_frame

MAC = bytes.fromhex("02005e100001")


def test_a_beacon_gives_sender_signal_and_vendor_elements() -> None:
    heard = read_frame(beacon(MAC, b"pack", counter=7, signal_dbm=-61), radiotap=True)
    assert heard is not None
    assert (heard.sender, heard.signal_dbm, heard.intact) == ("02:00:5e:10:00:01", -61.0, True)
    assert heard.vendors == (b"\xfa\x0b\xbc\x0d\x07pack",)  # the checksum at the end is none of it


def test_a_wrong_checksum_is_told() -> None:
    heard = read_frame(beacon(MAC, b"pack", bad_fcs=True), radiotap=True)
    assert heard is not None
    assert not heard.intact


def test_a_service_discovery_frame_gives_its_service() -> None:
    heard = read_frame(nan_action(MAC, b"pack", counter=3), radiotap=False)
    assert heard is not None
    assert heard.services == ((bytes.fromhex("8869199d9209"), b"\x03pack"),)


def test_filters_before_the_service_information_are_passed_over() -> None:
    frame = nan_action(MAC, b"pack")
    at = frame.index(bytes.fromhex("8869199d9209")) + 8
    grown = bytes([frame[at] | 0x4C]) + b"bb" + b"\x02mm" + b"\x01r" + frame[at + 1 :]
    frame = frame[: at - 10] + (len(grown) + 8).to_bytes(2, "little") + frame[at - 8 : at] + grown
    heard = read_frame(frame, radiotap=False)
    assert heard is not None
    assert heard.services == ((bytes.fromhex("8869199d9209"), b"\x00pack"),)


def test_other_frames_say_nothing() -> None:
    data_frame = b"\x08" + bare_beacon(MAC, b"x")[1:]
    assert read_frame(data_frame, radiotap=False) is None
    assert read_frame(b"", radiotap=False) is None


def test_an_element_that_runs_past_the_end_is_left_out() -> None:
    frame = bare_beacon(MAC, b"whole") + b"\xdd\x20cut"
    heard = read_frame(frame, radiotap=False)
    assert heard is not None
    assert heard.vendors == (b"whole",)


BROKEN = (
    b"",
    b"\1" * 8,
    b"\0\0\xff\0" + bytes(4),
    b"\0\0\x08\0" + b"\xff" * 4,
    b"\0\0\x40\0" + b"\xff" * 6,  # longer than the frame, whose end cuts a word of the mask; fuzzing found it
)


@pytest.mark.parametrize("header", BROKEN)
def test_a_broken_radiotap_header_is_an_error(header: bytes) -> None:
    with pytest.raises(WifiError):
        read_frame(header, radiotap=True)


@given(
    st.binary(max_size=200),
    st.booleans(),
    st.sampled_from([b"", radiotap(-1), bare_beacon(MAC, b""), nan_action(MAC, b"")]),
)
def test_no_bytes_do_worse_than_an_error(noise: bytes, tapped: bool, before: bytes) -> None:
    try:
        read_frame(before + noise, tapped)
    except WifiError:
        assert tapped

"""TAK protobuf against takproto, both ways."""

import warnings
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats.cot import CotError, CotEvent, read_event, write_event
from tocsin.formats.cot_protobuf import MESH, read_message, write_mesh, write_stream
from tocsin.formats.protobuf import read_varint

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import takproto

EVENT = CotEvent("01HXYZ", "a-u-A-M-H-Q", "m-f", 1_772_359_200.5, 1_772_359_205.5, 54.61, 18.79, 118.5, 8.0, None, "T7",
                 90.5, 12.25, "seen by radar & <lidar>", "north", ("tocsin.54.6.18.8",))  # fmt: skip


def theirs(data: bytes) -> Any:
    message = takproto.parse_proto(bytearray(data))
    assert message is not None
    return message.cotEvent


@pytest.mark.parametrize("write", [write_mesh, write_stream])
def test_takproto_reads_what_we_write(write: Any) -> None:
    event = theirs(write(EVENT))
    assert (event.uid, event.type, event.how, event.opex) == ("01HXYZ", "a-u-A-M-H-Q", "m-f", "e-north")
    assert (event.lat, event.lon, event.hae, event.ce, event.le) == (54.61, 18.79, 118.5, 8.0, 9_999_999.0)
    assert (event.sendTime, event.staleTime) == (1_772_359_200_500, 1_772_359_205_500)
    assert event.detail.contact.callsign == "T7"
    assert (event.detail.track.course, event.detail.track.speed) == (90.5, 12.25)
    assert "lidar" in event.detail.xmlDetail


def test_we_read_what_takproto_writes() -> None:
    data = bytes(takproto.xml2proto(write_event(EVENT).decode(), takproto.TAKProtoVer.MESH))
    assert data.startswith(MESH)
    event = read_message(data[3:])
    assert event is not None
    assert (event.uid, event.callsign, event.course_deg, event.speed_mps) == ("01HXYZ", "T7", 90.5, 12.2)
    assert (event.height_m, event.ce_m, event.le_m) == (118.5, 8.0, None)
    assert event.time_s == pytest.approx(EVENT.time_s, abs=1.0)
    assert datetime.fromtimestamp(event.time_s, UTC).year == 2026


NAMES = st.text(st.characters(codec="ascii", exclude_categories=("Cc", "Cs")), max_size=12)


@given(NAMES, NAMES, st.floats(-90, 90), st.floats(-180, 180), st.none() | st.floats(-500, 9000))
def test_what_is_written_reads_back(
    callsign: str, remarks: str, latitude: float, longitude: float, height: float | None
) -> None:
    event = CotEvent("u", "a-u-A", "m-f", 1.7e9, 1.7e9 + 5.0, latitude, longitude, height, None, None, callsign, 0.0,
                     0.0, remarks)  # fmt: skip
    data = write_stream(event)
    size, at = read_varint(data, 1)
    assert at + size == len(data)
    again = read_message(data[at:])
    assert again == event or remarks.strip() != remarks
    xml = read_event(write_event(event))
    assert xml.remarks == remarks


@given(st.binary(max_size=60), st.integers(0, 80))
def test_no_bytes_do_worse_than_an_error(noise: bytes, at: int) -> None:
    data = bytearray(write_mesh(EVENT)[3:])
    data[at : at + len(noise)] = noise
    for message in (bytes(data), noise):
        try:
            read_message(message)
        except CotError:
            pass


def test_a_negotiation_is_no_event() -> None:
    assert read_message(b"\x0a\x02\x08\x01") is None

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_data import shared
from tocsin.formats.remote_id import (
    Authentication,
    BasicId,
    Location,
    Message,
    OperatorId,
    RemoteIdError,
    SelfId,
    System,
    decode_message,
    decode_pack,
    encode_message,
    encode_pack,
)

BEACON = re.compile(rb"\xfa\x0b\xbc\x0d.(?=[\xf0-\xf2]\x19)", re.DOTALL)  # Wi-Fi vendor element, then a counter


def captured(name: str) -> list[bytes]:
    """The packs in a capture of Wi-Fi beacons, as they were sent."""
    data = shared(f"samples/remoteid/{name}").read_bytes()
    starts = [found.end() for found in BEACON.finditer(data)]
    return [data[start : start + 3 + 25 * data[start + 2]] for start in starts]


def test_a_real_drones_beacons_are_read() -> None:
    for pack in captured("dji_air3.pcapng"):
        basic, location, system = decode_pack(pack)
        assert basic == BasicId(1, 2, "1581F6N8A23B2ML3Y3KR")
        assert isinstance(location, Location)
        assert location.status == 2
        assert location.direction_deg is None  # this model sends 361
        assert location.altitude_pressure_m is None
        assert location.latitude_deg is not None
        assert location.longitude_deg is not None
        assert isinstance(system, System)
        assert system.latitude_deg == pytest.approx(location.latitude_deg, abs=0.01)
        assert system.longitude_deg == pytest.approx(location.longitude_deg, abs=0.01)


@pytest.mark.parametrize("name", ["dji_air3.pcapng", "odid_wifi_bcn_sample.pcap"])
def test_what_was_captured_is_written_again_byte_for_byte(name: str) -> None:
    packs = captured(name)
    assert packs
    for pack in packs:
        for k in range(pack[2]):
            message = bytearray(pack[3 + 25 * k : 28 + 25 * k])
            again = bytearray(encode_message(decode_message(bytes(message))))
            message[0] = again[0] = message[0] & 0xF0  # the version is ours
            if message[0] in (0x00, 0x50):
                message[22:] = again[22:]  # reserved, and not always zero
            if message[0] == 0x40:
                message[21:] = again[21:]  # no time before version 2
            assert message == again


def test_the_open_sample_says_what_its_makers_put_in() -> None:
    messages = decode_pack(captured("odid_wifi_bcn_sample.pcap")[0])
    kinds = [type(message) for message in messages]
    assert kinds == [BasicId, Location, SelfId, System, OperatorId]
    assert messages[2] == SelfId(0, "Recreational")
    assert messages[4] == OperatorId(0, "GBR-OP-123ABCD")


texts = st.text(st.characters(codec="ascii", exclude_characters="\0", min_codepoint=33), max_size=20)
nibbles = st.integers(0, 15)
halves = st.none() | st.integers(1, 0xFFFF).map(lambda steps: steps / 2.0 - 1000.0)
places = st.tuples(st.integers(-900_000_000, 900_000_000), st.integers(-1_800_000_000, 1_800_000_000)).filter(
    lambda place: place != (0, 0)
)
speeds = st.integers(0, 254).map(lambda k: k * 0.25) | st.integers(0, 254).map(lambda k: k * 0.75 + 63.75)


@st.composite
def locations(draw: st.DrawFn) -> Location:
    latitude, longitude = draw(places)
    return Location(
        status=draw(st.integers(0, 4)),
        direction_deg=draw(st.none() | st.integers(0, 359).map(float)),
        speed_mps=draw(st.none() | speeds),
        climb_mps=draw(st.none() | st.integers(-124, 124).map(lambda k: k * 0.5)),
        latitude_deg=latitude / 1e7,
        longitude_deg=longitude / 1e7,
        altitude_pressure_m=draw(halves),
        altitude_geodetic_m=draw(halves),
        height_m=draw(halves),
        height_is_agl=draw(st.booleans()),
        horizontal_accuracy=draw(nibbles),
        vertical_accuracy=draw(nibbles),
        pressure_accuracy=draw(nibbles),
        speed_accuracy=draw(nibbles),
        hour_s=draw(st.none() | st.integers(0, 36_000).map(lambda tenths: tenths / 10.0)),
        time_accuracy=draw(nibbles),
    )


systems = st.builds(
    System,
    place_type=st.integers(0, 2),
    classification=st.integers(0, 7),
    area_count=st.integers(0, 65535),
    area_radius_m=st.integers(0, 255).map(lambda k: k * 10.0),
    area_ceiling_m=halves,
    area_floor_m=halves,
    eu_category=nibbles,
    eu_class=nibbles,
    altitude_geodetic_m=halves,
    time_s=st.none() | st.integers(1, 2**32 - 1).map(lambda s: 1_546_300_800.0 + s),
)
messages = (
    locations()
    | systems
    | st.builds(BasicId, id_type=nibbles, ua_type=nibbles, uas_id=texts)
    | st.builds(OperatorId, id_type=st.integers(0, 255), operator_id=texts)
    | st.builds(SelfId, text_type=st.integers(0, 255), text=texts)
    | st.builds(Authentication, data=st.binary(min_size=24, max_size=24))
)


@given(messages)
def test_every_message_survives_the_way_there_and_back(message: Message) -> None:
    data = encode_message(message)
    assert len(data) == 25
    assert decode_message(data) == message


@given(st.lists(messages, min_size=1, max_size=9))
def test_packs_survive_too_and_a_cut_one_is_refused(found: list[Message]) -> None:
    pack = encode_pack(tuple(found))
    assert decode_pack(pack) == tuple(found)
    with pytest.raises(RemoteIdError, match="cut"):
        decode_pack(pack[:-1])


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (decode_message, decode_pack):
        try:
            read(data)
        except RemoteIdError:
            continue


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(RemoteIdError, match="longer than 20"):
        encode_message(BasicId(1, 2, "x" * 21))
    with pytest.raises(RemoteIdError, match="0 to 15"):
        encode_message(BasicId(16, 2, "x"))
    with pytest.raises(RemoteIdError, match="since 2019"):
        encode_message(System(time_s=0.0))
    with pytest.raises(RemoteIdError, match="1 to 9"):
        encode_pack(())

"""The C structure as `ctypes` lays it out, field by field, and any bytes of its length."""

import ctypes

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from receiver_documents import UasData, uas_data
from tocsin.formats.remote_id import BasicId, Location, OperatorId, RemoteIdError, SelfId, System
from tocsin.formats.uas_data import FLAGS_AT, LEAST_BYTES, decode_uas_data


def test_the_flags_stand_where_the_structure_has_them() -> None:
    assert UasData.basic_valid.offset == FLAGS_AT
    assert UasData.operator_valid.offset == LEAST_BYTES - 1
    assert ctypes.sizeof(UasData) == 920


def test_every_part_reads_back() -> None:
    basic, location, told, system, operator = decode_uas_data(uas_data())
    assert basic == BasicId(1, 2, "TCSN7SAMPLE0001")
    assert location == Location(2, 90.0, 12.5, -0.5, 54.61, 18.79, 95.0, 118.5, 80.0, False, 11, 5, 0, 0, 1.5, 0)
    assert told == SelfId(0, "a survey")
    assert system == System(1, 0, 54.60, 18.80, 1, 0.0, None, None, 1, 2, 40.5, 1_772_359_200.0)
    assert operator == OperatorId(0, "FIN-OP-1")


def test_sentinels_are_unknown() -> None:
    image = uas_data(
        direction=361, speed_horizontal=255, speed_vertical=63, latitude=0, longitude=0, altitude_baro=-1000,
        altitude_geo=-1000, height=-1000, timestamp=65535,
    )  # fmt: skip
    location = decode_uas_data(image)[1]
    assert location == Location(2, horizontal_accuracy=11, vertical_accuracy=5)


@given(st.binary(max_size=40), st.integers(0, 919))
def test_any_bytes_give_messages_or_an_error(rubbish: bytes, at: int) -> None:
    image = bytearray(uas_data())
    image[at : at + len(rubbish)] = rubbish
    try:
        decode_uas_data(bytes(image))
    except RemoteIdError:
        assert len(image) < LEAST_BYTES


_WORD = st.one_of(st.sampled_from([-(2**31), -9, -1, 0, 15, 16, 255, 256, 2**31 - 1]), st.integers(-(2**31), 2**31 - 1))


@given(st.dictionaries(st.integers(0, FLAGS_AT // 4 - 1), _WORD, max_size=60))
def test_no_word_makes_a_class_that_no_message_could_carry(words: dict[int, int]) -> None:
    image = bytearray(uas_data())
    for at, word in words.items():
        image[4 * at : 4 * at + 4] = word.to_bytes(4, "little", signed=True)
    for message in decode_uas_data(bytes(image)):
        most = {"text_type": 0xFF, "id_type": 0xF if isinstance(message, BasicId) else 0xFF}
        for name, value in msgspec.structs.asdict(message).items():
            if name.endswith(("_type", "_accuracy", "status", "classification", "_category", "_class")):
                assert 0 <= value <= most.get(name, 0xF), (name, value)


def test_a_short_image_is_refused() -> None:
    with pytest.raises(RemoteIdError, match="image of 913 bytes"):
        decode_uas_data(uas_data()[:913])

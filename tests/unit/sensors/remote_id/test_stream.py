from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats.remote_id import BasicId, Location, Message, SelfId, encode_message, encode_pack
from tocsin.sensors.remote_id.stream import Stream

MESSAGES: tuple[Message, ...] = (
    BasicId(1, 2, "SERIAL"),
    Location(status=2, latitude_deg=1.0, longitude_deg=2.0),
    SelfId(0, "text"),
)
UNITS = st.lists(
    st.sampled_from([*map(encode_message, MESSAGES), encode_pack(MESSAGES), encode_pack(MESSAGES[:1])]), max_size=6
)


@given(UNITS, st.lists(st.integers(0, 400), max_size=4))
def test_units_come_out_wherever_the_bytes_are_cut(units: list[bytes], cuts: list[int]) -> None:
    data, stream = b"".join(units), Stream()
    places = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    found = [unit for start, end in zip(places, places[1:], strict=False) for unit in stream.feed(data[start:end])]
    assert found == units
    assert stream.skipped == stream.close() == 0


def test_noise_costs_no_pack_after_it() -> None:
    stream = Stream()
    assert list(stream.feed(b"\xff\x00noise" + encode_pack(MESSAGES))) == [encode_pack(MESSAGES)]
    assert stream.skipped == 7


def test_a_cut_pack_costs_no_pack_after_it() -> None:
    whole = encode_pack(MESSAGES)
    stream = Stream()
    assert list(stream.feed(whole[:-30] + whole)) == [whole]


@given(st.binary(max_size=300))
def test_no_bytes_raise_or_pile_up(noise: bytes) -> None:
    stream = Stream()
    taken = sum(len(unit) for unit in stream.feed(noise))
    assert taken + stream.skipped + stream.close() == len(noise)

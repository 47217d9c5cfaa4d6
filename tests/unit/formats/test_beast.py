from hypothesis import given
from hypothesis import strategies as st

from shared_data import shared
from tocsin.formats.beast import MLAT_COUNTER, BeastFrame, BeastReader, write_frame

frames = st.builds(
    BeastFrame,
    st.sampled_from([2, 7, 14]).flatmap(lambda size: st.binary(min_size=size, max_size=size)),
    st.integers(0, 2**48 - 1),
    st.integers(0, 255),
)


def test_real_frames_and_real_noise() -> None:
    for name, count in (("adsbtools_example.beast", 18), ("adsbtools_beast_1.bin", 410)):
        assert len(list(BeastReader().feed(shared(f"samples/adsb/{name}").read_bytes()))) == count


def test_a_real_frame_is_read() -> None:
    data = shared("samples/adsb/adsbtools_example.beast").read_bytes()
    first = next(iter(BeastReader().feed(data)))
    assert first == BeastFrame(bytes.fromhex("02a185976ae508"), 0x15B78065_0392, 0x1A)
    assert b"".join(map(write_frame, BeastReader().feed(data))) == data


@given(st.lists(frames, max_size=6), st.lists(st.integers(0, 200), max_size=4))
def test_frames_come_back_wherever_the_bytes_are_cut(sent: list[BeastFrame], cuts: list[int]) -> None:
    data, reader = b"".join(map(write_frame, sent)), BeastReader()
    places = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    found = [one for start, end in zip(places, places[1:], strict=False) for one in reader.feed(data[start:end])]
    assert found == sent
    assert reader.skipped == reader.waiting_bytes == 0


@given(frames, frames, st.integers(1, 30))
def test_a_frame_that_breaks_off_costs_no_other(one: BeastFrame, other: BeastFrame, kept: int) -> None:
    begun = write_frame(one)[:kept]
    if (len(begun) - len(begun.rstrip(b"\x1a"))) % 2:  # half of a doubled escape: what follows would complete it
        begun += b"\x1a"
    reader = BeastReader()
    assert list(reader.feed(begun + write_frame(other)))[-1] == other


def test_other_types_are_passed_over_and_counted() -> None:
    frame = BeastFrame(bytes(14), MLAT_COUNTER, 0)
    reader = BeastReader()
    assert list(reader.feed(b"\x1a\xe3" + b"receiver" + write_frame(frame) + b"\x1a4" + bytes(21))) == [frame]
    assert reader.others == 2
    assert frame.is_mlat


@given(st.binary(max_size=400))
def test_no_bytes_raise_or_pile_up(noise: bytes) -> None:
    reader = BeastReader()
    list(reader.feed(noise))
    assert reader.waiting_bytes <= 2 + 2 * 21

"""Frames of SAPIENT: lengths, cuts and lies."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.formats.sapient.framing import MOST_BYTES, Framer, FramingError, frame


def test_the_length_is_little_endian() -> None:
    assert frame(b"0123456789") == b"\x0a\x00\x00\x000123456789"


@settings(deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=80), max_size=8), st.lists(st.integers(0, 700), max_size=6))
def test_any_cutting_gives_the_messages(messages: list[bytes], places: list[int]) -> None:
    data = b"".join(map(frame, messages))
    cuts = [0, *sorted(place for place in places if place <= len(data)), len(data)]
    framer = Framer()
    found = [one for i, j in zip(cuts, cuts[1:], strict=False) for one in framer.feed(data[i:j])]
    assert found == messages
    assert framer.waiting_bytes == 0


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00\x00\x00\x0a", "big-endian"),
        (b"<?xml version", "text"),
        (b"\x00\x00\x00\x00", "length 0"),
        ((MOST_BYTES + 1).to_bytes(4, "little"), "at most"),
    ],
)
def test_a_length_that_cannot_be_meant_ends_the_stream(data: bytes, reason: str) -> None:
    framer = Framer()
    found = []
    with pytest.raises(FramingError, match=reason):
        found += framer.feed(frame(b"good") + data)
    assert found == [] or found == [b"good"]
    assert list(framer.feed(frame(b"more"))) == []
    assert framer.waiting_bytes == 0


def test_a_good_message_before_a_bad_length_is_given() -> None:
    feed = Framer().feed(frame(b"good") + b"\x00\x00\x00\x00")
    assert next(feed) == b"good"


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_whatever_comes_is_cut_or_refused(data: bytes) -> None:
    framer = Framer()
    try:
        for one in framer.feed(data):
            assert 0 < len(one) <= MOST_BYTES
    except FramingError:
        assert framer.waiting_bytes == 0

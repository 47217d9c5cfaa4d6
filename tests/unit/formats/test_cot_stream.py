"""Streams cut anywhere, with rubbish between, and hostile ones."""

from hypothesis import given
from hypothesis import strategies as st

from contract.test_cot import stream
from tocsin.formats.cot_stream import LARGEST_BYTES, CotReader, Unit

WHOLE = list(CotReader().feed(stream()))


@given(st.lists(st.integers(0, len(stream())), max_size=10))
def test_cutting_changes_nothing(places: list[int]) -> None:
    ends = [0, *sorted(places), len(stream())]
    reader = CotReader()
    assert [unit for a, b in zip(ends, ends[1:], strict=False) for unit in reader.feed(stream()[a:b])] == WHOLE
    assert (reader.dropped, reader.waiting_bytes) == (1, 0)


def test_the_stream_holds_seven_events() -> None:
    assert [unit.is_xml for unit in WHOLE] == [True, False, True, True, False, True, True]


@given(st.binary(max_size=200), st.integers(1, 50))
def test_rubbish_is_passed_over(data: bytes, step: int) -> None:
    reader = CotReader()
    for at in range(0, len(data), step):
        list(reader.feed(data[at : at + step]))
    assert reader.waiting_bytes <= len(data)


def test_an_event_without_an_end_does_not_grow_for_ever() -> None:
    reader = CotReader()
    assert list(reader.feed(b"<event a='")) == []
    for _ in range(LARGEST_BYTES // 50_000 + 1):
        assert list(reader.feed(b"x" * 50_000)) == []
    assert reader.waiting_bytes <= LARGEST_BYTES and reader.dropped == 1
    assert list(reader.feed(b"<event></event>")) == [Unit(b"<event></event>", True)]


def test_a_mesh_datagram_is_one_message() -> None:
    assert list(CotReader().feed(b"\xbf\x01\xbfabc")) == [Unit(b"abc", False)]

"""Against libasterix's own parser, which reads the same specifications in another way."""

from collections import Counter
from contextlib import suppress

import asterix.base as base
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asterix_records import CATEGORIES, block, target, track
from shared_data import shared
from tocsin.formats.asterix import AsterixError, Block, editions, layout, read_blocks, write_block
from tocsin.formats.internet import read_datagram
from tocsin.formats.pcap import CaptureReader

EDITIONS = {21: "2.6", 34: "1.29", 48: "1.31", 62: "1.20", 65: "1.6"}


def compare(found: Block) -> int:
    """Hold our cutting of a block to libasterix's; how many records it has, -1 if both refuse it."""
    theirs = CATEGORIES[found.category].cv_uap.parse(base.Bits.from_bytes(found.body))
    try:
        ours = list(layout(found.category, EDITIONS[found.category]).records(found.body))
    except AsterixError:
        assert isinstance(theirs, ValueError)
        return -1
    assert not isinstance(theirs, ValueError)
    assert ours == [
        {name: item.unparse().to_bytes() for name, item in record.items_regular.items()} for record in theirs
    ]
    return len(ours)


def captured(name: str) -> list[Block]:
    frames = CaptureReader().feed(shared(f"samples/asterix/{name}").read_bytes())
    datagrams = [found for frame in frames if (found := read_datagram(frame)) is not None]
    return [found for datagram in datagrams for found in read_blocks(datagram.payload)]


@pytest.mark.parametrize(
    ("name", "records"),
    [("cat_034_048.pcap", {48: 128, 34: 34}), ("cat_062_065.pcap", {62: 2, 65: 1})],
)
def test_real_captures_are_cut_as_libasterix_cuts_them(name: str, records: dict[int, int]) -> None:
    count: Counter[int] = Counter()
    for found in captured(name):
        count[found.category] += compare(found)
        assert write_block(found.category, found.body)[3:] == found.body
    assert count == records


def test_a_capture_of_an_older_edition_is_refused_where_libasterix_refuses_it() -> None:
    verdicts = Counter(compare(found) > 0 for found in captured("asterix.pcap"))
    assert verdicts == {False: 72, True: 28}  # what is left is for sense to refuse, not for the layout


@pytest.mark.parametrize("name", ["cat034.raw", "cat048.raw", "cat062cat065.raw"])
def test_real_blocks(name: str) -> None:
    for found in read_blocks(shared(f"samples/asterix/{name}").read_bytes()):
        assert compare(found) > 0


@given(st.sampled_from(sorted(EDITIONS)), st.binary(max_size=60))
def test_any_bytes_are_cut_as_libasterix_cuts_them(category: int, body: bytes) -> None:
    compare(Block(category, body))


@given(st.integers(0, 23), st.integers(1, 255), st.sampled_from([48, 62]))
def test_any_damage_is_judged_as_libasterix_judges_it(place: int, flip: int, category: int) -> None:
    record = target(36_000.0, 10.0, 45.0, **{"090": 160, "161": 9}) if category == 48 else track(1.0, 9, 54.0, 18.0)
    body = bytearray(block(category, record, record)[3:])
    body[place % len(body)] ^= flip
    compare(Block(category, bytes(body)))


def test_quantities_come_in_si() -> None:
    shape = layout(48, "1.31")
    (found,) = read_blocks(block(48, target(36_000.0, 10.0, 45.0, **{"090": (0, 0, (40.0, "FL"))})))
    (items,) = shape.records(found.body)
    assert shape.field("140").of(items["140"]) == 36_000.0
    assert shape.field("040", "RHO").of(items["040"]) == 18_520.0
    assert shape.field("040", "THETA").of(items["040"]) == pytest.approx(0.785398, abs=1e-4)
    assert shape.field("090", "FL").of(items["090"]) == pytest.approx(1219.2)
    assert shape.field("090", "FL").of(b"") is None
    assert shape.field("020", "TST").raw(items["020"]) == 0  # its octet was not sent


def test_negative_quantities_are_signed() -> None:
    shape = layout(62, "1.20")
    record = track(0.0, 1, -24.3, -120.5, **{"185": (("VX", (-10.25, "m/s")), ("VY", (3.0, "m/s")))})
    (items,) = shape.records(block(62, record)[3:])
    assert shape.field("105", "LAT").of(items["105"]) == pytest.approx(-0.424115, abs=1e-6)
    assert shape.field("185", "VX").of(items["185"]) == -10.25


def test_parts_of_a_compound_item() -> None:
    shape = layout(34, "1.29").parts("050")
    (items,) = layout(34, "1.29").records(block(34, {"000": 1, "050": {"COM": 0x80, "PSR": 0}})[3:])
    assert sorted(shape.part(items["050"])) == ["COM", "PSR"]
    assert shape.field("COM", "NOGO").raw(shape.part(items["050"])["COM"]) == 1


@pytest.mark.parametrize("data", [b"\x30", b"\x30\x00\x03", b"\x30\x00\x09abc", b"\x30\x00\x04a\x22"])
def test_where_no_block_follows_is_an_error(data: bytes) -> None:
    with pytest.raises(AsterixError, match="there is no block"):
        list(read_blocks(data))


def test_editions_that_are_not_known_are_refused() -> None:
    assert "1.31" in editions(48)
    with pytest.raises(AsterixError, match=r"no edition 0.9; there are 1.27"):
        layout(48, "0.9")
    with pytest.raises(AsterixError, match="more than one record layout"):
        layout(1, "1.4")


@given(st.binary(max_size=100))
def test_no_bytes_do_worse_than_an_error(noise: bytes) -> None:
    with suppress(AsterixError):
        list(read_blocks(noise))

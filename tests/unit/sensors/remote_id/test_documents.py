"""Documents cut anywhere, plain and packed, damaged and hostile; and the claims that come of them."""

import json
import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receiver_documents import MESH, drone_scout, listed, packed, sectioned, uas_data
from tocsin.model.adapter import AdapterContext
from tocsin.model.claim import Claim
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Pose
from tocsin.sensors.remote_id.adapter import Adapter
from tocsin.sensors.remote_id.documents import Documents
from tocsin.units import RAD_PER_DEG

ONE, TWO = drone_scout(uas_data()), drone_scout(uas_data(latitude=54.7), 1_772_359_202_000)
STREAM = packed(ONE) + TWO + ONE + b"\0\n" + packed(TWO + ONE) + b"\n" + json.dumps(sectioned()).encode()
WHOLE = [ONE, TWO, ONE, TWO, ONE, json.dumps(sectioned()).encode()]
CONTEXT = AdapterContext("rid", Pose(), 54.6 * RAD_PER_DEG, 18.8 * RAD_PER_DEG, 41.0)


def claims(adapter: Adapter, *messages: bytes, at_s: float = 1_772_359_205.0) -> list[Claim]:
    got = []
    for data in messages:
        packet = Packet(PacketKind.DATA, "rid", at_s, data, connection=1, origin="broker/topic")
        got += [item for item in adapter.decode(packet) if isinstance(item, Claim)]
    return got


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_cutting_changes_nothing(places: list[int]) -> None:
    ends = [0, *sorted(places), len(STREAM)]
    documents = Documents()
    got = [one for a, b in zip(ends, ends[1:], strict=False) for one in documents.feed(STREAM[a:b])]
    assert got == WHOLE and documents.dropped == documents.waiting_bytes == 0


def test_the_older_packing_is_read_at_the_beginning_of_a_message() -> None:
    documents = Documents()
    for message in (packed(ONE, older=True), packed(TWO, older=True) + b"\0"):
        assert len(list(documents.feed(message))) == 1


@given(st.integers(0, len(packed(ONE)) - 1), st.integers(1, 255))
def test_a_damaged_message_costs_no_other(at: int, flip: int) -> None:
    damaged = bytearray(packed(ONE))
    damaged[at] ^= flip
    documents = Documents()
    list(documents.feed(bytes(damaged)))
    documents.end()
    assert list(documents.feed(packed(TWO))) == [TWO]


@given(st.dictionaries(st.integers(0, 222), st.integers(-(2**31), 2**31 - 1), max_size=60))
def test_an_image_of_any_words_costs_no_other(words: dict[int, int]) -> None:
    image = bytearray(uas_data())
    for at, word in words.items():
        image[4 * at : 4 * at + 4] = word.to_bytes(4, "little", signed=True)
    adapter = Adapter(Adapter.Settings(), CONTEXT)
    claims(adapter, drone_scout(bytes(image)))
    assert len(claims(adapter, TWO)) == 1


@given(st.binary(max_size=300))
def test_any_bytes_are_taken(data: bytes) -> None:
    documents = Documents()
    for piece in (data, b"\xfd7zXZ\0" + data, b"\x5d\0\0" + data, b"{" + data):
        list(documents.feed(piece))
    documents.end()


def test_a_message_that_unpacks_to_too_much_is_dropped() -> None:
    documents = Documents()
    bomb = lzma.compress(b"[" + b" " * 20_000_000 + b"]", preset=0)
    assert list(documents.feed(bomb)) == [] and documents.dropped
    assert list(documents.feed(ONE)) == [ONE]


def test_claims_of_each_receiver() -> None:
    adapter = Adapter(Adapter.Settings(), CONTEXT)
    first, second = claims(adapter, packed(ONE) + b"\n", TWO)
    assert first.identifier == "TCSN7SAMPLE0001" and first.means == "remote-id" and first.category == "multirotor"
    assert first.latitude_rad == pytest.approx(54.61 * RAD_PER_DEG) and first.height_m == 118.5
    assert first.time_s == pytest.approx(1_772_359_201.5) and first.signal_dbm == -71.0
    assert first.pilot_lla is not None and first.operator == "FIN-OP-1" and second.height_takeoff_m == 80.0

    adapter = Adapter(Adapter.Settings(whole_packets=True), CONTEXT)
    (listed_claim,) = claims(adapter, json.dumps(listed()).encode())
    assert listed_claim.course_rad == pytest.approx(270 * RAD_PER_DEG) and listed_claim.on_ground is False
    (cut,) = claims(adapter, json.dumps(listed()).encode()[:200], json.dumps(sectioned()).encode())
    assert cut.identifier == "TCSN7SAMPLE0003" and adapter.statistics()["documents_dropped"] == 1

    seen, nowhere = claims(Adapter(Adapter.Settings(format="json"), CONTEXT), MESH)
    assert seen.identifier == "TCSN7SAMPLE0004" and seen.height_m == 121.0
    assert nowhere.latitude_rad is None and nowhere.identifier == "receiver 60:60:1f:aa:bb:cd"


def test_a_file_that_tells_times_is_cut_by_them() -> None:
    adapter = Adapter(Adapter.Settings(), CONTEXT)
    packets = list(adapter.packets(ONE + TWO, "log.json"))
    assert [packet.received_s for packet in packets if packet.kind is PacketKind.DATA] == [
        1_772_359_201.0,
        1_772_359_202.0,
    ]


def test_broken_documents_are_counted() -> None:
    adapter = Adapter(Adapter.Settings(format="json"), CONTEXT)
    assert claims(adapter, b'{"what": 1}{"protocol":1.0,"data":{"UASdata":"zz"}}') == []
    assert adapter.statistics()["problems"]["total"] == 2

import struct

from hypothesis import given
from hypothesis import strategies as st

from asterix_records import block, target
from tocsin.formats.pcap import RAW_IP, pcap_header, pcap_record
from tocsin.formats.problems import Problems
from tocsin.sensors.asterix.framing import Framing

BLOCKS = [block(48, target(36_000.0, 1.0 + k, 0.0)) for k in range(3)]


def packet(payload: bytes, port: int = 8600) -> bytes:
    udp = struct.pack(">HHHH", 5000, port, 8 + len(payload), 0) + payload
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 9, 17, 0) + bytes(8) + udp


CAPTURE = pcap_header(RAW_IP) + b"".join(pcap_record(1.0, packet(one, 8600 + k)) for k, one in enumerate(BLOCKS))


def fed(form: str, data: bytes, cuts: list[int], port: int = 0) -> tuple[list[bytes], Problems]:
    problems = Problems()
    framing = Framing(form, port, problems)
    places = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    found = [one for a, b in zip(places, places[1:], strict=False) for one in framing.feed(data[a:b], "peer")]
    framing.close("peer")
    return found, problems


@given(st.lists(st.integers(0, 300), max_size=4), st.sampled_from(["auto", "capture"]))
def test_a_capture_gives_its_datagrams_wherever_it_is_cut(cuts: list[int], form: str) -> None:
    found, problems = fed(form, CAPTURE, cuts)
    assert found == BLOCKS
    assert problems.total == 0


def test_only_the_port_asked_for() -> None:
    assert fed("capture", CAPTURE, [], port=8601)[0] == BLOCKS[1:2]


@given(st.lists(st.integers(0, 100), max_size=4))
def test_a_stream_gives_its_blocks_wherever_it_is_cut(cuts: list[int]) -> None:
    found, problems = fed("stream", b"".join(BLOCKS), cuts)
    assert found == BLOCKS
    assert problems.total == 0


def test_a_stream_in_which_no_block_follows_is_given_up() -> None:
    found, problems = fed("stream", BLOCKS[0] + b"\x30\x00\x01" + BLOCKS[1], [])
    assert found == BLOCKS[:1]
    assert list(problems.reasons) == ["stream: no block follows"]


def test_a_cut_stream_is_told() -> None:
    found, problems = fed("stream", BLOCKS[0] + BLOCKS[1][:-1], [])
    assert found == BLOCKS[:1]
    assert problems.reasons == {"stream: cut": 1}


def test_datagrams_come_as_they_are() -> None:
    assert fed("auto", BLOCKS[0] + b"\0", [])[0] == [BLOCKS[0] + b"\0"]


@given(st.binary(max_size=100), st.sampled_from(["auto", "datagram", "stream", "capture"]))
def test_no_bytes_raise(noise: bytes, form: str) -> None:
    fed(form, noise, [30])

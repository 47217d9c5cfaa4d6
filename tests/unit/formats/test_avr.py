from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_data import shared
from tocsin.formats.avr import AvrError, AvrFrame, read_line, write_line

LONG = "8D40621D58C382D690C8AC2863A7"


@pytest.mark.parametrize(
    ("line", "frame"),
    [
        (f"*{LONG};", AvrFrame(bytes.fromhex(LONG))),
        (f"*{LONG.lower()};\r\n", AvrFrame(bytes.fromhex(LONG))),
        (f"@00000000001F{LONG};", AvrFrame(bytes.fromhex(LONG), counter=31)),
        ("*02C186B2454574;", AvrFrame(bytes.fromhex("02C186B2454574"))),
        (f'1457996400,"{LONG}","40621D",11', AvrFrame(bytes.fromhex(LONG), received_s=1457996400.0)),
        (f"1457996400.5 {LONG}", AvrFrame(bytes.fromhex(LONG), received_s=1457996400.5)),
    ],
)
def test_lines(line: str, frame: AvrFrame) -> None:
    assert read_line(line.encode()) == frame


@pytest.mark.parametrize("line", ["", "*;", "*8D40;extra", "*8D40621D58C382D690C8AC28;", "hello", "1457996400,xyz"])
def test_what_is_no_frame_is_refused(line: str) -> None:
    with pytest.raises(AvrError):
        read_line(line.encode())


def test_a_real_table_is_read_whole() -> None:
    lines = shared("samples/adsb/pymodes_sample_adsb.csv").read_bytes().splitlines()
    assert len([read_line(line) for line in lines]) == 2000


def test_a_fuzz_corpus_from_outside_is_read_or_refused() -> None:
    found = refused = 0
    for line in shared("samples/adsb/adsbtools_raw_avr_1.txt").read_bytes().splitlines():
        try:
            read_line(line)
            found += 1
        except AvrError:
            refused += 1
    assert (found, refused) == (226, 3)


@given(
    st.sampled_from([2, 7, 14]).flatmap(lambda size: st.binary(min_size=size, max_size=size)), st.integers(0, 2**48 - 1)
)
def test_written_lines_come_back(data: bytes, counter: int) -> None:
    assert read_line(write_line(AvrFrame(data, counter))) == AvrFrame(data, counter)


@given(st.binary(max_size=60))
def test_no_bytes_do_worse_than_an_error(noise: bytes) -> None:
    with suppress(AvrError):
        read_line(noise)

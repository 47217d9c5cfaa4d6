import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.sensors.adsb.stream import LONGEST_LINE_BYTES, Stream


@pytest.mark.parametrize(
    ("begin", "form"),
    [
        (b"\x1a3", "beast"),
        (b'\n {"now"', "json"),
        (b"[{", "json"),
        (b"MSG,", "sbs"),
        (b"*8D", "avr"),
        (b"14579", "avr"),
    ],
)
def test_the_first_byte_tells(begin: bytes, form: str) -> None:
    stream = Stream("auto")
    list(stream.feed(begin))
    assert stream.form == form


def test_nothing_has_no_form_yet() -> None:
    stream = Stream("auto")
    assert list(stream.feed(b" \r\n")) == []
    assert (stream.form, stream.lost()) == ("auto", {})


def test_a_last_line_without_its_end_counts() -> None:
    stream = Stream("sbs")
    assert list(stream.feed(b"MSG,1\r\n\r\nMSG,2")) == [b"MSG,1\r"]
    assert list(stream.close()) == [b"MSG,2"]


def test_a_line_without_an_end_is_dropped() -> None:
    stream = Stream("avr")
    list(stream.feed(b"*" * (LONGEST_LINE_BYTES + 1)))
    assert stream.lost() == {"units_dropped": 1, "bytes_waiting": 0}


@given(st.binary(max_size=200), st.sampled_from(["auto", "beast", "avr", "sbs", "json"]))
def test_no_bytes_raise(noise: bytes, form: str) -> None:
    stream = Stream(form)
    list(stream.feed(noise))
    list(stream.close())

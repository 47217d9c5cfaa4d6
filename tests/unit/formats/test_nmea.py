"""NMEA: sentences as pynmea2 writes them, midnight, checksums, and any bytes at all."""

from datetime import UTC, datetime

import pynmea2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats.nmea import SentenceReader, checksum, is_sentences, read_sentences

RMC = str(
    pynmea2.RMC("GP", "RMC", ("235959.50", "A", "5436.0300", "N", "01848.1200", "W", "10.0", "090.0", "311226", "", ""))
)
GGA = str(
    pynmea2.GGA(
        "GP",
        "GGA",
        ("235959.50", "5436.0300", "N", "01848.1200", "W", "1", "08", "1.0", "12.5", "M", "34.0", "M", "", ""),
    )
)
NEXT = str(
    pynmea2.GGA(
        "GP",
        "GGA",
        ("000000.50", "5436.0300", "S", "01848.1200", "E", "1", "08", "1.0", "13.5", "M", "34.0", "M", "", ""),
    )
)


def log(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()


def test_the_two_of_one_time_are_put_together() -> None:
    found = read_sentences(log(RMC, GGA))
    (one,) = found.positions
    parsed = pynmea2.parse(RMC)
    assert found.broken == ()
    assert one.time_s == datetime(2026, 12, 31, 23, 59, 59, 500_000, UTC).timestamp()
    assert (one.latitude_deg, one.longitude_deg) == pytest.approx((parsed.latitude, parsed.longitude))
    assert one.altitude_msl_m == 12.5
    assert (one.speed_mps, one.course_deg) == pytest.approx((10.0 * 1852.0 / 3600.0, 90.0))


def test_a_sentence_without_a_date_runs_over_midnight() -> None:
    found = read_sentences(log(RMC, NEXT))
    assert [one.time_s for one in found.positions] == [
        datetime(2026, 12, 31, 23, 59, 59, 500_000, UTC).timestamp(),
        datetime(2027, 1, 1, 0, 0, 0, 500_000, UTC).timestamp(),
    ]
    assert found.positions[1].latitude_deg < 0.0 < found.positions[1].longitude_deg


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (RMC[:-2] + "00", "checksum"),
        (RMC[:30], "cut"),
        (str(pynmea2.RMC("GP", "RMC", ("235959", "V", "", "", "", "", "", "", "311226", "", ""))), "no fix"),
        (GGA, "no date"),
        (
            str(pynmea2.RMC("GP", "RMC", ("995959", "A", "5436.0", "N", "01848.0", "E", "", "", "311226", "", ""))),
            "no time",
        ),
        (
            str(pynmea2.RMC("GP", "RMC", ("115959", "A", "9936.0", "N", "01848.0", "E", "", "", "311226", "", ""))),
            "no place",
        ),
    ],
)
def test_what_is_refused_says_why(line: str, reason: str) -> None:
    found = read_sentences(log("$GPGSV,1,1,00*79", line))
    assert found.positions == ()
    assert reason in found.broken[0]
    assert found.broken[0].startswith("line 2: ")


def test_a_log_is_known_by_its_sentences() -> None:
    assert is_sentences(log("$GPGSV,1,1,00*79", RMC))
    assert not is_sentences(b"$1,000 for the winner\n")
    assert checksum(b"GPGSV,1,1,00") == 0x79


@given(st.lists(st.sampled_from([RMC, GGA, NEXT]) | st.text(max_size=40), max_size=6), st.binary(max_size=60))
def test_any_lines_give_positions_or_reasons(lines: list[str], more: bytes) -> None:
    read_sentences(log(*lines) + b"$" + more)
    reader = SentenceReader()
    for line in (b"$GPRMC," + more, b"$GPGGA," + more):
        body = line[1:].replace(b"*", b"")
        try:
            reader.take(b"$" + body + b"*%02X" % checksum(body))
        except ValueError:
            pass

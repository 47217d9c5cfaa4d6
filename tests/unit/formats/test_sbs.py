from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats.sbs import SbsError, SbsMessage, read_line, write_line

# Lines of the format's public description, woodair.net, "Barebones 42: socket data".
POSITION = (
    b"MSG,3,5,211,4CA2D6,10057,2008/11/28,14:53:50.594,2008/11/28,14:58:51.153,,37000,,,51.45735,-1.02826,,,0,0,0,0\r\n"
)
VELOCITY = b"MSG,4,5,211,4CA2D6,10057,2008/11/28,14:53:49.986,2008/11/28,14:58:50.537,,,408.3,146.4,,,64,,,,,\r\n"


def test_published_lines_are_read() -> None:
    position = read_line(POSITION)
    assert (position.kind, position.icao, position.altitude_ft) == (3, "4CA2D6", 37000.0)
    assert (position.latitude_deg, position.longitude_deg, position.on_ground) == (51.45735, -1.02826, False)
    assert position.generated_s == datetime(2008, 11, 28, 14, 53, 50, 594_000, UTC).timestamp()
    velocity = read_line(VELOCITY)
    assert (velocity.speed_kt, velocity.track_deg, velocity.climb_fpm) == (408.3, 146.4, 64.0)
    assert velocity.altitude_ft is None
    assert velocity.on_ground is None


def test_a_written_line_has_the_published_form() -> None:
    ours, theirs = write_line(read_line(POSITION)).split(b","), POSITION.split(b",")
    assert len(ours) == len(theirs) == 22
    for k in (0, 1, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 21):
        assert ours[k] == theirs[k]


numbers = st.none() | st.integers(-(10**9), 10**9).map(lambda k: k / 1e5)
times = st.integers(0, 4_000_000_000_000).map(lambda ms: ms / 1000.0)


@given(
    st.builds(
        SbsMessage,
        kind=st.integers(1, 8),
        icao=st.integers(0, 0xFFFFFF).map(lambda n: f"{n:06X}"),
        generated_s=times,
        logged_s=times,
        callsign=st.none() | st.text("ABC123", min_size=1, max_size=8),
        altitude_ft=numbers,
        speed_kt=numbers,
        track_deg=numbers,
        latitude_deg=numbers,
        longitude_deg=numbers,
        climb_fpm=numbers,
        squawk=st.none() | st.just("7000"),
        on_ground=st.none() | st.booleans(),
    )
)
def test_there_and_back(message: SbsMessage) -> None:
    assert read_line(write_line(message)) == message


@pytest.mark.parametrize(
    "line",
    [b"", b"MSG,3", b"STA,,5,179,400AE7,10103,2008/11/28,14:58:51.153,,,RM", POSITION.replace(b"37000", b"x"), b"\xff"],
)
def test_what_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(SbsError):
        read_line(line)

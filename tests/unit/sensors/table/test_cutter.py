"""Cutting a recorded file into packets: what they hold, when they were received, and what a file may get wrong."""

import gzip
import io
import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.config.strict import decode
from tocsin.formats.columns import Mapping, Time
from tocsin.formats.problems import Problems
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.sensors.table.cutter import Cutter, digest

LOCAL = {"east": "e", "north": "n"}
RECEIVED = {**LOCAL, "received": {"column": "r", "carry": True}}


def cut(text: str | bytes, settings: dict[str, Any], problems: Problems | None = None) -> list[Packet]:
    data = text.encode() if isinstance(text, str) else text
    return list(Cutter(decode(settings, Mapping), "radar-1", problems or Problems()).packets(data, "day.csv"))


def table(packets: Sequence[Packet]) -> list[tuple[float, bytes, str]]:
    return [(p.received_s, p.data, p.origin) for p in packets if p.kind is PacketKind.DATA]


def test_one_message_is_one_packet() -> None:
    packets = cut("r,e,n\n,0,0\n10,1,2\n,3,4\n10,5,6\n12,,\n11.5,7,8", RECEIVED)
    assert table(packets) == [
        (10.0, b"r,e,n\n,0,0\n10,1,2\n,3,4\n10,5,6\n", "day.csv:1"),
        (12.0, b"12,,\n11.5,7,8\n", "day.csv:5"),
    ]
    assert [p.kind for p in (packets[0], packets[-1])] == [PacketKind.OPENED, PacketKind.CLOSED]
    assert packets[-1].data == b"end of file"
    assert all(p.exercise and p.source == "radar-1" and p.connection == 1 for p in packets)


def test_without_received_times_a_row_came_at_its_own() -> None:
    packets = cut("t,e,n\n10,1,2\n11,3,4\n10.5,5,6\n12,7,8\n", {**LOCAL, "time": {"column": "t"}})
    assert [(t, d) for t, d, _ in table(packets)] == [
        (10.0, b"t,e,n\n10,1,2\n"),
        (11.0, b"11,3,4\n10.5,5,6\n"),
        (12.0, b"12,7,8\n"),
    ]


def test_the_time_of_a_message_may_stand_in_any_of_its_rows() -> None:
    text = "m,r,e,n\n1,,1,1\n1,10.7,2,2\n2,,3,3\n2,,4,4\n2,11.7,5,5\n,,6,6\n3,,7,7\n"
    packets = cut(text, {**RECEIVED, "message": "m"})
    assert [(t, d.count(b"\n")) for t, d, _ in table(packets)] == [(10.7, 3), (11.7, 5)]


def test_times_that_cannot_be_meant() -> None:
    text = "r,e,n\n" + "".join(
        f"{r},1,2\n" for r in (1.7e9, 1.7e9 + 1, 0, 1.7e9 + 3e6, 1.7e9 + 5000, 1.7e9 + 2, 1.7e9 + 3)
    )
    assert [t - 1.7e9 for t, _, _ in table(cut(text, RECEIVED))] == [0.0, 1.0, 2.0, 3.0]
    assert [d.count(b"\n") for _, d, _ in table(cut(text, RECEIVED))] == [2, 4, 1, 1]


def test_a_file_without_times_cannot_be_replayed() -> None:
    with pytest.raises(
        TocsinError, match="day.csv: no row says when it was received; name a column for received or time"
    ):
        cut("e,n\n1,2\n", LOCAL)
    with pytest.raises(TocsinError, match="no row says when"):
        cut("r,e,n\nnoon,1,2\n", RECEIVED)


def test_a_column_that_is_not_in_the_file() -> None:
    with pytest.raises(TocsinError, match='day.csv: north: no column "n"; there are: r, e, m'):
        cut("r,e,m\n1,2,3\n", RECEIVED)


def test_json_columns_that_are_in_no_record() -> None:
    settings = {"format": "json", "explode": "list", "east": "list.e", "north": "list.n", "received": {"column": "r"}}
    problems = Problems()
    text = '[{"r": 10, "list": []},\n {"r": 11, "list": [{"e": 1, "n": 2}, {"e": 3, "n": 4}]}]'
    packets = cut(text, {**settings, "score": "list.s"}, problems)
    assert b"".join(d for _, d, _ in table(packets)).decode() == text
    assert [(t, o) for t, _, o in table(packets)] == [(10.0, "day.csv:1"), (11.0, "day.csv:2")]
    assert problems.reasons == {"columns: in no record": 1}
    assert str(problems.first[0]["detail"]).startswith('score: no column "list.s"; nearest: list.')
    with pytest.raises(TocsinError, match='north: no column "list.m"; nearest: '):
        cut(text, {**settings, "north": "list.m"})
    assert len(cut('{"r": 10, "list": []}', settings)) == 3  # a quiet day names no column of a target


def test_a_content_given_twice_is_counted_and_gives_nothing() -> None:
    problems = Problems()
    cutter = Cutter(decode(RECEIVED, Mapping), "radar-1", problems)
    text = b"r,e,n\n10,1,2\n"
    first = list(cutter.packets(text, "a.csv"))
    assert list(cutter.packets(gzip.compress(text), "copy.csv.gz")) == []
    second = list(cutter.packets(text + b"11,1,2\n", "b.csv"))
    assert (first[0].connection, second[0].connection, cutter.files) == (1, 2, 2)
    assert problems.first == [
        {"file": "copy.csv.gz", "row": 0, "reason": "file: given twice", "detail": "same as a.csv"}
    ]
    assert digest(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_gzip_cut_short_is_used_as_far_as_it_goes() -> None:
    text = "r,e,n\n" + "".join(f"{i},{i * 37 % 1000},{i * i}\n" for i in range(3000))
    packed = gzip.compress(text.encode())
    packets = cut(packed[: len(packed) // 2], RECEIVED)
    joined = b"".join(d for _, d, _ in table(packets)).decode()
    assert text.startswith(joined) and joined.count("\n") > 1000 and not joined.endswith("\n")
    assert packets[-1].data == b"file damaged: gzip cut short"


def test_parquet_is_cut_as_json_lines() -> None:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"r": [10.0, 10.0, 11.0], "e": [1, 2, 3], "n": [4, 5, None]}), buffer)
    packets = cut(buffer.getvalue(), {**RECEIVED, "format": "parquet"})
    assert [(t, d) for t, d, _ in table(packets)] == [
        (10.0, b'{"r":10.0,"e":1,"n":4}\n{"r":10.0,"e":2,"n":5}\n'),
        (11.0, b'{"r":11.0,"e":3,"n":null}\n'),
    ]


def test_a_file_without_rows_is_counted() -> None:
    problems = Problems()
    assert cut("", RECEIVED, problems) == [] and cut("r,e,n\n", RECEIVED, problems) == []
    assert problems.reasons == {"file: no rows": 2}


times = st.one_of(
    st.just(""), st.just("x"), st.floats(0, 1e6).map(str), st.integers(1_700_000_000, 1_700_000_100).map(str)
)


@given(st.lists(st.tuples(times, st.sampled_from(["", "1", "2", "3"])), min_size=1, max_size=30), st.booleans())
def test_packets_join_to_the_file_and_time_never_falls(lines: list[tuple[str, str]], by_message: bool) -> None:
    text = "r,m,e,n\n" + "".join(f"{r},{m},1,2\n" for r, m in lines)
    settings = {**RECEIVED, "message": "m"} if by_message else RECEIVED
    try:
        packets = cut(text, settings)
    except TocsinError as error:
        assert "no row says when" in str(error)
        assert not any(r not in ("", "x") for r, _ in lines)
        return
    assert b"".join(p.data for p in packets if p.kind is PacketKind.DATA).decode() == text
    assert all(a.received_s <= b.received_s for a, b in pairwise(packets))
    assert len({t for t, _, _ in table(packets)}) == len(table(packets))


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_file_that_holds_nothing_says_why(form: Literal["csv", "json"]) -> None:
    noise = random.Random(7).randbytes(5000)
    files = [gzip.compress(b"t,a\n1,2\n")[:end] for end in (2, 5, 10)]
    files += [noise, noise[:100], gzip.compress(noise), "t,a\n1,2\n".encode("utf-16"), b"", gzip.compress(b" ")]
    said = []
    for data in files:
        problems = Problems()
        cutter = Cutter(Mapping(format=form, time=Time("t"), azimuth="a"), "radar-1", problems)
        assert list(cutter.packets(data, "f")) == []
        said += [f"{one['file']}: {one['reason']} {one['detail']}".strip() for one in problems.first]
    assert said == [
        *["f: file: damaged gzip cut short"] * 3,
        *["f: file: not a table (binary data)"] * 4,
        *["f: file: no rows"] * 2,
    ]

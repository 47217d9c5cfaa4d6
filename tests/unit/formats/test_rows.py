"""Framing of CSV and JSON: any cut gives the same records, and damage costs its own row only."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats import rows as module
from tocsin.formats.columns import Mapping
from tocsin.formats.problems import Problems
from tocsin.formats.rows import DEEPEST, LONGEST, CsvRows, JsonRows, open_rows

CSV = Mapping(azimuth="a")
JSON = Mapping(format="json", azimuth="a")
FORMATS = st.sampled_from([CSV, JSON])


def records(mapping: Mapping, pieces: list[bytes]) -> tuple[list[tuple[int, Any]], dict[str, int]]:
    problems = Problems()
    rows = open_rows(mapping, problems)
    read = [item for piece in pieces for item in rows.feed(piece, "f")] + rows.close("f")
    broken = sum(record is None for _, record in read)
    headers = problems.total - broken  # a header is no row; one with a lost quote is read as it stands, and counted
    assert headers == 0 or headers == 1 and problems.reasons.get("row: broken quotes", 0) > 0
    return [(row, record) for row, record in read if record is not None], problems.reasons


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[a:b] for a, b in zip(ends, ends[1:], strict=False)]


cells = st.text(st.characters(codec="utf-8", exclude_characters='\n\r",'), max_size=8)
csv_files = st.lists(st.lists(cells, min_size=3, max_size=3), max_size=8).map(
    lambda rows: "".join(",".join(row) + "\n" for row in [["a", "b", "c"], *rows]).encode()
)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
objects = st.dictionaries(st.text(max_size=4), json_values, max_size=4)
frames = st.sampled_from(["\n", "", " ", ",\n", "\r\n"])


@given(csv_files, st.lists(st.integers(0, 10_000), max_size=6))
def test_csv_may_be_cut_anywhere(data: bytes, places: list[int]) -> None:
    assert records(CSV, cut(data, places)) == records(CSV, [data])


@given(st.lists(st.tuples(objects, frames), max_size=6), st.booleans(), st.lists(st.integers(0, 10_000), max_size=6))
def test_json_is_found_however_framed_and_cut(items: list[Any], array: bool, places: list[int]) -> None:
    text = "".join(msgspec.json.encode(item).decode() + frame for item, frame in items)
    data = (f"[{text}]" if array else text).encode()
    found, reasons = records(JSON, cut(data, places))
    assert [record for _, record in found] == [item for item, _ in items]
    assert [row for row, _ in found] == list(range(1, len(items) + 1))
    assert reasons == {}


@given(st.lists(objects, min_size=1, max_size=5), st.integers(0, 10_000), st.integers(1, 255), st.data())
def test_flipped_bytes_are_counted_alike_in_any_cut(
    items: list[Any], place: int, flip: int, data: st.DataObject
) -> None:
    text = bytearray(b"".join(msgspec.json.encode(item) + b"\n" for item in items))
    text[place % len(text)] ^= flip
    places = data.draw(st.lists(st.integers(0, len(text)), max_size=5))
    assert records(JSON, cut(bytes(text), places)) == records(JSON, [bytes(text)])


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=5), FORMATS)
def test_noise_never_raises(data: bytes, places: list[int], mapping: Mapping) -> None:
    assert records(mapping, cut(data, places)) == records(mapping, [data])


@given(st.one_of(csv_files, st.binary(max_size=300)), FORMATS)
def test_pieces_of_a_file_join_to_the_file(data: bytes, mapping: Mapping) -> None:
    rows = open_rows(mapping, Problems())
    pieces = rows.cut(data)
    assert b"".join(pieces) == data
    whole, _ = records(mapping, [data])
    for piece in pieces:
        assert len(list(rows.feed(piece, ""))) <= 1
    assert rows.row >= len(whole)


@given(st.lists(st.sampled_from([b"{", b"}", b"[", b"]", b",", b'"', b"\n", b'{"a":1}', b"x"]), max_size=30))
def test_pieces_of_objects_that_are_not_closed_hold_one_each(parts: list[bytes]) -> None:
    data = b"".join(parts)
    rows = JsonRows(JSON, Problems())
    pieces = rows.cut(data)
    assert b"".join(pieces) == data
    assert max((len(list(rows.feed(piece, ""))) for piece in pieces), default=0) <= 1


def test_csv_header_mark_comments_and_line_ends() -> None:
    mapping = Mapping(azimuth="a", skip_lines=1, comment="#", delimiter=";")
    data = b'\xef\xbb\xbfexported by a radar\r\n# note\r\na;b c\r\n1;"two;\xc3\xa9"\r\n\r\n3;4\r\n'
    assert records(mapping, [data]) == ([(1, ["1", "two;é"]), (2, ["3", "4"])], {})
    rows = CsvRows(mapping, Problems())
    list(rows.feed(data, "f"))
    assert rows.names == ("a", "b c")


def test_csv_damage_costs_its_own_line() -> None:
    data = b'a,b\n1,2\n"3,4\n5\n\xff,6\n7,8\n9,1'
    found, reasons = records(CSV, [data])
    assert found == [(1, ["1", "2"]), (5, ["7", "8"])]
    assert reasons == {
        "row: broken quotes": 1,
        "row: wrong number of cells": 1,
        "row: not UTF-8": 1,
        "row: stream ended inside it": 1,
    }


def test_a_header_with_a_lost_quote_is_read_as_it_stands() -> None:
    rows = CsvRows(CSV, Problems())
    assert list(rows.feed(b'"a,b\n1,2\n', "f")) == [(1, ["1", "2"])]
    assert rows.names == ('"a', "b")
    assert records(CSV, [b'"a,b\n1,2\n']) == ([(1, ["1", "2"])], {"row: broken quotes": 1})


@given(
    st.lists(st.sampled_from(["{", "}", "[", "]", '"', "\\", "\n", ",", '"a":', "1", "[" * 70, "]" * 70])), st.data()
)
def test_brackets_in_any_order_are_read_alike_in_any_cut(signs: list[str], data: st.DataObject) -> None:
    text = "".join(signs).encode()
    places = data.draw(st.lists(st.integers(0, len(text)), max_size=6))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LONGEST", 90)
        assert records(JSON, cut(text, places)) == records(JSON, [text])


def test_too_long_a_row_is_skipped_alike_in_any_cut() -> None:
    long = b"x" * (LONGEST + 10)
    for mapping, data in (
        (CSV, b"a\n1\n" + long + b"\n2\n"),
        (JSON, b'{"a":1}\n{"a":"' + long + b'"}\n{"a":2}\n'),
    ):
        whole = records(mapping, [data])
        assert len(whole[0]) == 2 and whole[1]["row: too long"] == 1
        assert records(mapping, cut(data, [7, LONGEST // 2, LONGEST + 12])) == whole


class Counting:
    """A pattern that counts the bytes it looked at and how often it was asked."""

    def __init__(self, pattern: Any) -> None:
        self.pattern, self.looked_at = pattern, 0

    def search(self, text: Any, start: int, end: int = 1 << 62) -> Any:
        found = self.pattern.search(text, start, end)
        self.looked_at += 1 + (min(len(text), end) if found is None else found.end()) - start
        return found


HARD = {
    "open lists": b"{" + b"[" * 60_000,
    "open objects": b"{" * 60_000,
    "objects in objects": b'{"a":' * 12_000,
    "a text": b'{"a":"' + b"x" * 60_000,
    "escapes": b'{"a":"' + b"\\" * 60_000,
    "members": b"{" + b'"a":1,' * 10_000,
    "lines": b"{" + b"\n" * 60_000,
    "objects side by side": b'{"a":1}' * 8_000,
    "wrong ends": b"{]" * 30_000,
    "garbage": b"x" * 60_000,
    "deep lines": (b'{"a":' + b"[" * 100 + b"]" * 100 + b"}\n") * 300,
}


@pytest.mark.parametrize("kind", HARD)
def test_bytes_are_not_looked_at_again_with_each_piece(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = {name: Counting(getattr(module, name)) for name in ("_START", "_OUTSIDE", "_INSIDE")}
    for name, pattern in patterns.items():
        monkeypatch.setattr(module, name, pattern)
    decoded: list[int] = []
    decode = module._decoded

    def counted(text: bytes) -> tuple[Any, str]:
        decoded.append(len(text))
        return decode(text)

    monkeypatch.setattr(module, "_decoded", counted)
    data = HARD[kind] + b'\n{"a":2}\n'
    found, _ = records(JSON, [data[i : i + 50] for i in range(0, len(data), 50)])
    assert found[-1][1] == {"a": 2}
    assert sum(pattern.looked_at for pattern in patterns.values()) < 4 * len(data)
    assert sum(decoded) < 2 * len(data)
    decoded.clear()
    assert records(JSON, [data])[0] == found
    assert sum(decoded) < 2 * len(data) + LONGEST // 10


def test_too_deep_an_object_is_dropped_before_its_end_and_costs_its_own_row() -> None:
    def nested(depth: int) -> bytes:
        return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"

    for end in (b"\n", b"", b","):
        data = nested(DEEPEST) + end + nested(DEEPEST + 1) + end + b'{"b":1}' + end
        for size in (1, 7, len(data)):
            found, reasons = records(JSON, [data[i : i + size] for i in range(0, len(data), size)])
            assert [row for row, _ in found] == [1, 3] and found[1][1] == {"b": 1}
            assert reasons == {"row: nested too deeply": 1}
    endless = JsonRows(JSON, problems := Problems())
    assert list(endless.feed(nested(DEEPEST + 1)[: DEEPEST + 10], "f")) == [(1, None)] and problems.total == 1
    assert list(endless.feed(b'[[{"c":1}\n{"d":1}\n', "f")) == [(2, {"d": 1})]


def test_an_object_that_is_never_closed_ends_at_the_next_line() -> None:
    found, reasons = records(JSON, [b'{"a":1}\n{"a":{"b":2}\n{"a":3}\nnoise\n{"a":"4\n{"a":5}\n'])
    assert [record["a"] for _, record in found] == [1, 3, 5]
    assert reasons == {"row: object not closed": 1, "row: not a JSON object": 1, "row: text not closed": 1}


def test_explode_gives_a_record_an_item_and_one_for_an_empty_list() -> None:
    data = b'{"t":1,"m":{"list":[{"x":1},{"x":2}]}}{"t":2,"m":{"list":[]}}{"t":3}'
    found, reasons = records(Mapping(azimuth="a", format="json", explode="m.list"), [data])
    assert [(row, outer["t"], item) for row, (outer, item) in found] == [
        (1, 1, {"x": 1}),
        (1, 1, {"x": 2}),
        (2, 2, None),
    ]
    assert reasons == {"explode: no list": 1}


def test_json_over_several_lines() -> None:
    text = b'[\n  {\n    "a": "}\\"{"\n  },\n  {"a": [1, {"b": 2}]}\n]\n'
    found, reasons = records(JSON, [b"\xef\xbb\xbf" + text])
    assert [record["a"] for _, record in found] == ['}"{', [1, {"b": 2}]] and reasons == {}
    assert [record for _, record in JsonRows(JSON, Problems()).feed(text, "")] == [r for _, r in found]

"""Readings: rows in order, each with its message, held back only where a message may be told late."""

from typing import Any

from tocsin.config.strict import decode
from tocsin.formats.columns import Mapping
from tocsin.formats.problems import Problems
from tocsin.formats.readings import TRIED, Readings

BASE = {"azimuth": "a"}


def stream(**settings: Any) -> Readings[str]:
    return Readings(decode({**BASE, **settings}, Mapping), Problems())


def seen(rows: Any) -> list[tuple[Any, int | None, str]]:
    return [(row.message, None if row.reading is None else row.reading.row, row.mark) for row in rows]


def test_a_row_is_its_own_message_unless_something_joins_it() -> None:
    assert seen(stream().feed(b"a\n1\n2\n", "f", "x")) == [(1, 1, "x"), (2, 2, "x")]
    objects = stream(format="json", explode="l", azimuth="l.a")
    data = b'{"l": [{"a": 1}, {"a": 2}]} {"l": []}'
    assert seen(objects.feed(data, "f", "x")) == [(1, 1, "x"), (1, 1, "x"), (2, 2, "x")]
    timed = stream(received={"column": "r", "carry": True})
    assert seen(timed.feed(b"a,r\n0,\n1,10\n2,\n3,11\nx,12\n", "f", "x")) == [
        *[(None, 1, "x"), (10.0, 2, "x"), (10.0, 3, "x"), (11.0, 4, "x"), (None, None, "x")]
    ]


def test_rows_are_marked_with_what_completed_them() -> None:
    rows = stream()
    assert seen(rows.feed(b"a\n1\n2", "f", "first")) == [(1, 1, "first")]
    assert seen(rows.feed(b"5\n", "f", "second")) == [(2, 2, "second")]


def test_a_message_is_held_until_the_next_begins() -> None:
    rows = stream(message="m", received={"column": "r", "carry": True})
    assert seen(rows.feed(b"a,m,r\n1,A,\n2,A,10\n3,,\n", "f", "x")) == []
    assert seen(rows.feed(b"4,B,11\n", "f", "y")) == [(10.0, 1, "x"), (10.0, 2, "x"), (10.0, 3, "x")]
    assert seen(rows.flush("f")) == [(11.0, 4, "y")]
    assert seen(rows.feed(b"5,B,\n6,C,\n", "f", "z")) == [(11.0, 5, "z")]
    assert seen(rows.close("f", "z")) == [(11.0, 6, "z")]
    named = stream(message="m")
    assert seen(named.feed(b"a,m\n1,A\n2,A\n3,B\n", "f", "x")) == [("A", 1, "x"), ("A", 2, "x")]


def test_missing_columns_are_told_and_no_row_is_read() -> None:
    rows = stream(score="s")
    assert seen(rows.feed(b"a,b\n1,2\n", "f", "x")) == [(None, None, "x")]
    assert rows.absent == ('score: no column "s"; there are: a, b',)
    assert rows.rows == 1


def test_objects_that_are_filtered_out_do_not_say_that_a_column_is_missing() -> None:
    rows = stream(format="json", where=[{"column": "sign", "equals": 0}])
    assert seen(rows.feed(b'{"sign": 1}\n' * (2 * TRIED), "f", "x")) == []
    assert rows.absent == ()
    assert len(seen(rows.feed(b'{"sign": 0}\n' * TRIED, "f", "x"))) == TRIED
    assert '"a"' in rows.absent[0]

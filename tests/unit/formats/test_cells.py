"""Cells: numbers, times and words, in SI units, with what is wrong said by setting."""

import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats import cells
from tocsin.formats.columns import Condition, Height, Number, Time, Words
from tocsin.formats.problems import BadRow
from tocsin.model.errors import TocsinError


def same(record: Any) -> Any:
    return record


def number(column: Number | Height, factors: dict[str, float], decimal: str = ".") -> cells.NumberReader:
    return cells.number_reader("x", column, same, factors, decimal)


def test_units_become_si() -> None:
    assert number(Number("a"), cells.ANGLE)("180") == pytest.approx(math.pi, abs=1e-15)
    assert number(Number("a", "rad"), cells.ANGLE)(2) == 2.0
    assert number(Number("a", "kt"), cells.SPEED)("3600") == pytest.approx(1852.0)
    assert number(Number("a", "ft"), cells.LENGTH)("100") == pytest.approx(30.48)
    assert number(Number("a", scale=1e-7), cells.ANGLE)("1800000000") == pytest.approx(math.pi)
    assert number(Height("a", "msl", unit="ft", scale=100.0), cells.LENGTH)("2") == pytest.approx(60.96)
    assert number(Number("a"), cells.PLAIN, ",")("1,5") == 1.5


def test_unknown_is_never_zero() -> None:
    read = number(Number("a", missing=(0.0, "n/a", -999.0)), cells.LENGTH)
    assert [read(cell) for cell in ("", None, "0", 0, "0.000", "n/a", "-999", "1")] == [None] * 7 + [1.0]


@pytest.mark.parametrize("cell", ["x", "1;2", True, [1.0], {"a": 1}, "--", "0x10"])
def test_what_is_no_number_is_broken(cell: Any) -> None:
    for column in (Number("a"), Number("a", missing=(0.0,))):
        with pytest.raises(BadRow) as bad:
            number(column, cells.LENGTH)(cell)
        assert bad.value.reason == "x: not a number" and bad.value.detail == repr(cell)


def test_an_optional_cell_costs_the_row_nothing() -> None:
    faults: list[BadRow] = []
    read = cells.optional(number(Number("a"), cells.PLAIN), faults)
    assert [read(cell) for cell in ("1", "nan", "inf", "", "x")] == [1.0, None, None, None, None]
    assert [fault.detail for fault in faults] == ["'x'"]


def test_a_unit_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(TocsinError, match="x.unit: 'kt' is none of m, km, ft, nm"):
        number(Number("a", "kt"), cells.LENGTH)


moments = st.integers(1, 3_786_912_000_000_000).map(lambda us: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(0, 0, us))
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(moments, zones)
def test_iso_times_agree_with_the_calendar(moment: datetime, zone: timezone) -> None:
    read = cells.time_reader("t", Time("t", "iso"), same)
    assert read(moment.isoformat().replace("+00:00", "Z")) == pytest.approx(moment.timestamp(), abs=1e-6)
    assert read(moment.astimezone(zone).isoformat()) == pytest.approx(moment.timestamp(), abs=1e-6)
    naive = moment.replace(tzinfo=None).isoformat(sep=" ")
    assert cells.time_reader("t", Time("t", "iso-utc"), same)(naive) == pytest.approx(moment.timestamp(), abs=1e-6)


@pytest.mark.parametrize(
    ("unit", "cell"),
    [("s", "1601381456.647"), ("ms", 1601381456647), ("us", "1601381456647000"), ("ns", 1601381456647e6)],
)
def test_counted_times(unit: Any, cell: Any) -> None:
    assert cells.time_reader("t", Time("t", unit), same)(cell) == pytest.approx(1601381456.647, abs=1e-6)
    assert cells.time_reader("t", Time("t", unit, offset_s=-10.0), same)(cell) == pytest.approx(
        1601381446.647, abs=1e-6
    )


@pytest.mark.parametrize(
    ("unit", "cell"),
    [("iso", "yesterday"), ("iso", 12.0), ("iso", "2020-09-29T25:00:00Z"), ("s", "12:00"), ("s", "nan"), ("ms", True)],
)
def test_what_is_no_time_is_broken(unit: Any, cell: Any) -> None:
    with pytest.raises(BadRow, match="t: not a time"):
        cells.time_reader("t", Time("t", unit), same)(cell)


def test_a_time_without_zone_is_never_guessed() -> None:
    with pytest.raises(BadRow, match="no zone"):
        cells.time_reader("t", Time("t", "iso"), same)("2020-09-29 12:10:56")


def test_words_are_translated_and_others_stay() -> None:
    read = cells.word_reader("w", Words("w", {"DRN": "drone", "": "x"}), same)
    assert [read(cell) for cell in (" DRN ", "BRD", 7, "", None)] == ["drone", "BRD", "7", None, None]
    with pytest.raises(BadRow, match="w: not a word"):
        read(["DRN"])


@pytest.mark.parametrize(
    ("condition", "passing", "failing"),
    [
        (Condition("c", equals="a"), ["a", " a "], ["b", "", None, 1]),
        (Condition("c", equals=1.0), ["1", 1, "1.00"], ["2", "x", "", None, True]),
        (Condition("c", equals=True), ["True", "1", True, "yes"], ["0", "", None, "false"]),
        (Condition("c", not_equals="a"), ["b", "", None], ["a"]),
        (Condition("c", not_equals=0.0), ["1", "", None, "x"], ["0", 0, "0.0"]),
        (Condition("c", one_of=("a", 3.0)), ["a", "3", 3], ["b", "4", None]),
        (Condition("c", not_empty=True), ["a", 0, "0"], ["", None]),
        (Condition("c", at_least=2.0, at_most=3.0), ["2", 3, "2.5"], ["1.9", 4, "", None, "nan", "x"]),
        (Condition("c", not_equals="a", at_least=0.0), ["1"], ["a", "-1"]),
    ],
)
def test_conditions(condition: Condition, passing: list[Any], failing: list[Any]) -> None:
    holds = cells.condition_test("where[0]", condition, same, ".")
    assert [cell for cell in passing if not holds(cell)] == []
    assert [cell for cell in failing if holds(cell)] == []


def test_keys_compare_and_nothing_else() -> None:
    read = cells.key_reader(same)
    assert read("") is None and read(None) is None
    assert read([1]) == read([1]) and hash(read({"a": 1})) == hash(read({"a": 1}))

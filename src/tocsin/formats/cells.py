"""Cells: from one mapped column to a function that reads it out of a record, in SI units.

A getter takes a record and gives its raw cell (text, or a JSON value; None or "" if there is none). The readers built
here answer None for an empty or "missing" cell and raise `BadRow`, naming the setting, for one that cannot be read.
NaN and infinity are passed on by `number_reader` (a required number that is not finite is the caller's error) and are
unknown, None, in an optional one.
"""

import math
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from typing import Any

from tocsin import units
from tocsin.formats.columns import Cell, Condition, Height, Number, Time, Words
from tocsin.formats.problems import BadRow
from tocsin.model.errors import TocsinError

Getter = Callable[[Any], Any]
NumberReader = Callable[[Any], float | None]
WordReader = Callable[[Any], str | None]

LENGTH = {"": 1.0, "m": 1.0, "km": units.M_PER_KM, "ft": units.M_PER_FT, "nm": units.M_PER_NM}
ANGLE = {"": units.RAD_PER_DEG, "deg": units.RAD_PER_DEG, "rad": 1.0, "mrad": 1e-3}
SPEED = {
    "": 1.0,
    "m/s": 1.0,
    "km/h": units.MPS_PER_KMH,
    "kt": units.MPS_PER_KT,
    "mph": units.MPS_PER_MPH,
    "ft/min": units.MPS_PER_FPM,
}
PLAIN = {"": 1.0}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TICKS_PER_S = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}
_TRUE, _FALSE = ("true", "1", "1.0", "yes"), ("false", "0", "0.0", "no")


def number_reader(
    setting: str, column: Number | Height, get: Getter, factors: dict[str, float], decimal: str
) -> NumberReader:
    """A reader of numbers in SI units; `factors` are the units that make sense here."""
    if column.unit not in factors:
        raise TocsinError(f"{setting}.unit: {column.unit!r} is none of {', '.join(u for u in factors if u)}")
    factor = column.scale * factors[column.unit]
    missing = frozenset(column.missing)
    reason = f"{setting}: not a number"

    def read(record: Any) -> float | None:
        raw = get(record)
        if raw is None or raw == "":
            return None
        try:
            if raw in missing:
                return None
            if raw.__class__ is bool:
                raise ValueError
            value = float(raw if decimal == "." or raw.__class__ is not str else raw.replace(decimal, "."))
        except (ValueError, TypeError, OverflowError):
            raise BadRow(reason, repr(raw)) from None
        return None if missing and value in missing else value * factor

    return read


def optional(read: Callable[[Any], Any], faults: list[BadRow]) -> Callable[[Any], Any]:
    """`read` made harmless: a cell it cannot read is put among `faults` and taken as unknown, like NaN and infinity."""

    def harmless(record: Any) -> Any:
        try:
            value = read(record)
        except BadRow as fault:
            faults.append(fault)
            return None
        return None if value.__class__ is float and not math.isfinite(value) else value

    return harmless


def time_reader(setting: str, column: Time, get: Getter) -> NumberReader:
    """A reader of UTC seconds since 1970."""
    reason, offset_s = f"{setting}: not a time", column.offset_s
    assume_utc = column.unit == "iso-utc"

    def read_text(record: Any) -> float | None:
        raw = get(record)
        if raw is None or raw == "":
            return None
        try:
            moment = datetime.fromisoformat(raw.strip())
        except (ValueError, AttributeError, TypeError):
            raise BadRow(reason, repr(raw)) from None
        if moment.tzinfo is None:
            if not assume_utc:
                raise BadRow(f'{setting}: no zone (unit = "iso-utc" takes it as UTC)', repr(raw))
            moment = moment.replace(tzinfo=UTC)
        return (moment - _EPOCH) / _MICROSECOND / 1e6 + offset_s

    def read_count(record: Any) -> float | None:
        raw = get(record)
        if raw is None or raw == "":
            return None
        try:
            if raw.__class__ is bool:
                raise ValueError
            value = float(raw) / ticks_per_s + offset_s
        except (ValueError, TypeError, OverflowError):
            raise BadRow(reason, repr(raw)) from None
        if not math.isfinite(value):
            raise BadRow(reason, repr(raw))
        return value

    if column.unit.startswith("iso"):
        return read_text
    ticks_per_s = _TICKS_PER_S[column.unit]
    return read_count


def word_reader(setting: str, column: Words, get: Getter) -> WordReader:
    """A reader of words, translated; numbers become their text, and lists and tables a `BadRow`."""
    words, reason = column.words, f"{setting}: not a word"

    def read(record: Any) -> str | None:
        raw = get(record)
        if raw is None or raw == "":
            return None
        if raw.__class__ in (list, dict):
            raise BadRow(reason, repr(raw))
        text = raw.strip() if raw.__class__ is str else str(raw)
        return words.get(text, text) or None

    return read


def condition_test(setting: str, condition: Condition, get: Getter, decimal: str) -> Callable[[Any], bool]:
    """A test of one record. A cell that is no number meets no numeric condition but `not_equals`."""
    number = number_reader(setting, Number(condition.column), get, PLAIN, decimal)

    def numeric(record: Any) -> float:
        try:
            value = number(record)
        except BadRow:
            return math.nan
        return math.nan if value is None else value

    def same(record: Any, value: Cell) -> bool:
        raw = get(record)
        if isinstance(value, bool):
            return str(raw).strip().lower() in (_TRUE if value else _FALSE)
        if isinstance(value, str):
            return str("" if raw is None else raw).strip() == value
        return numeric(record) == value

    def holds(record: Any) -> bool:
        return (
            (condition.equals is None or same(record, condition.equals))
            and (condition.not_equals is None or not same(record, condition.not_equals))
            and (not condition.one_of or any(same(record, value) for value in condition.one_of))
            and (not condition.not_empty or get(record) not in (None, ""))
            and (condition.at_least is None or numeric(record) >= condition.at_least)
            and (condition.at_most is None or numeric(record) <= condition.at_most)
        )

    return holds


def key_reader(get: Getter) -> Callable[[Any], Hashable]:
    """A reader of a cell that is only compared: its text or value, None if empty."""

    def read(record: Any) -> Hashable:
        raw = get(record)
        if raw is None or raw == "":
            return None
        return raw if raw.__class__ in (str, int, float, bool) else str(raw)

    return read

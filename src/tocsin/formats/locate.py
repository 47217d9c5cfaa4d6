"""Locate: finds a column in a CSV header or by its path in a JSON record.

A column that a header does not have, or has twice, is put among `absent`, as a sentence with the setting, the column
and the nearest names there are; the caller decides whether to stop. JSON has no header: `note` takes records as they
come, and `unseen` says which columns none of them had. `is_needed` tells settings without whose column no row can be
read from extras.
"""

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

from tocsin.formats.cells import Getter
from tocsin.formats.columns import Mapping

_NEEDED = frozenset(("time", "received", "message", "latitude", "longitude", "east", "north", "azimuth"))
_ABSENT = object()
_NAMES_FROM = 50  # records whose names are remembered for an error's sake
_DEEPEST = 4


class Locate:
    """Called with a setting and its column, gives the getter of the column's cells."""

    def __init__(self, mapping: Mapping, names: Sequence[str]) -> None:
        self._csv = mapping.format == "csv"
        self._list = mapping.explode + "." if mapping.explode else ""
        self._names = dict.fromkeys(names)
        self._place = {name: i for i, name in enumerate(names)}
        self._times = Counter(names)
        self.noted = 0
        self._unseen: dict[str, tuple[str, Callable[[Any], Any]]] = {}
        self.absent: list[str] = []

    def __call__(self, setting: str, column: str) -> Getter:
        if not self._csv:
            walk = self._walk(column)
            self._unseen[setting] = (column, walk)
            return lambda record: None if (value := walk(record)) is _ABSENT else value
        if column not in self._place:
            self.absent.append(no_column(setting, column, self._names))
            return itemgetter(0)
        if self._times[column] > 1:
            self.absent.append(f'{setting}: {self._times[column]} columns "{column}"; name each column once')
        return itemgetter(self._place[column])

    def note(self, record: Any) -> None:
        """Take note of the columns that a JSON record has."""
        if self._unseen and not (self._list and record[1] is None):  # an empty list says nothing of its items
            self._unseen = {s: (column, walk) for s, (column, walk) in self._unseen.items() if walk(record) is _ABSENT}
            self.noted += 1
            if self.noted <= _NAMES_FROM:
                parts = record if self._list else (record,)
                for part, prefix in zip(parts, ("", self._list), strict=False):
                    self._names.update(dict.fromkeys(_paths(part, prefix, _DEEPEST)))

    def unseen(self) -> dict[str, str]:
        """Settings whose columns no record had, with a sentence each; empty before the first record."""
        return {s: no_column(s, column, self._names) for s, (column, _) in self._unseen.items()} if self.noted else {}

    def _walk(self, column: str) -> Callable[[Any], Any]:
        if not self._list:
            return _walker(column)
        part = 1 if column.startswith(self._list) else 0  # the item of the list, or the object around it
        walk = _walker(column.removeprefix(self._list))
        return lambda record: walk(record[part])


def is_needed(setting: str) -> bool:
    """Whether rows cannot be read without this setting's column."""
    return setting in _NEEDED or setting.startswith("where")


def no_column(setting: str, column: str, names: Iterable[str]) -> str:
    """The sentence that says a column is not there."""
    near = difflib.get_close_matches(column, names, n=3, cutoff=0.5)
    there = f"nearest: {', '.join(near)}" if near else f"there are: {', '.join(islice(names, 12))}"
    return f'{setting}: no column "{column}"; {there}'


def _walker(path: str) -> Callable[[Any], Any]:
    """Follows a path of keys and list indices; a record that has the whole path as one key is taken at its word."""
    keys = [(key, int(key) if key.isdecimal() else -1) for key in path.split(".")]

    def walk(record: Any) -> Any:
        if record.__class__ is dict and path in record:
            return record[path]
        value = record
        for key, index in keys:
            if value.__class__ is dict and key in value:
                value = value[key]
            elif value.__class__ is list and 0 <= index < len(value):
                value = value[index]
            else:
                return _ABSENT
        return value

    return walk


def _paths(record: Any, prefix: str, depth: int) -> list[str]:
    """The paths of a record's plain values."""
    if not isinstance(record, dict) or depth == 0:
        return [prefix.removesuffix(".")]
    return [path for key, value in record.items() for path in _paths(value, f"{prefix}{key}.", depth - 1)]

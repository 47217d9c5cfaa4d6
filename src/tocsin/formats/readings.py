"""Readings: a stream of bytes to readings in order, each with the message it came in.

A message is what a sensor sent at once: the rows of one received time; or, in a table without received times, the rows
that share a cell of the column `message`, else one JSON object or one row. With `message` the rows are held back until
that cell changes, since the received time and other sparse columns may stand in any of them: `feed` gives them when the
next message begins, `flush` at once.
"""

import math
from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from tocsin.formats.binding import Binding
from tocsin.formats.columns import Mapping
from tocsin.formats.locate import Locate, is_needed
from tocsin.formats.problems import BadRow, Problems
from tocsin.formats.reading import Reading
from tocsin.formats.rows import Record, open_rows

Mark = TypeVar("Mark")
MOST_HELD = 100_000  # rows of one message
TRIED = 20  # JSON objects after which a column that none had is said to be missing


class Row(NamedTuple, Generic[Mark]):
    """A row: its message, what it says (None if it is broken), and the mark given with the bytes that completed it."""

    message: Hashable
    reading: Reading | None
    mark: Mark


class Readings(Generic[Mark]):
    """Reads one stream. `absent` holds a sentence for each mapped column that the header lacks; no row is read then.

    JSON has no header: there it holds the needed columns that none of the first `TRIED` objects that count had.
    """

    def __init__(self, mapping: Mapping, problems: Problems) -> None:
        self.absent: tuple[str, ...] = ()
        self.rows = 0
        self.filtered = 0
        self._mapping = mapping
        self._problems = problems
        self._source = open_rows(mapping, problems)
        self._locate = Locate(mapping, ())
        self._binding: Binding | None = None
        self._seeking = False
        self._tried = 0
        self._held: list[tuple[int, Record, Mark]] = []
        self._message: Hashable = None

    def feed(self, data: bytes, file: str, mark: Mark) -> Iterator[Row[Mark]]:
        """The rows that `data` completes; `file` is for the problems."""
        yield from self._take(self._source.feed(data, file), file, mark)

    def flush(self, file: str) -> Iterator[Row[Mark]]:
        """The rows held back."""
        held, self._held = self._held, []
        if self._binding is not None:
            for _, record, _ in held:
                if record is not None:
                    self._binding.carry(record)
            for row, record, mark in held:
                if record is None:
                    yield Row(self._message_of(row, None), None, mark)
                else:
                    yield from self._read(self._binding, row, record, file, mark)

    def close(self, file: str, mark: Mark) -> Iterator[Row[Mark]]:
        """The stream ended."""
        yield from self._take(self._source.close(file), file, mark)
        yield from self.flush(file)

    def _take(self, records: Iterable[tuple[int, Record]], file: str, mark: Mark) -> Iterator[Row[Mark]]:
        for row, record in records:
            self.rows += 1
            if record is None and (not self._held or len(self._held) >= MOST_HELD):
                yield from self.flush(file)
                yield Row(self._message_of(row, None), None, mark)
                continue
            if record is None:
                self._held.append((row, None, mark))
                continue
            binding = self._binding or self._bind()
            if self._seeking:
                self._seek(record, binding.keeps(record))
            if self._locate.absent:
                self._problems.count("columns: missing from the header or twice in it", file, row)
                yield Row(None, None, mark)
            elif binding.message is None:
                binding.carry(record)
                yield from self._read(binding, row, record, file, mark)
            else:
                message = binding.message(record)
                if message not in (None, self._message) or len(self._held) >= MOST_HELD:
                    yield from self.flush(file)
                    self._message = message
                self._held.append((row, record, mark))

    def _bind(self) -> Binding:
        self._locate = Locate(self._mapping, self._source.names or ())
        self._binding = Binding(self._mapping, self._locate)
        self.absent = tuple(self._locate.absent)
        self._seeking = self._mapping.format != "csv"
        return self._binding

    def _seek(self, record: Record, kept: bool) -> None:
        """Look for the needed columns in the first objects, and then until they are found.

        Objects that `where` leaves out (signs of life) need not have the others' columns, and are not counted.
        """
        self._locate.note(record)
        unseen = self._locate.unseen()
        missing = tuple(text for setting, text in unseen.items() if is_needed(setting))
        self._seeking = bool(missing) or not self._locate.noted
        self._tried += kept or any(setting.startswith("where") for setting in unseen)
        self.absent = missing if self._tried >= TRIED else ()

    def _read(self, binding: Binding, row: int, record: Record, file: str, mark: Mark) -> Iterator[Row[Mark]]:
        reading: Reading | None = None
        if binding.keeps(record):
            try:
                reading = binding.read(record, row)
            except BadRow as bad:
                self._problems.count(bad.reason, file, row, bad.detail)
            yield Row(self._message_of(row, reading), reading, mark)
        else:
            self.filtered += 1
        for fault in binding.faults:
            self._problems.count(fault.reason, file, row, fault.detail)
        binding.faults.clear()

    def _message_of(self, row: int, reading: Reading | None) -> Hashable:
        if self._mapping.received is not None:
            return None if reading is None or math.isnan(reading.received_s) else reading.received_s
        return self._message if self._mapping.message else row

"""Rows: bytes of a table, arriving in pieces, to records with their row numbers.

A CSV record is the list of a line's cells; one line is one row, so that a damaged quote costs its own line only. A JSON
record is an object, however the objects are framed: one a line, one a datagram, or the elements of an array; with
`explode` it is a pair (object, item of the list at that path), and (object, None) for an empty list. `feed` may be
given any cut of the stream: the records are the same. The first data row is number 1. A row that cannot be read has
the record None, is counted in `problems` and loses no other row.
"""

import csv
import re
from collections.abc import Iterator
from typing import Any, Protocol

import msgspec

from tocsin.formats.columns import Mapping
from tocsin.formats.problems import Problems
from tocsin.model.errors import UNREADABLE

Record = Any  # None: the row is broken
LONGEST = 1 << 20  # bytes of one row; more is counted and skipped up to the next line
DEEPEST = 64  # brackets open at once in one row; so too

_OUTSIDE = re.compile(rb'["\n]|[{\[]+|[}\]]+')
_INSIDE = re.compile(rb'["\\\n]')
_LINE_END, _OPEN = b"\n{"
_START = re.compile(rb"\{|[^\s,\[\]{\xef\xbb\xbf]+")  # a byte order mark is no garbage
_DECODE = msgspec.json.Decoder().decode


class Rows(Protocol):
    """What CSV and JSON have in common: `names` of the header, known before the first record, and rows so far."""

    names: tuple[str, ...] | None
    row: int

    def feed(self, data: bytes, file: str) -> Iterator[tuple[int, Record]]:
        """The records that `data` completes; `file` is for the problems only."""

    def close(self, file: str) -> list[tuple[int, Record]]:
        """The stream ended: what is left over is an unfinished row, and broken."""

    def cut(self, data: bytes) -> list[bytes]:
        """A whole file in pieces that each complete one record at most; joined they are `data`."""


def open_rows(mapping: Mapping, problems: Problems) -> Rows:
    """A new stream of the mapping's format (Parquet comes as JSON, see formats/tables.py)."""
    return CsvRows(mapping, problems) if mapping.format == "csv" else JsonRows(mapping, problems)


class CsvRows:
    """Lines of cells. The header is read once a stream; a line as wide as the header is a record."""

    def __init__(self, mapping: Mapping, problems: Problems) -> None:
        self.names: tuple[str, ...] | None = None if mapping.header else mapping.names
        self._delimiter = mapping.delimiter
        self._comment = mapping.comment
        self._to_skip = mapping.skip_lines
        self._problems = problems
        self._left = b""
        self._too_long = False
        self._first = True
        self.row = 0

    def feed(self, data: bytes, file: str) -> Iterator[tuple[int, Record]]:
        block = self._left + data if self._left else data
        end = block.rfind(b"\n") + 1
        self._left = block[end:]
        if len(self._left) > LONGEST:
            self._left, self._too_long = b"", True
        if end == 0:
            return
        for line in self._lines(block[: end - 1], file):
            if line is None:
                yield self.row, None
                continue
            try:
                cells = self._cells(line)
            except csv.Error as error:
                cells = line.split(self._delimiter)
                self._problems.count("row: broken quotes", file, self.row + 1, error)
                if self.names is not None:
                    self.row += 1
                    yield self.row, None
                    continue
            if self.names is None:
                self.names = tuple(name.strip() for name in cells)
                continue
            self.row += 1
            if len(cells) == len(self.names):
                yield self.row, cells
            else:
                self._problems.count(
                    "row: wrong number of cells", file, self.row, f"{len(cells)}, header {len(self.names)}"
                )
                yield self.row, None

    def close(self, file: str) -> list[tuple[int, Record]]:
        unfinished = bool(self._left or self._too_long)
        self._left, self._too_long = b"", False
        return [_unfinished(self, self._problems, file)] if unfinished else []

    def cut(self, data: bytes) -> list[bytes]:
        *lines, last = data.split(b"\n")
        return [line + b"\n" for line in lines] + ([last] if last else [])

    def _lines(self, block: bytes, file: str) -> Iterator[str | None]:
        """Lines that hold a header or a row, as text without their line end; None for a broken one."""
        for raw in block.split(b"\n"):
            if self._first:
                raw, self._first = raw.removeprefix(b"\xef\xbb\xbf"), False
            if self._to_skip:
                self._to_skip -= 1
                self._too_long = False
                continue
            broken = "row: too long" if self._too_long or len(raw) > LONGEST else ""
            self._too_long = False
            line = ""
            if not broken:
                try:
                    line = raw.decode("utf-8", "replace" if self.names is None else "strict").rstrip("\r")
                except UnicodeDecodeError:
                    broken = "row: not UTF-8"
            if broken:
                self.row += 1
                self._problems.count(broken, file, self.row)
                yield None
            elif line and not (self._comment and line.startswith(self._comment)):
                yield line

    def _cells(self, line: str) -> list[str]:
        if '"' not in line:
            return line.split(self._delimiter)
        return next(csv.reader([line], delimiter=self._delimiter, strict=True))


class JsonRows:
    """Objects, found by their braces. One that is never closed ends where a line begins with the next one.

    One too long or too deep is given up there and then, and skipped up to its end or the next line. What was looked at
    is not looked at again, however the stream is cut.
    """

    def __init__(self, mapping: Mapping, problems: Problems) -> None:
        self.names: tuple[str, ...] | None = ()
        self._mapping = mapping
        self._path = mapping.explode.split(".") if mapping.explode else []
        self._problems = problems
        self._garbage = False
        self.row = 0
        self._clear()

    def feed(self, data: bytes, file: str) -> Iterator[tuple[int, Record]]:
        for _, record, broken in self._objects(data):
            self.row += 1
            if broken:
                self._problems.count(broken, file, self.row)
                yield self.row, None
            elif self._path:
                yield from self._exploded(record, file)
            else:
                yield self.row, record

    def close(self, file: str) -> list[tuple[int, Record]]:
        unfinished = self._depth > 0 and not self._dropping
        self._clear()
        return [_unfinished(self, self._problems, file)] if unfinished else []

    def cut(self, data: bytes) -> list[bytes]:
        scratch = JsonRows(self._mapping, Problems())
        ends = [0]
        for end, _, broken in scratch._objects(data):
            # What ends because the next one begins is known to have ended only with that one's brace.
            ends.append(end + (2 if broken and data.startswith(b"\n{", end) else data.startswith(b"\n", end)))
        ends.append(len(data))
        return [data[a:b] for a, b in zip(ends, ends[1:], strict=False) if b > a]

    def _clear(self) -> None:
        self._buffer = bytearray()
        self._start = 0  # where the object begins that is being read
        self._at = 0  # everything before was looked at
        self._depth = 0  # brackets open there; 0 between objects
        self._in_text = False
        self._dropping = False

    def _objects(self, data: bytes) -> Iterator[tuple[int, Record, str]]:
        """Where each row ends, its object, and what is broken about it or ""; what is incomplete is kept."""
        buffer = self._buffer
        buffer += data
        line_end = 0
        while self._depth or self._begin():
            if self._depth == 0:
                yield self._at, None, "row: not a JSON object"
                continue
            if self._at == self._start + 1 and self._start >= line_end:  # one object a line is usual, and quick
                line_end = buffer.find(b"\n", self._start)
                line_end = len(buffer) if line_end < 0 else line_end
                if line_end < len(buffer) and (text := _whole(buffer[self._start : line_end])):
                    record, broken = _decoded(text)
                    if not broken:
                        self._at, self._depth = self._start + len(text), 0
                        yield self._at, record, ""
                        continue
            ended = self._scan()
            if ended is None:
                break
            if self._dropping and not self._depth:
                self._dropping = False
                continue
            self._dropping = self._depth > 0
            record, broken = (None, ended) if ended else _decoded(bytes(buffer[self._start : self._at]))
            yield self._at, record, broken
        kept = self._start if self._depth and not self._dropping else self._at
        del buffer[:kept]
        self._start, self._at = 0, self._at - kept

    def _begin(self) -> bool:
        """Go on to whatever begins next, into an object or past what is none; False at the end of the bytes."""
        while (found := _START.search(self._buffer, self._at)) is not None:
            self._at = found.end()
            if found[0] == b"{":
                self._start, self._depth, self._in_text, self._garbage = found.start(), 1, False, False
                return True
            if not self._garbage:  # one row, however many words
                self._garbage = True
                return True
        self._at = len(self._buffer)
        return False

    def _scan(self) -> str | None:
        """Go on to where the object ends or is given up: what is broken about it or "". None: its end has not come.

        An object given up while brackets are open, too long or too deep, is dropped: the next call looks for its end.
        """
        size = len(self._buffer)
        limit = size if self._dropping else min(size, self._start + LONGEST)
        while (found := (_INSIDE if self._in_text else _OUTSIDE).search(self._buffer, self._at, limit)) is not None:
            sign, self._at = found[0], found.end()
            if sign == b"\n" and (self._in_text or self._dropping):
                self._at, self._depth = found.start(), 0
                return "row: text not closed"
            if sign in b"\\\n":
                if self._at == limit:  # what follows has not come
                    self._at = found.start()
                    break
                follows = self._buffer[self._at]
                if sign == b"\\" and follows != _LINE_END:
                    self._at += 1
                elif sign == b"\n" and follows == _OPEN:
                    self._at, self._depth = found.start(), 0
                    return "row: object not closed"
            elif sign == b'"':
                self._in_text = not self._in_text
            elif sign[0] in b"{[":
                taken = len(sign) if self._dropping else min(len(sign), DEEPEST + 1 - self._depth)
                self._at, self._depth = found.start() + taken, self._depth + taken
                if self._depth > DEEPEST and not self._dropping:
                    return "row: nested too deeply"
            else:
                taken = min(len(sign), self._depth)
                self._at, self._depth = found.start() + taken, self._depth - taken
                if self._depth == 0:
                    return ""
        else:
            self._at = limit
        return "row: too long" if not self._dropping and size > limit else None

    def _exploded(self, record: Record, file: str) -> Iterator[tuple[int, Record]]:
        items = record
        for key in self._path:
            items = items.get(key) if isinstance(items, dict) else None
        if not isinstance(items, list):
            self._problems.count("explode: no list", file, self.row, ".".join(self._path))
            yield self.row, None
            return
        for item in items or (None,):
            yield self.row, (record, item)


def _unfinished(rows: Rows, problems: Problems, file: str) -> tuple[int, Record]:
    rows.row += 1
    problems.count("row: stream ended inside it", file, rows.row)
    return rows.row, None


def _whole(line: bytearray) -> bytes:
    """A line's text that may be decoded as it stands; empty if it is too long or may be too deep."""
    fits = len(line) <= LONGEST and line.count(b"{") + line.count(b"[") <= DEEPEST
    return bytes(line).rstrip() if fits else b""


def _decoded(text: bytes) -> tuple[Record, str]:
    try:
        return _DECODE(text), ""
    except UNREADABLE:
        return None, "row: not valid JSON"

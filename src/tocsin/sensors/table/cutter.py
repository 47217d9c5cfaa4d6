"""Cutter: a recorded table cut into packets, each what was received at one instant.

Rows that follow each other with one received time are one packet: a sensor that sends a hundred updates in one message
sent one packet. A table without received times is taken to have been received at its rows' own times. Received times
only rise: a row that was written later than its neighbour is packed with it, and one whose time lies `span_s` from the
file's median says nothing. The header goes with the first packet. A file is one connection, opened and closed.
"""

import hashlib
import math
from collections.abc import Hashable, Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from tocsin.formats.binding import Binding
from tocsin.formats.columns import Mapping
from tocsin.formats.locate import Locate, is_needed
from tocsin.formats.problems import BadRow, Problems
from tocsin.formats.rows import open_rows
from tocsin.formats.tables import BINARY, is_binary, unpacked
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind

NAN = math.nan
DAMAGED = "file damaged: "  # so begins the reason of a connection's end that tells of a loss
CLOCK_SLACK_S = 1.0  # a received time may run back this much before it is taken for an error


def digest(data: bytes) -> str:
    """What tells two files' contents apart."""
    return hashlib.sha256(data).hexdigest()


class Cutter:
    """Cuts the files of one source. A content that was given before is counted and gives nothing."""

    def __init__(self, mapping: Mapping, source: str, problems: Problems) -> None:
        self.files = 0
        self._mapping = mapping
        self._source = source
        self._problems = problems
        self._given: dict[str, str] = {}

    def packets(self, data: bytes, file: str) -> Iterator[Packet]:
        """The file's packets in the order they were received."""
        text, loss = unpacked(data, file, self._mapping)
        if loss and not text:
            self._problems.count("file: damaged", file, 0, loss)
            return
        if is_binary(text):
            self._problems.count(f"file: {BINARY}", file, 0)
            return
        content = digest(text)
        if content in self._given:
            self._problems.count("file: given twice", file, 0, f"same as {self._given[content]}")
            return
        self._given[content] = file
        pieces = open_rows(self._mapping, Problems()).cut(text)
        if pieces and not loss and self._mapping.format == "csv" and not pieces[-1].endswith(b"\n"):
            pieces[-1] += b"\n"
        rows, received_s = self._times(pieces, file)
        if not rows:
            self._problems.count("file: no rows", file, 0, loss)
            return
        self.files += 1
        yield self._packet(PacketKind.OPENED, received_s[0], b"", file, 1)
        first = 0
        for time_s, group in groupby(range(len(pieces)), received_s.__getitem__):
            last = first + len(list(group))
            yield self._packet(PacketKind.DATA, time_s, b"".join(pieces[first:last]), file, rows[first])
            first = last
        reason = f"{DAMAGED}{loss}".encode() if loss else b"end of file"
        yield self._packet(PacketKind.CLOSED, received_s[-1], reason, file, rows[-1])

    def _packet(self, kind: PacketKind, received_s: float, data: bytes, file: str, row: int) -> Packet:
        return Packet(
            kind, self._source, received_s, data, connection=self.files, origin=f"{file}:{row}", exercise=True
        )

    def _times(self, pieces: Sequence[bytes], file: str) -> tuple[list[int], list[float]]:
        """The row that each piece completes or precedes, and when the piece was received; empty without a row."""
        stream = open_rows(self._mapping, Problems())
        binding: Binding | None = None
        locate = Locate(self._mapping, ())
        numbers: list[int] = []
        stated: list[float] = []
        messages: list[Hashable] = []
        for piece in pieces:
            time_s, message = NAN, None
            for _, record in stream.feed(piece, file):
                if record is None:
                    continue
                if binding is None:
                    locate = Locate(self._mapping, stream.names or ())
                    binding = Binding(self._mapping, locate)
                    if locate.absent:
                        raise TocsinError(f"{file}: " + "; ".join(locate.absent))
                locate.note(record)
                time_s = _stated_s(binding, record)
                message = binding.message(record) if binding.message else None
            numbers.append(max(stream.row, 1))
            stated.append(time_s)
            messages.append(message)
        if binding is None:
            return [], []
        self._check_seen(locate, file)
        return numbers, self._rising(stated, messages, file)

    def _check_seen(self, locate: Locate, file: str) -> None:
        unseen = locate.unseen()
        needed = [text for setting, text in unseen.items() if is_needed(setting)]
        if needed:
            raise TocsinError(f"{file}: " + "; ".join(needed))
        for text in unseen.values():
            self._problems.count("columns: in no record", file, 0, text)

    def _rising(self, stated_s: list[float], messages: list[Hashable], file: str) -> list[float]:
        """Times of receipt that never fall, from the stated ones (NaN where a piece states none)."""
        times = np.array(stated_s)
        in_order = np.sort(times[~np.isnan(times)])
        if not in_order.size:
            raise TocsinError(f"{file}: no row says when it was received; name a column for received or time")
        with np.errstate(invalid="ignore"):
            times[np.abs(times - in_order[in_order.size // 2]) > self._mapping.span_s] = NAN
        for start, end in _spans(messages):  # the time of a message may stand in any of its rows
            known = times[start:end][~np.isnan(times[start:end])]
            times[start:end] = known[-1] if known.size else NAN
        slack_s = self._mapping.ahead_s if self._mapping.received is None else CLOCK_SLACK_S
        highest = float(times[~np.isnan(times)][0])
        result = []
        for time_s, after_s in zip(times.tolist(), _next_other(times.tolist()), strict=True):
            lone = time_s > after_s + slack_s and after_s >= highest  # one message of a clock run ahead
            highest = highest if lone or not time_s > highest else time_s
            result.append(highest)
        return result


def _stated_s(binding: Binding, record: Any) -> float:
    """When the row says it was received; its own time in a table that does not say; NaN if it cannot be read."""
    try:
        binding.carry(record)
        binding.faults.clear()  # they are counted when the packet is decoded
        time_s = binding.stated_s(record)
    except BadRow:
        return NAN
    return NAN if time_s is None else time_s


def _spans(messages: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """(start, end) of each run of pieces with one message; a piece that names none continues its predecessor's."""
    start, current = 0, None
    for i, message in enumerate(messages):
        if message is not None and message != current:
            if current is not None:
                yield start, i
            start, current = i, message
    if current is not None:
        yield start, len(messages)


def _next_other(times_s: list[float]) -> list[float]:
    """For each time the next known one that differs; infinity where none follows."""
    result, following, current = [], math.inf, NAN
    for time_s in reversed(times_s):
        if not math.isnan(time_s) and time_s != current:
            following, current = math.inf if math.isnan(current) else current, time_s
        result.append(following)
    return result[::-1]

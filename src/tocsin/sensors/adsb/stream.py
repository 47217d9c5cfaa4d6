"""Stream: one connection's bytes, cut anywhere, to the frames, lines or JSON values of its format.

`auto` decides by the first byte that is not blank: 0x1A is Beast, { or [ JSON, a letter SBS, anything else AVR. A line
without an end is dropped at `LONGEST_LINE_BYTES`.
"""

from collections.abc import Iterator

from tocsin.formats.beast import ESCAPE, BeastFrame, BeastReader
from tocsin.formats.json_objects import JsonReader

LONGEST_LINE_BYTES = 4096


class Lines:
    """Cuts bytes at line ends. `dropped` counts lines that had none."""

    def __init__(self) -> None:
        self.dropped = 0
        self._rest = b""

    @property
    def waiting_bytes(self) -> int:
        """Bytes held of a line that is not complete."""
        return len(self._rest)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The lines that `data` completes, blank ones left out."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST_LINE_BYTES:
            self._rest = b""
            self.dropped += 1
        return (line for line in lines if line.strip())


class Stream:
    """One connection. `form` is "auto" until its first byte has come."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.row = 0
        self._reader: BeastReader | Lines | JsonReader | None = None if form == "auto" else _reader(form)

    def feed(self, data: bytes) -> Iterator[BeastFrame | bytes]:
        """What `data` completes."""
        if self._reader is None:
            data = data.lstrip()
            if not data:
                return iter(())
            self.form = _form(data[0])
            self._reader = _reader(self.form)
        return self._reader.feed(data)

    def close(self) -> Iterator[BeastFrame | bytes]:
        """The connection ended: a last line without its end."""
        if isinstance(self._reader, Lines):
            return self._reader.feed(b"\n")
        return iter(())

    def lost(self) -> dict[str, int]:
        """Bytes and units that gave nothing."""
        reader = self._reader
        if isinstance(reader, BeastReader):
            return {
                "bytes_skipped": reader.skipped,
                "frames_of_other_types": reader.others,
                "bytes_waiting": reader.waiting_bytes,
            }
        if reader is None:
            return {}
        return {"units_dropped": reader.dropped, "bytes_waiting": reader.waiting_bytes}


def _form(first: int) -> str:
    if first == ESCAPE:
        return "beast"
    if first in b"{[":
        return "json"
    return "sbs" if chr(first).isascii() and chr(first).isalpha() else "avr"


def _reader(form: str) -> BeastReader | Lines | JsonReader:
    return BeastReader() if form == "beast" else JsonReader() if form == "json" else Lines()

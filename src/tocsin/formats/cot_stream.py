"""CoT stream: a connection's bytes, cut anywhere, to events; XML without any delimiter, and TAK protobuf messages.

An XML event ends with `</event>`; prologs, blanks and NULs between events are passed over, other bytes too and counted
in `skipped`. An event that begins inside another shows that the earlier broke off. A message above `LARGEST_BYTES` is
dropped. Mesh datagrams are told by their header, at the beginning of a packet.
"""

import re
from collections.abc import Iterator

import msgspec

from tocsin.formats.cot_protobuf import MAGIC, MESH
from tocsin.formats.protobuf import ProtobufError, read_varint

LARGEST_BYTES = 1 << 20

_BEGIN = re.compile(rb"<event[\s>/]")
_FIRST = re.compile(rb"<event[\s>/]|(?<!\xef\xbb)\xbf")  # the sign of byte order is no message
_PROLOG = re.compile(rb"<\?xml[^>]*\?>|[\s\0]+")
_END = b"</event>"


class Unit(msgspec.Struct, frozen=True):
    """One event: the XML of it, or a protobuf message without its header."""

    data: bytes
    is_xml: bool


class CotReader:
    """Cuts one connection. `skipped`: bytes that belonged to nothing; `dropped`: events that broke off."""

    def __init__(self) -> None:
        self.skipped = 0
        self.dropped = 0
        self._buffer = b""
        self._looked = 0  # bytes of the buffer that hold no end

    @property
    def waiting_bytes(self) -> int:
        """Bytes held of an event that is not complete."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[Unit]:
        """The events that `data` completes."""
        if not self._buffer and data.startswith(MESH):
            yield Unit(data[len(MESH) :], is_xml=False)
            return
        self._buffer += data
        while self._to_beginning():
            found = self._message() if self._buffer[0] == MAGIC else self._xml()
            if found is None:
                return
            if found.data:
                yield found

    def _to_beginning(self) -> bool:
        """Bring the next event to the beginning of the buffer; False if none has begun."""
        found = _FIRST.search(self._buffer)
        if found is None:
            end = len(self._buffer) - _begun(self._buffer[-6:])
        else:
            end = found.start()
        if end:
            self._pass(end, partial=found is None)
        return found is not None

    def _pass(self, end: int, partial: bool) -> None:
        """Leave out what stands before `end`, a prolog that is not complete kept until it is."""
        between = self._buffer[:end]
        if partial and (begun := between.rfind(b"<?")) >= 0 and b"?>" not in between[begun:]:
            if len(between) - begun < 200:
                end, between = begun, between[:begun]
        if partial and between.endswith(b"<"):
            end, between = end - 1, between[:-1]
        self.skipped += len(_PROLOG.sub(b"", between))
        self._buffer = self._buffer[end:]
        self._looked = 0

    def _message(self) -> Unit | None:
        try:
            size, at = read_varint(self._buffer, 1)
        except IndexError:
            return None
        except ProtobufError:
            size, at = 0, 1
        if not 0 < size <= LARGEST_BYTES:
            self.dropped += 1
            self._buffer = self._buffer[1:]
            return Unit(b"", is_xml=False)
        if len(self._buffer) < at + size:
            return None
        unit = Unit(self._buffer[at : at + size], is_xml=False)
        self._buffer = self._buffer[at + size :]
        return unit

    def _xml(self) -> Unit | None:
        end = self._buffer.find(_END, max(self._looked - len(_END), 0))
        if end < 0:
            self._looked = len(self._buffer)
            if self._looked > LARGEST_BYTES:
                self.dropped += 1
                self._buffer, self._looked = b"", 0
            return None
        end += len(_END)
        begins = [found.start() for found in _BEGIN.finditer(self._buffer, 0, end)]
        self.dropped += len(begins) - 1
        unit = Unit(self._buffer[begins[-1] : end], is_xml=True)
        self._buffer, self._looked = self._buffer[end:], 0
        return unit


def _begun(tail: bytes) -> int:
    """How many of the last bytes may be the beginning of an event, or of the sign of byte order."""
    for begin in (b"<event", b"\xef\xbb"):
        for size in range(len(begin), 0, -1):
            if tail.endswith(begin[:size]):
                return size
    return 0

"""Framing: SAPIENT messages on a stream, each behind its length as four bytes, little-endian and unsigned.

Nothing in the stream marks a beginning, so a length that cannot be meant ends the connection: `Framer.feed` raises
`FramingError` and takes nothing more. The largest message is the middleware's default, 1024 KiB.
"""

import struct
from collections.abc import Iterator

from tocsin.model.errors import TocsinError

MOST_BYTES = 1024 * 1024
_LENGTH = struct.Struct("<I")


class FramingError(TocsinError):
    """A length that no message has; the text says what the peer may be doing wrong."""


def frame(message: bytes) -> bytes:
    """One message as it goes on the wire."""
    return _LENGTH.pack(len(message)) + message


class Framer:
    """Cuts one connection's bytes into messages. `waiting_bytes` is what has come of one that is not whole."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._buffer = bytearray()
        self._broken = False

    @property
    def waiting_bytes(self) -> int:
        """How many bytes wait for the rest of their message."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that `data` completes; raises FramingError at a length that cannot be meant."""
        if self._broken:
            return
        buffer = self._buffer
        buffer += data
        start = 0
        try:
            while len(buffer) - start >= _LENGTH.size:
                (size,) = _LENGTH.unpack_from(buffer, start)
                if size == 0 or size > self._most_bytes:
                    self._broken = True
                    raise FramingError(_reason(bytes(buffer[start : start + _LENGTH.size]), size, self._most_bytes))
                end = start + _LENGTH.size + size
                if len(buffer) < end:
                    return
                yield bytes(buffer[start + _LENGTH.size : end])
                start = end
        finally:
            del buffer[: len(buffer) if self._broken else start]


def _reason(head: bytes, size: int, most_bytes: int) -> str:
    if size == 0:
        return "a message of length 0"
    reason = f"a message of {size} bytes is announced, {most_bytes} at most"
    if int.from_bytes(head, "big") <= most_bytes:
        return f"{reason}; the length seems to be sent big-endian, it has to be little-endian"
    if head[:1] in (b"<", b"{"):
        return f"{reason}; these bytes seem to be text, SAPIENT version 6 or JSON"
    return reason

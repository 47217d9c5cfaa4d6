"""Stream: message packs and single messages that follow each other without anything between, cut anywhere.

A pack begins with its own header; a single message is taken only where one may begin, at the start or after a unit that
was read, since its first byte proves little. What fits neither is passed over to the next pack's header and counted.
"""

from collections.abc import Iterator

from tocsin.formats.remote_id import MESSAGE_BYTES, MOST_MESSAGES

_KINDS, _NEWEST = 5, 2  # the last message type and protocol version there are


class Stream:
    """Cuts one connection's bytes. `skipped` counts bytes that belonged to nothing."""

    def __init__(self) -> None:
        self.skipped = 0
        self._buffer = bytearray()
        self._in_step = True

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The packs and messages that `data` completes."""
        buffer = self._buffer
        buffer += data
        while buffer:
            size = _unit(buffer, self._in_step)
            if size is None:
                return
            if size == 0:
                del buffer[0]
                self.skipped += 1
                self._in_step = False
                continue
            yield bytes(buffer[:size])
            del buffer[:size]
            self._in_step = True

    def close(self) -> int:
        """The connection ended; how many bytes are left of a unit that never came whole."""
        rest = len(self._buffer)
        self._buffer.clear()
        self._in_step = True
        return rest


def _unit(buffer: bytearray, in_step: bool) -> int | None:
    """The size of the unit that stands at the beginning, 0 if none does, None if that is not to be told yet."""
    if buffer[0] >> 4 == 0xF:
        if len(buffer) < 3:
            return None if buffer[1:2] in (b"", bytes([MESSAGE_BYTES])) else 0
        if buffer[1] != MESSAGE_BYTES or buffer[2] > MOST_MESSAGES:
            return 0
        size = 3 + MESSAGE_BYTES * buffer[2]
        heads = buffer[3 : min(len(buffer), size) : MESSAGE_BYTES]
        if not all(map(_head, heads)):
            return 0
        return size if len(buffer) >= size else None
    if not (in_step and _head(buffer[0])):
        return 0
    return MESSAGE_BYTES if len(buffer) >= MESSAGE_BYTES else None


def _head(byte: int) -> bool:
    return byte >> 4 <= _KINDS and byte & 0xF <= _NEWEST

"""JSON objects: a stream of JSON values, cut anywhere and with anything or nothing between them, to one value each.

Values begin with { or [. A line break inside a text, which JSON forbids, and a value above `LARGEST_BYTES` show that
the stream is broken: what was begun is dropped and counted, and the next { or [ begins anew.
"""

import re
from collections.abc import Iterator

LARGEST_BYTES = 8 << 20

_OUTSIDE = re.compile(rb'["{}\[\]]')
_INSIDE = re.compile(rb'["\\\n]')
_BEGIN = re.compile(rb"[{\[]")


class JsonReader:
    """Cuts one stream into values. `dropped` counts values that broke off."""

    def __init__(self) -> None:
        self.dropped = 0
        self._buffer = bytearray()
        self._at = 0
        self._depth = 0
        self._in_text = False

    @property
    def waiting_bytes(self) -> int:
        """Bytes held of a value that is not complete."""
        return len(self._buffer)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bytes of each value that `data` completes."""
        self._buffer += data
        while True:
            if self._depth == 0 and not self._to_beginning():
                return
            found = (_INSIDE if self._in_text else _OUTSIDE).search(self._buffer, self._at)
            if found is None:
                self._at = len(self._buffer)
                if self._at > LARGEST_BYTES:
                    self._drop(self._at)
                return
            sign = found[0]
            if sign == b"\\":
                if found.end() == len(self._buffer):  # what it escapes has not come yet
                    self._at = found.start()
                    return
                self._at = found.end() + 1
                continue
            self._at = found.end()
            if sign == b'"':
                self._in_text = not self._in_text
            elif sign == b"\n":
                self._drop(self._at)
            else:
                self._depth += 1 if sign in b"{[" else -1
                if self._depth == 0:
                    value = bytes(self._buffer[: self._at])
                    del self._buffer[: self._at]
                    self._at = 0
                    yield value

    def _to_beginning(self) -> bool:
        found = _BEGIN.search(self._buffer)
        del self._buffer[: found.start() if found else len(self._buffer)]
        self._at = 0
        return found is not None

    def _drop(self, end: int) -> None:
        del self._buffer[:end]
        self._at = self._depth = 0
        self._in_text = False
        self.dropped += 1

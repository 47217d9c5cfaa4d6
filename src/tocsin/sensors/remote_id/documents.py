"""Documents: JSON values of a receiver, one after the other, plain or packed with LZMA, cut anywhere.

DroneScout packs each message on its own (xz or the older form). A packed message that is damaged, or unpacks to more
than `LARGEST_BYTES`, is dropped and counted, and the next begins anew.
"""

import lzma
from collections.abc import Iterator

from tocsin.formats.json_objects import LARGEST_BYTES, JsonReader

XZ, OLDER = b"\xfd7zXZ\0", b"\x5d\0\0"
_MEMORY_BYTES = 64 << 20  # for unpacking
_PIECE_BYTES = 1 << 16


def is_document(begin: bytes) -> bool:
    """Whether a connection that begins so carries documents."""
    return begin.lstrip()[:1] in (b"{", b"[") or begin.startswith((XZ[:4], OLDER))


class Documents:
    """Cuts one connection's bytes. `dropped` counts what broke off."""

    def __init__(self) -> None:
        self._dropped = 0
        self._json = JsonReader()
        self._packed: lzma.LZMADecompressor | None = None
        self._begun = b""
        self._rest = b""
        self._size_bytes = 0

    @property
    def dropped(self) -> int:
        """Packed messages and JSON values that broke off."""
        return self._dropped + self._json.dropped

    @property
    def waiting_bytes(self) -> int:
        """Bytes held of a document that is not complete."""
        return self._json.waiting_bytes + len(self._begun) + (self._packed is not None)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The documents that `data` completes."""
        data, self._begun = self._begun + data, b""
        while data:
            if self._packed is not None:
                for piece in self._unpack(self._packed, data):
                    yield from self._json.feed(piece)
                data = b"" if self._packed is not None else self._rest
                continue
            if not self._json.waiting_bytes:
                data = data.lstrip(b"\0\r\n\t ")
                if data and len(data) < len(OLDER) and OLDER.startswith(data):
                    self._begun = data
                    return
            if data.startswith(XZ) or (not self._json.waiting_bytes and data.startswith(OLDER)):
                self.end()  # a value that was begun is over
                self._packed = lzma.LZMADecompressor(memlimit=_MEMORY_BYTES)
                self._size_bytes = 0
                continue
            at = data.find(XZ)  # its first byte stands in no UTF-8, so in no JSON
            if at < 0:
                at = len(data) - _begun(data)
                self._begun = data[at:]
                yield from self._json.feed(data[:at])
                return
            yield from self._json.feed(data[:at])
            data = data[at:]

    def end(self) -> None:
        """What is begun will not be finished: forget it, and count it."""
        if self.waiting_bytes:
            self._dropped += 1
        fresh = JsonReader()
        fresh.dropped = self._json.dropped
        self._json, self._packed, self._begun = fresh, None, b""

    def _unpack(self, packed: lzma.LZMADecompressor, data: bytes) -> Iterator[bytes]:
        self._rest = b""
        try:
            piece = packed.decompress(data, _PIECE_BYTES)
            while True:
                self._size_bytes += len(piece)
                yield piece
                if packed.eof:
                    self._rest, self._packed = packed.unused_data, None
                    if self._json.waiting_bytes:
                        self.end()
                    return
                if self._size_bytes > LARGEST_BYTES:
                    raise lzma.LZMAError("too large")
                if packed.needs_input:
                    return
                piece = packed.decompress(b"", _PIECE_BYTES)
        except (lzma.LZMAError, EOFError):
            self.end()


def _begun(data: bytes) -> int:
    """How many of the last bytes may be the beginning of a packed message."""
    return next((size for size in range(len(XZ) - 1, 0, -1) if data.endswith(XZ[:size])), 0)

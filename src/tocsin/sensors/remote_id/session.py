"""Session: one connection's bytes to units: frames of a capture, messages, or a receiver's documents."""

from collections.abc import Iterator

import msgspec

from tocsin.formats.pcap import CaptureReader, Frame
from tocsin.sensors.remote_id.documents import Documents, is_document
from tocsin.sensors.remote_id.stream import Stream

MAGIC_BYTES = 4


class Document(msgspec.Struct, frozen=True):
    """One JSON value."""

    data: bytes


class Session:
    """One connection, of the form given or as its first bytes tell."""

    def __init__(self, form: str) -> None:
        self.row = 0
        self.broken = False
        self.stream = Stream()
        self.documents = Documents()
        self._form = form
        self._begin = b""
        self._capture = CaptureReader()

    def feed(self, data: bytes) -> Iterator[Frame] | Iterator[bytes] | Iterator[Document]:
        """The units that `data` completes."""
        if self._form == "auto":
            self._begin += data
            if len(self._begin) < MAGIC_BYTES:
                return iter(())
            data, self._begin = self._begin, b""
            self._form = form_of(data)
        if self._form == "capture":
            return self._capture.feed(data)
        if self._form == "json":
            return map(Document, self.documents.feed(data))
        return self.stream.feed(data)

    def close(self) -> int:
        """How many bytes are left of something that never came whole."""
        waiting = self._capture.waiting_bytes + self.documents.waiting_bytes
        return waiting + self.stream.close() + len(self._begin)


def form_of(begin: bytes) -> str:
    """What a connection that begins so carries."""
    if CaptureReader.recognises(begin):
        return "capture"
    return "json" if is_document(begin) else "messages"

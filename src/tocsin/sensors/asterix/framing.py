"""Framing: one connection's bytes to datagrams: as they come, cut from a stream of data blocks, or out of a capture.

In a stream each data block is a datagram, found by its stated length, so that the bytes may be cut anywhere; where no
block can follow, the rest of the connection is given up and counted, for nothing marks where one begins.
"""

from collections.abc import Iterator

from tocsin.formats.internet import InternetError, read_datagram
from tocsin.formats.pcap import CaptureError, CaptureReader
from tocsin.formats.problems import Problems

_LEAST_BLOCK = 4
_MAGIC_BYTES = 4


class Framing:
    """One connection; `problems` is told what is lost. `row` counts datagrams, or frames of a capture."""

    def __init__(self, form: str, port: int, problems: Problems) -> None:
        self.row = 0
        self._form = form
        self._port = port
        self._problems = problems
        self._rest = b""
        self._capture = CaptureReader() if form == "capture" else None
        self._broken = False

    def feed(self, data: bytes, origin: str) -> Iterator[bytes]:
        """The datagrams that `data` completes."""
        if self._form == "auto" and data:
            data, self._rest = self._rest + data, b""
            self._form = "datagram"
            if CaptureReader.recognises(data):
                self._form, self._capture = "capture", CaptureReader()
            elif len(data) < _MAGIC_BYTES and _may_be_capture(data):
                self._form, self._rest = "auto", data
                return
        if self._broken or not data:
            return
        if self._capture is not None:
            yield from self._captured(self._capture, data, origin)
        elif self._form == "stream":
            yield from self._blocks(data, origin)
        else:
            self.row += 1
            yield data

    def close(self, origin: str) -> None:
        """The connection ended; a unit that never came whole is counted."""
        waiting = len(self._rest) if self._capture is None else self._capture.waiting_bytes
        if waiting:
            self._problems.count("stream: cut", origin, self.row, f"{waiting} bytes")

    def _captured(self, capture: CaptureReader, data: bytes, origin: str) -> Iterator[bytes]:
        try:
            for frame in capture.feed(data):
                self.row += 1
                try:
                    datagram = read_datagram(frame)
                except InternetError as error:
                    self._problems.count("frame: broken", origin, self.row, error)
                    continue
                if datagram is not None and self._port in (0, datagram.destination_port):
                    yield datagram.payload
        except CaptureError as error:
            self._broken = True
            self._problems.count("capture: broken", origin, self.row, error)

    def _blocks(self, data: bytes, origin: str) -> Iterator[bytes]:
        data, at = self._rest + data, 0
        while at + 3 <= len(data):
            size = int.from_bytes(data[at + 1 : at + 3], "big")
            if size < _LEAST_BLOCK:
                self._broken, self._rest = True, b""
                self._problems.count("stream: no block follows", origin, self.row, f"{len(data) - at} bytes given up")
                return
            if at + size > len(data):
                break
            self.row += 1
            yield data[at : at + size]
            at += size
        self._rest = data[at:]


def _may_be_capture(begin: bytes) -> bool:
    return any(magic.startswith(begin) for magic in CaptureReader.magics())

"""Segment: one MCAP file of a recording while it is written.

One channel a source; a message is the packet itself as a msgpack map with the field names of `model.packet.Packet`
(`kind`, `source`, `received_s`, `data`, `sequence`, `connection`, `origin`, `exercise`), described by a JSON schema in
the file. The head holds the metadata table "tocsin" (`schema`, `run`, `first_sequence`, and what the build says of
itself) and, in each file after the run's first SITE packet, the site text in force as the attachment "site.toml".

`flush()` returns once everything added is with the operating system: a killed process loses none of it; a power cut
may lose what the system had not yet put on the medium. `close()` adds the index and waits for the medium. When `add`
or `flush` raises OSError the caller calls `abandon()`, which cuts the file back to its last good flush.
"""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tocsin.formats import mcap
from tocsin.model.packet import Packet

SCHEMA = 1
METADATA = "tocsin"
SITE_FILE = "site.toml"
_ENCODER = msgspec.msgpack.Encoder()


class _File:
    """An unbuffered file that writes all or raises; mcap needs `tell`, `write` and `flush`."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
        self.size = 0

    def write(self, data: bytes, /) -> int:
        rest = memoryview(data)
        while rest:
            written = os.write(self.descriptor, rest)
            self.size += written
            rest = rest[written:]
        return len(data)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        """Nothing is held back here."""


class Segment:
    """A new file in `folder`, named after the time and number of its first packet."""

    def __init__(self, folder: Path, first: Packet, run: int, build: Mapping[str, str], site: Packet | None) -> None:
        self.first_received_s = first.received_s
        self.good_bytes = 0
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{_stamp(first.received_s)}-{first.sequence:012d}.mcap"
        self._file = _File(self.path)
        try:
            self._mcap = mcap.Writer(self._file, library="tocsin")
            self._mcap.add_metadata(METADATA, _head(first.sequence, run, build))
            if site is not None:
                self._mcap.add_attachment(SITE_FILE, "application/toml", site.received_s, site.data)
            schema = msgspec.json.encode(msgspec.json.schema(Packet))
            self._mcap.describe("tocsin.Packet", "jsonschema", schema, message_encoding="msgpack")
        except OSError:
            self.abandon()
            raise

    def add(self, packet: Packet, encoded: bytes) -> None:
        """Add one packet, already encoded by `encode`."""
        self._mcap.add(packet.source, packet.received_s, packet.sequence, encoded)

    def is_over(self, packet: Packet, length_s: float) -> bool:
        """Whether `packet` was received too late to belong into a file of `length_s`."""
        return packet.received_s - self.first_received_s >= length_s

    def flush(self) -> None:
        """Hand everything added to the operating system."""
        self._mcap.flush()
        self.good_bytes = self._file.size

    def close(self) -> None:
        """Write the index, wait for the medium, close; on OSError the index is cut off again and the file closed."""
        try:
            self._mcap.finish()
            os.fsync(self._file.descriptor)
        except OSError:
            self.abandon()
            raise
        os.close(self._file.descriptor)

    def abandon(self) -> None:
        """Cut back to the last good flush and close; a file with nothing good in it is removed."""
        try:
            if self.good_bytes:
                os.ftruncate(self._file.descriptor, self.good_bytes)
            else:
                self.path.unlink(missing_ok=True)
        finally:
            os.close(self._file.descriptor)


def encode(packet: Packet) -> bytes:
    """The bytes of one message; raises UnicodeEncodeError for text that has no UTF-8."""
    return _ENCODER.encode(packet)


def _head(first_sequence: int, run: int, build: Mapping[str, str]) -> dict[str, str]:
    return {**build, "schema": str(SCHEMA), "run": str(run), "first_sequence": str(first_sequence)}


def _stamp(time_s: float) -> str:
    try:
        return datetime.fromtimestamp(time_s, UTC).strftime("%Y%m%dT%H%M%SZ")
    except (ValueError, OverflowError, OSError):
        return "no-time"

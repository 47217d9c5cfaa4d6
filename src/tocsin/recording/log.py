"""Recorder: gives every input of the line its number and writes it down; `read` gives the inputs back.

Order: `submit` assigns 1, 2, 3 ... under a lock, and calls `forward` (the hand-over to the line) under the same lock,
so the order of the numbers is the order the line sees, whatever threads submit. `submit` never waits for the disk.

Loss: a packet is with the operating system at most `flush_s` after `submit`, so a killed process loses no more; half of
that is the writer's period, and it holds while one write takes less than the other half. The medium is waited for only
when a file ends: a power cut may lose what the system had not yet put there.
A disk that refuses (full, read-only, gone) raises `status` to FAULT; packets are kept in memory up to `hold_mib`, the
disk is asked again every `retry_s`, and what no longer fits is counted as lost and missing from the numbers on disk.

After a restart numbering goes on `RESTART_GAP` above the last number on disk, since the line may have used numbers
that the kill kept from the disk; the gap is marked by the next file's `run` and is not reported as missing.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Health, SensorStatus
from tocsin.recording.reading import Reading, last_sequence
from tocsin.recording.segment import Segment, encode
from tocsin.recording.settings import Settings

RESTART_GAP = 1_000_000
SOURCE = "recording"
_PACKET_BYTES = 400  # a packet's own weight in memory, beside its data
_BATCH_BYTES = 4 * 2**20


class Recorder:
    """Owns the numbering, the writer thread and the files; a context manager that closes them.

    `build` says what program wrote the files (versions; strings). `first_sequence` is found from the folder if not
    given. Raises TocsinError if the folder cannot be used at the start; after that nothing raises for the disk.
    """

    def __init__(
        self,
        settings: Settings,
        build: Mapping[str, str],
        forward: Callable[[Packet], None] | None = None,
        first_sequence: int | None = None,
    ) -> None:
        self._settings = settings
        self._folder = Path(settings.folder)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TocsinError(f"recording.folder: cannot make {self._folder}: {error.strerror or error}") from error
        self._build = dict(build)
        self._forward = forward
        self._run = next_sequence(self._folder) if first_sequence is None else first_sequence
        self._lock = threading.Lock()  # guards the numbering, _queue, _held_bytes, _lost and _is_full
        self._next = self._run
        self._queue: list[Packet] = []
        self._held_bytes = 0
        self._lost = 0
        self._lost_reason = ""
        self._is_full = False  # more came than may be held, and nothing was written since
        self._pending: list[tuple[Packet, bytes]] = []  # from here on the writer thread's own
        self._segment: Segment | None = None
        self._site: Packet | None = None
        self._recorded = 0
        self._files = 0
        self._bytes = 0
        self._failures = 0
        self._fault = ""
        self._closing = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._run_writer, name="tocsin-recorder", daemon=True)
        self._thread.start()

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, packet: Packet) -> Packet:
        """The packet with its number, on its way to the disk and already handed to `forward`."""
        with self._lock:
            if self._closed:
                raise TocsinError("recording: a packet was submitted after the recorder was closed")
            numbered = msgspec.structs.replace(packet, sequence=self._next)
            self._next += 1
            weight = _weight(numbered)
            if self._held_bytes + weight > self._settings.hold_mib * 2**20:
                self._lost += 1
                self._lost_reason = "the disk did not keep up"
                self._is_full = True
            else:
                self._held_bytes += weight
                self._queue.append(numbered)
            if self._forward is not None:
                self._forward(numbered)
        return numbered

    def status(self, time_s: float) -> SensorStatus:
        """How the recording does at `time_s`: FAULT while nothing reaches the disk, and what was lost so far."""
        fault = self._fault or ("" if self._thread.is_alive() or self._closed else "the writer thread has ended")
        with self._lock:
            fault = fault or ("the disk does not keep up" if self._is_full else "")
            lost = f"{self._lost} packets were not recorded ({self._lost_reason})" if self._lost else ""
        health = Health.FAULT if fault else Health.OK
        return SensorStatus(SOURCE, time_s, health, reason="; ".join(filter(None, (fault, lost))))

    def statistics(self) -> dict[str, Any]:
        """Counters since the start; `lost` were numbered and given to the line but are not on disk."""
        with self._lock:
            numbered, held, lost = self._next - self._run, self._held_bytes, self._lost
        return {
            "numbered": numbered,
            "recorded": self._recorded,
            "lost": lost,
            "held_bytes": held,
            "files": self._files,
            "bytes": self._bytes,
            "failures": self._failures,
            "fault": self._fault,
        }

    def close(self) -> None:
        """Write what is held, add the index, end the thread; calling it again does nothing."""
        with self._lock:
            self._closed = True
        self._closing.set()
        self._thread.join()

    def _run_writer(self) -> None:
        wait_s = self._settings.flush_s / 2
        while not self._closing.wait(wait_s):
            wait_s = self._settings.flush_s / 2 if self._write() else self._settings.retry_s
        if not self._write():
            self._lose("the disk refused until the end", len(self._pending))
        self._end_segment()

    def _write(self) -> bool:
        """Bring all that is held to the disk; False if it refused, and then the rest is still held."""
        with self._lock:
            queue, self._queue = self._queue, []
        for packet in queue:
            try:
                self._pending.append((packet, encode(packet)))
            except UnicodeEncodeError as error:
                self._lose(f"packet {packet.sequence} of {packet.source!r}: {error}", 1)
                self._release([packet])
        try:
            while self._pending:
                self._write_batch()
        except OSError as error:
            self._failures += 1
            self._fault = f"nothing is recorded: {error.strerror or error} ({self._folder})"
            self._abandon_segment()
            return False
        self._fault = ""
        return True

    def _write_batch(self) -> None:
        """Write and flush the first held packets that belong into one file, then let go of them."""
        segment = self._open_segment()
        flushed_before, batch_bytes, batch = segment.good_bytes, 0, []
        for packet, encoded in self._pending:
            if segment.is_over(packet, self._settings.rotate_s) or batch_bytes > _BATCH_BYTES:
                break
            segment.add(packet, encoded)
            batch.append(packet)
            batch_bytes += len(encoded)
        segment.flush()
        self._bytes += segment.good_bytes - flushed_before
        self._recorded += len(batch)
        self._site = next((packet for packet in reversed(batch) if packet.kind is PacketKind.SITE), self._site)
        self._pending = self._pending[len(batch) :]
        self._release(batch)

    def _open_segment(self) -> Segment:
        """The file for the first held packet: the one in progress, or a new one."""
        first = self._pending[0][0]
        segment = self._segment
        if segment is not None and (
            segment.is_over(first, self._settings.rotate_s) or segment.good_bytes > self._settings.rotate_mib * 2**20
        ):
            self._end_segment()
        if self._segment is None:
            self._segment = Segment(self._folder, first, self._run, self._build, self._site)
            self._files += 1
        return self._segment

    def _end_segment(self) -> None:
        """Close the file; if its index finds no room, its packets are good all the same."""
        segment, self._segment = self._segment, None
        if segment is not None:
            try:
                segment.close()
            except OSError:
                self._failures += 1

    def _abandon_segment(self) -> None:
        segment, self._segment = self._segment, None
        if segment is not None:
            try:
                segment.abandon()
            except OSError:
                self._failures += 1

    def _lose(self, reason: str, count: int) -> None:
        with self._lock:
            self._lost += count
            self._lost_reason = reason

    def _release(self, packets: list[Packet]) -> None:
        with self._lock:
            self._held_bytes -= sum(map(_weight, packets))
            self._is_full = False


def read(paths: Path | Iterable[Path]) -> Reading:
    """The packets of a folder or of some files, in the order of their numbers; see `Reading` for what it reports."""
    return Reading(paths)


def next_sequence(folder: Path) -> int:
    """The first number a new run may use: 1 in a new folder, else well above the last one on disk."""
    last = last_sequence(folder)
    return last + 1 + RESTART_GAP if last else 1


def _weight(packet: Packet) -> int:
    return _PACKET_BYTES + 2 * len(packet.data)  # held once as it came and once encoded

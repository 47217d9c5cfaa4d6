"""Reading: the packets of a recording in the order of their numbers, and what is missing.

Files may have been killed or cut: each gives the packets of its whole chunks. Files are read one after another in the
order of their first number; a number that comes twice is given once. Nothing is lost silently: after (or during) the
iteration `findings` names each file's lost tail, damaged chunks and unreadable messages, and each run of numbers that
is missing. A file of another `schema` is refused with TocsinError.
"""

from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

import msgspec

from tocsin.formats import mcap
from tocsin.model.errors import UNREADABLE, TocsinError
from tocsin.model.packet import Packet
from tocsin.recording.segment import METADATA, SCHEMA, SITE_FILE

SUFFIX = ".mcap"
READABLE_SCHEMAS = (SCHEMA,)
_DECODER = msgspec.msgpack.Decoder(Packet)


class Finding(msgspec.Struct, frozen=True):
    """Something a recording does not hold: `count` bytes, chunks or packets, after packet number `after`."""

    file: Path
    what: (
        str  # "tail bytes", "bytes without a readable head", "damaged chunks", "unreadable messages", "missing packets"
    )
    count: int
    after: int

    def __str__(self) -> str:
        return f"{self.file}: {self.count} {self.what} after packet {self.after}"


class Head(msgspec.Struct, frozen=True):
    """What a file says of itself: the table "tocsin", and the site text in force when it began (None in the first)."""

    path: Path
    first_sequence: int
    run: int
    build: dict[str, str]
    site: str | None


class Reading:
    """An iterator over packets. `findings` grows as it goes. A folder or file that is missing raises TocsinError."""

    def __init__(self, paths: Path | Iterable[Path]) -> None:
        self.findings: list[Finding] = []
        self.repeated = 0
        files = _files(paths)
        self.heads, headless = _heads(files)
        self._last = 0
        for path in headless:
            self._find(path, "bytes without a readable head", path.stat().st_size)
        if files and not self.heads:
            raise TocsinError(f"{files[0]}: no readable recording here; a folder or .mcap files of Tocsin are needed")
        self._packets = self._read()

    def __iter__(self) -> Iterator[Packet]:
        return self

    def __next__(self) -> Packet:
        return next(self._packets)

    def close(self) -> None:
        """Close the file that is open, if iteration stops early."""
        self._packets.close()

    def _read(self) -> Generator[Packet, None, None]:
        run = 0
        for head in self.heads:
            if head.run != run:
                run, self._last = head.run, max(self._last, head.run - 1)
            yield from self._read_file(head.path)

    def _read_file(self, path: Path) -> Generator[Packet, None, None]:
        unreadable = 0
        with mcap.Reader(path) as reader:
            for message in reader.messages():
                try:
                    packet = _DECODER.decode(message.data)
                except UNREADABLE:
                    unreadable += 1
                    continue
                if packet.sequence <= self._last:
                    self.repeated += 1
                    continue
                self._find(path, "missing packets", packet.sequence - self._last - 1)
                self._last = packet.sequence
                yield packet
            self._find(path, "damaged chunks", reader.damaged_chunks)
            self._find(path, "unreadable messages", unreadable)
            self._find(path, "tail bytes", reader.lost_bytes)

    def _find(self, path: Path, what: str, count: int) -> None:
        if count:
            self.findings.append(Finding(path, what, count, after=self._last))


def read_head(path: Path) -> Head | None:
    """A file's head, or None if the file was cut or damaged before its head is complete."""
    try:
        with mcap.Reader(path) as reader:
            table = reader.metadata.get(METADATA, {})
            site = reader.attachments.get(SITE_FILE)
        first, run = int(table["first_sequence"]), int(table["run"])
    except (mcap.DamagedError, KeyError, ValueError):
        return None
    if table.get("schema") not in [str(schema) for schema in READABLE_SCHEMAS]:
        raise TocsinError(f"{path}: recording schema {table.get('schema')}; this program reads {READABLE_SCHEMAS}")
    return Head(path, first, run, table, None if site is None else site.decode(errors="replace"))


def last_sequence(folder: Path) -> int:
    """The last packet number on disk, 0 if there is none; reads the newest file's tail only.

    A file is named after its first packet, so even one without a readable byte says how far the numbers had come.
    """
    newest = max(folder.glob(f"*{SUFFIX}"), key=_named_sequence, default=None)
    if newest is None:
        return 0
    numbers = [_named_sequence(newest)]
    if read_head(newest) is not None:
        with mcap.Reader(newest) as reader:
            numbers += [_DECODER.decode(message.data).sequence for message in reader.last_messages()]
    return max(numbers)


def _named_sequence(path: Path) -> int:
    number = path.stem.rpartition("-")[2]
    return int(number) if number.isascii() and number.isdigit() else 0


def _files(paths: Path | Iterable[Path]) -> list[Path]:
    if not isinstance(paths, Path):
        return list(paths)
    if paths.is_dir():
        return sorted(paths.glob(f"*{SUFFIX}"))
    return [paths]


def _heads(paths: Iterable[Path]) -> tuple[list[Head], list[Path]]:
    """Heads in order of their first number, and the files that have none."""
    heads: list[Head] = []
    headless: list[Path] = []
    for path in paths:
        if not path.is_file():
            raise TocsinError(f"{path}: no such recording")
        head = read_head(path)
        if head is None:
            headless.append(path)
        else:
            heads.append(head)
    return sorted(heads, key=lambda head: head.first_sequence), headless

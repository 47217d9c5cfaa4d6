"""Source of a replay: the packets of a recording, or of raw sensor files, and what is to be said of them.

Raw files are matched to sensors by the `files` pattern of the site file; the order in which they are named does not
matter, since packets with equal received time are ordered by sensor in the site file, then by row. Ticks are put in
every tenth of a second, as the live clock would. Replayed raw data is marked as exercise; a recording is given as
it is. Everything that can be refused is refused before the first packet is asked for, as TocsinError.
"""

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from fnmatch import fnmatchcase
from itertools import chain, islice
from pathlib import Path
from typing import Any, cast

import msgspec

from tocsin.config.site import SensorEntry, Site, parse_site
from tocsin.model.adapter import Decoder, FileReader
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.recording.log import read
from tocsin.recording.reading import Reading
from tocsin.service.decoders import sensor_decoder
from tocsin.service.play import as_live, numbered


class RawInput(msgspec.Struct, frozen=True):
    """One raw file and the sensor it belongs to."""

    path: Path
    sensor: SensorEntry
    order: int


Place = tuple[float, int, int]  # received time, sensor in the site file, row: the order of raw packets


class RawSource:
    """Raw files of the site's sensors. Iterate `packets()` once; `notes()` is complete after that."""

    def __init__(self, site: Site, inputs: Iterable[Path]) -> None:
        self.site = site
        self._inputs, self._notes = match_inputs(site, inputs)
        self._readers = {raw.sensor.name: _reader(site, raw) for raw in self._inputs}
        files = [self._packets(raw, connection) for connection, raw in enumerate(self._inputs, start=1)]
        merged = heapq.merge(*map(_primed, files), key=lambda item: item[0])
        self._merged = numbered(as_live(site, (packet for _, packet in merged)), exercise=True)

    def packets(self) -> Iterator[Packet]:
        """All packets of the files in the order they were received, with sequence numbers and ticks between them."""
        return self._merged

    def notes(self) -> list[str]:
        """Files that were left out or say nothing, and what the readers found."""
        return [*self._notes, *(note for reader in self._readers.values() for note in _problems(reader.statistics()))]

    def _packets(self, raw: RawInput, connection: int) -> Iterator[tuple[Place, Packet]]:
        try:
            data = raw.path.read_bytes()
        except OSError as error:
            raise _unreadable(raw.path, error) from error
        packets = cast(FileReader, self._readers[raw.sensor.name]).packets(data, raw.path.name)
        for row, packet in enumerate(packets):
            yield (packet.received_s, raw.order, row), msgspec.structs.replace(packet, connection=connection)


class RecordedSource:
    """A recording, with the site file it was made under unless another is given; used as `RawSource` is."""

    def __init__(self, site: Site | None, files: Sequence[Path]) -> None:
        with closing(read(files)) as first_pass:
            recorded = first_pass.heads[0].site if first_pass.heads else None
            if recorded is None:
                recorded = next((_text(packet) for packet in first_pass if packet.kind == PacketKind.SITE), None)
        self._notes: list[str] = []
        if site is None:
            if recorded is None:
                raise TocsinError(f"{files[0]}: holds no site file; name one with --site")
            site = parse_site(recorded, "the recording's site file")
        elif recorded is not None and recorded != site.text:
            self._notes.append("the site file differs from the one in force when the recording was made")
        self.site = site
        self._in_force = recorded
        self._reading: Reading = read(files)

    def packets(self) -> Iterator[Packet]:
        """The packets as they were recorded."""
        for packet in self._reading:
            if packet.kind == PacketKind.SITE and _text(packet) != self._in_force:
                self._in_force = _text(packet)
                self._notes.append(f"packet {packet.sequence} brought another site file, which was not taken")
            yield packet

    def notes(self) -> list[str]:
        """What the recording does not hold, and what about it needs saying."""
        reading = self._reading
        notes = [*self._notes]
        runs = len({head.run for head in reading.heads})
        if runs > 1:
            notes.append(f"the recording holds {runs} runs of the program; they were replayed as one")
        if reading.repeated:
            notes.append(f"{reading.repeated} packets stood in the recording more than once and were taken once")
        lost = [
            f"{found.file.name}: {found.count} {found.what} after packet {found.after}" for found in reading.findings
        ]
        return notes + lost


def open_input(site: Site | None, inputs: Sequence[Path]) -> RawSource | RecordedSource:
    """The source of `inputs`: a recording (its files, their folder, or a run's folder), or raw files of sensors."""
    recorded: list[Path] = []
    raw: list[Path] = []
    for path in inputs:
        if not path.exists():
            raise TocsinError(f"{path}: no such file or folder")
        found = _recording(path)
        recorded += found
        raw += [] if found else [path]
    if recorded and raw:
        raise TocsinError(f"a recording and raw files cannot be replayed together; leave out {recorded[0]} or {raw[0]}")
    if recorded:
        return RecordedSource(site, recorded)
    if site is None:
        raise TocsinError("raw files say nothing of their sensors; name the site file with --site")
    return RawSource(site, raw)


def match_inputs(site: Site, inputs: Iterable[Path]) -> tuple[list[RawInput], list[str]]:
    """The sensor of each file, and the files left out because another of the same sensor has the same content.

    A folder stands for the files in it that match a sensor. Raises TocsinError for a path that does not exist, a
    folder without such a file, or a file that no sensor's `files` pattern, or more than one, matches.
    """
    found: dict[tuple[int, str], RawInput] = {}
    doubles = []
    for path in sorted(_files(site, inputs), key=lambda p: (p.name, str(p))):
        matching = [(k, s) for k, s in enumerate(site.sensors) if s.files and fnmatchcase(path.name, s.files)]
        if len(matching) != 1:
            names = ", ".join(s.name for _, s in matching) or "no sensor"
            raise TocsinError(f"{path}: {names} matches this file name, expected one of: {_patterns(site)}")
        ((order, sensor),) = matching
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise _unreadable(path, error) from error
        first = found.setdefault((order, digest), RawInput(path, sensor, order))
        if first.path is not path:
            doubles.append(f"{path.name}: left out, same content as {first.path.name}")
    return sorted(found.values(), key=lambda r: (r.order, r.path.name)), doubles


def _files(site: Site, inputs: Iterable[Path]) -> Iterator[Path]:
    for path in inputs:
        if path.is_dir():
            patterns = [s.files for s in site.sensors if s.files]
            inside = [p for p in path.iterdir() if p.is_file() and any(fnmatchcase(p.name, f) for f in patterns)]
            if not inside:
                raise TocsinError(f"{path}: no file in it matches a sensor, expected one of: {_patterns(site)}")
            yield from inside
        else:
            yield path


def _patterns(site: Site) -> str:
    return ", ".join(f"{s.name}: {s.files}" for s in site.sensors if s.files) or "no sensor of the site has `files`"


def _recording(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.glob("*.mcap")) or sorted(path.glob("recordings/*.mcap"))
    return [path] if path.suffix == ".mcap" else []


def _reader(site: Site, raw: RawInput) -> Decoder:
    """A decoder of its own for cutting the sensor's files."""
    reader = sensor_decoder(site, raw.sensor)
    if not hasattr(reader, "packets"):
        raise TocsinError(f"{raw.path}: the adapter {raw.sensor.adapter!r} reads no files")
    return reader


def _primed(packets: Iterator[tuple[Place, Packet]]) -> Iterator[tuple[Place, Packet]]:
    """`packets`, the first of them asked for now, so that a file that cannot be used is refused now."""
    return chain(list(islice(packets, 1)), packets)


def _problems(statistics: Mapping[str, Any]) -> Iterator[str]:
    for problem in statistics.get("problems", {}).get("first", ()):
        detail = f" ({problem['detail']})" if problem["detail"] else ""
        yield f"{problem['file']}: {problem['reason']}{detail}"


def _text(packet: Packet) -> str:
    return packet.data.decode("utf-8", "replace")


def _unreadable(path: Path, error: OSError) -> TocsinError:
    return TocsinError(f"{path}: cannot be read: {error.strerror or error}")

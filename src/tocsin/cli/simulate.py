"""`tocsin simulate`: a scenario played into files, over sockets, or both.

A wire is written `SENSOR=[FORMAT+]URL`, where FORMAT is an emitter (`table` if left out: JSON lines) and URL what a
share's transport may be: tcp://host:port connects to a listening site, udp://host:port sends a datagram a message. As
with a real sensor, what nobody reads is lost; how much is said at the end. A lost connection is made again, and a
SAPIENT node registers on each.
"""

import asyncio
import struct
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.wording import counted
from tocsin.simulation.emit.asterix import asterix_block
from tocsin.simulation.emit.beast import beast_frames
from tocsin.simulation.emit.remote_id import remote_id_pack
from tocsin.simulation.emit.sapient import SapientNode
from tocsin.simulation.emit.sbs import sbs_lines
from tocsin.simulation.emit.table import table_line
from tocsin.simulation.folder import write_folder
from tocsin.simulation.forms import Emitter
from tocsin.simulation.report import Report
from tocsin.simulation.scenario import Scenario, read_scenario, timeline
from tocsin.transport.sink import Sink, open_sink

_STATELESS: Mapping[str, Emitter] = {
    "table": table_line,
    "sbs": sbs_lines,
    "beast": beast_frames,
    "remote-id": remote_id_pack,
    "asterix": asterix_block,
}
EMITTERS = (*_STATELESS, "sapient")


class Wire(msgspec.Struct, frozen=True):
    """One wire as written: which sensor, in which format, where to."""

    sensor: str
    emitter: str
    url: str


def simulate(
    scenario: Annotated[Path, typer.Argument(help="The scenario's TOML file.")],
    seed: Annotated[int, typer.Option(min=0, help="Chooses noise, gusts and clutter.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder for sensor files, truth and the site file.")] = None,
    site: Annotated[
        Path | None, typer.Option(help="Site file to copy; else the site.toml beside the scenario.")
    ] = None,
    wire: Annotated[list[str] | None, typer.Option(help="SENSOR=[FORMAT+]URL; may be repeated.")] = None,
    speed_ratio: Annotated[float, typer.Option("--speed", min=0.01, help="Of the wires, over real time.")] = 1.0,
    now: Annotated[bool, typer.Option("--now", help="The story begins now: times on the wires are of today.")] = False,
) -> None:
    """Play a scenario into sensor files and truth, over sockets, or both."""
    if out is None and not wire:
        raise TocsinError("nothing to do: give --out DIR, --wire SENSOR=URL, or both")
    if now and speed_ratio != 1.0:
        raise TocsinError("--now keeps real time; leave out --speed")
    told = read_scenario(scenario)
    wires = [read_wire(text, told) for text in wire or ()]
    if out is not None:
        counts = write_folder(told, seed, out, _site_text(scenario, site))
        sent = f"{counted(sum(counts.values()), 'message')} of {counted(len(counts), 'source')}"
        print(f"{out}: {sent}, truth of {told.plan.name!r}")
    if wires:
        asyncio.run(send(told, seed, wires, speed_ratio, now))


def read_wire(text: str, scenario: Scenario) -> Wire:
    """The wire that `SENSOR=[FORMAT+]URL` spells; the URL itself is checked when it is opened."""
    sensor, equals, address = text.partition("=")
    scheme, colon, rest = address.partition(":")
    emitter, plus, scheme = scheme.rpartition("+")
    if not (equals and colon):
        raise TocsinError(f"--wire {text}: write SENSOR=[FORMAT+]URL, as in radar=tcp://127.0.0.1:8701")
    known = [planned.name for planned in scenario.plan.sensor]
    if sensor not in known:
        raise TocsinError(f"--wire {text}: no sensor {sensor!r}; there are: {', '.join(known)}")
    if plus and emitter not in EMITTERS:
        raise TocsinError(f"--wire {text}: no format {emitter!r}; there are: {', '.join(EMITTERS)}")
    return Wire(sensor, emitter or "table", f"{scheme}:{rest}")


async def send(
    scenario: Scenario, seed: int, wires: list[Wire], speed_ratio: float = 1.0, now: bool = False
) -> dict[str, Mapping[str, Any]]:
    """Send the wired sensors' bytes, each message when it is due; sensors without a wire send nothing.

    With `now` the reports' times are shifted so that the story begins now. Returns each wire's counters.
    """
    emitters = {wire.sensor: emitter_of(wire) for wire in wires}
    held = _Held(emitters)
    due = [moment for moment in timeline(scenario, seed, held.emitters()) if moment[1].kind is PacketKind.DATA]
    clock = asyncio.get_running_loop()
    async with AsyncExitStack() as stack:
        begun_s = clock.time()
        shift_s = time.time() - scenario.clock.utc_s(0.0) if now else 0.0

        def told_s() -> float:
            """What time it is on the wires."""
            return scenario.clock.utc_s((clock.time() - begun_s) * speed_ratio) + shift_s

        sinks = [(wire.sensor, _sink(wire, emitters[wire.sensor], told_s)) for wire in wires]
        for _, sink in sinks:
            await stack.enter_async_context(sink)
        for story_s, packet in due:
            to = [sink for sensor, sink in sinks if sensor == packet.source]
            if not to:
                continue
            await asyncio.sleep(max(story_s / speed_ratio - (clock.time() - begun_s), 0.0))
            data = held.bytes_of(packet, shift_s)
            for sink in to if data else ():
                sink.try_send(data)
    for sensor, sink in sinks:
        print(_told(sensor, sink))
    return {sensor: sink.statistics() for sensor, sink in sinks}


def emitter_of(wire: Wire) -> Emitter:
    """A new emitter for a wire."""
    return SapientNode(wire.sensor) if wire.emitter == "sapient" else _STATELESS[wire.emitter]


def _sink(wire: Wire, emitter: Emitter, told_s: Callable[[], float]) -> Sink:
    if isinstance(emitter, SapientNode):
        return open_sink(wire.url, wire.sensor, begin=lambda: emitter.begin(told_s()))
    return open_sink(wire.url, wire.sensor)


class _Held:
    """Reports that become bytes only when they are sent: before that it is not known when now is."""

    def __init__(self, emitters: Mapping[str, Emitter]) -> None:
        self._emitters = emitters
        self._reports: list[tuple[Report, float, float]] = []

    def emitters(self) -> dict[str, Emitter]:
        """Emitters that put a number in place of each report."""
        return dict.fromkeys(self._emitters, self._hold)

    def bytes_of(self, packet: Packet, shift_s: float) -> bytes:
        """The bytes of a packet of such numbers, with all times later by `shift_s`."""
        emit = self._emitters[packet.source]
        numbers = struct.unpack(f"<{len(packet.data) // 4}I", packet.data)
        reports = [self._reports[number] for number in numbers]
        return b"".join(emit(report, time_s + shift_s, received_s + shift_s) for report, time_s, received_s in reports)

    def _hold(self, report: Report, time_s: float, received_s: float) -> bytes:
        self._reports.append((report, time_s, received_s))
        return struct.pack("<I", len(self._reports) - 1)


def _told(sensor: str, sink: Sink) -> str:
    """One line on how a wire fared."""
    counts = sink.statistics()
    trouble = f"; {counts['last_error']}" if counts["last_error"] else ""
    return f"{sensor}: {counts['sent']} messages sent, {counts['dropped'] + counts['waiting']} lost{trouble}"


def _site_text(scenario: Path, site: Path | None) -> str | None:
    """The site file to copy, None if none was named and none stands beside the scenario."""
    path = site if site is not None else scenario.with_name("site.toml")
    if site is None and not path.is_file():
        return None
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TocsinError(f"{path}: {error}") from error

"""`tocsin listen SENSOR|URL|FILE`: decode what arrives and print it, with counts, so that one sees what is understood.

Ends with Ctrl-C, after `--for` seconds, or at the end of a file; then says in numbers what came, what was refused and
why. Exit code 0 if anything was understood, 1 if not. Nothing is tracked, recorded or shared.
"""

import asyncio
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from tocsin.cli.convert import read_place
from tocsin.config.site import read_site
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.service.clock import LiveClock
from tocsin.service.conversion import file_packets
from tocsin.service.listening import NAME, Ear, Listener, Manner, named_ear, site_ear
from tocsin.transport.source import Source, open_source

TICK_S = 0.1
DATAGRAMS = ("udp:", "multicast:")


class Printer:
    """Prints lines, at most `most` of them in a second; what is left out is said in one line."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._second = -1
        self._printed = 0
        self._left_out = 0

    def put(self, lines: Iterable[str]) -> None:
        """Print them, or count them."""
        for line in lines:
            second = int(self._clock())
            if second != self._second:
                self.end()
                self._second, self._printed = second, 0
            if self._printed < self._most:
                typer.echo("".join(character if character.isprintable() else "?" for character in line))
                self._printed += 1
            else:
                self._left_out += 1

    def end(self) -> None:
        """Say how many lines the last second left out."""
        if self._left_out:
            typer.echo(f"... and {self._left_out} more in this second")
        self._left_out = 0


def listen(
    what: Annotated[str, typer.Argument(help="URL (udp://0.0.0.0:8600), file, or a name in the site file.")],
    site: Annotated[Path | None, typer.Option(help="The site file, for a sensor's or link's name.")] = None,
    kind: Annotated[str | None, typer.Option("--as", help="Adapter or kind; the content tells if left out.")] = None,
    settings: Annotated[str, typer.Option(help="The adapter's settings, as TOML.")] = "",
    at: Annotated[str | None, typer.Option(help="The sensor's place: LATITUDE,LONGITUDE[,HEIGHT_M].")] = None,
    for_s: Annotated[float | None, typer.Option("--for", min=0.1, help="Seconds to listen.")] = None,
    most: Annotated[int, typer.Option(min=0, help="Lines a second at most; the rest is counted.")] = 20,
) -> None:
    """Decode what a sensor sends and print it, with counts."""
    place = None if at is None else read_place(at)
    printer = Printer(most)
    if site is not None:
        if kind or settings or at:
            raise TocsinError("the site file says how its sensors are read; leave out --as, --settings and --at")
        ear, url, name = site_ear(read_site(site), what)
        listener = Listener(ear, _none)
        asyncio.run(hear(open_source(url, name, LiveClock()), listener, printer, for_s))
    elif ":" in what and not Path(what).exists():
        manner = Manner(settings, place, datagrams=what.startswith(DATAGRAMS))
        listener = Listener(named_ear(kind, manner) if kind else None, lambda name: named_ear(name, manner))
        source = open_source(what, "link" if listener.ear and listener.ear.is_link else NAME, LiveClock())
        asyncio.run(hear(source, listener, printer, for_s))
    else:
        listener = _read_file(Path(what), kind, Manner(settings, place, live=False), printer)
    printer.end()
    for line in listener.summary():
        typer.echo(line)
    if not listener.kinds:
        raise typer.Exit(1)


async def hear(source: Source, listener: Listener, printer: Printer, for_s: float | None) -> None:
    """Feed the listener from the source until the time is over, the source ends, or a stop is asked for."""
    listener.reply = lambda reply: source.try_reply(reply.connection, reply.data)
    loop = asyncio.get_running_loop()
    hearing = asyncio.ensure_future(_packets(source, listener, printer))
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, hearing.cancel)
    typer.echo(f"listening at {source.address.url}", err=True)
    try:
        with suppress(TimeoutError, asyncio.CancelledError):
            async with asyncio.timeout(for_s):
                await asyncio.gather(hearing, _ticks(listener, printer, hearing))
    finally:
        hearing.cancel()
        with suppress(asyncio.CancelledError):
            await hearing
    counts = source.statistics()
    if counts["last_error"]:
        typer.echo(f"transport: {counts['last_error']}")
    if counts["dropped"]:
        typer.echo(f"transport: {counts['dropped']} dropped")


async def _packets(source: Source, listener: Listener, printer: Printer) -> None:
    async with aclosing(source.packets()) as packets:
        async for packet in packets:
            printer.put(listener.feed(packet))


async def _ticks(listener: Listener, printer: Printer, hearing: "asyncio.Future[None]") -> None:
    clock = LiveClock()
    printer.put(listener.feed(Packet(PacketKind.OPENED, NAME, clock.now_s())))  # a link: we expect the other side
    while not hearing.done():
        await asyncio.wait([hearing], timeout=TICK_S)
        printer.put(listener.on_tick(clock.now_s()))


def _read_file(path: Path, kind: str | None, manner: Manner, printer: Printer) -> Listener:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TocsinError(
            f"{path}: {error.strerror}; write a file, an address as udp://0.0.0.0:8600, or a sensor with --site"
        ) from error
    listener = Listener(named_ear(kind, manner) if kind else None, lambda name: named_ear(name, manner))
    if listener.ear is None:
        found = listener.recognise(data)
        printer.put(found)
    reader: Ear | None = listener.ear and named_ear(listener.ear.called, manner)
    packets = file_packets(reader.decoder, data, path.name)[0] if reader else [Packet(PacketKind.DATA, NAME, 0.0, data)]
    for packet in packets:
        printer.put(listener.feed(msgspec.structs.replace(packet, source=NAME)))
    return listener


def _none(name: str) -> Ear:
    raise TocsinError(f"{name}: the site file says what it is")

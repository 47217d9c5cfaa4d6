"""App: the live site; sensors, recorder, line, outlets and web started together and stopped together.

Beside the event loop stand three threads: the recorder's writer, the line, and the outlets. What cannot be opened is
refused before any file is made. A stop (SIGINT, SIGTERM) ends the sources, lets the line finish what was recorded,
completes the files and ends the program. So does a source that fails, with its message; a line that fails leaves the
recording whole, the files as far as they got, and `fault.txt`.
"""

import asyncio
import signal
import traceback
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, aclosing, suppress
from pathlib import Path
from typing import Any

import msgspec

from tocsin import __version__
from tocsin.config.site import Site
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Health, Reply
from tocsin.recording.journal import Journal
from tocsin.recording.log import SOURCE as RECORDING
from tocsin.recording.log import Recorder
from tocsin.service.answers import Answers
from tocsin.service.clock import LiveClock
from tocsin.service.files import JOURNAL, RunFiles
from tocsin.service.ingest import Ingest
from tocsin.service.line_thread import LineThread
from tocsin.service.outlets import Outlets
from tocsin.service.page import open_page
from tocsin.service.pipeline import Line, LineOutput
from tocsin.service.resume import keep_place, next_folder, resume
from tocsin.service.shares import open_shares
from tocsin.service.sightings import Sightings, sensor_of
from tocsin.service.timings import Timings
from tocsin.service.views import SiteViews
from tocsin.service.warning_path import WarningPath
from tocsin.transport.source import Source, open_source
from tocsin.web.app import make_app

TICK_S = 0.1
WATCH_S = 1.0
GOODBYE_S = 1.0
PATH_S = 0.5
START_S = 0.2  # an address that cannot be listened on is refused within this time
STOPS = (signal.SIGINT, signal.SIGTERM)

Task = asyncio.Task[None]


class App:
    """One live site. `await run()` returns the summary after a stop was asked for by `stop()` or a signal.

    `on_ready` is told the page's address; `on_fault` what cannot be written, at once, and "" when all is well again.
    """

    def __init__(
        self,
        site: Site,
        out: Path,
        on_ready: Callable[[str], None] | None = None,
        on_fault: Callable[[str], None] | None = None,
        resume: bool = False,
    ) -> None:
        self._site = site
        self._out = out
        self._on_ready = on_ready
        self._on_fault = on_fault
        self._resume = resume
        self._views = SiteViews(site)
        self._clock = LiveClock()
        self._stopping = asyncio.Event()
        self._open = asyncio.Event()  # until then packets wait
        self._parted = 0  # links that have been told of the end
        heard = [(one.name, one.transport) for one in site.sensors] + [(one.name, one.transport) for one in site.links]
        self._sources = {
            name: open_source(transport, name, self._clock, exercise=site.exercise)
            for name, transport in heard
            if transport
        }

    def stop(self) -> None:
        """Ask for the end."""
        self._stopping.set()

    async def run(self) -> dict[str, Any]:
        """Start everything, wait for the stop, end everything. Raises TocsinError for what cannot be started."""
        line = Line(self._site)
        self._path = WarningPath(self._site, self._out)
        self._loop = loop = asyncio.get_running_loop()
        for number in STOPS:
            loop.add_signal_handler(number, self.stop)
        self._answers = Answers(self._put, self._clock, loop)
        sensor = sensor_of(self._site)
        report = Sightings(sensor, self._put, self._clock, self._site.exercise).report if sensor is not None else None
        web = make_app(self._answers.submit, self._views, self._site.web, report=report)
        page, url = await open_page(web, self._site.web)
        tasks = [page, *(asyncio.create_task(self._listen(s), name=n) for n, s in self._sources.items())]
        try:
            await asyncio.wait(tasks, timeout=START_S, return_when=asyncio.FIRST_EXCEPTION)
            _raise_first(tasks)
            return await self._operate(line, tasks, url)
        finally:
            await _end(tasks)
            for number in STOPS:
                loop.remove_signal_handler(number)

    async def _operate(self, line: Line, tasks: list[Task], url: str) -> dict[str, Any]:
        """From the first file to the last."""
        timings = Timings()
        folder = str(self._out / self._site.recording.folder)  # an absolute one stays where it is
        settings = msgspec.structs.replace(self._site.recording, folder=folder)
        async with AsyncExitStack() as stack:
            shares = await open_shares(self._site, stack)
            folder_now = next_folder(self._out) if self._resume else self._out
            files = RunFiles(self._site, folder_now)
            journal = stack.enter_context(Journal(self._out / JOURNAL))
            if self._resume:
                standing, told = resume(line, journal, self._out, self._clock.now_s())
                self._views.resume(standing)
                self._path.resume(told)
            recorder = stack.enter_context(Recorder(settings, {"tocsin": __version__}))
            self._ingest = Ingest(recorder)
            watchers = [self._views.take, self._answers.take, self._reply]
            urgent = self._path.open(self._views)
            outlets = Outlets(
                files, journal, shares, watchers, keep_going=True, refuse=self._answers.refuse, urgent=urgent
            )
            thread = LineThread(line, self._ingest, outlets, timings, self._clock.now_s)
            try:
                await self._begin(url)
                own = [self._tick(thread), self._watch(thread, recorder, outlets), self._watch_path(thread)]
                tasks += [asyncio.create_task(one) for one in own]
                await self._wait_stop(tasks)
            finally:
                await self._say_goodbye(thread)
                await _end(tasks)
                await self._ingest.close()
                await asyncio.to_thread(thread.join)
                recorder.close()
                await asyncio.to_thread(self._path.close)
                if thread.failure is not None:
                    await asyncio.to_thread(outlets.abandon)
                    raise self._line_error(thread)
                lost = recorder.statistics()["lost"]
                notes = [f"{lost} packets are not in the recording"] if lost else []
                summary = {**line.summary(), "notes": notes}
                await asyncio.to_thread(outlets.close, summary, timings.report() | {"warned": timings.warned()})
        return summary

    async def _begin(self, url: str) -> None:
        """The first packets: the site file, and that each sensor is expected."""
        now_s = self._clock.now_s()
        await self._ingest.put(Packet(PacketKind.SITE, "site", now_s, self._site.text.encode()))
        for name, source in self._sources.items():
            await self._ingest.put(Packet(PacketKind.OPENED, name, now_s, origin=source.address.url))
        for sensor in self._site.sensors:
            if sensor.link in self._sources:
                await self._ingest.put(Packet(PacketKind.OPENED, sensor.name, now_s, origin=f"link {sensor.link}"))
        self._open.set()
        if self._on_ready is not None:
            self._on_ready(url)

    async def _wait_stop(self, tasks: Sequence[Task]) -> None:
        """Until somebody asks for the end, or a task fails."""
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([stop, *tasks], return_when=asyncio.FIRST_COMPLETED)
            _raise_first(tasks)
        finally:
            stop.cancel()

    async def _say_goodbye(self, thread: LineThread) -> None:
        """Tell the links that the site stops while their sessions still stand, so that they can say so."""
        with suppress(TocsinError, TimeoutError):  # a line that has ended says nothing any more
            async with asyncio.timeout(GOODBYE_S):
                for link in self._site.links if thread.is_alive() else ():
                    await self._ingest.put(Packet(PacketKind.CLOSED, link.name, self._clock.now_s(), b"the site stops"))
                while self._site.links and thread.is_alive() and self._parted < len(self._site.links):
                    await asyncio.sleep(0.02)

    async def _put(self, packet: Packet) -> Packet:
        await self._open.wait()
        return await self._ingest.put(packet)

    async def _listen(self, source: Source) -> None:
        """Take in the packets of one sensor."""
        async with aclosing(source.packets()) as packets:
            async for packet in packets:
                await self._put(packet)
        await self._stopping.wait()  # an input that ended (standard input) does not end the site

    async def _tick(self, thread: LineThread) -> None:
        """A tick every tenth of a second; a line that has ended ends the site."""
        while thread.is_alive():
            await asyncio.sleep(TICK_S)
            if self._clock.try_catch_up():
                await self._put(Packet(PacketKind.CLOCK_STEP, "clock", self._clock.now_s()))
            await self._put(Packet(PacketKind.TICK, "clock", self._clock.now_s()))

    async def _watch(self, thread: LineThread, recorder: Recorder, outlets: Outlets) -> None:
        """Show the counters, and tell the line, by packets, when recording or outputs fail and are well again."""
        told = ""
        while True:
            status = recorder.status(self._clock.now_s())
            recording = status.reason.partition(";")[0] if status.health != Health.OK else ""
            fault = "; ".join(filter(None, (recording, outlets.fault)))
            if fault != told:
                told = fault
                kind = PacketKind.CLOSED if fault else PacketKind.OPENED
                if self._on_fault is not None:
                    self._on_fault(fault)
                await self._put(Packet(kind, RECORDING, self._clock.now_s(), fault.encode()))
            self._views.put_statistics(
                {
                    **thread.snapshot,
                    "ingest": self._ingest.statistics(),
                    "recording": recorder.statistics(),
                    "outlets": outlets.statistics(),
                    "path": self._path.statistics(),
                    "transport": {name: source.statistics() for name, source in self._sources.items()},
                }
            )
            await asyncio.sleep(WATCH_S)

    async def _watch_path(self, thread: LineThread) -> None:
        """Tell the line, by packets, when the way to people is lost and when it is well again."""
        told: dict[str, str] = {}
        while True:
            for source, fault in self._path.faults().items():
                if fault != told.get(source, ""):
                    told[source] = fault
                    kind = PacketKind.CLOSED if fault else PacketKind.OPENED
                    await self._put(Packet(kind, source, self._clock.now_s(), fault.encode()))
            keep_place(self._out, thread.snapshot)
            await asyncio.sleep(PATH_S)

    def _reply(self, output: LineOutput) -> None:
        """Send what adapters answer their sensors and links say (called in the outlets' thread)."""
        if output.replies:
            self._loop.call_soon_threadsafe(self._send, output.replies)
        if output.packet.kind is PacketKind.CLOSED and not output.packet.connection:
            self._loop.call_soon_threadsafe(self._part)

    def _send(self, replies: Sequence[Reply]) -> None:
        for reply in replies:
            if reply.source in self._sources:
                self._sources[reply.source].try_reply(reply.connection, reply.data)

    def _part(self) -> None:
        self._parted += 1

    def _line_error(self, thread: LineThread) -> TocsinError:
        """The one sentence for a line that failed; the details go to a file."""
        failure = thread.failure
        if isinstance(failure, TocsinError):
            return failure
        with suppress(OSError):  # the sentence is what matters
            (self._out / "fault.txt").write_text("".join(traceback.format_exception(failure)), encoding="utf-8")
        kind = type(failure).__name__
        return TocsinError(
            f"the line failed at packet {thread.sequence} ({kind}: {failure}); everything received is in the recording,"
            f" details are in {self._out / 'fault.txt'}"
        )


def _raise_first(tasks: Sequence[Task]) -> None:
    """Raise what the first failed task failed with, in one sentence."""
    for task in tasks:
        error = task.exception() if task.done() and not task.cancelled() else None
        if isinstance(error, TocsinError):
            raise error
        if error is not None:
            raise TocsinError(f"{task.get_name()}: {type(error).__name__}: {error}") from error


async def _end(tasks: Sequence[Task]) -> None:
    """Cancel the tasks and wait until all have ended, however they end."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

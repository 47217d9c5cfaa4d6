"""Stage: a story played live; the line in a thread at the story's pace, the web beside it, commands let in.

The demo and training run on it. What is played is an exercise, and says so everywhere.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from tocsin.config.site import Site
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet
from tocsin.service.answers import Answers
from tocsin.service.clock import LiveClock
from tocsin.service.outlets import Watch
from tocsin.service.page import close_page, open_page
from tocsin.service.play import as_live, numbered, paced
from tocsin.service.replay import run_packets
from tocsin.service.views import SiteViews
from tocsin.web.app import make_app
from tocsin.web.live import Live

INBOX = 1000  # commands waiting for the story


def story_packets(
    site: Site, packets: Iterable[Packet], speed_ratio: float | None, inbox: "queue.Queue[Packet] | None" = None
) -> Iterable[Packet]:
    """What the line gets: the site file, a word that each sensor is expected, the story with ticks, commands."""
    whole = as_live(site, packets, expected=[sensor.name for sensor in site.sensors])
    return numbered(whole if speed_ratio is None else paced(whole, speed_ratio, inbox), exercise=True)


class Stage:
    """One story. `run` plays it to its end, serving `views` on the site's web address; returns the summary."""

    def __init__(self, site: Site, out: Path) -> None:
        self.site = site
        self.views = SiteViews(site, mode="simulation")
        self.views.put_notice("Preparing the story. The first time this takes a minute.")
        self._out = out
        self._inbox: queue.Queue[Packet] = queue.Queue(INBOX)
        self._stopping = threading.Event()
        self._ended = asyncio.Event()
        self._summary: dict[str, Any] = {}
        self._live: Live | None = None
        self._failure: BaseException | None = None

    @property
    def readers(self) -> int:
        """How many screens are open now."""
        return 0 if self._live is None else self._live.readers

    async def run(
        self,
        packets: Iterable[Packet],
        speed_ratio: float,
        watch: Sequence[Watch] = (),
        on_listening: Callable[[str], None] | None = None,
        after: Callable[[dict[str, Any]], None] | None = None,
        stay: asyncio.Event | None = None,
        inline: Sequence[Watch] = (),
    ) -> dict[str, Any]:
        """`watch` and `inline` as in `run_packets`. `after` is given the summary once the story has ended (in its
        thread); then the web stays up until `stay`.

        Cancelled, it ends the story where it stands and completes the files.
        """
        loop = asyncio.get_running_loop()
        answers = Answers(self._ask, LiveClock(), loop)
        app = make_app(answers.submit, self.views, self.site.web)
        self._live = app.state.live
        page, url = await open_page(app, self.site.web)
        story = story_packets(self.site, packets, speed_ratio, self._inbox)
        watchers = (self.views.take, answers.take, *watch)
        thread = threading.Thread(
            target=self._play, args=(loop, story, watchers, inline, after), name="line", daemon=True
        )
        thread.start()
        try:
            if on_listening is not None:
                on_listening(url)
            await self._wait(self._ended, page)
            if self._failure is not None:
                raise self._failure
            if stay is not None:
                await self._wait(stay, page)
        finally:
            self._stopping.set()
            await close_page(page)
            await asyncio.to_thread(thread.join)
        return self._summary

    async def _wait(self, event: asyncio.Event, page: asyncio.Task[None]) -> None:
        """Until `event`, or the page fails."""
        waiting = asyncio.create_task(event.wait())
        try:
            await asyncio.wait([waiting, page], return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        if page.done():
            page.result()

    async def _ask(self, packet: Packet) -> None:
        if self._ended.is_set():
            raise TocsinError("the story has ended; nothing can be asked of it any more")
        try:
            self._inbox.put_nowait(packet)
        except queue.Full:
            raise TocsinError(f"{INBOX} commands are waiting already") from None

    def _play(
        self,
        loop: asyncio.AbstractEventLoop,
        story: Iterable[Packet],
        watch: Sequence[Watch],
        inline: Sequence[Watch],
        after: Callable[[dict[str, Any]], None] | None,
    ) -> None:
        try:
            played = takewhile(lambda _: not self._stopping.is_set(), story)
            told = self.views.put_statistics
            self._summary = run_packets(self.site, played, self._out, watch, statistics=told, inline=inline)
            self.views.put_ending("The story has ended. Its figures are being worked out.")
            if after is not None and not self._stopping.is_set():
                after(self._summary)
        except BaseException as error:  # kept, and raised by `run`
            self._failure = error
        finally:
            loop.call_soon_threadsafe(self._ended.set)

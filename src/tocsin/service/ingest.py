"""Ingest: gives every live packet its place in the order, records it, and hands it to the line.

The policy for every bounded queue of the live site stands here and nowhere else. Packets of all sources, commands and
ticks pass through `put`, one at a time, so the order of the recording is the order of the line. When the line falls
behind, stream sources are held back (their sockets fill and the sender waits), datagram sources lose packets in the
kernel, and the wait is counted; nothing that was recorded is ever kept from a line that lives.
"""

import asyncio
import queue
import threading
from typing import Any

from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet
from tocsin.recording.log import Recorder
from tocsin.transport.limits import Limits

LINE_QUEUE = 10_000  # packets waiting for the line
OUTLET_QUEUE = 2_000  # outputs waiting for files, journal and shares; the line waits when it is full
JOURNAL_HELD = 10_000  # alerts and commands kept for a journal that cannot be written
SHARE_LIMITS = Limits(waiting_packets=100)  # waiting for one share's transport; the oldest goes when it is full
_WAIT_S = 0.005


class Ingest:
    """The one door into a live line. `put` and `close` run in the event loop's thread, `take` and `end` in the line's.

    A line that ends early says so by `end`: from then on `put` raises TocsinError and `close` has nobody to wait for.
    """

    def __init__(self, recorder: Recorder, line_queue: int = LINE_QUEUE) -> None:
        self._recorder = recorder
        self._packets: queue.Queue[Packet | None] = queue.Queue(line_queue)
        self._lock = asyncio.Lock()
        self._ended = threading.Event()
        self._waited = 0

    async def put(self, packet: Packet) -> Packet:
        """Record `packet` and queue it; returns it with its sequence number."""
        async with self._lock:
            self._waited += self._packets.full()
            await self._wait_room()
            if self._ended.is_set():
                raise TocsinError("the line has ended and takes no packet any more")
            recorded = self._recorder.submit(packet)
            self._packets.put_nowait(recorded)
            return recorded

    async def close(self) -> None:
        """Tell the line that no packet will follow."""
        async with self._lock:
            await self._wait_room()
            if not self._ended.is_set():
                self._packets.put_nowait(None)

    def take(self) -> Packet | None:
        """The next packet, waiting for it; None when none will follow."""
        return self._packets.get()

    def end(self) -> None:
        """Say that nobody will take packets any more."""
        self._ended.set()

    def statistics(self) -> dict[str, Any]:
        """How many packets had to wait for the line, and how many wait now."""
        return {"waited_for_line": self._waited, "waiting": self._packets.qsize()}

    async def _wait_room(self) -> None:
        while self._packets.full() and not self._ended.is_set():
            await asyncio.sleep(_WAIT_S)

"""Desk: where a transport hands in what it receives, and where the source's packets wait to be taken.

A transport opens a session per connection; the desk numbers it, stamps receipt times, emits OPENED, DATA and CLOSED in
that order, keeps to the limits and counts what it refuses. Waiting is bounded: `Session.data` waits for room (so a TCP
peer is slowed down), `Session.try_data` drops (a datagram). Nothing here raises for what a peer sends.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from tocsin.model.packet import Packet, PacketKind
from tocsin.transport.clock import Clock
from tocsin.transport.limits import Limits

Send = Callable[[bytes], Awaitable[None]]
End = Callable[[], None]


class Session:
    """One connection while it is open."""

    def __init__(self, desk: "Desk", connection: int, origin: str, send: Send | None, end: End | None) -> None:
        self.connection = connection
        self.origin = origin
        self.send = send
        self.end = end
        self.heard_s = asyncio.get_running_loop().time()
        self._desk = desk
        self._outbox: deque[bytes] = deque()
        self._outbox_bytes = 0
        self._sender: asyncio.Task[None] | None = None

    async def data(self, data: bytes) -> None:
        """Hand in bytes of a stream; returns when there is room and the rate allows more."""
        self.heard_s = asyncio.get_running_loop().time()
        if self._desk.is_too_large(data):
            return
        await self._desk.put(self._desk.packet(PacketKind.DATA, self, data))
        await self._desk.wait_rate(len(data))

    def try_data(self, data: bytes, origin: str) -> bool:
        """Hand in a datagram from `origin`; False if it was dropped."""
        desk = self._desk
        if desk.is_too_large(data) or not desk.try_rate(len(data)):
            return False
        return desk.try_put(desk.packet(PacketKind.DATA, self, data, origin))

    def try_send(self, data: bytes) -> bool:
        """Queue bytes to go back whole and in order; False, and counted, if there is no way back or too much waits."""
        full = self._outbox_bytes + len(data) > self._desk.limits.packet_bytes
        if self.send is None or full or len(self._outbox) >= self._desk.limits.waiting_packets:
            self._desk.counts["dropped"] += 1
            return False
        self._outbox.append(data)
        self._outbox_bytes += len(data)
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._empty(self.send))
        return True

    async def stop(self) -> None:
        """Send nothing more; what waited is counted as dropped."""
        self._desk.counts["dropped"] += len(self._outbox)
        self._outbox.clear()
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.wait([self._sender])

    async def _empty(self, send: Send) -> None:
        while self._outbox:
            data = self._outbox[0]
            try:
                async with asyncio.timeout(self._desk.limits.open_s):
                    await send(data)
            except OSError as error:  # TimeoutError among them; the bytes may be on their way, so nothing is repeated
                self._desk.failed(error)
            if self._outbox:
                self._outbox.popleft()
                self._outbox_bytes -= len(data)


class Desk:
    """The meeting place of one source's transport and the reader of its packets."""

    def __init__(self, name: str, clock: Clock, limits: Limits, exercise: bool) -> None:
        self.name = name
        self.limits = limits
        self.counts = dict.fromkeys(
            ("opened", "closed", "failures", "packets", "bytes", "dropped", "too_large", "refused", "ended_idle"), 0
        )
        self.last_error = ""
        self.sessions: dict[int, Session] = {}
        self.wake = asyncio.Event()  # a packet came, or the transport ended
        self._room = asyncio.Event()
        self._bound = asyncio.Event()
        self._place = ("", 0)
        self._clock = clock
        self._exercise = exercise
        self._waiting: deque[Packet] = deque()
        self._allowance_bytes = limits.bytes_per_s
        self._allowed_at_s: float | None = None

    @asynccontextmanager
    async def session(self, origin: str, send: Send | None = None, end: End | None = None) -> AsyncIterator[Session]:
        """A connection from OPENED to CLOSED; an OSError inside ends it with that reason and goes no further.

        `end`, where given, ends the connection when its place is needed for another.
        """
        self.counts["opened"] += 1
        session = Session(self, self.counts["opened"], origin, send, end)
        self.sessions[session.connection] = session
        reason = "closed by the peer"
        await self.put(self.packet(PacketKind.OPENED, session))
        try:
            yield session
        except OSError as error:
            reason = self.failed(error)
        finally:
            del self.sessions[session.connection]
            await session.stop()
        self.counts["closed"] += 1
        await self.put(self.packet(PacketKind.CLOSED, session, reason.encode(errors="replace")))

    def has_place(self) -> bool:
        """Whether one more connection may be served; if all are taken, the one silent longest is ended for it."""
        if len(self.sessions) < self.limits.connections:
            return True
        silent_since_s = asyncio.get_running_loop().time() - self.limits.idle_s
        idle = min((session for session in self.sessions.values() if session.end), key=_heard_s, default=None)
        if idle is None or idle.end is None or idle.heard_s > silent_since_s:
            self.counts["refused"] += 1
            return False
        self.counts["ended_idle"] += 1
        end, idle.end = idle.end, None
        end()
        return True

    async def keep(self, connect: Callable[[], Awaitable[None]]) -> None:
        """Call `connect` again whenever it ends, forever; waits grow while no data comes."""
        wait_s = self.limits.retry_first_s
        while True:
            packets_before = self.counts["packets"]
            try:
                await connect()
            except OSError as error:
                self.failed(error)
            if self.counts["packets"] > packets_before:
                wait_s = self.limits.retry_first_s
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, self.limits.retry_last_s)

    def set_bound(self, place: Sequence[Any]) -> None:
        """Tell where a listener listens: host, port."""
        self._place = (place[0], place[1])
        self._bound.set()

    async def wait_bound(self) -> tuple[str, int]:
        """Where the listener listens, once it does."""
        await self._bound.wait()
        return self._place

    def failed(self, error: Exception) -> str:
        """Count a failure and keep its text."""
        self.counts["failures"] += 1
        self.last_error = str(error) or type(error).__name__
        return self.last_error

    def packet(self, kind: PacketKind, session: Session, data: bytes = b"", origin: str = "") -> Packet:
        """A packet received now on `session`."""
        return Packet(
            kind,
            self.name,
            self._clock.now_s(),
            data,
            connection=session.connection,
            origin=origin or session.origin,
            exercise=self._exercise,
        )

    async def put(self, packet: Packet) -> None:
        """Leave a packet for the reader; waits while too many wait already."""
        while len(self._waiting) >= self.limits.waiting_packets:
            self._room.clear()
            await self._room.wait()
        self._leave(packet)

    def try_put(self, packet: Packet) -> bool:
        """Leave a packet for the reader, or drop and count it if too many wait already."""
        if len(self._waiting) >= self.limits.waiting_packets:
            self.counts["dropped"] += 1
            return False
        self._leave(packet)
        return True

    def try_take(self) -> Packet | None:
        """The oldest waiting packet, None if there is none."""
        if not self._waiting:
            return None
        self._room.set()
        return self._waiting.popleft()

    def is_too_large(self, data: bytes) -> bool:
        """Whether `data` is above the size limit, counting it if so."""
        too_large = len(data) > self.limits.packet_bytes
        self.counts["too_large"] += too_large
        return too_large

    def try_rate(self, size: int) -> bool:
        """Take `size` bytes out of a second's allowance; False, and counted, if it is spent."""
        self._allow()
        if size > self._allowance_bytes:
            self.counts["dropped"] += 1
            return False
        self._allowance_bytes -= size
        return True

    async def wait_rate(self, size: int) -> None:
        """Take `size` bytes out of the allowance and wait until it is paid back."""
        self._allow()
        self._allowance_bytes -= size
        if self._allowance_bytes < 0.0:
            await asyncio.sleep(-self._allowance_bytes / self.limits.bytes_per_s)

    def statistics(self) -> dict[str, Any]:
        """Counters since the start, connections now, and the last error in words."""
        return {
            **self.counts,
            "connections": len(self.sessions),
            "waiting": len(self._waiting),
            "last_error": self.last_error,
        }

    def _leave(self, packet: Packet) -> None:
        if packet.kind is PacketKind.DATA:
            self.counts["packets"] += 1
            self.counts["bytes"] += len(packet.data)
        self._waiting.append(packet)
        self.wake.set()

    def _allow(self) -> None:
        now_s = asyncio.get_running_loop().time()
        since_s = 0.0 if self._allowed_at_s is None else now_s - self._allowed_at_s
        self._allowed_at_s = now_s
        per_s = self.limits.bytes_per_s
        self._allowance_bytes = min(per_s, self._allowance_bytes + since_s * per_s)


def _heard_s(session: Session) -> float:
    return session.heard_s

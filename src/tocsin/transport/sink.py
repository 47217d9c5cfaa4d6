"""Sink: where a share's bytes go, from the URL in the site file.

`try_send` never waits: it leaves bytes in a bounded queue that a task empties. If the other side is slow or gone the
oldest bytes are dropped and counted, since what is shared is the present. A lost connection is taken up again by
itself, and begins with `begin()` where the protocol wants an introduction. TCP and files get the bytes one after
another, so framing is the encoder's; a datagram is one `try_send`.

Known: udp://host:port, multicast://group:port#interface=ADDRESS (`&ttl=`, 1 by default: this network only),
tcp://host:port, tls://host:port, mqtt://host:port/topic and mqtts:// (a message each), file:///path (appended to),
latest:///path (replaced by the newest). The files of TLS are told by `#ca=`, `cert=` and `key=`.
"""

import asyncio
import os
import socket
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tocsin.model.errors import TocsinError
from tocsin.transport import certificates, mqtt
from tocsin.transport.address import Address, Form, parse
from tocsin.transport.certificates import client_context
from tocsin.transport.file import check_path
from tocsin.transport.limits import Limits
from tocsin.transport.udp import check_multicast

FORMS = {
    "udp": Form("udp://host:port"),
    "multicast": Form("multicast://239.2.3.1:6969#interface=127.0.0.1", options=("interface", "ttl")),
    "tcp": Form("tcp://host:port"),
    "tls": Form("tls://host:port", options=certificates.OPTIONS),
    "mqtt": Form("mqtt://host:1883/topic", options=mqtt.OPTIONS),
    "mqtts": Form("mqtts://host:8883/topic", options=(*mqtt.OPTIONS, *certificates.OPTIONS)),
    "file": Form("file:///path", socket=False),
    "latest": Form("latest:///path", socket=False),
}
STREAMS = ("tcp", "tls")
_CHECK: dict[str, Callable[[Address], object]] = {
    "multicast": check_multicast,
    "tls": client_context,
    "mqtt": mqtt.check_publish,
    "mqtts": mqtt.check_publish,
    "file": check_path,
    "latest": check_path,
}
_READ_BYTES = 65536


class Sink:
    """An async context manager: entering starts the sending task, leaving ends it (after what is queued was tried)."""

    def __init__(self, address: Address, limits: Limits, begin: Callable[[], bytes] | None = None) -> None:
        self.address = address
        self._limits = limits
        self._begin = begin
        self._queue: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._counts = {"queued": 0, "sent": 0, "dropped": 0, "failures": 0}
        self._last_error = ""
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Sink":
        run = {
            "udp": self._send_datagrams,
            "multicast": self._send_datagrams,
            "mqtt": self._publish,
            "mqtts": self._publish,
            "file": self._append,
            "latest": self._replace,
        }
        self._task = asyncio.create_task(self._keep(run.get(self.address.scheme, self._send_stream)))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            await self._wait_sent()
            self._task.cancel()
            await asyncio.wait([self._task])

    def try_send(self, data: bytes) -> bool:
        """Queue bytes; False if older ones had to be dropped for them."""
        self._counts["queued"] += 1
        fits = len(self._queue) < self._limits.waiting_packets
        if not fits:
            self._queue.popleft()
            self._counts["dropped"] += 1
        self._queue.append(data)
        self._wake.set()
        return fits

    def statistics(self) -> dict[str, Any]:
        """Counters since the start, and the last error in words."""
        return {**self._counts, "waiting": len(self._queue), "last_error": self._last_error}

    async def _wait_sent(self) -> None:
        """Wait until the queue is empty or the sending fails, `open_s` at most."""
        failures = self._counts["failures"]
        deadline_s = asyncio.get_running_loop().time() + self._limits.open_s
        while self._queue and self._counts["failures"] == failures:
            if asyncio.get_running_loop().time() > deadline_s:
                return
            await asyncio.sleep(0.01)

    async def _keep(self, send_queue: Callable[[], Awaitable[None]]) -> None:
        wait_s = self._limits.retry_first_s
        while True:
            sent_before = self._counts["sent"]
            try:
                await send_queue()
            except OSError as error:
                self._failed(error)
            wait_s = min(2 * wait_s, self._limits.retry_last_s)
            if self._counts["sent"] > sent_before:
                wait_s = self._limits.retry_first_s
            await asyncio.sleep(wait_s)

    def _failed(self, error: OSError) -> None:
        self._counts["failures"] += 1
        self._last_error = str(error) or type(error).__name__

    async def _wait_queued(self, ended: asyncio.Future[None] | None = None) -> bytes:
        """The oldest bytes, which stay in the queue until `_done`; ConnectionError once `ended` is done."""
        while True:
            if ended is not None and ended.done():
                raise ConnectionError("closed by the peer")
            if self._queue:
                return self._queue[0]
            self._wake.clear()
            await self._wake.wait()

    def _done(self, data: bytes) -> None:
        if self._queue and self._queue[0] is data:  # else it was dropped for newer bytes meanwhile
            self._queue.popleft()

    async def _send_datagrams(self) -> None:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(self.address.host, self.address.port, type=socket.SOCK_DGRAM)
        family, kind, protocol, _, place = found[0]
        with socket.socket(family, kind, protocol) as opened:
            opened.setblocking(False)
            if self.address.scheme == "multicast":
                interface = socket.inet_aton(self.address.options["interface"])
                opened.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
                opened.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, int(self.address.number("ttl", "1")))
            while True:
                data = await self._wait_queued()
                self._done(data)  # sent or not: the next one may pass
                try:
                    await loop.sock_sendto(opened, data, place)
                    self._counts["sent"] += 1
                except OSError as error:
                    self._failed(error)

    async def _send_stream(self) -> None:
        context = client_context(self.address) if self.address.scheme == "tls" else None
        async with asyncio.timeout(self._limits.open_s):
            reader, writer = await asyncio.open_connection(self.address.host, self.address.port, ssl=context)
        ended = asyncio.create_task(_discard(reader))
        ended.add_done_callback(lambda _: self._wake.set())
        try:
            if self._begin is not None:
                writer.write(self._begin())
            while True:
                data = await self._wait_queued(ended)
                writer.write(data)
                async with asyncio.timeout(self._limits.open_s):
                    await writer.drain()
                self._counts["sent"] += 1
                self._done(data)
        finally:
            ended.cancel()
            await _close(writer)

    async def _publish(self) -> None:
        broker = mqtt.Broker(self.address, self._limits)
        try:
            await broker.connect()
            broker.ended.add_done_callback(lambda _: self._wake.set())
            while True:
                data = await self._wait_queued(broker.ended)
                await broker.publish(data)
                self._counts["sent"] += 1
                self._done(data)
        finally:
            broker.close()

    async def _replace(self) -> None:
        path = Path(unquote(self.address.path))
        beside = path.with_name(f".{path.name}.new")
        while True:
            data = await self._wait_queued()
            beside.write_bytes(data)
            beside.replace(path)  # a reader sees the old or the new, never a half
            self._counts["sent"] += 1
            self._done(data)

    async def _append(self) -> None:
        path = Path(unquote(self.address.path))
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
        with open(descriptor, "ab", buffering=0) as stream:
            while True:
                data = await self._wait_queued()
                size_before = os.fstat(descriptor).st_size
                try:
                    rest = memoryview(data)
                    while rest:
                        rest = rest[stream.write(rest) :]
                except OSError:
                    os.ftruncate(descriptor, size_before)  # no half message stays; it is tried again whole
                    raise
                self._counts["sent"] += 1
                self._done(data)


def open_sink(
    url: str, share_name: str, limits: Limits | None = None, begin: Callable[[], bytes] | None = None
) -> Sink:
    """The sink behind `url`; TocsinError names the share and what would mend the URL.

    `begin` gives the first bytes of each connection of tcp and tls, asked for anew whenever one stands.
    """
    address = parse(url, share_name, FORMS)
    check = _CHECK.get(address.scheme)
    if check is not None:
        check(address)
    if begin is not None and address.scheme not in STREAMS:
        raise TocsinError(f"{share_name}: needs a connection, tcp:// or tls://, not {url}")
    return Sink(address, limits or Limits(), begin)


async def _discard(reader: asyncio.StreamReader) -> None:
    """Read until the peer ends the connection, however it does."""
    with suppress(OSError):  # the end is all that is asked; the sender reports it
        while await reader.read(_READ_BYTES):
            pass


async def _close(writer: asyncio.StreamWriter) -> None:
    """Let what was written leave, a second at most."""
    writer.close()
    try:
        async with asyncio.timeout(1.0):
            await writer.wait_closed()
    except OSError:  # TimeoutError among them
        writer.transport.abort()

"""Source: the packets of one sensor or link, from the URL in the site file.

`open_source` checks the URL and opens nothing; iterating `packets()` does. Packets have sequence 0, the recorder
numbers them. A lost connection is taken up again by itself, with growing waits, and shows as CLOSED and OPENED.
Ending the iteration (aclose, cancel) closes every socket and ends every task before it returns.

Known: tcp://host:port and tls://host:port (connect), tcp-listen://[host]:port and tls-listen://[host]:port,
udp://[host]:port, multicast://group:port#interface=ADDRESS, ws:// and wss://, http:// and https:// (poll,
`#period_s=`), mqtt://host:port/topic and mqtts://, zmq://host:port (subscribe), serial:///device#baud=, file:///path,
stdin:. The files of TLS are told by `#ca=`, `cert=` and `key=`. A listener without a host listens on this machine only.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

from tocsin.model.packet import Packet
from tocsin.transport import certificates, file, http, mqtt, serial, tcp, udp, websocket, zmq
from tocsin.transport.address import Address, Form, parse
from tocsin.transport.clock import Clock
from tocsin.transport.desk import Desk
from tocsin.transport.limits import Limits

_WEB = ("token_env",)
FORMS = {
    "tcp": Form("tcp://host:port"),
    "tls": Form("tls://host:port", options=certificates.OPTIONS),
    "tcp-listen": Form("tcp-listen://127.0.0.1:port", listens=True),
    "tls-listen": Form("tls-listen://127.0.0.1:port#cert=FILE", listens=True, options=certificates.OPTIONS),
    "udp": Form("udp://127.0.0.1:port", listens=True),
    "multicast": Form("multicast://239.2.3.1:6969#interface=127.0.0.1", options=("interface",)),
    "ws": Form("ws://host/path", options=_WEB),
    "wss": Form("wss://host/path", options=_WEB),
    "http": Form("http://host/path#period_s=1", options=("period_s", *_WEB)),
    "https": Form("https://host/path#period_s=1", options=("period_s", *_WEB)),
    "mqtt": Form("mqtt://host:1883/topic", options=mqtt.OPTIONS),
    "mqtts": Form("mqtts://host:8883/topic", options=(*mqtt.OPTIONS, *certificates.OPTIONS)),
    "zmq": Form("zmq://host:port", options=zmq.OPTIONS),
    "serial": Form("serial:///dev/ttyUSB0#baud=115200", socket=False, options=serial.OPTIONS),
    "file": Form("file:///path", socket=False, options=("from",)),
    "stdin": Form("stdin:", socket=False),
}
_RUN: dict[str, Callable[[Address, Desk], Awaitable[None]]] = {
    "tcp": tcp.connect,
    "tls": tcp.connect,
    "tcp-listen": tcp.listen,
    "tls-listen": tcp.listen,
    "udp": udp.listen,
    "multicast": udp.listen_multicast,
    "ws": websocket.connect,
    "wss": websocket.connect,
    "http": http.poll,
    "https": http.poll,
    "mqtt": mqtt.subscribe,
    "mqtts": mqtt.subscribe,
    "zmq": zmq.subscribe,
    "serial": serial.read,
    "file": file.follow,
    "stdin": file.read_stdin,
}
_CHECK: dict[str, Callable[[Address], object]] = {
    "multicast": udp.check_multicast,
    "file": file.check_follow,
    "tls": certificates.client_context,
    "tls-listen": certificates.server_context,
    "mqtt": mqtt.check,
    "mqtts": mqtt.check,
    "serial": serial.check,
    "ws": Address.token,
    "wss": Address.token,
    "http": Address.token,
    "https": Address.token,
}


class Source:
    """One source; iterate `packets()` once."""

    def __init__(self, address: Address, desk: Desk) -> None:
        self.address = address
        self._desk = desk

    async def packets(self) -> AsyncGenerator[Packet, None]:
        """Packets as they come; ends only if the input has an end (stdin). Raises TocsinError if it cannot listen."""
        task = asyncio.ensure_future(_RUN[self.address.scheme](self.address, self._desk))
        task.add_done_callback(lambda _: self._desk.wake.set())
        try:
            while True:
                packet = self._desk.try_take()
                if packet is not None:
                    yield packet
                elif task.done():
                    task.result()
                    return
                else:
                    self._desk.wake.clear()
                    await self._desk.wake.wait()
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def reply(self, connection: int, data: bytes) -> bool:
        """Send bytes back on a connection; False, and counted, if it is gone, has no way back or does not take them."""
        session = self._desk.sessions.get(connection)
        if session is None or session.send is None:
            self._desk.counts["dropped"] += 1
            return False
        try:
            async with asyncio.timeout(self._desk.limits.open_s):
                await session.send(data)
        except OSError as error:
            self._desk.failed(error)
            return False
        return True

    def try_reply(self, connection: int, data: bytes) -> bool:
        """Queue bytes to go back on a connection, without waiting; False, and counted, if it takes them not."""
        session = self._desk.sessions.get(connection)
        if session is None:
            self._desk.counts["dropped"] += 1
            return False
        return session.try_send(data)

    async def wait_bound(self) -> tuple[str, int]:
        """The host and port a listener got, once it has them."""
        return await self._desk.wait_bound()

    def statistics(self) -> dict[str, Any]:
        """Counters since the start, and the last error in words."""
        return self._desk.statistics()


def open_source(
    url: str, source_name: str, clock: Clock, limits: Limits | None = None, exercise: bool = False
) -> Source:
    """The source behind `url`; TocsinError names the source and what would mend the URL."""
    address = parse(url, source_name, FORMS)
    check = _CHECK.get(address.scheme)
    if check is not None:
        check(address)
    return Source(address, Desk(source_name, clock, limits or Limits(), exercise))

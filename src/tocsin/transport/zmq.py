"""ZeroMQ subscriber: messages of a publisher to packets, one message a packet.

Of a message in several parts the last is the data, and the first, its topic, goes into the origin. The connection is
made and watched here rather than by libzmq, so that its loss shows as CLOSED; a peer that falls silent is found by
heartbeats. A message that finds no room is dropped and counted.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import zmq
import zmq.asyncio
from zmq.utils.monitor import recv_monitor_message

from tocsin.transport.address import Address
from tocsin.transport.desk import Desk, Session

OPTIONS = ("topic",)
_HEARTBEAT_MS = 10_000
_ENDS = (zmq.EVENT_DISCONNECTED, zmq.EVENT_CLOSED, zmq.EVENT_MONITOR_STOPPED)
_FAILURES = (zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL, zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL, zmq.EVENT_HANDSHAKE_FAILED_AUTH)


async def subscribe(address: Address, desk: Desk) -> None:
    """Receive what the publisher says until cancelled."""

    async def once() -> None:
        with _subscriber(address, desk) as (subscriber, monitor):
            subscriber.connect(f"tcp://{address.host}:{address.port}")
            async with asyncio.timeout(desk.limits.open_s):
                await _event(monitor, (zmq.EVENT_HANDSHAKE_SUCCEEDED,))
            async with desk.session(f"{address.host}:{address.port}") as session:
                receiving = asyncio.create_task(_receive(subscriber, session))
                try:
                    await _event(monitor, _ENDS)
                finally:
                    receiving.cancel()
                    await asyncio.wait([receiving])
                while await subscriber.poll(0):
                    _take(await subscriber.recv_multipart(), session)
                raise ConnectionError("closed by the publisher")

    await desk.keep(once)


@contextmanager
def _subscriber(address: Address, desk: Desk) -> Iterator[tuple[zmq.asyncio.Socket, zmq.asyncio.Socket]]:
    context = zmq.asyncio.Context()
    try:
        subscriber = context.socket(zmq.SUB)
        subscriber.setsockopt(zmq.RCVHWM, desk.limits.waiting_packets)
        subscriber.setsockopt(zmq.MAXMSGSIZE, desk.limits.packet_bytes)
        subscriber.setsockopt(zmq.RECONNECT_IVL, -1)
        subscriber.setsockopt(zmq.HEARTBEAT_IVL, _HEARTBEAT_MS)
        subscriber.setsockopt(zmq.IPV6, 1)
        subscriber.setsockopt(zmq.SUBSCRIBE, address.options.get("topic", "").encode())
        yield subscriber, subscriber.get_monitor_socket()
    finally:
        context.destroy(linger=0)


async def _event(monitor: zmq.asyncio.Socket, wanted: tuple[int, ...]) -> None:
    while True:
        event = (await recv_monitor_message(monitor))["event"]
        if event in wanted:
            return
        if event in _ENDS or event in _FAILURES:
            raise ConnectionError("refused by the publisher, or nobody is there")


async def _receive(subscriber: zmq.asyncio.Socket, session: Session) -> None:
    while True:
        _take(await subscriber.recv_multipart(), session)


def _take(parts: list[bytes], session: Session) -> None:
    topic = parts[0].decode("utf-8", "replace")[:80] if len(parts) > 1 else ""
    session.try_data(parts[-1], f"{session.origin} {topic}".strip())

"""ZeroMQ on loopback: a publisher that goes and comes back, parts and topics, messages that find no room."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import zmq
import zmq.asyncio

from broker import free_port
from tocsin.transport.limits import Limits
from unit.transport.harness import CLOSED, DATA, OPENED, QUICK, kinds, running, source, until

pytestmark = pytest.mark.anyio


@contextmanager
def publisher(port: int) -> Iterator[zmq.asyncio.Socket]:
    context = zmq.asyncio.Context()
    try:
        made = context.socket(zmq.XPUB)  # hears of its subscribers, so that a test need not guess when to speak
        made.bind(f"tcp://127.0.0.1:{port}")
        yield made
    finally:
        context.destroy(linger=0)


async def test_a_publisher_that_comes_back_is_heard_again() -> None:
    port = free_port()
    radar = source(f"zmq://127.0.0.1:{port}")
    async with running(radar) as got:
        with publisher(port) as first:
            await first.recv()
            await first.send(b'[{"Basic ID": {}}]')
            await first.send_multipart([b"status", b"{}"])
            await until(lambda: kinds(got).count(DATA) == 2)
        await until(lambda: CLOSED in kinds(got))
        with publisher(port) as second:
            await second.recv()
            await second.send(b"again")
            await until(lambda: got[-1].data == b"again")
    assert kinds(got)[:4] == [OPENED, DATA, DATA, CLOSED]
    assert (got[1].data, got[2].data) == (b'[{"Basic ID": {}}]', b"{}")
    assert got[2].origin == f"127.0.0.1:{port} status"


async def test_a_topic_is_asked_for_and_what_finds_no_room_is_counted() -> None:
    port = free_port()
    limits = Limits(packet_bytes=5000, bytes_per_s=1000, retry_first_s=QUICK.retry_first_s)
    radar = source(f"zmq://127.0.0.1:{port}#topic=drone", limits)
    async with running(radar) as got:
        with publisher(port) as speaker:
            assert await speaker.recv() == b"\x01drone"
            await speaker.send_multipart([b"status", b"not asked for"])
            for _ in range(4):
                await speaker.send_multipart([b"drone", bytes(900)])
            await until(lambda: kinds(got).count(DATA) + radar.statistics()["dropped"] == 4)
    assert radar.statistics()["dropped"] >= 1 and all(len(packet.data) != 13 for packet in got)


async def test_a_port_that_speaks_something_else_ends_in_a_failure() -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    radar = source(f"zmq://127.0.0.1:{server.sockets[0].getsockname()[1]}", Limits(open_s=0.5, retry_first_s=0.01))
    async with server, running(radar) as got:
        await until(lambda: radar.statistics()["failures"] >= 2)
    assert got == []

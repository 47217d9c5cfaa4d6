"""What a busy reader and a rate cost: streams wait, nothing is lost."""

import asyncio
import os
from contextlib import aclosing

import pytest

from tocsin.transport.limits import Limits
from unit.transport.harness import CLOSED, DATA, joined, running, source, until

pytestmark = pytest.mark.anyio


async def test_a_slow_reader_slows_a_stream_and_loses_nothing() -> None:
    payload = os.urandom(3_000_000)

    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(payload)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    radar = source(f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}", Limits(waiting_packets=2))
    received = b""
    async with server, aclosing(radar.packets()) as packets:
        async for packet in packets:
            await asyncio.sleep(0.001)
            assert radar.statistics()["waiting"] <= 2
            received += packet.data if packet.kind is DATA else b""
            if packet.kind is CLOSED:
                break
    assert received == payload


async def test_a_stream_is_read_no_faster_than_its_rate() -> None:
    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(bytes(10_000_000))

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    radar = source(f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}", Limits(bytes_per_s=50_000))
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    async with server, running(radar) as got:
        await until(lambda: len(joined(got)) > 50_000)
        await asyncio.sleep(0.1)
        # a second's allowance at once, one read in flight, and the rate since
        assert len(joined(got)) <= 50_000 + 65_536 + 50_000 * (loop.time() - began_s)

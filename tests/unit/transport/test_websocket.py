"""A WebSocket on loopback."""

import pytest
from websockets.asyncio.server import ServerConnection, serve

from tocsin.transport.limits import Limits
from unit.transport.harness import CLOSED, DATA, kinds, running, source, until

pytestmark = pytest.mark.anyio


async def test_websocket_gives_messages_and_refuses_a_huge_one() -> None:
    async def speak(websocket: ServerConnection) -> None:
        await websocket.send("grüezi")
        assert await websocket.recv() == b"ack"
        await websocket.send(b"\x00\x01")
        await websocket.send(bytes(2000))
        await websocket.wait_closed()

    async with serve(speak, "127.0.0.1", 0) as server:
        port = list(server.sockets)[0].getsockname()[1]
        radar = source(f"ws://127.0.0.1:{port}/feed", Limits(packet_bytes=1000, retry_first_s=60.0))
        async with running(radar) as got:
            await until(lambda: DATA in kinds(got))
            assert await radar.reply(1, b"ack")
            await until(lambda: CLOSED in kinds(got))
    assert [packet.data for packet in got if packet.kind is DATA] == ["grüezi".encode(), b"\x00\x01"]
    assert radar.statistics()["failures"] == 1

"""Socket: the frames of `live.py` over a WebSocket, each a binary message, to any number of pages.

A page with a stream of its own holds one of the six connections that a browser opens to one address; a socket is not
among them, so that any number of windows may stand open. A reader that is slow, or frozen, holds up nobody: its next
frame waits until it has taken the one before, and is then the newest. What it sends is passed over.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState


async def follow(socket: WebSocket, frames: AsyncGenerator[bytes, None]) -> None:
    """Accept, and send until either side ends it."""
    await socket.accept()
    ways = [asyncio.create_task(way) for way in (_send(socket, frames), _hear(socket))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.wait(ways)
    for way in ways:
        if not way.cancelled():
            way.result()
    if socket.application_state is WebSocketState.CONNECTED and socket.client_state is WebSocketState.CONNECTED:
        await socket.close(1001)


async def _send(socket: WebSocket, frames: AsyncGenerator[bytes, None]) -> None:
    async with aclosing(frames):
        async for frame in frames:
            if not await _reaches(socket.send_bytes, frame):
                return


async def _reaches(send: Callable[[bytes], Awaitable[None]], frame: bytes) -> bool:
    try:
        await send(frame)
    except WebSocketDisconnect:
        return False
    return True


async def _hear(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass

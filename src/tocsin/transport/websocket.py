"""WebSocket client: one message a packet; a text message gives its UTF-8 bytes."""

from websockets.asyncio.client import connect as open_websocket
from websockets.exceptions import WebSocketException

from tocsin.transport.address import Address
from tocsin.transport.desk import Desk


async def connect(address: Address, desk: Desk) -> None:
    """Connect to the address, again whenever the connection ends."""
    token = address.token()
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def once() -> None:
        try:
            async with open_websocket(
                address.url,
                additional_headers=headers,
                open_timeout=desk.limits.open_s,
                max_size=desk.limits.packet_bytes,
                compression=None,
                proxy=None,
            ) as websocket:

                async def send(data: bytes) -> None:
                    try:
                        await websocket.send(data)
                    except WebSocketException as error:
                        raise ConnectionError(str(error)) from error

                async with desk.session(address.url, send) as session:
                    try:
                        async for message in websocket:
                            await session.data(message.encode() if isinstance(message, str) else message)
                    except WebSocketException as error:
                        raise ConnectionError(str(error)) from error
        except WebSocketException as error:
            raise ConnectionError(str(error)) from error

    await desk.keep(once)

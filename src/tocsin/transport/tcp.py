"""TCP, client and listener, with and without TLS. A stream's packets are cut wherever the network cut them.

Dead peers are found by keep-alive probes within about 30 s. TLS verifies the certificate and the host name, always; a
listener with an authority takes only clients that show a certificate of it.
"""

import asyncio
import socket
from contextlib import suppress

from tocsin.transport.address import Address, peer_text
from tocsin.transport.certificates import client_context, server_context
from tocsin.transport.desk import Desk

READ_BYTES = 65536


async def connect(address: Address, desk: Desk) -> None:
    """Connect to the address, again whenever the connection ends."""
    context = client_context(address) if address.scheme == "tls" else None

    async def once() -> None:
        async with asyncio.timeout(desk.limits.open_s):
            reader, writer = await asyncio.open_connection(address.host, address.port, ssl=context)
        await _serve(desk, reader, writer)

    await desk.keep(once)


async def listen(address: Address, desk: Desk) -> None:
    """Accept connections until cancelled; above the limit the longest silent one, or else the new one, is closed."""

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if desk.has_place():
            group.create_task(_serve(desk, reader, writer))
        else:
            writer.transport.abort()

    context = server_context(address) if address.scheme == "tls-listen" else None
    shake_s = None if context is None else desk.limits.open_s
    try:
        server = await asyncio.start_server(
            accept, address.host, address.port, ssl=context, ssl_handshake_timeout=shake_s, start_serving=False
        )
    except OSError as error:
        raise address.refuse(f"cannot listen there: {error.strerror or error}") from error
    async with server, asyncio.TaskGroup() as group:
        try:
            await server.start_serving()
            desk.set_bound(server.sockets[0].getsockname())
            await asyncio.get_running_loop().create_future()  # until cancelled
        finally:
            server.close()


async def _serve(desk: Desk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    _probe(writer.get_extra_info("socket"))

    async def send(data: bytes) -> None:
        writer.write(data)
        await writer.drain()

    try:
        async with desk.session(peer_text(writer.get_extra_info("peername")), send, writer.transport.abort) as session:
            while data := await reader.read(READ_BYTES):
                await session.data(data)
    finally:
        writer.transport.abort()
        with suppress(OSError):  # the peer's errors after the end are of no interest
            await writer.wait_closed()


def _probe(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (("TCP_KEEPIDLE", 10), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 4)):
        if hasattr(socket, option):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)

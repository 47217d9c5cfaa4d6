"""HTTP poll: one reply's body a packet, every `period_s` (1 s unless the address says otherwise).

The poll counts as one connection: OPENED with the first good reply, CLOSED with the reason at the first bad one. A
reply other than 200, a redirect, and a body above the limit are failures. Certificates are always verified.
"""

import asyncio

import httpx

from tocsin.transport.address import Address
from tocsin.transport.desk import Desk


async def poll(address: Address, desk: Desk) -> None:
    """Poll the address until cancelled, waiting longer while it fails."""
    period_s = address.number("period_s", "1")
    token = address.token()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(headers=headers, timeout=desk.limits.open_s, trust_env=False) as client:

        async def once() -> None:
            body = await _fetch(client, address, desk)
            async with desk.session(address.url) as session:
                while True:
                    await session.data(body)
                    await asyncio.sleep(period_s)
                    body = await _fetch(client, address, desk)

        await desk.keep(once)


async def _fetch(client: httpx.AsyncClient, address: Address, desk: Desk) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(desk.limits.open_s), client.stream("GET", address.url) as response:
            if response.status_code != httpx.codes.OK:
                raise ConnectionError(f"answered {response.status_code} {response.reason_phrase}")
            async for part in response.aiter_bytes():
                body += part
                if len(body) > desk.limits.packet_bytes:
                    desk.counts["too_large"] += 1
                    raise ConnectionError(f"answered more than {desk.limits.packet_bytes} bytes")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ConnectionError(str(error) or type(error).__name__) from error
    return bytes(body)

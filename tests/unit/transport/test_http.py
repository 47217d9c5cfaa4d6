"""Polling a real server on loopback."""

import asyncio

import pytest

from tocsin.transport.limits import Limits
from unit.transport.harness import CLOSED, DATA, OPENED, kinds, running, source, until

pytestmark = pytest.mark.anyio


async def test_http_poll_reports_failure_and_recovery(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_TEST_TOKEN", "s3cret")
    answers = iter(["200 OK", "200 OK", "503 Busy", "200 OK"])
    requests: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        requests.append(request)
        status = next(answers, "200 OK")
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nplots".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}/plots?since=0#period_s=0.01&token_env=TOCSIN_TEST_TOKEN"
    radar = source(url)
    async with server, running(radar) as got:
        await until(lambda: len(got) >= 6)
    assert kinds(got)[:6] == [OPENED, DATA, DATA, CLOSED, OPENED, DATA]
    assert got[3].data == b"answered 503 Busy"
    assert got[0].origin == f"http://127.0.0.1:{port}/plots?since=0"
    assert requests[0].startswith(b"GET /plots?since=0 ") and b"authorization: bearer s3cret" in requests[0].lower()


async def test_a_huge_http_answer_is_cut_off() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                writer.write(bytes(65536))
                await writer.drain()
        except ConnectionError:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    radar = source(
        f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", Limits(packet_bytes=100_000, retry_first_s=60.0)
    )
    async with server, running(radar) as got:
        await until(lambda: radar.statistics()["too_large"])
    assert got == []

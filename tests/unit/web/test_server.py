"""The real server on a free port: stream, slow readers, shutdown."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette

from tocsin.model.command import Command
from tocsin.model.errors import TocsinError
from tocsin.web.app import make_app
from tocsin.web.server import check_port, serve
from tocsin.web.settings import Settings
from unit.web.examples import FixedViews

pytestmark = pytest.mark.anyio
SETTINGS = Settings(port=0, clients=3)


async def submit(command: Command) -> int:
    return 1


@asynccontextmanager
async def serving(views: FixedViews) -> AsyncIterator[tuple[str, Starlette]]:
    """A running server's URL; on leaving, every task and socket of it must be gone."""
    tasks_before = asyncio.all_tasks()
    app = make_app(submit, views, SETTINGS)
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(serve(app, SETTINGS, listening.set_result))
    try:
        async with asyncio.timeout(20):
            yield await listening, app
    finally:
        task.cancel()
        async with asyncio.timeout(20):
            await asyncio.wait([task])
    assert task.cancelled()
    assert asyncio.all_tasks() == tasks_before


async def events(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    """(event, data) as they come."""
    event = ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield event, msgspec.json.decode(line.removeprefix("data: "))


async def test_a_reader_gets_the_state_at_once_and_then_what_changed() -> None:
    views = FixedViews()
    async with serving(views) as (url, app), httpx.AsyncClient(base_url=url) as web:
        assert url.startswith("http://127.0.0.1:")
        async with web.stream("GET", "/stream") as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            stream = events(response)
            first = {event: data async for event, data in _take(stream, 3)}
            assert set(first) == {"picture", "alerts", "sensors"} and first["picture"]["sequence"] == 7
            views.show(sequence=8)
            event, data = await anext(stream)
            assert (event, data["sequence"]) == ("picture", 8)
            assert app.state.stream.readers == 1
        while app.state.stream.readers:
            await asyncio.sleep(0.01)
        assert (await web.get("/api/picture")).json()["sequence"] == 8


async def _take(stream: AsyncIterator[tuple[str, Any]], count: int) -> AsyncIterator[tuple[str, Any]]:
    for _ in range(count):
        yield await anext(stream)


async def test_a_reader_that_stops_reading_slows_nobody_and_then_gets_the_newest() -> None:
    views = FixedViews(tracks=300)
    async with serving(views) as (url, app), httpx.AsyncClient(base_url=url) as web:
        host, port = url.removeprefix("http://").removesuffix("/").split(":")
        slow_reader, slow_writer = await asyncio.open_connection(host, int(port), limit=1024)
        slow_writer.write(f"GET /stream HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        async with web.stream("GET", "/stream") as response:
            stream = events(response)
            async for _ in _take(stream, 3):
                pass
            for sequence in range(100, 220):  # some 30 MB: more than the sockets on the way hold
                views.show(sequence)
                app.state.stream.look()
                event, data = await anext(stream)
                assert data["sequence"] == sequence
            while app.state.stream.readers < 2:
                await asyncio.sleep(0.01)
            skipped_before = app.state.stream.skipped
            while True:
                line = await _line(slow_reader)
                if b'"sequence":219,' in line:
                    break
            assert app.state.stream.skipped > skipped_before
        slow_writer.close()


async def _line(reader: asyncio.StreamReader) -> bytes:
    """A line of any length."""
    parts: list[bytes] = []
    while True:
        try:
            return b"".join([*parts, await reader.readuntil(b"\n")])
        except asyncio.LimitOverrunError as error:
            parts.append(await reader.readexactly(error.consumed))


async def test_more_streams_than_allowed_are_refused() -> None:
    async with serving(FixedViews()) as (url, app), httpx.AsyncClient(base_url=url) as web:
        streams = [web.stream("GET", "/stream") for _ in range(3)]
        responses = [await stream.__aenter__() for stream in streams]
        for response in responses:
            await anext(events(response))
        assert (await web.get("/stream")).status_code == 503
        for stream in streams:
            await stream.__aexit__(None, None, None)


async def test_shutdown_ends_open_streams() -> None:
    async with serving(FixedViews()) as (url, _):
        host, port = url.removeprefix("http://").removesuffix("/").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET /stream HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        await reader.readuntil(b"event: picture")
    async with asyncio.timeout(20):
        await reader.read()
    writer.close()
    with pytest.raises(OSError):
        await asyncio.open_connection(host, int(port))


async def test_a_port_in_use_is_an_error_that_names_the_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(port=taken.getsockname()[1])
        with pytest.raises(
            TocsinError, match=r"cannot listen on 127\.0\.0\.1:\d+: Address already in use; .*web\.port"
        ):
            await serve(make_app(submit, FixedViews(), settings), settings)
        with pytest.raises(TocsinError, match="cannot listen"):
            check_port(settings)
    check_port(settings)


async def test_with_a_certificate_the_way_is_encrypted(tmp_path: Path) -> None:
    certificate, key = certified(tmp_path)
    settings = Settings(port=0, certificate=str(certificate), key=str(key))
    app = make_app(submit, FixedViews(), settings)
    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(serve(app, settings, listening.set_result))
    try:
        async with asyncio.timeout(20):
            url = await listening
            assert url.startswith("https://127.0.0.1:")
            trusted = ssl.create_default_context(cafile=certificate)
            async with httpx.AsyncClient(base_url=url, verify=trusted) as web:
                assert (await web.get("/api/picture")).status_code == 200
    finally:
        task.cancel()
        await asyncio.wait([task])


async def test_a_certificate_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    _, key = certified(tmp_path)
    for path in (tmp_path / "nowhere.pem", key):
        settings = Settings(port=0, certificate=str(path), key=str(key))
        with pytest.raises(TocsinError, match=rf"web\.certificate.*{path.name}"):
            await serve(make_app(submit, FixedViews(), settings), settings)


def certified(folder: Path) -> tuple[Path, Path]:
    """A certificate of 127.0.0.1 that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(signed.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "key.pem").write_bytes(private)
    return folder / "certificate.pem", folder / "key.pem"

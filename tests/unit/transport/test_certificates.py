"""A listener that asks for client certificates, and a client that shows one."""

import asyncio
import ssl
from pathlib import Path

import pytest

from certificates import certified
from tocsin.transport.sink import open_sink
from unit.transport.harness import QUICK, joined, running, source, until

pytestmark = pytest.mark.anyio


async def test_a_listener_takes_only_clients_of_its_authority(tmp_path: Path) -> None:
    authority, shown = certified(tmp_path, "server")
    _, ours = certified(tmp_path, "client")
    _, strange = certified(tmp_path, "stranger", "other-authority")
    radar = source(f"tls-listen://127.0.0.1:0#cert={shown}&ca={authority}")
    async with running(radar) as got:
        host, port = await radar.wait_bound()
        for files in (f"ca={authority}", f"ca={authority}&cert={strange}"):
            async with open_sink(f"tls://{host}:{port}#{files}", "share", QUICK) as refused:
                refused.try_send(b"let me in")
                await until(lambda: refused.statistics()["failures"])
        async with open_sink(f"tls://{host}:{port}#ca={authority}&cert={ours}", "share", QUICK) as sink:
            sink.try_send(b"plots")
            await until(lambda: joined(got) == b"plots")


async def test_a_client_shows_its_certificate(tmp_path: Path) -> None:
    authority, shown = certified(tmp_path, "server")
    _, ours = certified(tmp_path, "client")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(authority))
    context.load_cert_chain(shown)
    context.verify_mode = ssl.CERT_REQUIRED

    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        subject = writer.get_extra_info("peercert")["subject"]
        writer.write(subject[0][0][1].encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    radar = source(f"tls://127.0.0.1:{port}#ca={authority}&cert={ours}")
    async with server, running(radar) as got:
        await until(lambda: joined(got).startswith(b"client"))

"""TCP and TLS on loopback: sessions, reconnects, limits, certificates."""

import asyncio
import ssl
from contextlib import aclosing, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tocsin.model.errors import TocsinError
from tocsin.transport.limits import Limits
from unit.transport.harness import CLOSED, DATA, OPENED, joined, kinds, running, source, until

pytestmark = pytest.mark.anyio


async def test_tcp_client_reconnects_and_tells_sessions_apart() -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        await writer.drain()
        assert await reader.readexactly(3) == b"ack"
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    radar = source(f"tcp://127.0.0.1:{port}", exercise=True)
    async with server, running(radar) as got:
        for connection in (1, 2):
            await until(lambda: joined(got, connection) == b"hello")  # noqa: B023
            assert await radar.reply(connection, b"ack")
            await until(lambda: got[-1].kind is CLOSED and got[-1].connection == connection)  # noqa: B023
        server.close()
    assert kinds(got)[:6] == [OPENED, DATA, CLOSED] * 2
    assert {packet.origin for packet in got} == {f"127.0.0.1:{port}"}
    assert all(packet.exercise and packet.source == "radar-1" and packet.sequence == 0 for packet in got)
    assert [packet.received_s for packet in got] == sorted(packet.received_s for packet in got)
    assert not await radar.reply(1, b"too late")


async def test_a_refused_connection_is_counted_with_its_reason() -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    radar = source(f"tcp://127.0.0.1:{port}")
    async with running(radar) as got:
        await until(lambda: radar.statistics()["failures"] >= 3)
    assert got == []
    assert str(port) in radar.statistics()["last_error"]


async def test_tcp_listener_serves_several_and_refuses_more_than_its_limit() -> None:
    radar = source("tcp-listen://127.0.0.1:0", Limits(connections=2))
    async with running(radar) as got:
        host, port = await radar.wait_bound()
        first = await asyncio.open_connection(host, port)
        second = await asyncio.open_connection(host, port)
        await until(lambda: radar.statistics()["connections"] == 2)
        third = await asyncio.open_connection(host, port)
        with suppress(ConnectionError):  # an aborted connection may read as ended or as reset
            assert await third[0].read() == b""
        first[1].write(b"from one")
        second[1].write(b"from two")
        await until(lambda: len(joined(got)) == 16)
        assert await radar.reply(2, b"to two")
        assert await second[0].readexactly(6) == b"to two"
        first[1].transport.abort()  # a reset, as from a crashed peer
        await until(lambda: CLOSED in kinds(got))
        for _, writer in (first, second, third):
            writer.close()
    assert (joined(got, 1), joined(got, 2)) == (b"from one", b"from two")
    assert radar.statistics()["refused"] == 1


async def test_idle_connections_do_not_keep_a_talking_one_out() -> None:
    radar = source("tcp-listen://127.0.0.1:0", Limits(connections=2, idle_s=0.05))
    async with running(radar) as got:
        host, port = await radar.wait_bound()
        silent = await asyncio.open_connection(host, port)
        await until(lambda: radar.statistics()["connections"] == 1)
        talking = await asyncio.open_connection(host, port)
        await until(lambda: radar.statistics()["connections"] == 2)
        await asyncio.sleep(0.1)
        talking[1].write(b"a")
        await until(lambda: joined(got) == b"a")
        new = await asyncio.open_connection(host, port)
        new[1].write(b"b")
        await until(lambda: joined(got) == b"ab")
        with suppress(ConnectionError):
            assert await silent[0].read() == b""
        talking[1].write(b"c")
        await until(lambda: joined(got) == b"abc")
        for _, writer in (silent, talking, new):
            writer.close()
    assert (radar.statistics()["ended_idle"], radar.statistics()["refused"]) == (1, 0)


async def test_a_port_in_use_is_an_error_that_names_the_sensor() -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with pytest.raises(TocsinError, match="radar-1.*cannot listen there"):
            async with aclosing(source(f"tcp-listen://127.0.0.1:{port}").packets()) as packets:
                await anext(packets)


def authority(folder: Path, host: str) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for `host`: the file to trust and the server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "ca.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    both = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both.write_bytes(private + pem.read_bytes())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(both)
    return pem, context


@pytest.mark.parametrize(
    ("host", "trusted", "works"), [("127.0.0.1", True, True), ("127.0.0.1", False, False), ("127.0.0.9", True, False)]
)
async def test_tls_verifies_the_authority_and_the_host(tmp_path: Path, host: str, trusted: bool, works: bool) -> None:
    pem, context = authority(tmp_path, host)

    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"secret plots")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    radar = source(f"tls://127.0.0.1:{port}" + (f"#ca={pem}" if trusted else ""))
    async with server, running(radar) as got:
        if works:
            await until(lambda: joined(got).startswith(b"secret plots"))
        else:
            await until(lambda: radar.statistics()["failures"])
            assert got == []
            assert "CERTIFICATE_VERIFY_FAILED" in radar.statistics()["last_error"]

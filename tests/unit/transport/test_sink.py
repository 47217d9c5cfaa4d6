"""Sinks: never wait, drop the oldest, come back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tocsin.model.errors import TocsinError
from tocsin.transport.limits import Limits
from tocsin.transport.sink import open_sink
from unit.transport.harness import until

pytestmark = pytest.mark.anyio
QUICK = Limits(retry_first_s=0.01, retry_last_s=0.05)


@asynccontextmanager
async def peer() -> AsyncIterator[tuple[int, list[bytes], list[asyncio.StreamWriter]]]:
    """A server's port, what it is sent, and its connections."""
    got: list[bytes] = []
    writers: list[asyncio.StreamWriter] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        while data := await reader.read(1000):
            got.append(data)
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], got, writers


async def test_tcp_comes_back_after_the_peer_went() -> None:
    async with peer() as (port, got, writers):
        async with open_sink(f"tcp://127.0.0.1:{port}", "share", QUICK) as sink:
            assert sink.try_send(b"one")
            await until(lambda: b"".join(got) == b"one")
            writers[0].close()
            await until(lambda: len(writers) == 2)
            assert sink.try_send(b"two")
        await until(lambda: b"".join(got) == b"onetwo")
    assert sink.statistics()["sent"] == 2
    assert sink.statistics()["last_error"] == "closed by the peer"


async def test_each_connection_begins_with_what_it_is_asked_for() -> None:
    begun = iter((b"<1>", b"<2>"))
    async with peer() as (port, got, writers):
        async with open_sink(f"tcp://127.0.0.1:{port}", "share", QUICK, lambda: next(begun)) as sink:
            await until(lambda: b"".join(got) == b"<1>")  # without anything to send
            sink.try_send(b"one")
            await until(lambda: b"".join(got) == b"<1>one")
            writers[0].close()
            await until(lambda: len(writers) == 2)
            sink.try_send(b"two")
        await until(lambda: b"".join(got) == b"<1>one<2>two")
    assert sink.statistics()["sent"] == 2  # messages, not beginnings


def test_what_is_no_connection_has_no_beginning() -> None:
    with pytest.raises(TocsinError, match="share: needs a connection, tcp:// or tls://, not udp://host:1"):
        open_sink("udp://host:1", "share", begin=bytes)


async def test_a_peer_that_takes_nothing_costs_the_oldest_and_never_a_wait() -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    async with open_sink(f"tcp://127.0.0.1:{port}", "share", Limits(waiting_packets=3)) as sink:
        assert [sink.try_send(bytes([k])) for k in range(5)] == [True, True, True, False, False]
        await until(lambda: sink.statistics()["failures"])
        assert list(sink._queue) == [b"\x02", b"\x03", b"\x04"]
    assert sink.statistics()["dropped"] == 2


async def test_a_file_is_appended_to(tmp_path: Path) -> None:
    path = tmp_path / "tracks.jsonl"
    path.write_bytes(b"before\n")
    async with open_sink(f"file://{path}", "share", QUICK) as sink:
        for k in range(100):
            sink.try_send(b"%d\n" % k)
    assert path.read_bytes() == b"before\n" + b"".join(b"%d\n" % k for k in range(100))


async def test_a_folder_that_comes_later_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "mounted" / "tracks.jsonl"
    async with open_sink(f"file://{path}", "share", QUICK) as sink:
        sink.try_send(b"kept\n")
        await until(lambda: sink.statistics()["failures"])
        path.parent.mkdir()
        await until(lambda: path.exists() and path.read_bytes() == b"kept\n")


async def test_a_datagram_too_large_is_counted_and_the_next_one_goes() -> None:
    loop = asyncio.get_running_loop()
    got: list[bytes] = []

    class Receiver(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, _: object) -> None:
            got.append(data)

    transport, _ = await loop.create_datagram_endpoint(Receiver, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    async with open_sink(f"udp://127.0.0.1:{port}", "share") as sink:
        sink.try_send(bytes(100_000))
        sink.try_send(b"small")
        await until(lambda: got == [b"small"])
    transport.close()
    assert sink.statistics()["failures"] == 1 and sink.statistics()["sent"] == 1

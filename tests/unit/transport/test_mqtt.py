"""MQTT against a real broker: in and out, TLS with client certificates, a broker that dies, a reader that is busy."""

import asyncio
from pathlib import Path

import pytest

from broker import free_port, mosquitto
from certificates import certified
from tocsin.transport.limits import Limits
from tocsin.transport.sink import open_sink
from unit.transport.harness import CLOSED, DATA, OPENED, QUICK, kinds, running, source, until

pytestmark = pytest.mark.anyio


async def test_messages_go_in_and_out_over_tls_through_a_broker_that_dies(tmp_path: Path) -> None:
    authority, shown = certified(tmp_path, "broker")
    _, ours = certified(tmp_path, "tocsin")
    port = free_port()
    lines = (f"cafile {authority}", f"certfile {shown}", f"keyfile {shown}", "require_certificate true")
    url, files = f"mqtts://127.0.0.1:{port}", f"ca={authority}&cert={ours}"
    radar = source(f"{url}/site/%23#{files}")
    got_data: list[tuple[str, bytes]] = []
    async with running(radar) as got, open_sink(f"{url}/site/tracks#{files}", "share", QUICK) as sink:

        def arrived() -> list[tuple[str, bytes]]:
            return [(packet.origin, packet.data) for packet in got if packet.kind is DATA]

        async with mosquitto(tmp_path, port, *lines):
            await until(lambda: OPENED in kinds(got))
            sink.try_send(b"one")
            sink.try_send(bytes(100_000))
            await until(lambda: len(arrived()) == 2)
        await until(lambda: CLOSED in kinds(got))
        sink.try_send(b"three")
        await until(lambda: sink.statistics()["failures"])
        async with mosquitto(tmp_path, port, *lines):
            await until(lambda: kinds(got).count(OPENED) == 2)
            sink.try_send(b"four")
            await until(lambda: b"four" in [data for _, data in arrived()])
            got_data += arrived()
            await until(lambda: sink.statistics()["waiting"] == 0)
    assert got_data[0] == ("site/tracks", b"one") and len(got_data[1][1]) == 100_000
    assert got_data[-1] == ("site/tracks", b"four")
    assert sink.statistics()["sent"] == sink.statistics()["queued"] == 4 and sink.statistics()["dropped"] == 0


async def test_a_client_without_a_certificate_is_told_so(tmp_path: Path) -> None:
    authority, shown = certified(tmp_path, "broker")
    port = free_port()
    lines = (f"cafile {authority}", f"certfile {shown}", f"keyfile {shown}", "require_certificate true")
    radar = source(f"mqtts://127.0.0.1:{port}/site#ca={authority}")
    async with mosquitto(tmp_path, port, *lines), running(radar) as got:
        await until(lambda: radar.statistics()["failures"] >= 2)
    assert got == [] and radar.statistics()["last_error"]


async def test_a_password_that_is_refused_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_TEST_PASSWORD", "wrong")
    (tmp_path / "passwords").write_text("")
    port = free_port()
    radar = source(f"mqtt://127.0.0.1:{port}/site#user=anna&password_env=TOCSIN_TEST_PASSWORD")
    lines = ("allow_anonymous false", f"password_file {tmp_path / 'passwords'}")
    async with mosquitto(tmp_path, port, *lines), running(radar) as got:
        await until(lambda: radar.statistics()["failures"])
    assert got == [] and "Not authorized" in radar.statistics()["last_error"]


async def test_messages_that_find_no_room_are_counted(tmp_path: Path) -> None:
    port = free_port()
    radar = source(f"mqtt://127.0.0.1:{port}/site#qos=0", Limits(bytes_per_s=1000, retry_first_s=0.01))
    async with mosquitto(tmp_path, port), running(radar) as got:
        await until(lambda: OPENED in kinds(got))
        async with open_sink(f"mqtt://127.0.0.1:{port}/site", "share", QUICK) as sink:
            for _ in range(5):
                sink.try_send(bytes(900))
            await until(lambda: kinds(got).count(DATA) + radar.statistics()["dropped"] == 5)
    assert radar.statistics()["dropped"] >= 1


CONNECTED = bytes.fromhex("2003000000")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\n" * 50,
        CONNECTED + b"\x30\x01\xff",
        CONNECTED + b"\x30\x08\xff\xff" + bytes(6),
        CONNECTED + b"\x90\x02\x00\x01",
        CONNECTED + b"\x90\x05\x00\x01\xff\xff\xff",
        CONNECTED + b"\x30\xff\xff\xff\xff\xff\xff",
        b"\x20\x05\x00\xff\x02\x7f\x00",
    ],
)
async def test_a_peer_that_speaks_something_else_ends_in_a_failure(answer: bytes) -> None:
    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    radar = source(f"mqtt://127.0.0.1:{server.sockets[0].getsockname()[1]}/site")
    async with server, running(radar) as got:
        await until(lambda: radar.statistics()["failures"] >= 2)
    assert got == []

"""UDP and multicast on loopback."""

import pytest

from tocsin.transport.limits import Limits
from tocsin.transport.sink import open_sink
from unit.transport.harness import DATA, OPENED, joined, kinds, running, source, until

pytestmark = pytest.mark.anyio


async def test_udp_keeps_datagrams_apart_and_names_each_sender() -> None:
    radar = source("udp://127.0.0.1:0")
    async with running(radar) as got:
        host, port = await radar.wait_bound()
        async with open_sink(f"udp://{host}:{port}", "share") as sink:
            for text in (b"one", b"", b"three"):
                sink.try_send(text)
        await until(lambda: len(got) == 4)
    assert kinds(got) == [OPENED, DATA, DATA, DATA]
    assert [packet.data for packet in got[1:]] == [b"one", b"", b"three"]
    assert got[0].origin == f"127.0.0.1:{port}"
    assert got[1].origin.startswith("127.0.0.1:") and got[1].origin != got[0].origin
    assert {packet.connection for packet in got} == {1}


async def test_datagrams_above_the_limits_are_dropped_and_counted() -> None:
    radar = source("udp://127.0.0.1:0", Limits(packet_bytes=1000, bytes_per_s=2500))
    async with running(radar) as got:
        host, port = await radar.wait_bound()
        async with open_sink(f"udp://{host}:{port}", "share") as sink:
            for size in (1001, 1000, 1000, 1000):
                sink.try_send(bytes(size))
        await until(lambda: radar.statistics()["too_large"] + radar.statistics()["dropped"] == 2)
    assert [len(packet.data) for packet in got[1:]] == [1000, 1000]


async def test_multicast_on_loopback() -> None:
    radar = source("multicast://239.255.77.1:0#interface=127.0.0.1")
    async with running(radar) as got:
        _, port = await radar.wait_bound()
        async with open_sink(f"multicast://239.255.77.1:{port}#interface=127.0.0.1", "share") as sink:
            sink.try_send(b"to the group")
        await until(lambda: joined(got) == b"to the group")

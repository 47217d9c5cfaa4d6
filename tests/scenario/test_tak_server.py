"""A TAK server (taky, in an environment of its own) relays our tracks to a second client and to our own ears.

The server is another implementation: it parses and rewrites each event. `.ci/run` installs it into `.peers/taky`;
elsewhere `TOCSIN_TAKY` names the program.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

import parts
from broker import free_port
from picture_builder import picture
from tocsin.channels.tak.adapter import Adapter as Teller
from tocsin.channels.tak.settings import Settings as TellerSettings
from tocsin.formats.cot import read_event
from tocsin.formats.cot_stream import CotReader
from tocsin.geo.frames import Origin, enu_from_lla
from tocsin.model.adapter import AdapterContext
from tocsin.model.claim import Claim
from tocsin.model.identity import Affiliation
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Pose
from tocsin.model.warning import Level, WarningArea
from tocsin.sensors.cot.adapter import Adapter as Reader
from tocsin.sharing.cot.adapter import Adapter
from tocsin.transport.sink import open_sink
from warning_builder import cancelled, context, unheard, warning

pytestmark = pytest.mark.anyio
PATIENCE_S = 60.0
HERE = AdapterContext("tak", Pose(), math.radians(54.6), math.radians(18.8), 41.0)
THERE = AdapterContext("tak", Pose(), math.radians(54.7), math.radians(18.8), 41.0)
SETTINGS = """[taky]
bind_ip = 127.0.0.1
hostname = localhost
redis = false
root_dir = {folder}
[cot_server]
port = {port}
[dp_server]
upload_path = {folder}/uploads
[ssl]
enabled = false
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def taky(folder: Path) -> AsyncIterator[int]:
    """A server on loopback; its port."""
    program, port = parts.taky(), free_port()
    settings = folder / "taky.conf"
    settings.write_text(SETTINGS.format(folder=folder, port=port))
    process = await asyncio.create_subprocess_exec(program, "-c", str(settings), stderr=asyncio.subprocess.DEVNULL)
    try:
        await until_open(port, lambda: process.returncode is None)
        yield port
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until_open(port: int, runs: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                assert runs(), "taky did not start"
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return


async def relayed(reader: asyncio.StreamReader, uids: set[str]) -> bytes:
    """What the server sends a client until it has sent the events of `uids`."""
    got, cutter, seen = b"", CotReader(), set()
    async with asyncio.timeout(PATIENCE_S):
        while not uids <= seen:
            data = await reader.read(65536)
            assert data, "the server closed the connection"
            got += data
            seen |= {read_event(unit.data).uid for unit in cutter.feed(data)}
    return got


def claims(context: AdapterContext, data: bytes, time_s: float) -> tuple[list[Claim], Reader]:
    reader = Reader(Reader.Settings(), context)
    packet = Packet(PacketKind.DATA, "tak", time_s, data, connection=1)
    return [item for item in reader.decode(packet) if isinstance(item, Claim)], reader


async def test_a_server_relays_our_tracks_to_a_second_client(tmp_path: Path) -> None:
    time_s = 4_102_444_800.0  # far ahead, so that the server's own clock lets nothing grow stale
    encoder = Adapter(Adapter.Settings(), HERE)
    shown = picture(time_s, ("object-1", "object-2"), affiliation=Affiliation.SUSPECT, exercise=True)
    async with taky(tmp_path) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"<?xml version='1.0'?>" + CLIENT)
        await writer.drain()
        async with open_sink(f"tcp://127.0.0.1:{port}", "tak") as sink:
            for packet in encoder.encode(shown):
                sink.try_send(packet.data)
            data = await relayed(reader, {"object-1", "object-2"})
        writer.close()
    heard, _ = claims(THERE, data, time_s)
    assert {claim.identifier for claim in heard} == {"object-1", "object-2"}
    for claim in heard:
        assert claim.exercise and claim.category == "multirotor" and claim.time_s == time_s
        place = np.array([[claim.latitude_rad, claim.longitude_rad, claim.height_m]])
        origin = Origin(HERE.origin_latitude_rad, HERE.origin_longitude_rad, HERE.origin_height_m)
        assert enu_from_lla(origin, place)[0] == pytest.approx([0.0, 1000.0, 60.0], abs=0.2)
    types = {read_event(unit.data).type for unit in CotReader().feed(data)}
    assert types == {"a-s-A-M-H-Q"}
    ours, at_home = claims(HERE, data, time_s)
    assert ours == [] and at_home.statistics()["events_of_this_site"] == len(heard)


CLIENT = (
    b'<event version="2.0" uid="client-2" type="a-f-G-U-C" how="h-e" time="2026-03-01T10:00:00Z" '
    b'start="2026-03-01T10:00:00Z" stale="2099-03-01T10:00:00Z"><point lat="1" lon="2" hae="0" ce="1" le="1"/>'
    b'<detail><contact callsign="SECOND" endpoint="*:-1:stcp"/><takv os="1" version="1" device="d" platform="p"/>'
    b'<__group name="Cyan" role="Team Member"/></detail></event>'
)


async def test_a_server_brings_a_warning_and_its_end_to_a_second_client(tmp_path: Path) -> None:
    area = WarningArea("gate", centre_rad=(HERE.origin_latitude_rad, HERE.origin_longitude_rad), radius_m=300.0)
    async with taky(tmp_path) as port:
        teller = Teller(TellerSettings("127.0.0.1", port, tls=False, answer_s=20.0), context())
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"<?xml version='1.0'?>" + CLIENT)
        await writer.drain()
        assert (await asyncio.to_thread(teller.deliver, unheard()))[0] is Level.ACCEPTED
        assert await asyncio.to_thread(teller.deliver, warning(areas=(area,))) == (
            Level.ACCEPTED,
            "the server has read 2 events",
        )
        assert (await asyncio.to_thread(teller.deliver, cancelled(areas=(area,))))[0] is Level.ACCEPTED
        data = await relayed(reader, {"W1-X-area-0", "W1-X-area-0-end"})
        writer.close()
    assert b"Go indoors now." in data and b"t-x-d-d" in data and data.count(b"GeoChat.tocsin") == 2

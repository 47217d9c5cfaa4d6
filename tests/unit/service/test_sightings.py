"""Sightings of the page as packets of the site's sensor, and through the line to a statement and a bearing."""

import msgspec
import pytest

from small_site import START_S, small_site
from tocsin.formats.sighting import Sighting, write_sighting
from tocsin.model.packet import Packet, PacketKind
from tocsin.service.pipeline import Line
from tocsin.service.sightings import Sightings, sensor_of

PEOPLE = '[[sensor]]\nname = "people"\nadapter = "sightings"\npose = { east_m = 0, north_m = 0 }\n'


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Clock:
    def now_s(self) -> float:
        return START_S + 2.0


def test_the_sensor_that_takes_them_is_found() -> None:
    assert sensor_of(small_site(PEOPLE)) == "people"
    assert sensor_of(small_site()) is None


@pytest.mark.anyio
async def test_a_sighting_is_a_packet_and_then_a_statement_and_a_bearing() -> None:
    put: list[Packet] = []

    async def take(packet: Packet) -> Packet:
        put.append(msgspec.structs.replace(packet, sequence=7))
        return put[-1]

    seen = Sighting(
        id="1", author="Guard", time="2026-03-01T10:00:00Z", latitude_deg=54.6, longitude_deg=18.8, azimuth_deg=40.0
    )
    assert await Sightings("people", take, Clock(), True).report(write_sighting(seen)) == 7
    (packet,) = put
    assert (packet.kind, packet.source, packet.received_s, packet.exercise) == (
        PacketKind.DATA, "people", START_S + 2.0, True,
    )  # fmt: skip
    line = Line(small_site(PEOPLE))
    output = line.step(msgspec.structs.replace(packet, received_s=seen.time_s + 2.0))
    assert [one.speaker for one in output.statements] == ["Guard"]
    assert [one.sensor for one in output.detections] == ["people"]

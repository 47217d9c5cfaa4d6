"""A radar's site, and datagrams received there."""

from typing import Any

from tocsin.model.adapter import AdapterContext
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Pose
from tocsin.sensors.asterix.adapter import Adapter
from tocsin.sensors.asterix.settings import Settings
from tocsin.units import RAD_PER_DEG

LATITUDE, LONGITUDE = 45.8 * RAD_PER_DEG, 16.0 * RAD_PER_DEG
SITE = AdapterContext("radar", Pose(0.0, 0.0, 20.0, 0.1), LATITUDE, LONGITUDE, 100.0)
TEN_S = 1_772_359_200.0  # 10:00 UTC
OF_DAY_S = 36_000.0


def live(*datagrams: bytes, settings: Settings | None = None, received_s: float = TEN_S) -> tuple[list[Any], Adapter]:
    adapter = Adapter(settings or Settings(), SITE)
    packets = [Packet(PacketKind.DATA, "radar", received_s, data, connection=1, origin="peer") for data in datagrams]
    return [item for packet in packets for item in adapter.decode(packet)], adapter


def reasons(adapter: Adapter) -> dict[str, int]:
    return dict(adapter.statistics()["problems"]["reasons"])

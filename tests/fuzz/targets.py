"""What is fuzzed: each decoder as a function of bytes that raises only where the decoder is wrong.

The first two bytes choose where the rest is cut into packets; the rest is one connection. An exception that leaves the
decoder is a fault, and so is a value that is not finite or a covariance that is not positive definite.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tocsin.links.sapient.adapter import Adapter as Sapient
from tocsin.model.adapter import AdapterContext, SiteSensor
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Pose
from tocsin.sensors.adsb.adapter import Adapter as Adsb
from tocsin.sensors.asterix.adapter import Adapter as Asterix
from tocsin.sensors.cot.adapter import Adapter as Cot
from tocsin.sensors.courageous.adapter import Adapter as Courageous
from tocsin.sensors.positions.adapter import Adapter as Positions
from tocsin.sensors.remote_id.adapter import Adapter as RemoteId
from tocsin.testing.adapter_contract import check_values

SOURCES = Path(__file__).resolve().parents[2] / "src" / "tocsin"
HERE = AdapterContext(
    "sensor", Pose(), math.radians(54.6), math.radians(18.8), 41.0, sensors=(SiteSensor("sensor", Pose(), 9e4, "link"),)
)
RECEIVED_S = 1_772_359_205.0  # 2026-03-01T10:00:05Z, just after the samples
MOST_REPORTS = 20  # an input of a few kilobytes that gives more a byte than this grows without bound


@dataclass(frozen=True)
class Target:
    """One decoder; `binary` ones are fuzzed for longer. `seeds`: samples to begin with, by path in the package."""

    adapter: Callable[..., Any]
    settings: Mapping[str, Any]
    binary: bool
    seeds: tuple[str, ...]
    file: bool = False


TARGETS = {
    "asterix-datagram": Target(Asterix, {"framing": "datagram"}, True, ("sensors/asterix/samples/blocks.raw",)),
    "asterix-stream": Target(Asterix, {"framing": "stream"}, True, ("sensors/asterix/samples/blocks.raw",)),
    "capture": Target(
        RemoteId, {"format": "capture"}, True, ("sensors/remote_id/samples/transmissions.pcap",), file=True
    ),
    "remote-id-messages": Target(RemoteId, {"format": "messages"}, True, ()),
    "beast": Target(Adsb, {"format": "beast"}, True, ("sensors/adsb/samples/pier.beast",)),
    "cot": Target(Cot, {}, True, ("sensors/cot/samples/stream.cot",)),
    "sapient": Target(Sapient, {"role": "server", "oldest_s": 60.0}, True, ()),
    "sbs": Target(Adsb, {"format": "sbs"}, False, ("sensors/adsb/samples/pier.sbs",)),
    "avr": Target(Adsb, {"format": "avr"}, False, ()),
    "aircraft-json": Target(Adsb, {"format": "json"}, False, ("sensors/adsb/samples/pier.json",), file=True),
    "remote-id-json": Target(RemoteId, {"format": "json"}, False, ("sensors/remote_id/samples/receivers.json",)),
    "positions": Target(Positions, {}, False, ("sensors/positions/samples/walk.nmea",), file=True),
    "courageous": Target(Courageous, {}, False, ("sensors/courageous/samples/pier.courageous.json",), file=True),
}


def seeds(name: str) -> list[bytes]:
    """Inputs to begin with: the adapter's samples, whole and cut, and what is built where there is no sample."""
    files = [(SOURCES / path).read_bytes() for path in TARGETS[name].seeds]
    return [cut + data for data in [*files, *_built(name)] for cut in (b"\0\0", b"\1\7")]


def try_input(name: str, data: bytes) -> None:
    """Let the decoder have `data`; raises if it is wrong."""
    target = TARGETS[name]
    step, rest = (data[0] << 8 | data[1], data[2:]) if len(data) > 2 else (0, b"")
    adapter = target.adapter(target.adapter.Settings(**target.settings), HERE)  # type: ignore[attr-defined]
    if target.file:
        _try_file(adapter, rest)
        adapter = target.adapter(target.adapter.Settings(**target.settings), HERE)  # type: ignore[attr-defined]
    parts = [rest[at : at + step] for at in range(0, len(rest), step)][:2000] if step else [rest]
    packets = [Packet(PacketKind.OPENED, "sensor", RECEIVED_S, connection=1, sequence=1)]
    packets += [
        Packet(PacketKind.DATA, "sensor", RECEIVED_S, part, sequence=k + 2, connection=1, origin="fuzz:1")
        for k, part in enumerate(parts)
    ]
    packets.append(Packet(PacketKind.CLOSED, "sensor", RECEIVED_S, b"end", 9999, 1, "fuzz:1"))
    items = [item for packet in packets for item in adapter.decode(packet)]
    items += adapter.on_tick(RECEIVED_S + 0.1)
    assert len(items) <= MOST_REPORTS * (len(data) + 1), "more reports than bytes can hold"
    check_values(items, HERE)
    adapter.statistics()


def _try_file(adapter: Any, data: bytes) -> None:
    try:
        packets = list(adapter.packets(data, "fuzz"))
    except TocsinError:
        return  # a file may be refused as a whole, in words
    check_values([item for packet in packets for item in adapter.decode(packet)], HERE)


def _built(name: str) -> list[bytes]:
    if name == "remote-id-messages":
        from tocsin.formats.remote_id import BasicId, Location, encode_pack  # noqa: PLC0415

        place = Location(
            status=2, direction_deg=90.0, speed_mps=5.0, climb_mps=0.0, latitude_deg=54.6, longitude_deg=18.8,
            altitude_geodetic_m=90.0, hour_s=5.0,
        )  # fmt: skip
        return [encode_pack((BasicId(1, 2, "TCSN7FUZZ0001"), place))]
    if name == "sapient":
        from sapient_messages import BEGIN_S, detection, framed, registration, status  # noqa: PLC0415

        at_s = BEGIN_S + 4.9
        return [framed(registration(at_s), status(at_s), detection(at_s))]
    if name == "avr":
        return [b"*8D4840D6202CC371C32CE0576098;\n@0000000000008D40621D58C382D690C8AC2863A7;\n"]
    return []

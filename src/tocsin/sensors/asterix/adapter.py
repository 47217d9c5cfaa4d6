"""Adapter: ASTERIX to detections (048, 062), claims (021) and states (034, 065), by UDP, streams and captures.

The edition of each category is the site's word, never guessed. A block of another category is passed over by its
length. A record that breaks its layout, or that its layout allows and sense does not (an item missing that it must
have, a time of day far from the receipt, a place off the earth), costs the rest of its block, is counted, and costs
nothing else. Nothing that is received raises.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from tocsin.formats.asterix import AsterixError, Block, Items, Layout, layout, read_blocks
from tocsin.formats.pcap import CaptureError, CaptureReader
from tocsin.formats.problems import Problems
from tocsin.geo.frames import Origin, lla_from_enu
from tocsin.model.adapter import AdapterContext, AdapterInfo, Decoded, Grade
from tocsin.model.claim import Claim
from tocsin.model.detection import Detection
from tocsin.model.errors import TocsinError
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import SensorStatus
from tocsin.sensors.asterix import radar, surveillance, system
from tocsin.sensors.asterix.framing import Framing
from tocsin.sensors.asterix.report import RefusedRecord, Report
from tocsin.sensors.asterix.settings import EDITIONS
from tocsin.sensors.asterix.settings import Settings as AsterixSettings

_OUTPUTS: Mapping[type, str] = {Detection: "detections", Claim: "claims", SensorStatus: "statuses"}

Read = Callable[[Items, Report], Decoded | None]


class Adapter:
    """One source of ASTERIX."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="asterix",
        summary="radar plots and service messages, system tracks, ADS-B reports",
        standard="EUROCONTROL ASTERIX categories 048, 034, 062, 065, 021",
        grade=Grade.SAMPLED,
    )
    Settings: ClassVar[type[AsterixSettings]] = AsterixSettings

    def __init__(self, settings: AsterixSettings, context: AdapterContext) -> None:
        self._settings = settings
        self._name = context.name
        self._layouts = _layouts(settings, context.name)
        origin = Origin(context.origin_latitude_rad, context.origin_longitude_rad, context.origin_height_m)
        stand = _stand(origin, context)
        self._tracks = system.Tracks(self._layouts[62], origin, settings.sigma)
        self._reads: dict[int, Read] = {
            21: surveillance.Reports(self._layouts[21]).claim,
            34: radar.Service(self._layouts[34]).status,
            48: radar.Targets(self._layouts[48], stand, settings.sigma).detection,
            62: self._tracks.detection,
            65: system.Service(self._layouts[65]).status,
        }
        self._problems = Problems()
        self._counts: Counter[str] = Counter()
        self._framings: dict[int, Framing] = {}

    def packets(self, data: bytes, file: str) -> Iterator[Packet]:
        """Cut a capture into packets with the times its frames were received; raw blocks tell no date."""
        if not CaptureReader.recognises(data):
            raise TocsinError(f"{file}: only a capture (pcap, pcapng) says when its datagrams were received")
        start, row, received_s = 0, 0, 0.0
        try:
            for frame in CaptureReader().feed(data):
                row += 1
                received_s = frame.time_s if frame.time_s == frame.time_s else received_s
                if row == 1:
                    yield self._packet(PacketKind.OPENED, received_s, b"", file, row)
                yield self._packet(PacketKind.DATA, received_s, data[start : frame.end], file, row)
                start = frame.end
        except CaptureError as error:
            self._problems.count("capture: broken", file, row, error)
        if row:
            yield self._packet(PacketKind.CLOSED, received_s, b"end of file", file, row)

    def decode(self, packet: Packet) -> Iterable[Decoded]:
        """What the packet's records say, in their order."""
        if packet.kind is PacketKind.OPENED:
            self._framings[packet.connection] = self._framing()
        elif packet.kind is PacketKind.CLOSED:
            framing = self._framings.pop(packet.connection, None)
            if framing is not None:
                framing.close(packet.origin)
        elif packet.kind is PacketKind.DATA:
            framing = self._framings.setdefault(packet.connection, self._framing())
            return [
                item
                for datagram in framing.feed(packet.data, packet.origin)
                for item in self._datagram(datagram, framing.row, packet)
            ]
        return ()

    def on_tick(self, time_s: float) -> Iterable[Decoded]:
        """Time alone completes nothing."""
        return ()

    def statistics(self) -> Mapping[str, Any]:
        """Datagrams, blocks and records by category, what was passed over, and the problems with their places."""
        ended = {"tracks_ended": self._tracks.ended} if self._tracks.ended else {}
        return {**dict(sorted(self._counts.items())), **ended, "problems": self._problems.statistics()}

    def _framing(self) -> Framing:
        return Framing(self._settings.framing, self._settings.port, self._problems)

    def _packet(self, kind: PacketKind, received_s: float, data: bytes, file: str, row: int) -> Packet:
        return Packet(kind, self._name, received_s, data, connection=1, origin=f"{file}:{row}", exercise=True)

    def _datagram(self, datagram: bytes, row: int, packet: Packet) -> Iterator[Decoded]:
        self._counts["datagrams"] += 1
        try:
            for block in read_blocks(datagram):
                yield from self._block(block, row, packet)
        except AsterixError as error:
            self._problems.count("datagram: broken", packet.origin, row, error)

    def _block(self, block: Block, row: int, packet: Packet) -> Iterator[Decoded]:
        read, shape = self._reads.get(block.category), self._layouts.get(block.category)
        if read is None or shape is None:
            self._counts[f"blocks_of_category_{block.category:03d}_passed_over"] += 1
            return
        try:
            for items in shape.records(block.body):
                item = self._record(block.category, read, items, row, packet)
                if item is not None:
                    yield item
        except (AsterixError, RefusedRecord) as error:
            broken = isinstance(error, AsterixError)
            reason = f"{block.category:03d}: {'record breaks its layout' if broken else 'record refused'}"
            self._problems.count(f"{reason}, rest of the block discarded", packet.origin, row, error)

    def _record(self, category: int, read: Read, items: Items, row: int, packet: Packet) -> Decoded | None:
        where = items.get("010", b"")
        if len(where) != 2:
            raise RefusedRecord("a record without its source")
        source = (where[0], where[1])
        if self._settings.sources and source not in self._settings.sources:
            self._counts["records_of_other_sources"] += 1
            return None
        clock_s = self._settings.clock_s
        report = Report(self._name, packet.received_s, packet.sequence, row, packet.exercise, clock_s, source)
        item = read(items, report)
        self._counts[f"records_{category:03d}"] += 1
        if item is not None:
            self._counts[_OUTPUTS[type(item)]] += 1
        return item


def _layouts(settings: AsterixSettings, name: str) -> dict[int, Layout]:
    unknown = sorted(set(settings.editions) - set(EDITIONS))
    if unknown:
        raise TocsinError(
            f"sensor {name}: settings.editions.{unknown[0]}: is not read; categories are {', '.join(EDITIONS)}"
        )
    try:
        return {int(number): layout(int(number), edition) for number, edition in (EDITIONS | settings.editions).items()}
    except AsterixError as error:
        raise TocsinError(f"sensor {name}: settings.editions: {error}") from error


def _stand(origin: Origin, context: AdapterContext) -> radar.Stand:
    pose = context.pose
    lla = lla_from_enu(origin, np.array([[pose.east_m, pose.north_m, pose.up_m]]))
    latitude_rad, longitude_rad, height_m = lla[0].tolist()
    return radar.Stand(
        (pose.east_m, pose.north_m, pose.up_m), pose.heading_rad, height_m, (latitude_rad, longitude_rad)
    )

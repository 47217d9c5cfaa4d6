"""Adapter: tracks as ASTERIX category 062, and the system's state as 065, one datagram a packet.

A track keeps its number on the wire while it lives; its last report says that it has ended. Numbers have 16 bits and
are used again, the one that was free longest first. 062 knows no affiliation, so none is told. A drone is marked by its
emitter category where that is at least probable; an exercise by the bit for simulated tracks.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from tocsin.formats.asterix import AsterixError, layout, write_block
from tocsin.geo.frames import Origin
from tocsin.geo.tracks import placed_tracks
from tocsin.model.adapter import AdapterContext, AdapterInfo, Grade
from tocsin.model.alert import Alert
from tocsin.model.errors import TocsinError
from tocsin.model.identity import DRONE_CLASSES
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.track import TrackStatus
from tocsin.sharing.asterix.records import Report, ServiceRecords, TrackRecords
from tocsin.sharing.asterix.settings import EDITIONS
from tocsin.sharing.asterix.settings import Settings as AsterixSettings

_PROBABLE = 0.7
_HEAD_BYTES = 3
_NUMBERS = 65_535


class Adapter:
    """One receiver of ASTERIX."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="asterix",
        summary="system tracks and the system's state for air traffic systems",
        standard="EUROCONTROL ASTERIX categories 062, 065",
        grade=Grade.SAMPLED,
    )
    Settings: ClassVar[type[AsterixSettings]] = AsterixSettings
    emits: ClassVar[tuple[str, ...]] = ("062 system track", "065 system status")

    def __init__(self, settings: AsterixSettings, context: AdapterContext) -> None:
        editions = EDITIONS | settings.editions
        if unknown := sorted(set(editions) - set(EDITIONS)):
            raise TocsinError(f"{context.name}: settings.editions: no category {unknown[0]}; there are 62 and 65")
        try:
            self._tracks = TrackRecords(layout(62, editions["62"]), settings.sac, settings.sic)
            self._service = ServiceRecords(layout(65, editions["65"]), settings.sac, settings.sic, settings.service)
        except AsterixError as error:
            raise TocsinError(f"{context.name}: settings.editions: {error}") from error
        self._settings = settings
        self._name = context.name
        self._origin = Origin(context.origin_latitude_rad, context.origin_longitude_rad, context.origin_height_m)
        self._last_s: float | None = None
        self._status_s: float | None = None
        self._alive: dict[str, Report] = {}
        self._free = deque(range(1, _NUMBERS + 1))
        self._counts: Counter[str] = Counter()

    def encode(self, item: Picture | Alert) -> Iterable[Packet]:
        """The datagrams of a picture that is due; the categories have no words for an alert, which is counted."""
        if isinstance(item, Alert):
            self._counts["alerts_not_shared"] += 1
            return ()
        if self._last_s is not None and 0.0 <= item.time_s - self._last_s < self._settings.interval_s:
            self._counts["pictures_not_due"] += 1
            return ()
        self._last_s = item.time_s
        blocks = list(self._blocks(map(self._tracks.write, self._reports(item))))
        if self._is_status_due(item.time_s):
            blocks.append(write_block(65, self._service.write(item.time_s)))
        return [Packet(PacketKind.DATA, self._name, item.time_s, block, exercise=item.exercise) for block in blocks]

    def statistics(self) -> Mapping[str, Any]:
        """Reports sent, and what was left out."""
        return {**self._counts, "numbers_in_use": len(self._alive)}

    def _is_status_due(self, time_s: float) -> bool:
        if not self._settings.status_s:
            return False
        due = self._status_s is None or not 0.0 <= time_s - self._status_s < self._settings.status_s
        self._status_s = time_s if due else self._status_s
        return due

    def _reports(self, picture: Picture) -> Iterator[Report]:
        """Of each track that is shared, and an ending of each that was and is no longer."""
        tracks, tentative = picture.tracks, self._settings.tentative
        statuses = {TrackStatus.CONFIRMED, TrackStatus.COASTING} | ({TrackStatus.TENTATIVE} if tentative else set())
        rows = [row for row, status in enumerate(tracks.status.tolist()) if status in statuses]
        self._counts["tracks_not_shared"] += len(tracks) - len(rows)
        before, self._alive = self._alive, {}
        for place in placed_tracks(tracks, rows, self._origin):
            uid, status = tracks.uid[place.row], tracks.status[place.row]
            known = before.pop(uid, None)
            if known is None and not self._free:
                self._counts["tracks_without_number"] += 1
                continue
            drone = picture.identity.class_probability[place.row][list(DRONE_CLASSES)].sum() >= _PROBABLE
            report = Report(
                known.number if known else self._free.popleft(),
                tracks.time_s,
                place,
                tentative=status == TrackStatus.TENTATIVE,
                coasting=status == TrackStatus.COASTING,
                begun=known is None,
                drone=bool(drone),
                exercise=picture.exercise,
            )
            self._alive[uid] = report
            self._counts["reports"] += 1
            yield report
        for report in before.values():
            self._free.append(report.number)
            self._counts["endings"] += 1
            yield msgspec.structs.replace(report, time_s=tracks.time_s, begun=False, ended=True)

    def _blocks(self, records: Iterable[bytes]) -> Iterator[bytes]:
        body = b""
        for record in records:
            if body and _HEAD_BYTES + len(body) + len(record) > self._settings.datagram_bytes:
                yield write_block(62, body)
                body = b""
            body += record
        if body:
            yield write_block(62, body)

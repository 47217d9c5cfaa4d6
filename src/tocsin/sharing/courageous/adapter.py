"""Adapter: pictures as documents of the COURAGEOUS test format, for the evaluation of a trial.

Each packet is a whole document with one record for each confirmed track that a sensor saw since the picture before; a
track that coasts is no lock and has none. `uas_id` counts objects, so the pieces of one target share it. The alarm is
active while an alert of ours speaks of the track, as certain as we are that it is a drone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from tocsin.formats.courageous import (
    Alarm,
    Classification,
    Document,
    Location,
    Place2d,
    Place3d,
    Position3d,
    Record,
    RecordSet,
    Velocity,
    write_document,
)
from tocsin.geo.frames import Origin
from tocsin.geo.heights import msl_from_height_m
from tocsin.geo.tracks import PlacedTrack, placed_tracks
from tocsin.model.adapter import AdapterContext, AdapterInfo, Grade
from tocsin.model.alert import Alert, AlertState
from tocsin.model.identity import DRONE_CLASSES, TargetClass
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.track import TrackStatus
from tocsin.model.wording import class_words
from tocsin.sharing.courageous.settings import Settings as CourageousSettings
from tocsin.units import RAD_PER_DEG, S_PER_MS

_OVER = (AlertState.NORMAL, AlertState.CLEARED, AlertState.RETURNED)
_PROBABLE = 0.5


class Adapter:
    """One trial's record."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="courageous",
        summary="tracks for the evaluation of a trial",
        standard="COURAGEOUS test format 0.4.1",
        grade=Grade.SAMPLED,
    )
    Settings: ClassVar[type[CourageousSettings]] = CourageousSettings
    emits: ClassVar[tuple[str, ...]] = ("track",)

    def __init__(self, settings: CourageousSettings, context: AdapterContext) -> None:
        self._settings = settings
        self._name = context.name
        self._origin = Origin(context.origin_latitude_rad, context.origin_longitude_rad, context.origin_height_m)
        latitude_rad, longitude_rad = context.origin_latitude_rad, context.origin_longitude_rad
        altitude_m = float(msl_from_height_m(context.origin_height_m, latitude_rad, longitude_rad))
        self._place = Position3d(latitude_rad / RAD_PER_DEG, longitude_rad / RAD_PER_DEG, altitude_m)
        self._last_s: float | None = None
        self._records = 0
        self._ids: dict[str, int] = {}
        self._alarms: dict[str, frozenset[str]] = {}  # alert: the tracks it speaks of
        self._counts: Counter[str] = Counter()

    def encode(self, item: Picture | Alert) -> Iterable[Packet]:
        """The document of a picture that is due; an alert is remembered for the alarms of its tracks."""
        if isinstance(item, Alert):
            if item.state in _OVER:
                self._alarms.pop(item.id, None)
            else:
                self._alarms[item.id] = frozenset(item.parents)
            return ()
        if self._last_s is not None and 0.0 <= item.time_s - self._last_s < self._settings.interval_s:
            self._counts["pictures_not_due"] += 1
            return ()
        since_s, self._last_s = self._last_s, item.time_s
        tracks = tuple(self._sets(item, since_s))
        self._counts["pictures"] += 1
        if not tracks:
            self._counts["pictures_without_tracks"] += 1
            return ()
        document = Document(self._settings.vendor_name, self._settings.system_name, self._place, tracks, ())
        return (Packet(PacketKind.DATA, self._name, item.time_s, write_document(document), exercise=item.exercise),)

    def statistics(self) -> Mapping[str, Any]:
        """Pictures and records sent, and what was left out."""
        return {**self._counts, "records": self._records}

    def _sets(self, picture: Picture, since_s: float | None) -> Iterator[RecordSet]:
        tracks = picture.tracks
        rows = [
            row
            for row, status in enumerate(tracks.status.tolist())
            if status == TrackStatus.CONFIRMED and (since_s is None or tracks.last_detection_s[row] > since_s)
        ]
        self._counts["tracks_not_seen_since"] += len(tracks) - len(rows)
        alarmed: frozenset[str] = frozenset().union(*self._alarms.values())
        for placed in placed_tracks(tracks, rows, self._origin):
            uid = tracks.object[placed.row]
            name = f"T{int(tracks.number[placed.row])}"
            record = self._record(picture, placed, tracks.uid[placed.row] in alarmed)
            yield RecordSet((record,), self._ids.setdefault(uid, len(self._ids) + 1), name)

    def _record(self, picture: Picture, placed: PlacedTrack, alarmed: bool) -> Record:
        share = picture.identity.class_probability[placed.row].tolist()
        drone = sum(share[kind] for kind in DRONE_CLASSES)
        number, self._records = self._records, self._records + 1
        exercise = "EXERCISE " if picture.exercise else ""
        return Record(
            record_number=number,
            time=round(float(picture.tracks.last_detection_s[placed.row]) / S_PER_MS),
            classification=_classification(drone, share),
            identification=f"{exercise}{class_words(share)}",
            alarm=Alarm(alarmed, min(max(drone, 0.0), 1.0)),
            location=self._location(placed),
            velocity=_velocity(placed),
        )

    def _location(self, placed: PlacedTrack) -> Location:
        latitude_deg, longitude_deg = round(placed.latitude_deg, 7), round(placed.longitude_deg, 7)
        if placed.height_m is None:
            return Place2d(latitude_deg, longitude_deg)
        altitude_m = msl_from_height_m(
            placed.height_m, placed.latitude_deg * RAD_PER_DEG, placed.longitude_deg * RAD_PER_DEG
        )
        return Place3d(latitude_deg, longitude_deg, round(float(altitude_m), 2))


def _velocity(placed: PlacedTrack) -> Velocity | None:
    if placed.east_mps is None or placed.north_mps is None or placed.up_mps is None:
        return None
    return Velocity(round(placed.east_mps, 2), round(placed.north_mps, 2), round(placed.up_mps, 2))


def _classification(drone: float, share: list[float]) -> Classification:
    if drone >= _PROBABLE:
        return "UAV"
    return "Other" if 1.0 - drone - share[TargetClass.UNKNOWN] >= _PROBABLE else "Unknown"

"""Adapter: each track and alert as one flat JSON object, a message each, for MQTT topics and scripts.

What is not known is left out. Affiliations are given one for one, never friendlier. A track that has ended is told once
more, with its end. What is left out is counted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from tocsin.geo.frames import Origin
from tocsin.geo.tracks import PlacedTrack, placed_tracks
from tocsin.model.adapter import AdapterContext, AdapterInfo, Grade
from tocsin.model.alert import Alert
from tocsin.model.identity import Affiliation
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.track import TrackStatus
from tocsin.model.wording import class_words
from tocsin.sharing.json.settings import Settings as JsonSettings

SCHEMA = 1


class Adapter:
    """One receiver."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="json", summary="tracks and alerts, a flat object each", standard="JSON (RFC 8259)", grade=Grade.FIELD
    )
    Settings: ClassVar[type[JsonSettings]] = JsonSettings
    emits: ClassVar[tuple[str, ...]] = ("track", "alert")

    def __init__(self, settings: JsonSettings, context: AdapterContext) -> None:
        self._settings = settings
        self._name = context.name
        self._origin = Origin(context.origin_latitude_rad, context.origin_longitude_rad, context.origin_height_m)
        self._last_s: float | None = None
        self._told: set[str] = set()
        self._counts: Counter[str] = Counter()

    def encode(self, item: Picture | Alert) -> Iterable[Packet]:
        """A message for each track of a picture that is due, and for every alert."""
        if isinstance(item, Alert):
            self._counts["alerts"] += 1
            return (self._packet(_alert(item), item.changed_s, item.exercise),)
        messages = [self._packet(said, item.time_s, item.exercise) for said in self._ends(item)]
        if self._last_s is not None and 0.0 <= item.time_s - self._last_s < self._settings.interval_s:
            self._counts["pictures_not_due"] += 1
            return messages
        self._last_s = item.time_s
        self._counts["pictures"] += 1
        return messages + [self._packet(said, item.time_s, item.exercise) for said in self._tracks(item)]

    def statistics(self) -> Mapping[str, Any]:
        """Pictures, tracks and alerts sent and left out."""
        return dict(self._counts)

    def _ends(self, picture: Picture) -> Iterator[dict[str, Any]]:
        """Tracks that were told of and are no more; a share does not get every picture, so absence tells."""
        for uid in sorted(self._told.difference(picture.tracks.uid)):
            self._told.discard(uid)
            self._counts["ends"] += 1
            yield {"type": "track", "uid": uid, "time_s": round(picture.time_s, 3), "status": "ended"}

    def _tracks(self, picture: Picture) -> Iterator[dict[str, Any]]:
        shared = {TrackStatus.CONFIRMED, TrackStatus.COASTING}
        if self._settings.tentative:
            shared.add(TrackStatus.TENTATIVE)
        rows = [row for row, status in enumerate(picture.tracks.status.tolist()) if status in shared]
        self._counts["tracks_not_shared"] += len(picture.tracks) - len(rows)
        placed = list(placed_tracks(picture.tracks, rows, self._origin))
        self._counts["tracks_without_position"] += len(rows) - len(placed)
        self._counts["tracks"] += len(placed)
        for track in placed:
            self._told.add(picture.tracks.uid[track.row])
            yield _track(picture, track)

    def _packet(self, said: dict[str, Any], time_s: float, exercise: bool) -> Packet:
        known = {key: value for key, value in said.items() if value is not None}
        data = msgspec.json.encode({"schema": SCHEMA, "exercise": exercise, **known}) + b"\n"
        return Packet(PacketKind.DATA, self._name, time_s, data, exercise=exercise)


def _track(picture: Picture, track: PlacedTrack) -> dict[str, Any]:
    row, tracks, identity = track.row, picture.tracks, picture.identity
    number = int(tracks.number[row])
    return {
        "type": "track",
        "uid": tracks.uid[row],
        "object": tracks.object[row],
        "number": number or None,
        "time_s": round(float(tracks.time_s), 3),
        "status": TrackStatus(int(tracks.status[row])).name.lower(),
        "latitude_deg": round(track.latitude_deg, 7),
        "longitude_deg": round(track.longitude_deg, 7),
        "height_m": _rounded(track.height_m, 1),
        "speed_mps": _rounded(track.speed_mps, 2),
        "course_deg": _rounded(track.course_deg, 2),
        "climb_mps": _rounded(track.up_mps, 2),
        "sigma_horizontal_m": _rounded(track.sigma_horizontal_m, 1),
        "sigma_up_m": _rounded(track.sigma_up_m, 1),
        "class": class_words(identity.class_probability[row].tolist()),
        "affiliation": Affiliation(int(identity.affiliation[row])).name.lower().replace("_", "-"),
        "existence": round(float(tracks.existence[row]), 4),
        "last_detection_s": round(float(tracks.last_detection_s[row]), 3),
    }


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "type": "alert",
        "id": alert.id,
        "version": alert.version,
        "time_s": round(alert.changed_s, 3),
        "rule": alert.key.rule,
        "place": alert.key.place,
        "subject": alert.key.subject,
        "state": str(alert.state),
        "priority": alert.priority.name.lower(),
        "message": alert.message,
        "reason": alert.reason,
        "number": alert.track,
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)

"""Adapter: pictures as KML, each packet a whole document that a map program loads again and again.

Colours are those of APP-6 affiliations, given one for one, never friendlier; the name carries an exercise. What is left
out is counted.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from tocsin.formats.kml import Placemark, write_kml
from tocsin.geo.frames import Origin
from tocsin.geo.heights import msl_from_height_m
from tocsin.geo.tracks import PlacedTrack, placed_tracks
from tocsin.model.adapter import AdapterContext, AdapterInfo, Grade
from tocsin.model.alert import Alert
from tocsin.model.identity import Affiliation
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.track import TrackStatus
from tocsin.model.wording import class_words
from tocsin.sharing.kml.settings import Settings as KmlSettings
from tocsin.units import RAD_PER_DEG

COLOUR: Mapping[Affiliation, tuple[str, str]] = {  # style and its colour, aabbggrr
    Affiliation.PENDING: ("pending", "ff80ffff"),
    Affiliation.UNKNOWN: ("unknown", "ff80ffff"),
    Affiliation.ASSUMED_FRIEND: ("assumed-friend", "ffffe080"),
    Affiliation.FRIEND: ("friend", "ffffe080"),
    Affiliation.NEUTRAL: ("neutral", "ffaaffaa"),
    Affiliation.SUSPECT: ("suspect", "ff8080ff"),
    Affiliation.HOSTILE: ("hostile", "ff8080ff"),
}


class Adapter:
    """One map."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="kml", summary="tracks for map programs", standard="KML 2.2 (OGC 07-147r2)", grade=Grade.FIELD
    )
    Settings: ClassVar[type[KmlSettings]] = KmlSettings
    emits: ClassVar[tuple[str, ...]] = ("track",)

    def __init__(self, settings: KmlSettings, context: AdapterContext) -> None:
        self._settings = settings
        self._name = context.name
        self._site = context.site or context.name
        self._origin = Origin(context.origin_latitude_rad, context.origin_longitude_rad, context.origin_height_m)
        self._last_s: float | None = None
        self._tails: dict[str, deque[tuple[float, float, float]]] = {}  # time, latitude, longitude
        self._counts: Counter[str] = Counter()

    def encode(self, item: Picture | Alert) -> Iterable[Packet]:
        """The document of a picture that is due; KML has no words for an alert, which is counted."""
        if isinstance(item, Alert):
            self._counts["alerts_not_shared"] += 1
            return ()
        if self._last_s is not None and 0.0 <= item.time_s - self._last_s < self._settings.interval_s:
            self._counts["pictures_not_due"] += 1
            return ()
        self._last_s = item.time_s
        places = list(self._places(item))
        self._counts["pictures"] += 1
        self._counts["tracks"] += len(places)
        name = f"EXERCISE {self._site}" if item.exercise else self._site
        data = write_kml(name, dict(COLOUR.values()), places)
        return (Packet(PacketKind.DATA, self._name, item.time_s, data, exercise=item.exercise),)

    def statistics(self) -> Mapping[str, Any]:
        """Pictures and tracks sent, and what was left out."""
        return dict(self._counts)

    def _places(self, picture: Picture) -> Iterator[Placemark]:
        shared = {TrackStatus.CONFIRMED, TrackStatus.COASTING}
        if self._settings.tentative:
            shared.add(TrackStatus.TENTATIVE)
        rows = [row for row, status in enumerate(picture.tracks.status.tolist()) if status in shared]
        self._counts["tracks_not_shared"] += len(picture.tracks) - len(rows)
        placed = list(placed_tracks(picture.tracks, rows, self._origin))
        self._counts["tracks_without_position"] += len(rows) - len(placed)
        gone = self._tails.keys() - {picture.tracks.object[track.row] for track in placed}
        for uid in gone:
            del self._tails[uid]
        for track in placed:
            yield self._placemark(picture, track)

    def _placemark(self, picture: Picture, track: PlacedTrack) -> Placemark:
        row, tracks, identity = track.row, picture.tracks, picture.identity
        uid = tracks.object[row]
        style, _ = COLOUR[Affiliation(int(identity.affiliation[row]))]
        what = class_words(identity.class_probability[row].tolist())
        lines = [f"{what}; {style.replace('-', ' ')}", identity.reasons[row]]
        if track.speed_mps is not None and track.course_deg is not None:
            lines.append(f"{track.speed_mps:.0f} m/s towards {track.course_deg:03.0f} deg")
        if tracks.status[row] == TrackStatus.COASTING:
            lines.append(f"not seen for {picture.time_s - float(tracks.last_detection_s[row]):.0f} s")
        exercise = "EXERCISE " if picture.exercise else ""
        return Placemark(
            id=uid,
            name=f"{exercise}T{int(tracks.number[row])}",
            lines=tuple(line for line in lines if line),
            style=style,
            latitude_deg=track.latitude_deg,
            longitude_deg=track.longitude_deg,
            altitude_msl_m=self._altitude_msl_m(track),
            time_s=picture.time_s,
            tail_deg=self._tail(uid, picture.time_s, track),
        )

    def _altitude_msl_m(self, track: PlacedTrack) -> float | None:
        if track.height_m is None:
            return None
        latitude_rad, longitude_rad = track.latitude_deg * RAD_PER_DEG, track.longitude_deg * RAD_PER_DEG
        return float(msl_from_height_m(track.height_m, latitude_rad, longitude_rad))

    def _tail(self, uid: str, time_s: float, track: PlacedTrack) -> tuple[tuple[float, float], ...]:
        if not self._settings.tail_s:
            return ()
        tail = self._tails.setdefault(uid, deque())
        tail.append((time_s, track.latitude_deg, track.longitude_deg))
        while time_s - tail[0][0] > self._settings.tail_s:
            tail.popleft()
        return tuple((latitude, longitude) for _, latitude, longitude in tail) if len(tail) > 1 else ()

"""Adapter: tracks as Cursor on Target events, one event a packet.

Affiliations are given one for one, never friendlier: what is pending stays pending and an unknown drone is unknown. The
uid is the object's and lasts as long as it does; a track is sent twice when it is first shared, since datagrams get
lost and a late first report costs most. Errors come from the covariance, one standard deviation. An exercise is marked
in `opex`, in the callsign and in the remarks.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np

from tocsin.formats.cot import CotEvent, write_event
from tocsin.formats.cot_protobuf import write_mesh, write_stream
from tocsin.geo.flow import flow_tag
from tocsin.geo.frames import Origin, convergence_rad, lla_from_enu
from tocsin.model.adapter import AdapterContext, AdapterInfo, Grade
from tocsin.model.alert import Alert
from tocsin.model.identity import DRONE_CLASSES, Affiliation, TargetClass
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.track import TrackStatus
from tocsin.model.wording import class_words
from tocsin.sharing.cot.settings import Settings as CotSettings
from tocsin.units import RAD_PER_DEG

AFFILIATION: Mapping[Affiliation, str] = {
    Affiliation.PENDING: "p",
    Affiliation.UNKNOWN: "u",
    Affiliation.ASSUMED_FRIEND: "a",
    Affiliation.FRIEND: "f",
    Affiliation.NEUTRAL: "n",
    Affiliation.SUSPECT: "s",
    Affiliation.HOSTILE: "h",
}
LEAF: Mapping[TargetClass, str] = {
    TargetClass.MULTIROTOR: "A-M-H-Q",
    TargetClass.FIXED_WING_DRONE: "A-M-F-Q",
    TargetClass.GROUND_VEHICLE: "G",
    TargetClass.VESSEL: "S",
}
_AIR = "A"  # whoever flies a helicopter or aeroplane, a track does not tell whether it is civil
_PROBABLE = 0.7
_FUSED = "m-f"
_WRITE = {"xml": write_event, "stream": write_stream, "mesh": write_mesh}


class Adapter:
    """One receiver of CoT."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="cot",
        summary="tracks for TAK servers and devices",
        standard="Cursor on Target 2.0, XML and TAK protobuf 1",
        grade=Grade.SAMPLED,
    )
    Settings: ClassVar[type[CotSettings]] = CotSettings
    emits: ClassVar[tuple[str, ...]] = ("track",)

    def __init__(self, settings: CotSettings, context: AdapterContext) -> None:
        self._settings = settings
        self._name = context.name
        self._origin = Origin(context.origin_latitude_rad, context.origin_longitude_rad, context.origin_height_m)
        self._write = _WRITE[settings.format]
        self._flow = (flow_tag(self._origin),)
        self._last_s: float | None = None
        self._shared: set[str] = set()
        self._counts: Counter[str] = Counter()

    def encode(self, item: Picture | Alert) -> Iterable[Packet]:
        """The events of a picture that is due; CoT has no words for an alert, which is counted."""
        if isinstance(item, Alert):
            self._counts["alerts_not_shared"] += 1
            return ()
        if self._last_s is not None and 0.0 <= item.time_s - self._last_s < self._settings.interval_s:
            self._counts["pictures_not_due"] += 1
            return ()
        self._last_s = item.time_s
        shared = {TrackStatus.CONFIRMED, TrackStatus.COASTING} | (
            {TrackStatus.TENTATIVE} if self._settings.tentative else set()
        )
        rows = [row for row, status in enumerate(item.tracks.status.tolist()) if status in shared]
        self._counts["tracks_not_shared"] += len(item.tracks) - len(rows)
        packets = []
        for event in self._events(item, rows):
            packet = Packet(PacketKind.DATA, self._name, item.time_s, self._write(event), exercise=item.exercise)
            packets += [packet] * (1 if event.uid in self._shared else 2)
        self._shared = {item.tracks.object[row] for row in rows}
        self._counts["events"] += len(packets)
        return packets

    def statistics(self) -> Mapping[str, Any]:
        """Events sent, and what was left out."""
        return dict(self._counts)

    def _events(self, picture: Picture, rows: list[int]) -> Iterable[CotEvent]:
        tracks = picture.tracks
        enu = np.array(tracks.position_enu_m)
        no_height = np.isnan(enu[:, 2])
        enu[no_height, 2] = 0.0
        lla = lla_from_enu(self._origin, enu)
        turned_rad = convergence_rad(self._origin, lla)
        for row in rows:
            latitude_rad, longitude_rad, height_m = lla[row].tolist()
            if not (math.isfinite(latitude_rad) and math.isfinite(longitude_rad)):
                self._counts["tracks_without_position"] += 1
                continue
            east_mps, north_mps, _ = tracks.velocity_enu_mps[row].tolist()
            course_rad = math.atan2(east_mps, north_mps) - float(turned_rad[row])
            number = f"T{int(tracks.number[row])}" if tracks.number[row] else tracks.uid[row]
            words = f"{class_words(picture.identity.class_probability[row].tolist())}. {picture.identity.reasons[row]}"
            yield CotEvent(
                uid=tracks.object[row],
                type=_type(picture, row),
                how=_FUSED,
                time_s=tracks.time_s,
                stale_s=tracks.time_s + self._settings.stale_s,
                latitude_deg=latitude_rad / RAD_PER_DEG,
                longitude_deg=longitude_rad / RAD_PER_DEG,
                height_m=None if no_height[row] else height_m,
                ce_m=_ce_m(tracks.covariance[row]),
                le_m=None if no_height[row] else _known(math.sqrt(max(float(tracks.covariance[row, 2, 2]), 0.0))),
                callsign=f"EXERCISE {number}" if picture.exercise else number,
                course_deg=_known(course_rad / RAD_PER_DEG % 360.0),
                speed_mps=_known(math.hypot(east_mps, north_mps)),
                remarks=f"EXERCISE. {words}" if picture.exercise else words,
                exercise="exercise" if picture.exercise else "",
                flow=self._flow,
            )


def _type(picture: Picture, row: int) -> str:
    """The CoT type: the affiliation as it is, and a class only where it is at least probable."""
    chances = picture.identity.class_probability[row].tolist()
    drone = max(DRONE_CLASSES, key=lambda kind: float(chances[kind]))
    leading = max(TargetClass, key=lambda kind: float(chances[kind]))
    leaf = _AIR
    if sum(chances[kind] for kind in DRONE_CLASSES) >= _PROBABLE:
        leaf = LEAF[drone]
    elif chances[leading] >= _PROBABLE:
        leaf = LEAF.get(leading, _AIR)
    return f"a-{AFFILIATION[Affiliation(int(picture.identity.affiliation[row]))]}-{leaf}"


def _ce_m(covariance: Any) -> float | None:
    """One standard deviation along the longer axis of the horizontal ellipse."""
    a, b, c = float(covariance[0, 0]), float(covariance[0, 1]), float(covariance[1, 1])
    largest = 0.5 * (a + c) + math.hypot(0.5 * (a - c), b)
    return _known(math.sqrt(largest)) if largest >= 0.0 else None


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None

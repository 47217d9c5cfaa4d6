"""Fused: the picture as detection reports, and our alerts.

One cycle holds every shared track under one timestamp. The object's id is the track's and lasts as long as it does;
each report names the sensors' own detections that it was made from. A track that ended goes out once more with its
outcome as `state`: lost, left, landed or fell; never destroyed. Tracks that only other fusion nodes saw are theirs and
stay out.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from tocsin.formats.sapient.ids import is_ulid, ulid
from tocsin.formats.sapient.schema import set_time
from tocsin.geo.frames import Origin, convergence_rad, lla_from_enu
from tocsin.links.sapient.children import Children
from tocsin.links.sapient.composing import deviation, fill_classes, fill_location, fill_velocity
from tocsin.links.sapient.voice import EXERCISE, Voice
from tocsin.model.alert import Alert, AlertState, Priority
from tocsin.model.identity import Affiliation
from tocsin.model.picture import Picture
from tocsin.model.track import EndedTrack, TrackStatus
from tocsin.model.wording import class_words

REMEMBERED_S = 600.0  # how long an object that went out is known
_SHARED = (TrackStatus.CONFIRMED, TrackStatus.COASTING)
_CHILD = 3  # AssociationRelation: the sensor's detection is a child of ours
_WARNING, _CRITICAL = 2, 3  # Alert.AlertType
_ACTIVE, _ACKNOWLEDGED, _IGNORED, _CLEAR = 1, 2, 4, 5  # Alert.AlertStatus
_STATUS = {
    AlertState.NORMAL: _CLEAR,
    AlertState.UNACKNOWLEDGED: _ACTIVE,
    AlertState.ACKNOWLEDGED: _ACKNOWLEDGED,
    AlertState.RETURNED: _ACTIVE,  # nobody has answered it yet
    AlertState.CLEARED: _CLEAR,
    AlertState.SHELVED: _IGNORED,
    AlertState.SUPPRESSED: _IGNORED,
    AlertState.OUT_OF_SERVICE: _IGNORED,
}
_PRIORITY = {Priority.LOW: 1, Priority.MEDIUM: 2, Priority.HIGH: 3, Priority.CRITICAL: 3}


class Fused:
    """Composes what a fusion node says; `partners` are sensors that are other fusion nodes."""

    def __init__(self, voice: Voice, origin: Origin, children: Children, counts: Counter[str]) -> None:
        self._voice = voice
        self._origin = origin
        self._children = children
        self._counts = counts
        self._sent_s: dict[str, float] = {}  # by object id, when it went out last
        self._places: dict[str, tuple[str, tuple[float, ...], float]] = {}  # uid: object id, place and time of the last

    def cycle(self, picture: Picture, ended: Iterable[EndedTrack], partners: frozenset[str], most: int) -> list[Any]:
        """The messages of one cycle, `most` at most; those that waited longest go first."""
        tracks = picture.tracks
        rows = [row for row, status in enumerate(tracks.status.tolist()) if status in _SHARED]
        theirs = sum(1 << k for k, name in enumerate(tracks.sensors) if name in partners)
        ours = [row for row in rows if not theirs or int(tracks.sensor_bits[row]) & ~theirs]
        self._counts["tracks_of_partners_kept_back"] += len(rows) - len(ours)
        ours = [row for row in ours if np.isfinite(tracks.position_enu_m[row, :2]).all()]
        messages = [self._ended(one, picture) for one in ended if one.uid in self._places]
        objects = {row: object_id(tracks.object[row], float(tracks.born_s[row])) for row in ours}
        ours.sort(key=lambda row: self._sent_s.get(objects[row], 0.0))
        room = max(most - len(messages), 0)
        self._counts["reports_held_for_the_rate"] += max(len(ours) - room, 0)
        chosen = sorted(ours[:room])
        messages += self._tracks(picture, chosen, objects)
        live = frozenset(tracks.object)
        oldest_s = picture.time_s - REMEMBERED_S
        self._sent_s = {one: at_s for one, at_s in self._sent_s.items() if at_s > oldest_s}
        self._places = {uid: sent for uid, sent in self._places.items() if sent[2] > oldest_s}
        self._children.forget(live, picture.time_s)
        return messages

    def alert(self, alert: Alert) -> Any:
        """One alert as it stands; its id stays the same from version to version."""
        message = self._voice.envelope(alert.changed_s, exercise=alert.exercise)
        body = message.alert
        tail = alert.id.rpartition("-")[2]
        body.alert_id = tail if is_ulid(tail) else ulid(alert.raised_s, alert.id)
        body.alert_type = _CRITICAL if alert.priority is Priority.CRITICAL else _WARNING
        body.status = _STATUS[alert.state]
        body.description = f"{EXERCISE}. {alert.message}" if alert.exercise else alert.message
        body.priority = _PRIORITY[alert.priority]
        body.ranking = int(alert.priority) / 4.0
        body.additional_information = alert.reason
        for uid in alert.parents:
            if uid in self._places:
                ours, place, _ = self._places[uid]
                set_time(_associate(body, self._voice.node, ours).timestamp, alert.changed_s)
                fill_location(body.location, place)
        return message

    def _tracks(self, picture: Picture, rows: list[int], objects: dict[int, str]) -> list[Any]:
        tracks = picture.tracks
        enu = np.array(tracks.position_enu_m[rows]).reshape(-1, 3)
        no_height = np.isnan(enu[:, 2])
        enu[no_height, 2] = 0.0
        places = lla_from_enu(self._origin, enu)
        turned_rad = convergence_rad(self._origin, places)
        places[no_height, 2] = np.nan
        return [self._track(picture, row, objects[row], places[k], float(turned_rad[k])) for k, row in enumerate(rows)]

    def _track(self, picture: Picture, row: int, ours: str, lla: Any, turned_rad: float) -> Any:
        tracks = picture.tracks
        message, report = self._report(picture, ours)
        covariance = tracks.covariance[row]
        sigmas = [deviation(float(covariance[k, k])) for k in range(6)]
        fill_location(report.location, lla.tolist(), (sigmas[0], sigmas[1], sigmas[2]))
        velocity = tracks.velocity_enu_mps[row]
        if np.isfinite(velocity[:2]).all():
            c, s = float(np.cos(turned_rad)), float(np.sin(turned_rad))
            east, north = float(velocity[0]), float(velocity[1])
            there = (east * c - north * s, east * s + north * c, float(velocity[2]))
            fill_velocity(report.enu_velocity, there, sigmas[3:])
        report.detection_confidence = min(max(float(tracks.existence[row]), 0.0), 1.0)
        status = TrackStatus(int(tracks.status[row]))
        report.track_info.add(type="status", value=status.name.lower())
        if tracks.number[row]:
            report.track_info.add(type="number", value=f"T{int(tracks.number[row])}")
        chances = picture.identity.class_probability[row].tolist()
        word = Affiliation(int(picture.identity.affiliation[row])).name.lower().replace("_", " ")
        report.object_info.add(type="affiliation", value=word)
        report.object_info.add(type="class", value=class_words(chances))
        fill_classes(report, chances)
        for node, target, at_s in self._children.parents(tracks.object[row], picture.time_s):
            set_time(_associate(report, node, target).timestamp, at_s)
        self._sent_s[ours] = picture.time_s
        self._places[tracks.uid[row]] = (ours, tuple(lla.tolist()), picture.time_s)
        return message

    def _ended(self, ended: EndedTrack, picture: Picture) -> Any:
        ours, place, _ = self._places.pop(ended.uid)
        message, report = self._report(picture, ours)
        report.state = ended.outcome.value
        fill_location(report.location, place)
        return message

    def _report(self, picture: Picture, ours: str) -> tuple[Any, Any]:
        message = self._voice.envelope(picture.time_s, exercise=picture.exercise)
        report = message.detection_report
        report.report_id, report.object_id = self._voice.id(picture.time_s), ours
        return message, report


def object_id(name: str, born_s: float) -> str:
    """The id under which a track's object goes out: its own, where that is a ULID."""
    return name if is_ulid(name) else ulid(born_s, name)


def _associate(body: Any, node: str, target: str) -> Any:
    return body.associated_detection.add(node_id=node, object_id=target, association_type=_CHILD)

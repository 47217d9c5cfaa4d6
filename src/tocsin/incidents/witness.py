"""Witness: what the line saw and was told, kept while it runs, for the incident record that is written afterwards.

Fed with the line's packets, pictures, changed alerts and statuses in their order, it keeps one short account a track
(first and last detection, where it was then, sensors, class and affiliation, how it ended), every alert with each
change of its state and priority, when sensors saw nothing, and the notes people entered (COMMAND packets of kind NOTE:
author is the speaker, `value` the place, `reason` the words). It keeps no measurements; those are in the recording.
"""

import math
from collections.abc import Iterable

import msgspec
import numpy as np

from tocsin.model.alert import Alert
from tocsin.model.command import Command, CommandKind
from tocsin.model.errors import UNREADABLE
from tocsin.model.identity import Affiliation
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.sensor import Health, SensorStatus
from tocsin.model.track import Outcome
from tocsin.model.wording import class_words

_BLIND = (Health.SILENT, Health.FAULT, Health.OFF)


class Sighting(msgspec.Struct, frozen=True):
    """One confirmed track as a whole. Times are UTC seconds; positions metres east, north, up of the site's origin.

    `position_enu_m`, `speed_mps` and `spread_m` (95 % horizontal radius, the longer semi-axis) are those of the first
    picture with its last detection, `class_words` and `affiliation` those of its last one. `outcome` is None while it
    lives.
    """

    number: int
    uid: str
    born_s: float
    last_detection_s: float
    position_enu_m: tuple[float, float, float]
    speed_mps: float
    spread_m: float
    sensors: tuple[str, ...]
    class_words: str
    affiliation: str
    outcome: Outcome | None = None


class Outage(msgspec.Struct, frozen=True):
    """When a sensor saw nothing, and why; `until_s` is None if it still did when the run ended."""

    sensor: str
    from_s: float
    reason: str
    until_s: float | None = None


class Note(msgspec.Struct, frozen=True):
    """What somebody reported, as it was entered. `packet` is the sequence of the packet that held it."""

    speaker: str
    words: str
    place: str
    said_s: float
    packet: int


class Witness:
    """Everything that an incident record of this run can show."""

    def __init__(self) -> None:
        self._sightings: dict[str, Sighting] = {}
        self._alerts: dict[str, Alert] = {}
        self._turns: dict[str, list[Alert]] = {}
        self._outages: list[Outage] = []
        self._notes: list[Note] = []
        self._unreadable = 0
        self._exercise = False

    @property
    def sightings(self) -> tuple[Sighting, ...]:
        """The tracks that were ever confirmed, in the order of their numbers."""
        return tuple(sorted(self._sightings.values(), key=lambda sighting: sighting.number))

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """The alerts, each as it last stood, in the order they were raised."""
        return tuple(sorted(self._alerts.values(), key=lambda alert: (alert.raised_s, alert.id)))

    def turns(self, alert: Alert) -> tuple[Alert, ...]:
        """An alert's versions in which its state, its priority or who acknowledged it differs from the one before."""
        return tuple(self._turns[alert.id])

    @property
    def outages(self) -> tuple[Outage, ...]:
        """When sensors saw nothing, in the order in which that began."""
        return tuple(self._outages)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What people reported, in the order received."""
        return tuple(self._notes)

    @property
    def exercise(self) -> bool:
        """Whether any of it was replayed or simulated."""
        return self._exercise

    def statistics(self) -> dict[str, int]:
        """How much was kept, and how many commands could not be read."""
        return {
            "tracks": len(self._sightings),
            "alerts": len(self._alerts),
            "notes": len(self._notes),
            "unreadable commands": self._unreadable,
        }

    def hear(self, packet: Packet) -> None:
        """Take in one packet of the line; all but notes are let pass."""
        self._exercise |= packet.exercise
        if packet.kind is not PacketKind.COMMAND:
            return
        try:
            command = msgspec.json.decode(packet.data, type=Command)
        except UNREADABLE:
            self._unreadable += 1
            return
        if command.kind is CommandKind.NOTE and command.author and command.reason:
            note = Note(command.author, command.reason, command.value, packet.received_s, packet.sequence)
            self._notes.append(note)

    def see(self, picture: Picture, alerts: Iterable[Alert] = ()) -> None:
        """Take in one picture, and the alerts that changed with it."""
        self._exercise |= picture.exercise
        for row in np.flatnonzero(picture.tracks.number > 0):
            sighting = _sighting(picture, int(row))
            before = self._sightings.get(sighting.uid)
            if before is not None and before.last_detection_s == sighting.last_detection_s:
                sighting = msgspec.structs.replace(  # where it was when it was seen, not where it may be now
                    sighting,
                    position_enu_m=before.position_enu_m,
                    speed_mps=before.speed_mps,
                    spread_m=before.spread_m,
                )
            self._sightings[sighting.uid] = sighting
        for ended in picture.ended:
            if ended.uid in self._sightings:
                self._sightings[ended.uid] = msgspec.structs.replace(
                    self._sightings[ended.uid], last_detection_s=ended.last_detection_s, outcome=ended.outcome
                )
        for alert in alerts:
            self._exercise |= alert.exercise
            self._alerts[alert.id] = alert
            turns = self._turns.setdefault(alert.id, [])
            if not turns or _stands(turns[-1]) != _stands(alert):
                turns.append(alert)

    def watch(self, statuses: Iterable[SensorStatus]) -> None:
        """Take in what sensors say of themselves, or what the line finds of them."""
        for status in statuses:
            open_ = next(
                (k for k, one in enumerate(self._outages) if one.sensor == status.sensor and one.until_s is None), None
            )
            if open_ is None and status.health in _BLIND:
                self._outages.append(Outage(status.sensor, status.time_s, status.reason or status.health.value))
            elif open_ is not None and status.health not in _BLIND:
                self._outages[open_] = msgspec.structs.replace(self._outages[open_], until_s=status.time_s)


def _stands(alert: Alert) -> tuple[object, ...]:
    return alert.state, alert.priority, alert.acknowledged_by


def _sighting(picture: Picture, row: int) -> Sighting:
    tracks, identity = picture.tracks, picture.identity
    bits = int(tracks.sensor_bits[row])
    east, north, up = (float(value) for value in tracks.position_enu_m[row])
    return Sighting(
        int(tracks.number[row]),
        tracks.uid[row],
        float(tracks.born_s[row]),
        float(tracks.last_detection_s[row]),
        (east, north, up),
        math.sqrt(sum(float(value) ** 2 for value in tracks.velocity_enu_mps[row])),
        _spread_m(tracks.covariance[row, :2, :2]),
        tuple(name for k, name in enumerate(tracks.sensors) if bits >> k & 1),
        class_words([float(value) for value in identity.class_probability[row]]),
        Affiliation(int(identity.affiliation[row])).name.lower().replace("_", " "),
    )


def _spread_m(covariance: np.ndarray) -> float:
    """The longer semi-axis of the 95 % ellipse of a 2 x 2 covariance (chi-square with two degrees: 5.991)."""
    mean = float(covariance[0, 0] + covariance[1, 1]) / 2
    half = math.hypot(float(covariance[0, 0] - covariance[1, 1]) / 2, float(covariance[0, 1]))
    return math.sqrt(5.991 * (mean + half))

"""Adapter: sightings by people to bearings and statements.

Each sighting is a statement of its author. One with a direction, told soon enough, is a detection too: a bearing from
where the author stood, never a place, with an error that takes in how people point, how far they are from where they
think they stand, and whether they saw or heard it. A repeated id is the same sighting. Nothing that is received raises.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from tocsin.formats.json_objects import JsonReader
from tocsin.formats.problems import Problems
from tocsin.formats.sighting import Sighting, SightingError, read_sighting
from tocsin.geo.angles import wrap_2pi_scalar_rad
from tocsin.geo.frames import Origin, convergence_rad, enu_from_lla
from tocsin.model.adapter import AdapterContext, AdapterInfo, Decoded, Grade
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.statement import Stance, Statement
from tocsin.sensors.sightings.settings import Settings as SightingsSettings
from tocsin.units import RAD_PER_DEG

SOURCE = "sighting"
_REMEMBERED = 10_000  # ids
_EYES_M = 1.6  # above the ground, which is taken at the site's height
_POINTS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
_AHEAD_S = 5.0  # a phone's clock may be


class Adapter:
    """All people who report to one site."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="sightings", summary="what people saw and heard", standard="none: JSON of our own", grade=Grade.FIELD
    )
    Settings: ClassVar[type[SightingsSettings]] = SightingsSettings

    def __init__(self, settings: SightingsSettings, context: AdapterContext) -> None:
        self._settings = settings
        self._name = context.name
        self._origin = Origin(context.origin_latitude_rad, context.origin_longitude_rad, context.origin_height_m)
        self._readers: dict[int, JsonReader] = {}
        self._ids: dict[str, None] = {}
        self._row = 0
        self._problems = Problems()
        self._counts: Counter[str] = Counter()

    def decode(self, packet: Packet) -> Iterable[Decoded]:
        """The statements and bearings of the sightings that the packet completes."""
        if packet.kind is PacketKind.OPENED:
            self._readers[packet.connection] = JsonReader()
        elif packet.kind is PacketKind.CLOSED:
            reader = self._readers.pop(packet.connection, None)
            if reader is not None:
                self._counts["broken_off"] += reader.dropped + bool(reader.waiting_bytes)
        elif packet.kind is PacketKind.DATA:
            reader = self._readers.setdefault(packet.connection, JsonReader())
            return [item for value in reader.feed(packet.data) for item in self._items(value, packet)]
        return ()

    def on_tick(self, time_s: float) -> Iterable[Decoded]:
        """Nothing happens by time alone."""
        return ()

    def statistics(self) -> Mapping[str, Any]:
        """Sightings, what became of them, and the problems with their first places."""
        broken_off = self._counts["broken_off"] + sum(reader.dropped for reader in self._readers.values())
        return {**self._counts, "broken_off": broken_off, "problems": self._problems.statistics()}

    def _items(self, value: bytes, packet: Packet) -> Iterator[Decoded]:
        self._row += 1
        try:
            sighting = read_sighting(value)
        except SightingError as error:
            self._problems.count("sighting: broken", packet.origin, self._row, error)
            return
        if sighting.id in self._ids:
            self._counts["repeated"] += 1
            return
        self._ids[sighting.id] = None
        while len(self._ids) > _REMEMBERED:
            del self._ids[next(iter(self._ids))]
        self._counts["sightings"] += 1
        yield self._statement(sighting, packet)
        age_s = packet.received_s - sighting.time_s
        if sighting.azimuth_deg is None:
            self._counts["without_direction"] += 1
        elif not -_AHEAD_S <= age_s <= self._settings.oldest_s:
            self._counts["too_old"] += 1
        else:
            self._counts["bearings"] += 1
            yield self._bearing(sighting, sighting.azimuth_deg, packet)

    def _statement(self, sighting: Sighting, packet: Packet) -> Statement:
        return Statement(
            id=f"{SOURCE}-{sighting.id}",
            speaker=sighting.author,
            stance=Stance.ASSERTS,
            content=words_of(sighting),
            source=SOURCE,
            said_s=sighting.time_s,
            place=f"{sighting.latitude_deg:.5f}, {sighting.longitude_deg:.5f}",
            packet=packet.sequence,
        )

    def _bearing(self, sighting: Sighting, azimuth_deg: float, packet: Packet) -> Detection:
        settings = self._settings
        lla = np.array([[sighting.latitude_deg * RAD_PER_DEG, sighting.longitude_deg * RAD_PER_DEG, 0.0]])
        lla[0, 2] = self._origin.height_m
        east_m, north_m, up_m = enu_from_lla(self._origin, lla)[0].tolist()
        azimuth_rad = wrap_2pi_scalar_rad(azimuth_deg * RAD_PER_DEG + float(convergence_rad(self._origin, lla)[0]))
        usual_rad = settings.heard_azimuth_rad if sighting.means == "heard" else settings.seen_azimuth_rad
        pointing_rad = _or_else(sighting.azimuth_sigma_deg, usual_rad)
        standing_rad = math.atan2(sighting.accuracy_m, settings.nearest_m)
        variance = pointing_rad**2 + standing_rad**2
        values: tuple[float, ...] = (azimuth_rad,)
        covariance: tuple[float, ...] = (variance,)
        if sighting.elevation_deg is not None and sighting.means == "seen":
            up_rad = _or_else(sighting.elevation_sigma_deg, settings.seen_elevation_rad)
            values, covariance = (azimuth_rad, sighting.elevation_deg * RAD_PER_DEG), (variance, 0.0, 0.0, up_rad**2)
        return Detection(
            sensor=self._name,
            kind=MeasurementKind.AZIMUTH if len(values) == 1 else MeasurementKind.AZIMUTH_ELEVATION,
            time_s=min(sighting.time_s, packet.received_s),
            received_s=packet.received_s,
            values=values,
            covariance=covariance,
            sensor_enu_m=(east_m, north_m, up_m + _EYES_M),
            class_word=sighting.what or None,
            sensor_track=f"{SOURCE}-{sighting.id}",  # the id of its statement
            packet=packet.sequence,
            row=self._row,
            exercise=packet.exercise,
        )


def words_of(sighting: Sighting) -> str:
    """What is shown: what, how, which way, how high, their own words, the picture."""
    told = [f"{sighting.what or 'something'} {sighting.means}"]
    if sighting.azimuth_deg is not None:
        point = _POINTS[round(sighting.azimuth_deg / 45.0) % 8]
        told.append(f"towards {point} ({sighting.azimuth_deg % 360.0:03.0f} deg)")
    if sighting.elevation_deg is not None:
        told.append(f"{sighting.elevation_deg:.0f} deg above the horizon")
    if sighting.words.strip():
        told.append(f"“{' '.join(sighting.words.split())}”")
    if sighting.photo:
        told.append(f"picture: {sighting.photo}")
    return ", ".join(told)


def _or_else(sigma_deg: float | None, usual_rad: float) -> float:
    return usual_rad if sigma_deg is None else sigma_deg * RAD_PER_DEG

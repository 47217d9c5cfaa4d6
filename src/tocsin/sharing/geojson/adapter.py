"""Adapter: pictures and alerts as GeoJSON (RFC 7946), one feature collection a packet, each on a line of its own.

Affiliations are given one for one, never friendlier. Exercise is marked on the collection, on every feature and on the
packet. What is left out is counted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from tocsin.geo.frames import Origin
from tocsin.model.adapter import AdapterContext, AdapterInfo, Grade
from tocsin.model.alert import Alert
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.picture import Picture
from tocsin.model.threat import Asset, Zone
from tocsin.model.track import TrackStatus
from tocsin.sharing.geojson.features import Feature, alert_feature, asset_feature, iso, track_features, zone_feature
from tocsin.sharing.geojson.settings import Settings as GeoJsonSettings

SCHEMA = 1


class Adapter:
    """One receiver of GeoJSON."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="geojson",
        summary="tracks and alerts for maps and scripts",
        standard="RFC 7946",
        grade=Grade.SAMPLED,
    )
    Settings: ClassVar[type[GeoJsonSettings]] = GeoJsonSettings
    emits: ClassVar[tuple[str, ...]] = ("track", "alert", "asset", "zone")

    def __init__(self, settings: GeoJsonSettings, context: AdapterContext) -> None:
        self._settings = settings
        self._name = context.name
        self._origin = Origin(context.origin_latitude_rad, context.origin_longitude_rad, context.origin_height_m)
        self._last_s: float | None = None
        self._points: dict[str, list[float]] = {}  # where each track was last shared
        self._counts: Counter[str] = Counter()

    def encode(self, item: Picture | Alert) -> Iterable[Packet]:
        """A packet for a picture that is due, and for every alert."""
        if isinstance(item, Alert):
            point = next((self._points[parent] for parent in item.parents if parent in self._points), None)
            self._counts["alerts"] += 1
            return (self._packet([alert_feature(item, point)], item.changed_s, item.exercise),)
        if self._last_s is not None and 0.0 <= item.time_s - self._last_s < self._settings.interval_s:
            self._counts["pictures_not_due"] += 1
            return ()
        self._last_s = item.time_s
        rows = self._rows(item)
        features = track_features(item, rows, self._origin)
        self._points = {feature["id"]: feature["geometry"]["coordinates"] for feature in features}
        self._counts["pictures"] += 1
        self._counts["tracks"] += len(features)
        self._counts["tracks_without_position"] += len(rows) - len(features)
        return (self._packet(features, item.time_s, item.exercise),)

    def places(self, assets: Sequence[Asset], zones: Sequence[Zone], time_s: float, exercise: bool) -> Packet:
        """The places of the site, for a receiver that wants to draw them."""
        features = [asset_feature(asset, self._origin) for asset in assets]
        features += [zone_feature(zone, self._origin) for zone in zones]
        return self._packet(features, time_s, exercise)

    def statistics(self) -> Mapping[str, Any]:
        """Pictures, tracks and alerts sent and left out."""
        return dict(self._counts)

    def _rows(self, picture: Picture) -> list[int]:
        shared = {TrackStatus.CONFIRMED, TrackStatus.COASTING}
        if self._settings.tentative:
            shared.add(TrackStatus.TENTATIVE)
        rows = [row for row, status in enumerate(picture.tracks.status.tolist()) if status in shared]
        self._counts["tracks_not_shared"] += len(picture.tracks) - len(rows)
        return rows

    def _packet(self, features: list[Feature], time_s: float, exercise: bool) -> Packet:
        collection = {
            "type": "FeatureCollection",
            "schema": SCHEMA,
            "time": iso(time_s),
            "exercise": exercise,
            "features": features,
        }
        return Packet(PacketKind.DATA, self._name, time_s, msgspec.json.encode(collection) + b"\n", exercise=exercise)

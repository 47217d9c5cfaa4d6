"""Explaining: what else a sighting with a direction could be, for those who look at it."""

import math
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from tocsin.config.site import Site
from tocsin.geo.frames import lla_from_enu
from tocsin.identity.alternatives import LineOfSight, Wind, alternatives
from tocsin.identity.watch import Watch
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.picture import Picture
from tocsin.model.sensor import Health
from tocsin.model.views import AlternativeView
from tocsin.service.sightings import ADAPTER

MOST = 6


class Explainer:
    """One for a site."""

    def __init__(self, site: Site, watches: Sequence[Watch]) -> None:
        self._origin = site.origin
        self._watches = watches
        known = site.identity.wind_mps
        self._wind = None if known is None else Wind(*known, site.identity.wind_sigma_mps)
        self._people = frozenset(sensor.name for sensor in site.sensors if sensor.adapter == ADAPTER)

    def explain(
        self, detections: Sequence[Detection], picture: Picture | None, health: Mapping[str, Health]
    ) -> dict[str, tuple[AlternativeView, ...]]:
        """By the id of its statement, what else each bearing of people among `detections` could be, nearest first."""
        found = {}
        for one in detections:
            if one.sensor not in self._people or one.sensor_track is None:
                continue
            line = self._line(one)
            claims = () if picture is None else picture.identity.claims
            tracks = None if picture is None else picture.tracks
            identity = None if picture is None else picture.identity
            told = alternatives(line, claims, tracks, self._watches, health, identity, self._wind)
            found[one.sensor_track] = tuple(
                AlternativeView(it.kind, it.name, None if it.kind == "unseen" else round(it.sigmas, 2), it.words)
                for it in (*told[: MOST - 1], *told[MOST - 1 :][-1:])
            )
        return found

    def _line(self, one: Detection) -> LineOfSight:
        latitude_rad, longitude_rad, height_m = lla_from_enu(self._origin, np.array([one.sensor_enu_m]))[0].tolist()
        line = LineOfSight(
            enu_m=one.sensor_enu_m,
            latitude_rad=latitude_rad,
            longitude_rad=longitude_rad,
            height_m=height_m,
            azimuth_rad=one.values[0],
            azimuth_sigma_rad=math.sqrt(one.covariance[0]),
            time_s=one.time_s,
        )
        if one.kind is not MeasurementKind.AZIMUTH_ELEVATION:
            return line
        sigma_rad = math.sqrt(one.covariance[3])
        return msgspec.structs.replace(line, elevation_rad=one.values[1], elevation_sigma_rad=sigma_rad)

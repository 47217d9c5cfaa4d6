"""The threat stage: one step a scan or tick, from tracks and identities to `ThreatColumns`.

Every pair of a track and a place that it may come near within the horizon is listed; a pair that is not listed has no
entry probability worth a number. Nothing is random: the same columns give the same bytes. Columns of the past (settled,
or older than the last) are assessed with what is known now and change nothing.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.model.identity import IdentityColumns
from tocsin.model.threat import Asset, ThreatColumns, Zone
from tocsin.model.track import TrackColumns, carried_rows
from tocsin.threat.approach import approaches, fan
from tocsin.threat.course import Course, Forecast
from tocsin.threat.impact import Impact
from tocsin.threat.order import ThreatOrder, pressing_s
from tocsin.threat.places import places
from tocsin.threat.settings import Settings

Floats = NDArray[np.float64]


class Assessor:
    """Approach of every track to every asset and zone of a site."""

    def __init__(
        self, settings: Settings, assets: Sequence[Asset], zones: Sequence[Zone], site_altitude_m: float = 0.0
    ) -> None:
        self._settings = settings
        self._names, self._places = places(assets, zones)
        self._impact = Impact(settings, self._places, site_altitude_m)
        self._fan = fan(settings.horizon_s, settings.wander_time_s, settings.climb_time_s)
        self._course = Course(settings)
        self._order = ThreatOrder()
        self._uid: tuple[str, ...] = ()
        self._time_s = -math.inf
        self._counts: Counter[str] = Counter()

    def step(self, tracks: TrackColumns, identity: IdentityColumns) -> ThreatColumns:
        """Threats at the tracks' own time; rows of `identity` belong to rows of `tracks`."""
        if tracks.settled or tracks.time_s < self._time_s:
            before = carried_rows(self._uid, tracks.uid)
            order = ThreatOrder()
            order.follow(np.full(len(tracks), -1))
            return self._assess(tracks, identity, self._course.recalled(before, tracks), order, past=True)
        self._time_s = tracks.time_s
        if tracks.uid != self._uid:
            before = carried_rows(self._uid, tracks.uid)
            self._course.follow(before)
            self._order.follow(before)
            self._uid = tracks.uid
        threats = self._assess(tracks, identity, self._course.step(tracks), self._order)
        self._counts["pairs"] += len(threats.track)
        self._counts["steps"] += 1
        return threats

    def statistics(self) -> Mapping[str, Any]:
        """Steps and listed pairs counted."""
        return dict(self._counts)

    def _assess(
        self, tracks: TrackColumns, identity: IdentityColumns, forecast: Forecast, order: ThreatOrder,
        past: bool = False,
    ) -> ThreatColumns:  # fmt: skip
        pair, number = approaches(
            self._fan,
            self._places,
            self._settings.near_m,
            np.array(tracks.position_enu_m),
            np.array(tracks.velocity_enu_mps),
            np.array(tracks.covariance),
            np.column_stack([forecast.going_mps, forecast.present_share, forecast.turn_radps]),
            forecast.wander_mps,
        )
        track, place = np.array(pair[:, 0]), np.array(pair[:, 1])
        horizon_s, entry_s = self._settings.horizon_s, number[:, 3:6]
        pressing = pressing_s(len(tracks), track, entry_s[:, 1], number[:, 2], horizon_s)
        ranked = order.step(pressing, identity.affiliation, tracks.time_s)
        for column in (track, place, number, ranked):
            column.flags.writeable = False  # views taken from here on are read-only too
        return ThreatColumns(
            horizon_s,
            self._names,
            track,
            place,
            number[:, 0],
            number[:, 1],
            number[:, 2],
            number[:, 3:6],
            number[:, 6:9],
            number[:, 9],
            ranked,
            self._impact.step(tracks, keep=not past),
        )

"""Raids: which objects act together, so that one alert speaks for all of them.

Objects that meet one rule for one place and fly within a distance of each other are one raid. A raid is called after
its first object and keeps that name when the object is gone; an object stays in the raid it joined; two raids never
become one. So an alert's key never changes, and a change of membership is an update.
"""

from collections.abc import Collection, Iterable

import msgspec
import numpy as np

from tocsin.alerts.conditions import Finding
from tocsin.model.alert import AlertKey
from tocsin.model.track import TrackColumns

GROWTH = 1.5  # a raid that has grown by half is worse


class Raids:
    """The raids of a site. `within_m` 0 leaves every object on its own."""

    def __init__(self, within_m: float) -> None:
        self._within_m = within_m
        self._raid_of: dict[tuple[str, str], dict[str, str]] = {}  # (rule, place): object to raid

    def gather(self, findings: Iterable[Finding], tracks: TrackColumns) -> list[Finding]:
        """One finding a raid: its most pressing member's, with the rows of all, that one's first."""
        gathered: dict[AlertKey, list[Finding]] = {}
        near: dict[tuple[str, str], list[Finding]] = {}
        for finding in sorted(findings, key=lambda one: one.row):
            raid = self._raid(finding, near, tracks)
            near.setdefault((finding.key.rule, finding.key.place), []).append(finding)
            gathered.setdefault(msgspec.structs.replace(finding.key, subject=raid), []).append(finding)
        return [_spoken(key, members) for key, members in gathered.items()]

    def join(self, key: AlertKey, members: Collection[str]) -> None:
        """Take objects into a raid that stood before a restart."""
        self._raid_of.setdefault((key.rule, key.place), {}).update(dict.fromkeys(members, key.subject))

    def keep(self, keys: Collection[AlertKey]) -> None:
        """Forget the raids that no alert stands for."""
        for (rule, place), raid_of in list(self._raid_of.items()):
            kept = {one: raid for one, raid in raid_of.items() if AlertKey(rule, place, raid) in keys}
            if kept:
                self._raid_of[rule, place] = kept
            else:
                del self._raid_of[rule, place]

    def _raid(self, finding: Finding, near: dict[tuple[str, str], list[Finding]], tracks: TrackColumns) -> str:
        where, name = (finding.key.rule, finding.key.place), finding.key.subject
        raid_of = self._raid_of.setdefault(where, {})
        if name not in raid_of:
            raid_of[name] = name
            others = near.get(where, [])
            if others and self._within_m > 0.0:
                places_m = tracks.position_enu_m[[other.row for other in others], :2]
                away_m = np.linalg.norm(places_m - tracks.position_enu_m[finding.row, :2], axis=1)
                nearest = int(np.argmin(away_m))
                if away_m[nearest] <= self._within_m:
                    raid_of[name] = raid_of[others[nearest].key.subject]
        return raid_of[name]


def _spoken(key: AlertKey, members: list[Finding]) -> Finding:
    best = max(members, key=lambda one: (one.raises, one.priority, one.probability))
    rows = (best.row, *(one.row for one in members if one is not best))
    return msgspec.structs.replace(best, key=key, rows=rows)

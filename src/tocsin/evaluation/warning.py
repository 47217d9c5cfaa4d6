"""Warning time: how long before a drone entered an asset an alert about that drone and that place stood.

An entry is a judged second inside the asset's circle after one outside it; a drone that takes off inside has not
entered. An alert speaks of the asset if its place is the asset or a zone that holds the asset's centre; of the drone if
its track ever covered that drone. An alert stands from the version that raised it until its condition is gone or it is
kept from the operator. It warns of an entry if it was raised after the drone was last inside, or stood from then until
the entry.
"""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from tocsin.evaluation.seconds import Seconds
from tocsin.model.alert import Alert, AlertState
from tocsin.model.threat import Asset, Zone

# The condition is gone, or nobody is told of it.
QUIET = frozenset(
    {
        AlertState.NORMAL,
        AlertState.RETURNED,
        AlertState.CLEARED,
        AlertState.SUPPRESSED,
        AlertState.OUT_OF_SERVICE,
    }
)


class Entry(msgspec.Struct, frozen=True):
    """One entry of a drone into an asset: `at_s` from the first judged second; the seconds of warning, 0 for none."""

    target: str
    asset: str
    at_s: float
    warning_s: float


class WarningFigures(msgspec.Struct, frozen=True):
    """`first_alert_s` from the first judged second to the first alert about a drone, NaN for none. `false_alerts`:
    alerts that stood in a judged second, about a track that never covered a drone. `misplaced`: alerts that did, about
    a track that covered drones none of which entered the place; `misplaced_most`: drones times places not entered.
    """

    first_alert_s: float
    entries: tuple[Entry, ...]
    false_alerts: int
    misplaced: int = 0
    misplaced_most: int = 0

    @property
    def warning_min_s(self) -> float:
        """The least warning of all entries; NaN if nothing ever entered."""
        return min((entry.warning_s for entry in self.entries), default=np.nan)


class _Standing(msgspec.Struct, frozen=True):
    """One alert's place, all tracks it ever spoke of, and when it stood: half-open intervals."""

    place: str
    tracks: frozenset[int]
    intervals_s: tuple[tuple[float, float], ...]


def measure_warning(
    seconds: Seconds,
    covering: Mapping[str, frozenset[int]],
    alerts: Sequence[Alert],
    assets: Sequence[Asset],
    zones: Sequence[Zone],
) -> WarningFigures:
    """`alerts` are all versions in the order they were written; `covering` maps targets to their tracks' numbers."""
    standing = [alert for alert in _standing(alerts) if any(number > 0 for number in alert.tracks)]
    on_drone: frozenset[int] = frozenset().union(*covering.values())
    raised_s = [alert.intervals_s[0][0] for alert in standing if alert.tracks & on_drone]
    entries: list[Entry] = []
    entered: set[tuple[str, str]] = set()
    for column, target in enumerate(seconds.targets):
        for asset in assets:
            if _ever_inside(seconds, column, asset):
                entered |= {(target, place) for place in _places_of(asset, zones)}
            places = _places_of(asset, zones)
            about = [alert for alert in standing if alert.tracks & covering[target] and alert.place in places]
            for outside_s, entry_s in _entries(seconds, column, asset):
                since_first_s = entry_s - float(seconds.time_s[0])
                entries.append(Entry(target, asset.name, since_first_s, _longest(about, outside_s, entry_s)))
    return WarningFigures(
        first_alert_s=min(raised_s) - float(seconds.time_s[0]) if raised_s else np.nan,
        entries=tuple(entries),
        false_alerts=sum(not alert.tracks & on_drone and _stood(alert, seconds) for alert in standing),
        misplaced=_misplaced(standing, seconds, covering, assets, zones, entered),
        misplaced_most=len(seconds.targets) * len(assets)
        - sum((t, a.name) in entered for t in seconds.targets for a in assets),
    )


def _misplaced(
    standing: Sequence[_Standing],
    seconds: Seconds,
    covering: Mapping[str, frozenset[int]],
    assets: Sequence[Asset],
    zones: Sequence[Zone],
    entered: set[tuple[str, str]],
) -> int:
    """Alerts of drones for a place that none of them entered; those of places that hold no asset are not judged."""
    known = frozenset().union(*(_places_of(asset, zones) for asset in assets))
    count = 0
    for alert in standing:
        drones = [target for target, tracks in covering.items() if tracks & alert.tracks]
        is_judged = drones and alert.place in known and _stood(alert, seconds)
        count += bool(is_judged) and not any((target, alert.place) in entered for target in drones)
    return count


def always_and_never(seconds: Seconds, assets: Sequence[Asset]) -> tuple[WarningFigures, WarningFigures]:
    """What an alert that always stands would score, and none at all: the bounds any rule lies between."""
    always = [
        Entry(target, asset.name, entry_s - float(seconds.time_s[0]), entry_s - outside_s)
        for column, target in enumerate(seconds.targets)
        for asset in assets
        for outside_s, entry_s in _entries(seconds, column, asset)
    ]
    never = [Entry(entry.target, entry.asset, entry.at_s, 0.0) for entry in always]
    return WarningFigures(0.0, tuple(always), 0), WarningFigures(np.nan, tuple(never), 0)


def _standing(alerts: Sequence[Alert]) -> list[_Standing]:
    versions: dict[str, list[Alert]] = {}
    for alert in alerts:
        versions.setdefault(alert.id, []).append(alert)
    found = []
    for history in versions.values():
        intervals: list[tuple[float, float]] = []
        since_s: float | None = None
        for alert in sorted(history, key=lambda version: version.version):
            if alert.state in QUIET:
                if since_s is not None:
                    intervals.append((since_s, alert.changed_s))
                since_s = None
            elif since_s is None:
                since_s = alert.changed_s
        if since_s is not None:
            intervals.append((since_s, np.inf))
        if intervals:
            tracks = frozenset(number for alert in history for number in (alert.track, *alert.tracks) if number > 0)
            found.append(_Standing(history[0].key.place, tracks, tuple(intervals)))
    return found


def _stood(alert: _Standing, seconds: Seconds) -> bool:
    """Whether the alert stood in any judged second."""
    return any(
        np.searchsorted(seconds.time_s, since_s) < np.searchsorted(seconds.time_s, until_s)
        for since_s, until_s in alert.intervals_s
    )


def _ever_inside(seconds: Seconds, column: int, asset: Asset) -> bool:
    offset_m = seconds.position_m[seconds.flying[:, column], column] - np.array((asset.east_m, asset.north_m))
    return bool((np.linalg.norm(offset_m, axis=1) <= asset.radius_m).any())


def _entries(seconds: Seconds, column: int, asset: Asset) -> list[tuple[float, float]]:
    """For each entry: the first second outside since the last one inside, and the second of entry."""
    here = np.flatnonzero(seconds.flying[:, column])
    offset_m = seconds.position_m[here, column] - np.array((asset.east_m, asset.north_m))
    inside = np.linalg.norm(offset_m, axis=1) <= asset.radius_m
    time_s = seconds.time_s[here]
    entries: list[tuple[float, float]] = []
    outside_s: float | None = None
    for at_s, is_inside in zip(time_s.tolist(), inside.tolist(), strict=True):
        if not is_inside:
            outside_s = at_s if outside_s is None else outside_s
        elif outside_s is not None:
            entries.append((outside_s, at_s))
            outside_s = None
    return entries


def _longest(about: Sequence[_Standing], outside_s: float, entry_s: float) -> float:
    """Seconds from the first alert raised on the way in, or from `outside_s` for one that never went; 0 for none."""
    starts = [
        max(since_s, outside_s)
        for alert in about
        for since_s, until_s in alert.intervals_s
        if outside_s <= since_s < entry_s or since_s < outside_s and until_s >= entry_s
    ]
    return entry_s - min(starts, default=entry_s)


def _places_of(asset: Asset, zones: Sequence[Zone]) -> frozenset[str]:
    centre = (asset.east_m, asset.north_m)
    return frozenset({asset.name, *(zone.name for zone in zones if _holds(zone.polygon_enu_m, centre))})


def _holds(polygon_m: Sequence[tuple[float, float]], point_m: tuple[float, float]) -> bool:
    """Whether the point lies in the polygon, by counting the edges crossed going east."""
    east_m, north_m = point_m
    corners: NDArray[np.float64] = np.array(polygon_m)
    following = np.roll(corners, -1, axis=0)
    straddles = (corners[:, 1] > north_m) != (following[:, 1] > north_m)
    rise = np.where(straddles, following[:, 1] - corners[:, 1], 1.0)
    crossing_m = corners[:, 0] + (north_m - corners[:, 1]) / rise * (following[:, 0] - corners[:, 0])
    return bool((straddles & (crossing_m > east_m)).sum() % 2)

"""Trial: what the rules of a site file would have raised on a recording, before they go live.

The recording runs through a new line of the site; nothing is written or shared. An object has come into a place when
its track is inside with probability one half at least; each (object, place) counts once, at its first entry. The alert
that speaks of it is the first that names its track for that place; how early is the time between the two. What is
counted is what the sensors saw: an object that no sensor saw is not missed here.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from tocsin.alerts.load import LoadFigures
from tocsin.config.site import Site
from tocsin.model.alert import Alert, AlertState
from tocsin.model.packet import Packet
from tocsin.model.picture import Picture
from tocsin.model.track import TrackStatus
from tocsin.service.pipeline import Line
from tocsin.service.source import open_input

_INSIDE_PROBABILITY = 0.5


class Missed(msgspec.Struct, frozen=True):
    """An object that came into a place without any alert."""

    track: int
    place: str
    time_s: float
    what: str


class RuleTrial(msgspec.Struct, frozen=True):
    """One rule: `raised` alerts; `came` of them spoke of an object that came in, `early_s` before (5, 50, 95 %)."""

    rule: str
    raised: int
    came: int
    early_s: tuple[float, float, float] | None


class Trial(msgspec.Struct, frozen=True):
    """All rules together; `late` entries were alerted with less than the asset's reaction time left."""

    rules: tuple[RuleTrial, ...]
    entries: int
    late: tuple[Missed, ...]
    missed: tuple[Missed, ...]
    load: LoadFigures
    alerts: tuple[Alert, ...]


def try_rules(site: Site, inputs: Sequence[Path]) -> Trial:
    """Run `inputs` through the site's rules. Raises TocsinError for inputs that cannot be read."""
    return try_packets(site, open_input(site, inputs).packets())


def try_packets(site: Site, packets: Iterable[Packet]) -> Trial:
    """The same for packets in hand."""
    line, watch = Line(site), _Watch()
    for packet in packets:
        output = line.step(packet)
        watch.take(output.alerts, output.picture)
    return watch.trial(site, line.load())


class _Watch:
    """Collects the first raising of each alert, and the first entry of each object into each place."""

    def __init__(self) -> None:
        self._raised: dict[str, Alert] = {}
        self._told: dict[tuple[int, str], Alert] = {}  # (track, place): the first version that named it
        self._entered: dict[tuple[int, str], Missed] = {}

    def take(self, alerts: Sequence[Alert], picture: Picture | None) -> None:
        for alert in alerts:
            if alert.state is AlertState.UNACKNOWLEDGED:
                self._raised.setdefault(alert.id, alert)
            if alert.state is not AlertState.SUPPRESSED:
                for number in alert.tracks:
                    self._told.setdefault((number, alert.key.place), alert)
        if picture is not None and len(picture.threats.track):
            self._enter(picture)

    def _enter(self, picture: Picture) -> None:
        threats, tracks = picture.threats, picture.tracks
        for pair in np.flatnonzero(threats.inside_probability >= _INSIDE_PROBABILITY).tolist():
            row, place = int(threats.track[pair]), threats.places[int(threats.place[pair])]
            number = int(tracks.number[row])
            if number and tracks.status[row] == TrackStatus.CONFIRMED and (number, place) not in self._entered:
                what = picture.identity.reasons[row]
                self._entered[number, place] = Missed(number, place, picture.time_s, what)

    def trial(self, site: Site, load: LoadFigures) -> Trial:
        early: dict[str, list[float]] = {rule.name: [] for rule in site.rules}
        came: dict[str, set[str]] = {rule.name: set() for rule in site.rules}
        reaction_s = {asset.name: asset.reaction_s for asset in site.assets}
        late, missed = [], []
        for key, entry in self._entered.items():
            alert = self._told.get(key)
            if alert is None:
                missed.append(entry)
                continue
            early_s = max(entry.time_s - alert.changed_s, 0.0)
            early.setdefault(alert.key.rule, []).append(early_s)
            came.setdefault(alert.key.rule, set()).add(alert.id)
            if early_s < reaction_s.get(entry.place, 0.0):
                late.append(entry)
        raised = [alert.key.rule for alert in self._raised.values()]
        rules = tuple(
            RuleTrial(name, raised.count(name), len(came.get(name, ())), _points(early.get(name, ())))
            for name in dict.fromkeys([*early, *raised])
        )
        alerts = tuple(self._raised.values())
        return Trial(rules, len(self._entered), tuple(late), tuple(missed), load, alerts)


def _points(values: Sequence[float]) -> tuple[float, float, float] | None:
    if not values:
        return None
    low, middle, high = np.percentile(values, [5.0, 50.0, 95.0]).tolist()
    return low, middle, high


def in_words(trial: Trial, clock: Callable[[float], str]) -> str:
    """The trial for people; `clock` says a time."""
    lines = []
    for rule in trial.rules:
        text = f"{rule.rule}: raised {rule.raised} times, {rule.came} of these for an object that came in"
        if rule.early_s is not None:
            low, middle, high = rule.early_s
            text += f", {middle:.0f} s before (5 to 95 %: {low:.0f} to {high:.0f} s)"
        lines.append(text)
    lines.append(
        f"objects that came into a place: {trial.entries}; missed: {len(trial.missed)}; late: {len(trial.late)}"
    )
    lines += [f"  missed: T{one.track} in {one.place} at {clock(one.time_s)} ({one.what})" for one in trial.missed]
    lines += [f"  late: T{one.track} in {one.place} at {clock(one.time_s)}" for one in trial.late]
    load = trial.load
    if load.per_operator_10_min is not None:
        share = 100.0 * (load.flood_share or 0.0)
        lines.append(
            f"load: {load.per_operator_10_min:.2f} alerts per operator in 10 min, at most {load.most_10_min:g}; "
            f"in flood {share:.1f} % of the time"
        )
    return "\n".join(lines) + "\n"

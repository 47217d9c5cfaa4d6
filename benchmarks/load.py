"""A day of alerts: how many an operator gets, against how many approaches are missed, rule by rule.

`python benchmarks/load.py --json OUT [--markdown FILE]` simulates 24 hours for one operator and three places: 2,000
birds (most at dusk and dawn), airliners and helicopters with ADS-B, balloons, hobby drones that pass, radar clutter;
and 20 approaches of six kinds at seeded times, each to one place. One line takes the sensors' bytes; beside it run
alert engines that differ in their rule alone, on the same pictures, with an operator who acknowledges after 15 s. Two
rules that need no thought stand beside them: "always alert" on every confirmed track, and "never alert".

An approach counts as warned where an alert for its place names a track that lay within 150 m of one of its drones, at
least the place's reaction time before its first drone is inside the place; otherwise it is missed, and listed. Every
hour is a scenario of its own, so what flies at its end is gone; approaches lie within an hour. The simulator shares no
code with the tracker, but it is ours; `--recordings` adds the real ones of the ICMCIS trial, where what came into the
site is told by the tracks.
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

from day import BIRDS, HOUR_S, PLACES, Approach, approaches, birds_of, hour_of, packets_of, site_of_day  # noqa: E402
from tocsin.alerts import AlertEngine  # noqa: E402
from tocsin.alerts.rule import Rule  # noqa: E402
from tocsin.cli.warm import warm  # noqa: E402
from tocsin.config.site import Site, read_site  # noqa: E402
from tocsin.model.alert import Alert, AlertState  # noqa: E402
from tocsin.model.command import Command, CommandKind  # noqa: E402
from tocsin.model.picture import Picture  # noqa: E402
from tocsin.model.track import TrackStatus  # noqa: E402
from tocsin.model.truth import TruthTrack  # noqa: E402
from tocsin.service.pipeline import Line  # noqa: E402
from tocsin.service.source import open_input  # noqa: E402
from tocsin.service.trial import try_packets  # noqa: E402
from tocsin.simulation.scenario import Scenario, truth  # noqa: E402

ACKNOWLEDGE_S = 15.0
COVERS_M = 150.0


def rules() -> dict[str, Rule]:
    """The rules that are compared; they differ in one thing each from the first."""
    first = Rule(name="approach", when="enters", classes=("drone",), within_s=90.0)
    change = msgspec.structs.replace
    return {
        "drone, within 90 s, probability 0.5": first,
        "... probability 0.2": change(first, probability=0.2, clear_probability=0.1),
        "... probability 0.8": change(first, probability=0.8, clear_probability=0.6),
        "... probability 0.95": change(first, probability=0.95, clear_probability=0.8),
        "... within 60 s": change(first, within_s=60.0),
        "... within 40 s": change(first, within_s=40.0),
        "... drone or unknown": change(first, classes=("drone", "unknown")),
        "... any class": change(first, classes=("any",)),
        "... any class, probability 0.2": change(first, classes=("any",), probability=0.2, clear_probability=0.1),
    }


class Contender:
    """One rule's engine, its operator, and which approaches it has warned of."""

    def __init__(self, site: Site, rule: Rule) -> None:
        names = [sensor.name for sensor in site.sensors]
        self._engine = AlertEngine(site.alerts, [rule], site.assets, site.zones, names, site.seed)
        self._asks: list[tuple[float, str]] = []
        self._count = 0
        self.versions: list[tuple[float, str, frozenset[str]]] = []  # (time, place, targets it names)

    def take(self, picture: Picture, covered: dict[int, str]) -> None:
        """One picture; `covered`: the target that each track number lies on."""
        due = [name for at_s, name in self._asks if at_s <= picture.time_s]
        self._asks = [one for one in self._asks if one[0] > picture.time_s]
        self._count += len(due)
        commands = [
            Command(f"{self._count}-{k}", CommandKind.ACKNOWLEDGE, "operator", name) for k, name in enumerate(due)
        ]
        for alert in self._engine.step(picture, (), commands, picture.time_s, True):
            self._note(alert, picture.time_s, covered)
        self._engine.answers()

    def _note(self, alert: Alert, time_s: float, covered: dict[int, str]) -> None:
        if alert.state is AlertState.UNACKNOWLEDGED:
            self._asks.append((time_s + ACKNOWLEDGE_S, alert.id))
        if alert.state in (AlertState.UNACKNOWLEDGED, AlertState.ACKNOWLEDGED):
            named = frozenset(covered[number] for number in alert.tracks if number in covered)
            if named:
                self.versions.append((time_s, alert.key.place, named))

    def figures(self) -> Any:
        return self._engine.load()


class Day:
    """The truth of the approaches of the hour in hand, and when each first came into its place."""

    def __init__(self, seed: int) -> None:
        self.approaches = approaches(seed)
        self.entry_s: dict[str, float] = {}
        self._flights: list[TruthTrack] = []

    def begin(self, scenario: Scenario, seed: int) -> None:
        """An hour begins."""
        self._flights = [one for one in truth(scenario, seed) if one.target.startswith("approach")]
        for flight in self._flights:
            one = self.of(flight.target)
            x, y, radius, _ = PLACES[one.place]
            inside = np.hypot(flight.position_enu_m[:, 0] - x, flight.position_enu_m[:, 1] - y) <= radius
            if inside.any():
                first_s = float(flight.time_s[np.argmax(inside)])
                self.entry_s[one.name] = min(first_s, self.entry_s.get(one.name, math.inf))

    def of(self, target: str) -> Approach:
        """The approach a target belongs to."""
        return next(one for one in self.approaches if one.name == target.rpartition("-")[0])

    def covered(self, picture: Picture) -> dict[int, str]:
        """Which track lies on which approach."""
        tracks = picture.tracks
        found: dict[int, str] = {}
        for flight in self._flights:
            if not len(tracks) or not flight.time_s[0] <= picture.time_s <= flight.time_s[-1]:
                continue
            row = min(int(np.searchsorted(flight.time_s, picture.time_s)), len(flight.time_s) - 1)
            away_m = np.linalg.norm(tracks.position_enu_m[:, :2] - flight.position_enu_m[row, :2], axis=1)
            for near in np.flatnonzero((away_m <= COVERS_M) & (tracks.number > 0)).tolist():
                found.setdefault(int(tracks.number[near]), self.of(flight.target).name)
        return found


def missed_of(day: Day, versions: Sequence[tuple[float, str, frozenset[str]]]) -> list[dict[str, Any]]:
    """Approaches without an alert for their place as early as its people need it."""
    found = []
    for one in day.approaches:
        entry_s, reaction_s = day.entry_s[one.name], PLACES[one.place][3]
        first_s = min(
            (at_s for at_s, place, named in versions if place == one.place and one.name in named), default=None
        )
        left_s = None if first_s is None else entry_s - first_s
        if left_s is None or left_s < reaction_s:
            said = {"approach": one.name, "kind": one.kind, "place": one.place, "reaction_s": reaction_s}
            found.append({**said, "left_s": left_s if left_s is None else round(left_s, 1)})
    return found


def simulate(seed: int, hours: int, birds: int) -> dict[str, Any]:
    """The day through one line and all contenders."""
    site = site_of_day()
    line, day = Line(site), Day(seed)
    contenders = {name: Contender(site, rule) for name, rule in rules().items()}
    seen: dict[int, float] = {}
    always: list[tuple[float, str, frozenset[str]]] = []
    begun = time.process_time()
    for hour in range(hours):
        scenario = hour_of(hour, seed, birds_of(hour, birds))
        day.begin(scenario, seed + hour)
        for packet in packets_of(hour, scenario, seed):
            picture = line.step(packet).picture
            if picture is None:
                continue
            covered = day.covered(picture)
            confirmed = picture.tracks.status == TrackStatus.CONFIRMED
            for number in picture.tracks.number[confirmed].tolist():
                if number not in seen:
                    seen[number] = picture.time_s
                if number in covered:
                    always.append((picture.time_s, day_place(day, covered[number]), frozenset({covered[number]})))
            for contender in contenders.values():
                contender.take(picture, covered)
        print(f"hour {hour}: {len(seen)} tracks, {time.process_time() - begun:.0f} s CPU", file=sys.stderr)
    return _report(day, hours, contenders, sorted(seen.values()), always, time.process_time() - begun)


def day_place(day: Day, name: str) -> str:
    """The place of an approach."""
    return next(one.place for one in day.approaches if one.name == name)


def _report(
    day: Day,
    hours: int,
    contenders: dict[str, Contender],
    tracks_s: Sequence[float],
    always: Sequence[tuple[float, str, frozenset[str]]],
    cpu_s: float,
) -> dict[str, Any]:
    day.approaches = tuple(one for one in day.approaches if one.hour < hours)
    spans = hours * HOUR_S / 600.0
    curve = []
    for name, contender in contenders.items():
        load, missed = contender.figures(), missed_of(day, contender.versions)
        curve.append(
            {
                "rule": name,
                "alerts": load.asked,
                "per_operator_10_min": load.asked / spans,
                "most_10_min": load.most_10_min,
                "flood_share": load.flood_share,
                "chattered": load.chattered,
                "missed": len(missed),
                "missed_approaches": missed,
            }
        )
    every = {"rule": "always alert", "alerts": len(tracks_s), "per_operator_10_min": len(tracks_s) / spans}
    late = missed_of(day, always)
    curve.append({**every, **_floods(tracks_s, hours * HOUR_S), "missed": len(late), "missed_approaches": late})
    none = missed_of(day, [])
    curve.append(
        {
            **{"rule": "never alert", "alerts": 0, "per_operator_10_min": 0.0, "most_10_min": 0.0, "flood_share": 0.0},
            **{"chattered": 0, "missed": len(none), "missed_approaches": none},
        }
    )
    return {"hours": hours, "approaches": len(day.approaches), "cpu_s": cpu_s, "curve": curve}


def _floods(times_s: Sequence[float], covered_s: float) -> dict[str, Any]:
    """Load of alerts at these times: the most in ten minutes, and the share of time in flood (begun by 10)."""
    most, flooded_s, since_s, open_ = 0, 0.0, None, []
    ends = [(at_s + 600.0, -1) for at_s in times_s]
    for at_s, step in sorted([*((one, 1) for one in times_s), *ends]):
        if step > 0:
            open_.append(at_s)
        else:
            open_.pop(0)
        most = max(most, len(open_))
        if since_s is None and len(open_) >= 10:
            since_s = at_s
        elif since_s is not None and len(open_) < 5:
            flooded_s, since_s = flooded_s + at_s - since_s, None
    return {"most_10_min": float(most), "flood_share": flooded_s / covered_s, "chattered": 0}


def recordings(data: Path) -> list[dict[str, Any]]:
    """Each case of the ICMCIS trial through its site file: load, and what came into the site by the tracks."""
    from icmcis import CASES, SETUP  # noqa: PLC0415 - only where recordings are asked for

    site = read_site(SETUP / "site.toml")
    rows = []
    for scene, files in CASES:
        folder = data / f"Scenario_{scene}"
        inputs = [path for name in files for path in sorted(folder.glob(f"{name}_*"))]
        trial = try_packets(site, open_input(site, inputs).packets())
        line = Line(site)
        tracks: set[int] = set()
        for packet in open_input(site, inputs).packets():
            picture = line.step(packet).picture
            if picture is not None:
                tracks |= set(picture.tracks.number[picture.tracks.status == TrackStatus.CONFIRMED].tolist())
        spans = trial.load.covered_s / 600.0
        rows.append(
            {
                "scene": scene,
                "sensors": " + ".join(files),
                "minutes": trial.load.covered_s / 60.0,
                "alerts": trial.load.asked,
                "per_operator_10_min": trial.load.per_operator_10_min,
                "flood_share": trial.load.flood_share,
                "entries": trial.entries,
                "late": len(trial.late),
                "missed": len(trial.missed),
                "always_alert": len(tracks),
                "always_per_operator_10_min": len(tracks) / spans,
            }
        )
    return rows


def markdown(report: dict[str, Any]) -> str:
    """The tables of the reference page."""
    head = (
        "| rule | alerts | per operator in 10 min | most in 10 min | in flood | missed |\n|---|---|---|---|---|---|\n"
    )
    rows = [
        f"| {one['rule']} | {one['alerts']} | {one['per_operator_10_min']:.2f} | {one['most_10_min']:g} "
        f"| {100.0 * one['flood_share']:.1f} % | {one['missed']} of {report['approaches']} |\n"
        for one in report["curve"]
    ]
    text = head + "".join(rows)
    if report.get("recordings"):
        text += "\n| scene | sensors | min | alerts | per operator in 10 min | in flood | came in, late, missed | always alert, per 10 min |\n"  # noqa: E501
        text += "|---|---|---|---|---|---|---|---|\n"
        for one in report["recordings"]:
            text += (
                f"| {one['scene']} | {one['sensors']} | {one['minutes']:.0f} | {one['alerts']} "
                f"| {one['per_operator_10_min']:.2f} | {100.0 * one['flood_share']:.1f} % "
                f"| {one['entries']}, {one['late']}, {one['missed']} "
                f"| {one['always_alert']}, {one['always_per_operator_10_min']:.2f} |\n"
            )
    return text


def main() -> None:
    """Run, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--birds", type=int, default=BIRDS, help="birds in 24 hours")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--recordings", type=Path, help="the folder of the ICMCIS trial's scenes")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--markdown", type=Path, help="where to write the tables")
    options = parser.parse_args()
    warm()
    report = {"schema": 1, "seed": options.seed, "made": datetime.now(UTC).strftime("%Y-%m-%d")}
    report |= simulate(options.seed, options.hours, options.birds)
    if options.recordings:
        report["recordings"] = recordings(options.recordings)
    print(markdown(report))
    if options.markdown:
        options.markdown.write_text(markdown(report), encoding="utf-8")
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

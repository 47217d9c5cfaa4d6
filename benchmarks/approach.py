"""Time to an asset over simulated approaches: how often the 90 % interval holds the true entry, and how wide it is.

`approach.py [--runs 1000] [--seed 1] [--json OUT] [--markdown FILE]` flies each target to an asset of its own (300 m
round) in one of four ways, a quarter of the runs each: straight, weaving (8 to 45 degrees either side, every 8 to
40 s), orbiting (loops of 80 to 300 m while it comes nearer, neither at over 7 m/s2) and climbing (up or down while its
speed changes). A radar at the asset (10 m, 0.5 degrees, 0.7 degrees, nine looks of ten) sees it once a second; the real
tracker and the real threat stage follow. At 10, 20 and 40 s before the true entry the interval (5 to 95 %) of the time
to it is held against the truth. A pair that is not listed, or whose interval begins beyond the horizon, counts as a
miss; a width "inf" says that the end of the interval lies beyond the horizon of 120 s.

The baseline is constant velocity: the same stage with a straying of next to nothing, so that only the covariance of the
track spreads the times. The motion is this file's own, not the tracker's models; the stage's settings were chosen with
seed 1. No real approaches to an asset with truth are at hand: the nearest on real data are the entries in
docs/reference/icmcis.md.
"""

import argparse
import json
import math
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src")]

from tocsin.model.detection import MeasurementKind  # noqa: E402
from tocsin.model.identity import CLASS_COUNT, IdentityColumns  # noqa: E402
from tocsin.model.threat import Asset  # noqa: E402
from tocsin.sensing.view import View  # noqa: E402
from tocsin.threat import Assessor  # noqa: E402
from tocsin.threat.settings import Settings as ThreatSettings  # noqa: E402
from tocsin.tracking import Scan, SensorModel, Settings, Tracker, warm  # noqa: E402

Floats = NDArray[np.float64]
KINDS = ("straight", "weaving", "orbiting", "climbing")
LEFT_S = (10.0, 20.0, 40.0)
RADIUS_M = 300.0
TOGETHER = 20  # targets a run of the tracker, each with its own asset
APART_M = 15_000.0
STEP_S = 0.1
LONGEST_S = 150.0
SIGMAS = np.array([10.0, math.radians(0.5), math.radians(0.7)])
SEEN = 0.9
HARDEST_MPS2 = 7.0  # sideways: no drone that carries something turns harder for long
STILL = {"wander_mps": 1e-3, "wander_min_mps": 1e-3, "wander_max_mps": 2e-3}


class Flight(NamedTuple):
    """`place_m` (steps, 3) from its asset, every STEP_S; `enters_s` when it is first within RADIUS_M."""

    kind: str
    place_m: Floats
    enters_s: float


def fly(kind: str, random: np.random.Generator) -> Flight:
    """One flight that enters between 60 and LONGEST_S seconds from its beginning."""
    while True:
        flight = _drawn(kind, random)
        if 60.0 <= flight.enters_s <= LONGEST_S:
            return flight


def _drawn(kind: str, random: np.random.Generator) -> Flight:
    time_s = np.arange(0.0, LONGEST_S + 10.0, STEP_S)
    speed_mps = random.uniform(12.0, 55.0)
    lasts_s = random.uniform(65.0, 130.0)
    bearing_rad, aim_rad = random.uniform(0.0, 2.0 * math.pi, 2)
    aim_m = random.uniform(0.0, 200.0)
    along = np.array([-math.sin(bearing_rad), -math.cos(bearing_rad)])
    across = np.array([along[1], -along[0]])
    ahead_m, aside_m = speed_mps * time_s, np.zeros(len(time_s))
    height_m = np.full(len(time_s), random.uniform(60.0, 250.0))
    if kind == "weaving":
        swing_rad, period_s = math.radians(random.uniform(8.0, 45.0)), random.uniform(8.0, 40.0)
        if speed_mps * swing_rad * 2.0 * math.pi / period_s > HARDEST_MPS2:
            return Flight(kind, np.zeros((0, 3)), math.inf)
        turn_rad = swing_rad * np.sin(2.0 * math.pi * time_s / period_s + random.uniform(0.0, 2.0 * math.pi))
        ahead_m, aside_m = (
            np.cumsum(speed_mps * np.cos(turn_rad)) * STEP_S,
            np.cumsum(speed_mps * np.sin(turn_rad)) * STEP_S,
        )
    elif kind == "orbiting":
        radius_m, pace_mps = random.uniform(80.0, 300.0), random.uniform(3.0, 12.0)
        if speed_mps**2 / radius_m > HARDEST_MPS2:
            return Flight(kind, np.zeros((0, 3)), math.inf)
        angle_rad = random.choice([-1.0, 1.0]) * speed_mps / radius_m * time_s + random.uniform(0.0, 2.0 * math.pi)
        ahead_m, aside_m = pace_mps * time_s + radius_m * np.cos(angle_rad), radius_m * np.sin(angle_rad)
        speed_mps = pace_mps
    elif kind == "climbing":
        begins_s, lasting_s = random.uniform(0.0, 80.0), random.uniform(10.0, 60.0)
        changing = np.clip((time_s - begins_s) / lasting_s, 0.0, 1.0)
        height_m = height_m + random.uniform(-50.0, 300.0) * changing
        ahead_m = np.cumsum(speed_mps * (1.0 + random.uniform(-0.35, 0.35) * changing)) * STEP_S
    start = -along * (speed_mps * lasts_s + RADIUS_M) + aim_m * np.array([math.sin(aim_rad), math.cos(aim_rad)])
    flat = start + ahead_m[:, None] * along + aside_m[:, None] * across
    inside = np.flatnonzero((flat * flat).sum(axis=1) <= RADIUS_M**2)
    return Flight(kind, np.column_stack([flat, height_m]), float(time_s[inside[0]]) if len(inside) else math.inf)


def look(flights: list[Flight], time_s: float, random: np.random.Generator) -> Scan:
    """What the radars at the assets see, as places with their covariances."""
    values, covariances = [], []
    for number, flight in enumerate(flights):
        if random.random() > SEEN:
            continue
        place = flight.place_m[round(time_s / STEP_S)]
        flat_m = math.hypot(place[0], place[1])
        polar = np.array([math.hypot(flat_m, place[2]), math.atan2(place[0], place[1]), math.atan2(place[2], flat_m)])
        range_m, azimuth_rad, elevation_rad = polar + random.normal(size=3) * SIGMAS
        sin_a, cos_a, sin_e, cos_e = (
            math.sin(azimuth_rad),
            math.cos(azimuth_rad),
            math.sin(elevation_rad),
            math.cos(elevation_rad),
        )
        turn = np.array(
            [
                [sin_a * cos_e, range_m * cos_a * cos_e, -range_m * sin_a * sin_e],
                [cos_a * cos_e, -range_m * sin_a * cos_e, -range_m * cos_a * sin_e],
                [sin_e, 0.0, range_m * cos_e],
            ]
        )
        centre = np.array([number * APART_M, 0.0, 0.0])
        values.append(centre + range_m * np.array([sin_a * cos_e, cos_a * cos_e, sin_e]))
        covariances.append(turn @ np.diag(SIGMAS**2) @ turn.T)
    none = np.empty(0)
    return Scan(
        sensor="radar",
        kind=MeasurementKind.POSITION_3D,
        time_s=time_s,
        received_s=time_s,
        times_s=np.full(len(values), time_s),
        values=np.array(values).reshape(-1, 3),
        covariance=np.array(covariances).reshape(-1, 3, 3),
        sensor_enu_m=np.zeros(3),
        range_rate_mps=none,
        range_rate_sigma_mps=none,
    )


def batch(
    flights: list[Flight], random: np.random.Generator
) -> dict[tuple[int, float, str], tuple[float, float, float] | None]:
    """By flight, seconds left and method: the points (5, 50, 95 %) of the time to entry, None where there are none."""
    view = View(range_m=(0.0, 900_000.0), detection_probability=SEEN)
    tracker = Tracker(Settings(), [SensorModel("radar", view=view, false_per_look=0.01)], site_seed="approach")
    assets = [Asset(f"a{k}", k * APART_M, 0.0, 0.0, RADIUS_M, 30.0) for k in range(len(flights))]
    stages = {
        "Tocsin": Assessor(ThreatSettings(), assets, ()),
        "constant velocity": Assessor(msgspec.structs.replace(ThreatSettings(), **STILL), assets, ()),
    }
    due = {(k, left_s): math.floor(flight.enters_s - left_s) for k, flight in enumerate(flights) for left_s in LEFT_S}
    found: dict[tuple[int, float, str], tuple[float, float, float] | None] = {}
    for second in range(int(LONGEST_S)):
        tracks = tracker.step(look(flights, float(second), random))
        n = len(tracks)
        identity = IdentityColumns(
            np.full((n, CLASS_COUNT), 1.0 / CLASS_COUNT), np.ones(n, np.int64), ("",) * n, (None,) * n
        )
        for method, stage in stages.items():
            threats = stage.step(tracks, identity)
            for (k, left_s), when in due.items():
                if when != second:
                    continue
                own = np.flatnonzero(threats.place == k)
                near = [row for row in own if threats.entry_s[row, 0] < threats.horizon_s]
                found[k, left_s, method] = tuple(threats.entry_s[near[0]].tolist()) if near else None  # type: ignore[assignment]
    return found


def main() -> None:
    """Fly, follow, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path)
    arguments = parser.parse_args()
    warm()
    random = np.random.default_rng(arguments.seed)
    held: dict[tuple[str, str, float], list[tuple[bool, float, float]]] = defaultdict(list)
    for first in range(0, arguments.runs, TOGETHER):
        flights = [fly(KINDS[(first + k) % 4], random) for k in range(min(TOGETHER, arguments.runs - first))]
        for (k, left_s, method), points in batch(flights, random).items():
            truth_s = flights[k].enters_s - math.floor(flights[k].enters_s - left_s)
            if points is None:
                held[method, flights[k].kind, left_s].append((False, math.inf, math.inf))
                continue
            low_s, middle_s, high_s = points
            held[method, flights[k].kind, left_s].append(
                (low_s <= truth_s <= high_s, high_s - low_s, abs(middle_s - truth_s))
            )
    rows = table(held)
    print(rows)
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(summary(held), indent=1), encoding="utf-8")
    if arguments.markdown is not None:
        head = f"# Time to an asset: measured\n\n{(__doc__ or '').strip()}\n\n"
        text = f"{head}{arguments.runs} runs, seed {arguments.seed}.\n\n{rows}\n"
        arguments.markdown.write_text(text, encoding="utf-8")


def share(cells: list[tuple[bool, float, float]]) -> float:
    """How many of the intervals hold the truth."""
    return sum(hit for hit, _, _ in cells) / len(cells)


def table(held: dict[tuple[str, str, float], list[tuple[bool, float, float]]]) -> str:
    """Coverage and width by kind and time left, Tocsin beside the baseline."""
    lines = [
        "| flight | left, s | 90 % interval holds the entry: Tocsin / constant velocity | width, median s "
        "| error of the middle, median s |",
        "|---|---|---|---|---|",
    ]
    for kind in (*KINDS, "all"):
        for left_s in (*LEFT_S, 0.0):
            if (left_s == 0.0) != (kind == "all"):
                continue
            cells = {
                method: [
                    cell
                    for (its, a_kind, a_left), found in held.items()
                    for cell in found
                    if its == method and kind in (a_kind, "all") and left_s in (a_left, 0.0)
                ]
                for method in ("Tocsin", "constant velocity")
            }
            shares = " / ".join(f"{share(one):.3f}" for one in cells.values())
            widths = " / ".join(f"{median(cell[1] for cell in one):.1f}" for one in cells.values())
            errors = " / ".join(f"{median(cell[2] for cell in one):.1f}" for one in cells.values())
            lines.append(f"| {kind} | {left_s or 'all':} | {shares} | {widths} | {errors} |")
    return "\n".join(lines) + "\n\nLimit: 0.85 to 0.95 over all."


def summary(held: dict[tuple[str, str, float], list[tuple[bool, float, float]]]) -> dict[str, Any]:
    """The same for programs."""
    whole = {
        method: [c for (its, _, _), found in held.items() for c in found if its == method]
        for method in ("Tocsin", "constant velocity")
    }
    return {
        "summary": {
            "coverage90": share(whole["Tocsin"]),
            "coverage90_constant_velocity": share(whole["constant velocity"]),
        },
        "by": [
            {"method": m, "kind": k, "left_s": s, "coverage90": share(c), "count": len(c)}
            for (m, k, s), c in sorted(held.items())
        ],
    }


if __name__ == "__main__":
    main()

"""Bird or drone by motion alone, on recordings: Brier score, reliability and confirmations, cross-validated.

`identity.py --json OUT [--markdown FILE] [--data FOLDER] [--fit]` cuts recorded flights of birds and drones into
windows of 30 s, gives each the noise of a radar and a filter's estimate of it, and asks the identity stage what it is.
Each animal and each flight is left out once and judged by the rest alone: how strongly the fit is held back is chosen
anew for each, by leaving out one after the other of the rest (nested cross-validation). Both kinds weigh the same; the
baseline is the constant guess of one half. `--fit` prints the table that stands in `tocsin.identity.gaits`, fitted to
all.
"""

import argparse
import csv
import gzip
import io
import json
import math
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tocsin.identity.gaits import ODDS
from tocsin.identity.motion import MOST_ODDS, Motion, quadratic
from tocsin.identity.settings import Settings
from tocsin.identity.words import prior_row
from tocsin.model.identity import DRONE_CLASSES, TargetClass
from tocsin.model.track import TrackColumns
from tocsin.model.wording import class_words

Floats = NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[1]
METRES_PER_RAD = 6_371_000.0
WINDOW_S, SIGMA_M, JERK = 30, 8.0, 1.5
STILL_MPS, JUMP_MPS, GAP_S = 2.0, 60.0, 2.5
MOST_WINDOWS = 400  # of one animal or flight
ETH_HZ = 10.0  # not written in the data; speeds are then those of a small drone
BINS = 10
RIDGES = (1.0, 5.0, 20.0, 80.0)
SHARES = (0.5, 0.75, 1.0)  # of the fitted log odds that are believed
EVEN = 0.2  # prior of birds and of drones: as many of one kind as of the other, as they are weighed here


class Group(NamedTuple):
    """One animal or flight: windows (n, WINDOW_S + 1, 2) of east and north, a second apart."""

    name: str
    drone: bool
    windows: Floats


Seen = tuple[Group, Floats]  # with the quadratic forms of its windows (n, 15)


def shared() -> Path:
    """Where the recordings lie if nobody says."""
    base = os.environ.get("TOCSIN_SHARED")
    return (Path(base) if base else ROOT.parent / "shared") / "data"


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a packed CSV file."""
    return list(csv.DictReader(io.TextIOWrapper(gzip.open(path), encoding="utf-8")))


def plane(latitude_deg: Floats, longitude_deg: Floats) -> Floats:
    """(n, 2) metres east and north of the first point."""
    north = np.radians(latitude_deg - latitude_deg[0]) * METRES_PER_RAD
    east = np.radians(longitude_deg - longitude_deg[0]) * METRES_PER_RAD * math.cos(math.radians(latitude_deg[0]))
    return np.column_stack([east, north])


def windows(time_s: Floats, place: Floats, still: bool) -> Floats:
    """All whole windows without a gap or jump; without those that stand still unless `still`."""
    order = np.argsort(time_s, kind="stable")
    time_s, place = time_s[order], place[order]
    fresh = np.concatenate([[True], np.diff(time_s) > 0.0])
    time_s, place = time_s[fresh], place[fresh]
    found = []
    begin = math.ceil(time_s[0])
    while begin + WINDOW_S <= time_s[-1]:
        at = begin + np.arange(WINDOW_S + 1.0)
        begin += WINDOW_S
        low, high = np.searchsorted(time_s, [at[0], at[-1]])
        near = time_s[max(low - 1, 0) : high + 1]
        if len(near) < 2 or np.diff(near).max() > GAP_S:
            continue
        path = np.column_stack([np.interp(at, time_s, place[:, axis]) for axis in range(2)])
        step = np.hypot(*np.diff(path, axis=0).T)
        if step.max() > JUMP_MPS or (not still and step.mean() < STILL_MPS):
            continue
        found.append(path - path[0])
    every = max(len(found) // MOST_WINDOWS, 1)
    return np.array(found[::every])


def groups(data: Path) -> Iterator[Group]:
    """Every animal and every flight."""
    for path in sorted((data / "seabird_gps_1hz").glob("*.csv.gz")):
        rows = table(path)
        clock = np.array([datetime.fromisoformat(f"{row['date']}T{row['time']}+00:00").timestamp() for row in rows])
        place = plane(*(np.array([float(row[key]) for row in rows]) for key in ("latitude", "longitude")))
        yield Group(path.name.partition("_GPS")[0], False, windows(clock, place, still=False))
    for path in sorted((data / "icmcis_cuas").glob("*/truth_drone.csv.gz")):
        rows = [row for row in table(path) if row["isflying"] == "1" and float(row["altitude(m)"]) > 2.0]
        clock = np.array([float(row["timestamp"]) / 1000.0 for row in rows])
        place = plane(*(np.array([float(row[key]) for row in rows]) for key in ("latitude", "longitude")))
        yield Group(path.parent.name, True, windows(clock, place, still=True))
    for path in sorted((data / "icmcis_cuas").glob("*/truth_two_drones_1hz.csv.gz")):
        for end in ("", "_2"):
            rows = [row for row in table(path) if float(row[f"latitude{end}"]) and float(row[f"altitude{end}"]) > 2.0]
            clock = np.array([float(row["timestamp"]) for row in rows])
            place = plane(*(np.array([float(row[key + end]) for row in rows]) for key in ("latitude", "longitude")))
            yield Group(f"{path.parent.name}{end or '_1'}", True, windows(clock, place, still=True))
    for path in sorted((data / "eth_drone_multicam").glob("*/rtk.txt")):
        place = np.loadtxt(path, comments="#")[:, :2]
        yield Group(path.parent.name, True, windows(np.arange(len(place)) / ETH_HZ, place, still=True))


def tracked(paths: Floats, rng: np.random.Generator) -> Iterator[TrackColumns]:
    """What a filter of nearly constant velocity makes of noisy positions, all windows at once, a second a step."""
    n = len(paths)
    noisy = paths + SIGMA_M * rng.standard_normal(paths.shape)
    F = np.array([[1.0, 1.0], [0.0, 1.0]])
    Q = JERK * np.array([[1.0 / 3.0, 0.5], [0.5, 1.0]])
    x, P = np.zeros((n, 2, 2)), np.diag([SIGMA_M**2, 15.0**2])
    x[:, :, 0] = noisy[:, 0]
    for k in range(paths.shape[1]):
        if k:
            x, P = x @ F.T, F @ P @ F.T + Q
            K = P[:, 0] / (P[0, 0] + SIGMA_M**2)
            x = x + (noisy[:, k] - x[:, :, 0])[:, :, None] * K
            P = P - np.outer(K, P[0])
        yield columns(x, P, float(k))


def columns(x: Floats, P: Floats, time_s: float) -> TrackColumns:
    """Track columns of n filters that share their covariance."""
    n = len(x)
    position, velocity, covariance = np.zeros((n, 3)), np.zeros((n, 3)), np.zeros((n, 6, 6))
    position[:, :2], velocity[:, :2] = x[:, :, 0], x[:, :, 1]
    for axis in range(2):
        covariance[:, axis, axis], covariance[:, 3 + axis, 3 + axis] = P[0, 0], P[1, 1]
        covariance[:, axis, 3 + axis] = covariance[:, 3 + axis, axis] = P[0, 1]
    uid = tuple(map(str, range(n)))
    whole, ones = np.ones(n, np.int64), np.ones(n)
    return TrackColumns(time_s, time_s, whole, uid, uid, 2 * whole, ones, position, velocity, covariance,
                        np.ones((n, 1)), 0.0 * ones, time_s * ones, ("radar",), whole, np.zeros((0, 2), np.int64),
                        np.zeros(0))  # fmt: skip


def moved(group: Group, odds: Floats = ODDS) -> Motion:
    """The motion evidence of all windows of a group."""
    motion = Motion(odds)
    motion.follow(np.full(len(group.windows), -1))
    for tracks in tracked(group.windows, np.random.default_rng((7, len(group.windows)))):
        motion.step(tracks)
    return motion


def chosen(seen: list[Seen]) -> tuple[float, float, Floats]:
    """Ridge, share, and the quadratic form fitted with them: those of the best Brier score when each group is left out
    once of the fit."""
    best = (math.inf, 0.0, 0.0)
    truth = np.concatenate([np.full(len(form), float(group.drone)) for group, form in seen])
    weight = np.where(truth > 0.5, 0.5 / truth.mean(), 0.5 / (1.0 - truth.mean()))
    for ridge in RIDGES:
        found = [form @ fitted([one for one in seen if one[0] is not group], ridge) for group, form in seen]
        odds = np.concatenate(found)
        for share in SHARES:
            chance = 1.0 / (1.0 + np.exp(-np.clip(share * odds, -MOST_ODDS, MOST_ODDS)))
            best = min(best, (float(np.average((chance - truth) ** 2, weights=weight)), ridge, share))
    return best[1], best[2], best[2] * fitted(seen, best[1])


def fitted(seen: list[Seen], ridge: float) -> Floats:
    """The quadratic form by ridge-penalised logistic regression, both kinds weighing the same."""
    form = np.vstack([form for _, form in seen])
    truth = np.concatenate([np.full(len(form), float(group.drone)) for group, form in seen])
    weight = np.where(truth > 0.5, 0.5 / truth.mean(), 0.5 / (1.0 - truth.mean()))
    odds = np.zeros(form.shape[1])
    penalty = ridge * np.eye(len(odds))
    for _ in range(20):
        chance = 1.0 / (1.0 + np.exp(-form @ odds))
        curve = weight * chance * (1.0 - chance)
        odds += np.linalg.solve(
            (form * curve[:, None]).T @ form + penalty, form.T @ (weight * (truth - chance)) - ridge * odds
        )
    return odds


def forms(feature: Floats) -> Floats:
    """(n, 15) as the stage scales and multiplies them."""
    out = np.empty((len(feature), 15))
    for one, row in zip(np.array(feature), out, strict=True):
        quadratic(one, row)
    return out


def probabilities(motion: Motion) -> Floats:
    """(n, CLASS_COUNT) as the classifier gives them, nothing but motion being known."""
    settings = Settings(prior=Settings().prior | {"drone": EVEN, "bird": EVEN})
    log = np.log(np.maximum(prior_row(settings), 1e-12)) + motion.evidence()
    share = np.exp(log - log.max(axis=1, keepdims=True))
    share *= (1.0 - settings.unknown_probability) / share.sum(axis=1, keepdims=True)
    share[:, TargetClass.UNKNOWN] += settings.unknown_probability
    return np.asarray(share)


def reliability(chance: Floats, truth: Floats, weight: Floats) -> list[dict[str, float]]:
    """Bins of what was said, with what came."""
    which = np.minimum((chance * BINS).astype(int), BINS - 1)
    return [
        {"said": float(np.average(chance[k], weights=weight[k])),
         "came": float(np.average(truth[k], weights=weight[k])), "windows": int(k.sum())}
        for b in range(BINS) for k in [which == b] if k.any()
    ]  # fmt: skip


def judge(data: Path) -> dict[str, Any]:
    """All figures."""
    seen = []
    for group in groups(data):
        if len(group.windows):
            seen.append((group, forms(moved(group).features()[0])))
    said, rows = [], []
    for group, _ in seen:
        ridge, share, odds = chosen([one for one in seen if one[0] is not group])
        found = probabilities(moved(group, odds))
        said.append(found)
        drone = found[:, list(DRONE_CLASSES)].sum(axis=1)
        words = [class_words(row) for row in found.tolist()]
        rows.append({
            "group": group.name, "drone": group.drone, "windows": len(found),
            "confirmed_drone": sum(word.startswith("confirmed drone") for word in words),
            "unknown": float(np.mean([word == "unidentified" for word in words])),
            "drone_mean": float(drone.mean()),
            "ridge": ridge,
            "share": share,
        })  # fmt: skip
    whole = np.vstack(said)
    truth = np.concatenate([np.full(len(found), float(one[0].drone)) for one, found in zip(seen, said, strict=True)])
    drone = whole[:, list(DRONE_CLASSES)].sum(axis=1)
    either = drone / (drone + whole[:, TargetClass.BIRD])
    weight = np.where(truth > 0.5, 0.5 / truth.mean(), 0.5 / (1.0 - truth.mean()))
    unknown = [class_words(row) == "unidentified" for row in whole.tolist()]
    score = {name: float(np.average((chance - truth) ** 2, weights=weight)) for name, chance in
             (("drone_or_bird", either), ("drone_or_not", drone))}  # fmt: skip
    return {
        "schema": 1,
        "brier": score,
        "brier_constant": 0.25,
        "below_constant": {name: 1.0 - value / 0.25 for name, value in score.items()},
        "bird_windows_confirmed_drone": sum(row["confirmed_drone"] for row in rows if not row["drone"]),
        "unknown_share": float(np.average(unknown, weights=weight)),
        "groups": rows,
        "reliability": reliability(either, truth, weight),
    }


def fit(data: Path) -> None:
    """Print the form in `gaits` that is fitted."""
    seen = [(group, forms(moved(group).features()[0])) for group in groups(data) if len(group.windows)]
    print([round(value, 3) for value in chosen(seen)[2].tolist()])


def markdown(found: dict[str, Any]) -> str:
    """Tables for the documentation."""
    lines = ["| said | came | windows |", "|---|---|---|"]
    lines += [f"| {b['said']:.2f} | {b['came']:.2f} | {b['windows']} |" for b in found["reliability"]]
    lines += ["", "| left out | windows | mean said drone | unidentified | confirmed drone |", "|---|---|---|---|---|"]
    lines += [
        f"| {row['group']} ({'drone' if row['drone'] else 'bird'}) | {row['windows']} | {row['drone_mean']:.2f} "
        f"| {row['unknown']:.2f} | {row['confirmed_drone']} |"
        for row in found["groups"]
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=shared())
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    if options.fit:
        fit(options.data)
        return
    found = judge(options.data)
    print(json.dumps(found, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if options.markdown:
        options.markdown.write_text(markdown(found), encoding="utf-8")


if __name__ == "__main__":
    main()

"""How good and how fast the tracker is, beside others, on scenes drawn from seeds.

`tracking.py --n 10,50 --seeds 1-20 --peers none|stonesoup,prototype --peer-seeds 1-5 --json OUT` runs
every tracker in a process of its own on every scene, scores what it reported (confirmed and coasting tracks) and prints
a table; "hold" is the nearest-neighbour baseline, "oracle" knows which detection is whose (`oracle.py`; left out above
200 targets with `--peers none`). A peer (`peer.py`) is compared over the seeds and scans that it finished, the first 5
scans skipped for both. `--variant async` adds bearings; `tiles` is the 50-target scene side by side; `crossing` and
`formation` are scenes of pairs (`pairs.py`; N counts nothing there): whose ids were kept, were swapped, or are new.
Times are CPU times; figures are means over seeds, speeds medians. `--tune` chooses the peers' settings anew.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import t as student

import gospa
import oracle
import pairs
import scenario
from peer import Peer, peer_file

HERE = Path(__file__).resolve().parent
COLUMNS = (
    "gospa", "missed", "false", "loc_rms", "id_switches", "breaks", "far", "det_per_cpu_s", "p50_ms", "p99_ms",
    "rss_mb", "growth_mb",
)  # fmt: skip
ENDS = ("kept", "swapped", "new")  # of the pairs of a crossing (at 5 degrees or more) or a formation
MEDIANS = ("p50_ms", "p99_ms", "det_per_cpu_s", "rss_mb", "growth_mb")
LEAST_SCANS, SKIPPED = 60, 5  # of a peer that did not finish; at the start of each
MOST_FOR_ORACLE, MOST_OF_ONE_RADAR = 200, max(scenario.CLUTTER)


def numbers(text: str) -> list[int]:
    """ "1-3,7" as [1, 2, 3, 7]."""
    result: list[int] = []
    for part in text.split(","):
        low, _, high = part.partition("-")
        result += range(int(low), int(high or low) + 1)
    return result


def run(name: str, n: int, variant: str, seed: int) -> dict[str, Any]:
    """One contender on one scene, scored here; {"error": ...} if it failed."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.npz"
        command = [sys.executable, str(HERE / "contenders.py"), name, str(n), variant, str(seed), str(out)]
        source = str(HERE.parent / "src")
        paths = os.pathsep.join(p for p in (source, os.environ.get("PYTHONPATH", "")) if p)
        environment = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        if done.returncode:
            return {"name": name, "n": n, "seed": seed, "error": done.stderr.strip()[-400:]}
        return scored(name, load(out), n, variant, seed)


def scored(name: str, data: dict[str, Any], n: int, variant: str, seed: int) -> dict[str, Any]:
    """The row of what one process reported."""
    cuts = np.cumsum(data["sizes"])[:-1]
    reported = list(zip(np.split(data["ids"], cuts), np.split(data["positions"], cuts), strict=True))
    return {
        "name": name,
        "n": n,
        "seed": seed,
        **judged(reported, pairs.drawn(n, variant, seed), variant),
        "det_per_cpu_s": float(data["detections"] / data["cpu_s"]),
        "p50_ms": float(np.percentile(data["radar_ms"], 50)),
        "p99_ms": float(np.percentile(data["radar_ms"], 99)),
        "rss_mb": float(data["rss_mb"]),
        "growth_mb": float(data["growth_mb"]),
        **{note.partition("=")[0]: float(note.partition("=")[2]) for note in map(str, data["notes"])},
    }


def judged(reported: list[Any], drawn: pairs.PairScene, variant: str) -> dict[str, Any]:
    """How well the reports fit the truth: means, counts, and `each`, the figures of every scan."""
    scene = drawn.scene
    scans = gospa.score(scene.truth, reported)
    row = {**gospa.evaluate(scans), "of": len(scene.truth), "each": {k: v.tolist() for k, v in scans._asdict().items()}}
    if drawn.pairs and len(reported) == len(scene.truth):
        steep = [variant == "formation" or pair.angle_rad >= pairs.STEEP_RAD for pair in drawn.pairs]
        found = Counter(end for end, counts in zip(pairs.judge(drawn, reported), steep, strict=True) if counts)
        row |= {"pairs": sum(steep), **{end: found[end] for end in ENDS}}
    return row


def run_oracle(n: int, variant: str, seed: int) -> dict[str, Any]:
    """Oracle A, scored in this process; it has no costs."""
    drawn = pairs.drawn(n, variant, seed)
    row = {"name": "oracle", "n": n, "seed": seed, **judged(oracle.run(drawn.scene), drawn, variant)}
    return {**row, **dict.fromkeys(("det_per_cpu_s", "p50_ms", "p99_ms", "rss_mb", "growth_mb"), math.nan)}


def load(out: Path) -> dict[str, Any]:
    """What a process wrote."""
    with np.load(out) as saved:
        return {key: saved[key] for key in saved.files}


def summarise(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Means over seeds, medians where times are meant."""
    summary = {"seeds": float(len(rows))}
    for end in ("pairs", *ENDS) if all("pairs" in row for row in rows) else ():
        summary[end] = float(sum(row[end] for row in rows))
    for key in ("scans", *COLUMNS):
        values = [row[key] for row in rows]
        summary[key] = float(np.median(values) if key in MEDIANS else np.mean(values))
    return summary


def compare(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> dict[str, float]:
    """Ours beside a peer's on the same seeds and scans: ratios, and the gain in GOSPA with its lower 95 % bound."""
    by_seed = {row["seed"]: row for row in ours}
    both = [(by_seed[row["seed"]], row) for row in theirs if row["seed"] in by_seed and row["scans"] >= LEAST_SCANS]
    if not both:
        return {}
    cut = [[_window(one, int(peer["scans"])) for one in (mine, peer)] for mine, peer in both]
    mean = [np.array([pair[k]["gospa"] for pair in cut]) for k in (0, 1)]
    gain = mean[1] - mean[0]
    spread = float(np.std(gain, ddof=1) / np.sqrt(len(gain))) if len(gain) > 1 else math.nan
    low = float(gain.mean()) - float(student.ppf(0.975, len(gain) - 1)) * spread if len(gain) > 1 else math.nan
    breaks = [sum(pair[k]["breaks"] for pair in cut) for k in (0, 1)]
    speeds = [[pair[k]["det_per_cpu_s"] for pair in both] for k in (0, 1)]
    return {
        "seeds": len(both),
        "scans": min(int(peer["scans"]) for _, peer in both),
        "gospa": float(mean[1].mean()),
        "gospa_ratio": float(mean[0].mean() / mean[1].mean()),
        "gain_share_low95": low / float(mean[1].mean()),
        "breaks": breaks[1],
        "breaks_ours": breaks[0],
        "breaks_ratio": breaks[0] / breaks[1] if breaks[1] else math.nan,
        "speed_ratio": float(np.median(speeds[0]) / np.median(speeds[1])),
    }


def _window(row: dict[str, Any], until: int) -> dict[str, float]:
    scans = gospa.Scans(**{key: np.array(value) for key, value in row["each"].items()})
    return gospa.evaluate(scans, SKIPPED, until)


def summary_of(rows: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The figures of one N: ours, every tracker's, and ours against each."""
    trackers = {name: summarise(good) for name, good in rows.items()}
    beside = {name: found for name in rows if name != "tocsin" and (found := compare(rows["tocsin"], rows[name]))}
    result: dict[str, Any] = {**trackers["tocsin"], "trackers": trackers, "beside": beside}
    caps = [row["scans_at_cap"] / row["scans_stepped"] for row in rows["tocsin"]]
    result["scans_at_cap_share"] = float(np.mean(caps))
    if "oracle" in beside:
        result["gospa_ratio_oracle"] = beside["oracle"]["gospa_ratio"]
    soups = {name: found for name, found in beside.items() if name.startswith("stonesoup")}
    if soups:
        best = min(soups.values(), key=lambda found: found["gospa"])
        result["gospa_ratio_stonesoup"] = best["gospa_ratio"]
        result["gain_share_low95_stonesoup"] = best["gain_share_low95"]
        result["speed_ratio_stonesoup"] = min(found["speed_ratio"] for found in soups.values())
        result["breaks_ratio_stonesoup"] = soups.get("stonesoup gnn", best)["breaks_ratio"]
    return result


def gather(n: int, options: argparse.Namespace, others: dict[str, Peer]) -> dict[str, list[dict[str, Any]]]:
    """Run everything of one N, and print a line for each tracker as it is done."""
    seeds, peer_seeds = numbers(options.seeds), numbers(options.peer_seeds or options.seeds)
    jobs: dict[str, list[Any]] = {}
    for name in ("tocsin", "hold", *(name for name in options.named if name not in others)):
        jobs[name] = [(run, (name, n, options.variant, seed)) for seed in seeds]
    if options.variant != "tiles" and n <= (MOST_OF_ONE_RADAR if options.named else MOST_FOR_ORACLE):
        jobs["oracle"] = [(run_oracle, (n, options.variant, seed)) for seed in seeds]
    for peer in others.values():
        for label in peer.settings:
            jobs[f"{peer.name} {label}"] = [
                (peer.run, (label, n, options.variant, seed, score_file)) for seed in peer_seeds
            ]
    found: dict[str, list[dict[str, Any]]] = {}
    for name, calls in jobs.items():
        rows = [call(*given) for call, given in calls]
        for row in rows:
            if "error" in row:
                print(f"{n:>5} {name:<20} seed {row['seed']}: {row['error']}", file=sys.stderr)
        good = [row for row in rows if "error" not in row]
        if good:
            found[name] = good
            told = summarise(good)
            figures = "".join(f"{told[key]:>14,.2f}" for key in COLUMNS)
            ends = [f"{end} {told[end]:.0f}" for end in ("pairs", *ENDS) if end in told]
            part = "" if all(row["scans"] == row["of"] for row in good) else f"  {told['scans']:.0f} scans"
            print(f"{n:>5} {name:<20}{figures}  {', '.join(ends)}{part}".rstrip(), flush=True)
    return found


def score_file(out: Path, n: int, variant: str, seed: int) -> dict[str, Any]:
    """The row of what a peer wrote."""
    return scored("peer", load(out), n, variant, seed)


def main() -> None:
    """Run, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", default="50", help="mean numbers of targets, such as 10,50")
    parser.add_argument("--seeds", default="1-5", help="such as 1-5")
    parser.add_argument("--variant", default="radar", choices=("radar", "async", "tiles", *pairs.SCENES))
    parser.add_argument("--peers", default="none", help='"none" or names such as stonesoup,prototype')
    parser.add_argument("--peer-seeds", help="seeds of the peers with an environment of their own; else --seeds")
    parser.add_argument("--tune", action="store_true", help="choose the peers' settings anew, on other seeds")
    parser.add_argument("--json", type=Path, help="where to write all runs and the summary")
    options = parser.parse_args()
    options.named = [] if options.peers == "none" else options.peers.split(",")
    others = {name: Peer(name) for name in options.named if peer_file(name).exists()}
    if options.tune:
        for peer in others.values():
            peer.tune(score_file)
        return
    runs: list[dict[str, Any]] = []
    summary: dict[str, Any] = {}
    print(f"{'n':>5} {'tracker':<20}" + "".join(f"{name:>14}" for name in COLUMNS))
    for n in numbers(options.n):
        rows = gather(n, options, others)
        runs += [{**row, "name": name} for name, good in rows.items() for row in good]
        summary[f"n{n}"] = summary_of(rows)
        for name, found in summary[f"n{n}"]["beside"].items():
            told = ", ".join(f"{key} {value:,.4g}" for key, value in found.items())
            print(f"{n:>5} tocsin beside {name}: {told}", flush=True)
    if options.json:
        saved = {"schema": 1, "variant": options.variant, "summary": summary, "runs": runs}
        options.json.write_text(json.dumps(saved, indent=1))


if __name__ == "__main__":
    main()

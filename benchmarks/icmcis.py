"""The main line on real recordings: replays scenes of the ICMCIS 2021 counter-drone trial and evaluates them.

`icmcis.py [--data FOLDER] [--out docs/reference/icmcis.md]` runs `tocsin replay` and
`tocsin evaluate` on each case and writes the page of tables. FOLDER holds the trial's `Scenario_*` folders; by default
`data/icmcis_cuas` of TOCSIN_SHARED, else of `shared` beside the checkout. One site file serves every case.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from tocsin.evaluation.evaluation import Evaluation
from tocsin.evaluation.report import markdown

ROOT = Path(__file__).resolve().parents[1]
SETUP = ROOT / "tests" / "scenario" / "icmcis"
EVERY = ("ALVIRA", "ARCUS", "DIANA", "VENUS")
CASES = (
    ("1_1", ("ALVIRA",)),
    ("1_1", ("ALVIRA", "ARCUS")),
    ("1_1", EVERY),
    ("1_3", ("ALVIRA",)),
    ("1_3", EVERY),
    ("2_1", ("ALVIRA",)),
    ("2_1", EVERY),
)
RAW = "ALVIRA"

PAGE = """\
# The ICMCIS trial: measured

Recordings of real sensors and one or two drones with flight logs, from the NATO NCIA trial of 2020: the 2-D radar
ALVIRA, the 3-D radar ARCUS (its file exists for scene 1_1 only), the radio sensors DIANA and VENUS. The recordings are
not part of this repository. `python benchmarks/icmcis.py` replays them through `tests/scenario/icmcis/site.toml`, the
same site file for every scene, and writes this page. [What the figures mean](../explanation/metrics.md). Where a cell
holds three figures they are of the tracks, of ALVIRA's raw reports, and of those reports held for five seconds.

What bounds the figures:

- {unseen} of a flight pass without a report of any sensor near the drone. An entry into the site in such a time has a
  warning time of 0.
- ALVIRA's north is off by some three degrees, otherwise on each day: half of the 50 m are used up at 500 m.
- Of ARCUS's 16,965 updates 153 are near the drone, so it keeps up tracks and starts none.
- In scene 2_1 the radar loses each drone for 30 to 170 s again and again. A return is joined to what was lost where the
  motion makes it at least 32 times as likely as all else; most often both drones are lost, either may be the one that
  returns, and nothing is joined. Joining to the likelier of the two, however little likelier, was tried: as many
  switches, and drones that go on under each other's number.

{tables}
"""


def default_data() -> Path:
    """Where the recordings lie if nobody says."""
    shared = os.environ.get("TOCSIN_SHARED")
    return (Path(shared) if shared else ROOT.parent / "shared") / "data" / "icmcis_cuas"


def run_case(data: Path, scene: str, sensors: tuple[str, ...], folder: Path) -> Evaluation:
    """Replay and evaluate one case with the real commands; what is left in `folder` is the run."""
    scenario = data / f"Scenario_{scene}"
    found = [path for name in sensors for path in sorted(scenario.glob(f"{name}_*"))]
    (truth,) = scenario.glob("truth_*")
    tocsin("replay", *found, "--site", SETUP / "site.toml", "--out", folder)
    options = ("--map", SETUP / "truth.toml", "--raw", RAW, "--json", folder / "evaluation.json")
    tocsin("evaluate", folder, "--truth", truth, *options)
    return read_evaluation(folder / "evaluation.json")


def read_evaluation(path: Path) -> Evaluation:
    """An evaluation as it was written; null becomes NaN again where a number is meant."""
    plain = json.loads(path.read_bytes(), parse_constant=float)
    return msgspec.convert(with_nan(plain), Evaluation)


def with_nan(value: object, key: str = "") -> object:
    """None as NaN, except where None says that there is no such thing."""
    if isinstance(value, dict):
        return {name: with_nan(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [with_nan(inner) for inner in value]
    return float("nan") if value is None and key not in ("raw", "hold", "raw_sensor") else value


def tocsin(*arguments: object) -> None:
    """Run the program of this checkout; its errors end the benchmark."""
    path = os.pathsep.join(part for part in (str(ROOT / "src"), os.environ.get("PYTHONPATH", "")) if part)
    command = [sys.executable, "-m", "tocsin.cli", *map(str, arguments)]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"tocsin {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")


def page(found: dict[tuple[str, tuple[str, ...]], Evaluation]) -> str:
    """The page of the documentation, a table a scene."""
    tables = []
    for scene in dict.fromkeys(scene for scene, _ in found):
        columns = [(title(sensors), one) for (its, sensors), one in found.items() if its == scene]
        tables.append(f"## Scene {scene}\n\n{markdown(columns)}")
    unseen = [one.unseen_50m for one in found.values()]
    bounds = f"{min(unseen):.0%} to {max(unseen):.0%}"
    return PAGE.format(unseen=bounds, tables="\n\n".join(tables))


def title(sensors: tuple[str, ...]) -> str:
    """The heading of a column."""
    return "all files" if sensors == EVERY else " + ".join(sensors)


def main() -> None:
    """Run every case and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=default_data())
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "reference" / "icmcis.md")
    options = parser.parse_args()
    if not options.data.is_dir():
        sys.exit(f"{options.data}: no such folder; name the folder of the trial's recordings with --data")
    found = {}
    for scene, sensors in CASES:
        with tempfile.TemporaryDirectory() as folder:
            found[scene, sensors] = run_case(options.data, scene, sensors, Path(folder) / "run")
            timings = json.loads((Path(folder) / "run" / "timings.json").read_bytes())
        print(f"{scene} {title(sensors)}: ratio to raw {found[scene, sensors].coverage_ratio_to_raw:.2f}; {timings}")
    options.out.write_text(page(found), encoding="utf-8")


if __name__ == "__main__":
    main()

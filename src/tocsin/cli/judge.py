"""Judge: a played story against where its targets really were.

`python -m tocsin.cli.judge SCENARIO SEED FOLDER` does it in a process of its own, so that a screen that is still open
goes on being served meanwhile.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import msgspec

from tocsin.cli.evaluate import evaluated
from tocsin.model.errors import TocsinError
from tocsin.simulation.folder import write_folder
from tocsin.simulation.scenario import Scenario, read_scenario

TRUTHS = (("", "truth-one-way-drone.toml"), ("falling", "truth-falling-object.toml"), ("all", "truth.toml"))


def judge(scenario: Scenario, seed: int, folder: Path) -> dict[str, Any]:
    """Compare the run in `folder` with the truth, and add the figures to its summary.json.

    `evaluation` speaks of the approaching drones, `evaluation.falling` of the salvo, `evaluation.all` of everything.
    """
    with tempfile.TemporaryDirectory(prefix="tocsin-truth-") as name:
        truth = Path(name)
        write_folder(scenario, seed, truth)
        found: dict[str, Any] = {}
        for key, truth_map in TRUTHS:
            figures, _ = evaluated(folder, truth / "truth.parquet", truth / truth_map, None)
            part = msgspec.json.decode(msgspec.json.encode(figures))  # NaN becomes None
            found |= part if not key else {key: part}
        for kept in ("truth.parquet", "truth.toml"):
            shutil.copy(truth / kept, folder / kept)
    path = folder / "summary.json"
    summary = msgspec.json.decode(path.read_bytes()) | {"evaluation": found}
    path.write_bytes(msgspec.json.format(msgspec.json.encode(summary, order="sorted"), indent=2) + b"\n")
    return found


def judge_apart(scenario: Path, seed: int, folder: Path) -> dict[str, Any]:
    """`judge` of a scenario's file, in a process of its own. TocsinError with its last words if it fails."""
    command = [sys.executable, "-m", "tocsin.cli.judge", str(scenario), str(seed), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise TocsinError(f"{folder}: the run could not be judged: {last}")
    found: dict[str, Any] = msgspec.json.decode((folder / "summary.json").read_bytes())["evaluation"]
    return found


if __name__ == "__main__":
    judge(read_scenario(Path(sys.argv[1])), int(sys.argv[2]), Path(sys.argv[3]))

"""The benchmark of corrections runs on the real notices: their wordings are found as a person marked them."""

import json
import os
import subprocess
import sys
from pathlib import Path

from shared_data import shared

ROOT = Path(__file__).resolve().parents[2]


def test_the_wordings_of_real_notices_are_found(tmp_path: Path) -> None:
    (tmp_path / "reuters_corrections").symlink_to(shared("data/statements/reuters_corrections"))
    report = tmp_path / "statements.json"
    path = os.pathsep.join(part for part in (str(ROOT / "src"), os.environ.get("PYTHONPATH", "")) if part)
    command = [sys.executable, str(ROOT / "benchmarks" / "statements.py"), "--data", str(tmp_path)]
    done = subprocess.run(
        [*command, "--json", str(report)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(report.read_text())["summary"]["corrections"]
    values = found["values"]
    assert (found["precision"] >= 0.95, found["recall"] >= 0.95) == (True, True), found
    assert values["values"] >= 0.9 and values["pairs"] >= 0.9 and values["invented"] == 0, values
    assert values["values"] > found["values_baseline"]["values"]

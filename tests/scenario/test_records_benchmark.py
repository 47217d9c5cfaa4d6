"""The benchmark of records runs, on a small store: every record is made, and proved."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_small_store_is_made_and_proved(tmp_path: Path) -> None:
    report = tmp_path / "records.json"
    sizes = ("--records", "61", "--batch", "20", "--single", "7", "--json", str(report))
    path = os.pathsep.join(part for part in (str(ROOT / "src"), os.environ.get("PYTHONPATH", "")) if part)
    command = [sys.executable, str(ROOT / "benchmarks" / "records.py"), *sizes]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(report.read_text())["summary"]
    assert (found["records"], found["verified"]) == (61, 61)
    assert found["bytes_a_record"] > found["canonical_bytes_a_record"] > 0
    assert found["verify_cpu_s"] > 0

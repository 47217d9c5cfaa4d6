"""A finished run of the small site's approach, and where its drone really was."""

import json
from pathlib import Path

from small_site import START_S, rows, small_site
from tocsin.service.replay import replay

TRUTH_MAP = """
[[target]]
name = "drone"
[target.columns]
format = "json"
time = { column = "time" }
east = "east"
north = "north"
up = "up"
"""


def finished_run(folder: Path, seconds: int = 20) -> Path:
    """The folder of the run; beside it `truth.jsonl` and `truth.toml`."""
    folder.mkdir(exist_ok=True)
    (folder / "radar.jsonl").write_bytes(rows(seconds))
    replay(small_site(), [folder / "radar.jsonl"], folder / "run")
    fixes = (
        {"time": START_S + k / 2.0, "east": 3.0, "north": 900.0 - 10.0 * k, "up": 50.0 if k else 0.0}
        for k in range(2 * seconds)
    )
    (folder / "truth.jsonl").write_text("".join(json.dumps(fix) + "\n" for fix in fixes), encoding="utf-8")
    (folder / "truth.toml").write_text(TRUTH_MAP, encoding="utf-8")
    return folder / "run"

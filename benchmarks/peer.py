"""Other trackers, each in an environment of its own, at the setting that was best on seeds outside the test.

A peer is `peers/NAME.toml` (its program, its grid, the settings chosen, what tuning gave), `peers/NAME.txt` (pinned
packages) and a program that reads a setting and a scene and writes an `Outcome`. What it gave on a seed is kept as
JSON in `.peers/kept` and used again, as long as setting, packages and program are the same.
"""

import hashlib
import itertools
import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
PEERS = HERE.parent / ".peers"
TUNING = {"n": 10, "seeds": (101, 102, 103)}  # outside the test
Row = dict[str, Any]
Score = Callable[[Path, int, str, int], Row]  # what a process wrote, and the scene it was of


def peer_file(name: str) -> Path:
    """Where a peer is described, if it is one."""
    return HERE / "peers" / f"{name.partition('.')[0]}.toml"


class Peer:
    """One other tracker, with several settings by label; `NAME.LABEL` is one of them alone."""

    def __init__(self, name: str) -> None:
        self.name, _, only = name.partition(".")
        self._file = peer_file(name)
        self._about = tomllib.loads(self._file.read_text("utf-8"))
        self.settings: dict[str, dict[str, Any]] = {
            label: setting for label, setting in self._about.get("chosen", {}).items() if only in ("", label)
        }

    def run(self, label: str, n: int, variant: str, seed: int, score: Score) -> Row:
        """The row of a chosen setting, kept or measured."""
        return self._run(self.settings[label], n, variant, seed, score)

    def tune(self, score: Score) -> None:
        """Try the grid on the seeds for it, choose each label's lowest mean GOSPA, and write both down."""
        grid = self._about["grid"]
        names = [key for key in grid if key != "label"]
        chosen, tried = dict[str, dict[str, Any]](), []
        for label in grid["label"]:
            best = np.inf
            for values in itertools.product(*(grid[key] for key in names)):
                setting = {"associator": label, **dict(zip(names, values, strict=True))}
                rows = [self._run(setting, TUNING["n"], "radar", seed, score) for seed in TUNING["seeds"]]
                mean = float(np.mean([row["gospa"] for row in rows]))
                tried.append({**setting, "gospa": round(mean, 2)})
                print(f"{self.name}: {tried[-1]}", flush=True)
                if mean < best:
                    best, chosen[label] = mean, setting
        head = self._file.read_text("utf-8").partition("\n# ---- by --tune")[0]
        lines = [f"\n[chosen.{label}]\n{_lines(setting)}" for label, setting in chosen.items()]
        lines += [f"\n[[tuned]]\n{_lines(one)}" for one in tried]
        told = f"\n# ---- by --tune: N = {TUNING['n']}, seeds {TUNING['seeds']}\n"
        self._file.write_text(head + told + "".join(lines), encoding="utf-8")

    def _run(self, setting: dict[str, Any], n: int, variant: str, seed: int, score: Score) -> Row:
        told = json.dumps(setting, sort_keys=True)
        key = hashlib.sha256((told + self._sources()).encode()).hexdigest()[:12]
        kept = PEERS / "kept" / f"{self.name}-{key}-{variant}-{n}-{seed}.json"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            out = kept.with_suffix(".npz")
            cap = str(self._about["cap_cpu_s"])
            command = [
                self._python(),
                HERE / "peers" / self._about["program"],
                told,
                str(n),
                variant,
                str(seed),
                out,
                cap,
            ]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                return {"name": self.name, "n": n, "seed": seed, "error": done.stderr.strip()[-400:]}
            kept.write_text(json.dumps(score(out, n, variant, seed)), encoding="utf-8")
            out.unlink()
        return dict(json.loads(kept.read_text("utf-8")))

    def _sources(self) -> str:
        names = (self._about["program"], f"{self.name}.txt")
        texts = [(HERE / "peers" / name).read_text("utf-8") for name in names]
        return "".join([*texts, (HERE / "scenario.py").read_text("utf-8"), (HERE / "pairs.py").read_text("utf-8")])

    def _python(self) -> Path:
        """The peer's own interpreter; its environment is made at first."""
        folder = PEERS / self.name
        if not (folder / "ready").exists():
            print(f"{self.name}: installing into {folder}", file=sys.stderr, flush=True)
            subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
            pins = ["-r", HERE / "peers" / f"{self.name}.txt"]
            subprocess.run([folder / "bin" / "pip", "install", "-q", "--require-hashes", *pins], check=True)
            (folder / "ready").touch()
        return folder / "bin" / "python"


def _lines(values: dict[str, Any]) -> str:
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items())

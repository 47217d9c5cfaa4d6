"""The import contracts in `pyproject.toml` break where they must: shown on small packages made to break them."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from architecture.rules import IMPURE, PURE_ROOMS
from architecture.source import ROOT

CONFIG = ROOT / "pyproject.toml"
# What breaks, the contract that says so, and the modules that do it.
BREAKING = (
    ("Rooms", {"radar/x.py": ""}),
    ("Rooms", {"geo/x.py": "import tocsin.sensors.y", "sensors/y.py": ""}),
    ("Rooms", {"tracking/x.py": "import tocsin.threat.y", "threat/y.py": ""}),
    ("line", {"tracking/x.py": "import time"}),
    ("line", {"sensors/x.py": "import tocsin.formats.y", "formats/y.py": "import socket"}),
    ("line", {"sensors/x.py": "import tocsin.transport.y", "transport/y.py": ""}),
    ("simulator", {"simulation/x.py": "import tocsin.physics.y", "physics/y.py": ""}),
    ("watchdog", {"watchdog/x.py": "import tocsin.config.y", "config/y.py": ""}),
    ("Adapters", {"sensors/a/adapter.py": "import tocsin.sensors.b.adapter", "sensors/b/adapter.py": ""}),
    ("kernels", {"service/x.py": "import tocsin.tracking.kernels.y", "tracking/kernels/y.py": ""}),
)
SOUND = {
    "cli/x.py": "import tocsin.service.y",
    "service/y.py": "import time\nimport tocsin.tracking.z",
    "tracking/z.py": "import tocsin.tracking.kernels.k",
    "tracking/kernels/k.py": "import tocsin.jit",
    "model/x.py": "",
    "units.py": "",
    "jit.py": "",
}


def broken_contracts(folder: Path, files: dict[str, str]) -> list[str]:
    """The names of the contracts that a package `tocsin` of these files breaks."""
    for name, text in files.items():
        path = folder / "tocsin" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        for parent in path.relative_to(folder).parents[:-1]:
            (folder / parent / "__init__.py").touch()
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache", "--config", CONFIG]
    environment = os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    return re.findall(r"^(.+) BROKEN$", done.stdout, re.MULTILINE)


def test_a_sound_package_breaks_nothing(tmp_path: Path) -> None:
    assert broken_contracts(tmp_path, SOUND) == []


@pytest.mark.parametrize(("word", "files"), BREAKING)
def test_contract_can_break(tmp_path: Path, word: str, files: dict[str, str]) -> None:
    assert any(word in name for name in broken_contracts(tmp_path, SOUND | files))


def test_every_contract_is_shown_to_break() -> None:
    names = [contract["name"] for contract in tomllib.loads(CONFIG.read_text())["tool"]["importlinter"]["contracts"]]
    assert [name for name in names if not any(word in name for word, _ in BREAKING)] == []


def test_the_two_lists_of_what_is_pure_agree() -> None:
    contracts = tomllib.loads(CONFIG.read_text())["tool"]["importlinter"]["contracts"]
    pure = next(contract for contract in contracts if "pure" in contract["name"])
    assert set(pure["source_modules"]) == {f"tocsin.{room}.**" for room in PURE_ROOMS}
    assert set(pure["forbidden_modules"]) == IMPURE | {"tocsin.transport.**"}

"""The bans that ruff keeps for us are switched on where they should be, and off where a clock is allowed."""

import subprocess
import sys

import pytest

from architecture.source import ROOT

NOW = "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n"
DICE = "import numpy as np\n\nDICE = np.random.default_rng(1)\n"
LATE = "def f():\n    import os\n\n    return os\n"
BROAD = "try:\n    f = 1\nexcept Exception:\n    f = 2\n"


def codes(path: str, text: str) -> str:
    """What ruff says of `text` as the file `path`."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--no-cache",
        "--output-format=concise",
        "--stdin-filename",
        path,
        "-",
    ]
    return subprocess.run(command, input=text, cwd=ROOT, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("src/tocsin/tracking/x.py", NOW, "TID251"),
        ("src/tocsin/sensors/x/adapter.py", DICE, "TID251"),
        ("src/tocsin/model/x.py", "import datetime\n\nNOW = datetime.datetime.utcnow()\n", "TID251"),
        ("src/tocsin/service/x.py", LATE, "PLC0415"),
        ("src/tocsin/geo/x.py", BROAD, "BLE001"),
        ("src/tocsin/geo/x.py", "print(1)\n", "T201"),
    ],
)
def test_banned(path: str, text: str, code: str) -> None:
    assert code in codes(path, text)


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("src/tocsin/service/x.py", NOW, "TID251"),
        ("src/tocsin/simulation/x.py", DICE, "TID251"),
        ("src/tocsin/service/x.py", BROAD, "BLE001"),
    ],
)
def test_allowed(path: str, text: str, code: str) -> None:
    assert code not in codes(path, text)

"""The program in a process of its own, from this checkout's sources."""

import os
import sys
from pathlib import Path

SOURCES = Path(__file__).resolve().parents[1] / "src"


def command(*arguments: str) -> list[str]:
    """The command line of `tocsin ARGUMENTS`."""
    return [sys.executable, "-m", "tocsin.cli", *arguments]


def environment(**more: str) -> dict[str, str]:
    """This process's environment, with this checkout's sources first, and `more`."""
    paths = [str(SOURCES), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1", **more}

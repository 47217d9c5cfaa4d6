"""The adapters that this repository declares, and the folders that hold them."""

import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

from architecture.source import PACKAGE, ROOT

RINGS = ("sensors", "links", "sharing", "channels")


def declared() -> list[EntryPoint]:
    """The entry-point lines of `pyproject.toml` whose ring exists, in the order they stand there."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    return [
        EntryPoint(name, value, group)
        for group, lines in groups.items()
        for name, value in lines.items()
        if (PACKAGE / group.removeprefix("tocsin.")).is_dir()
    ]


def folders(package: Path = PACKAGE) -> list[tuple[str, str]]:
    """(ring, name) of each folder that holds an `adapter.py`."""
    found = (path.parent.relative_to(package).parts for ring in RINGS for path in (package / ring).glob("*/adapter.py"))
    return sorted((ring, name) for ring, name in found)

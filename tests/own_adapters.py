"""The repository's adapters as an install would make them known, whatever is installed."""

from pathlib import Path

import pytest

from architecture.adapters import declared


def know_own_adapters(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the entry points of `pyproject.toml` into `folder` and put it on the path."""
    metadata = folder / "tocsin-0.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: tocsin\nVersion: 0.0\n", encoding="utf-8")
    lines = [f"[{entry.group}]\n{entry.name} = {entry.value}\n" for entry in declared()]
    (metadata / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.syspath_prepend(folder)

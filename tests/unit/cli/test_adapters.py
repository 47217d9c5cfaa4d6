"""`tocsin adapters` lists what is installed, with its grade; a broken one is listed with the reason."""

import pytest
import typer
from typer.testing import CliRunner

from tocsin.cli import adapters as command
from tocsin.config.adapters import InstalledAdapter
from tocsin.model.adapter import AdapterInfo, Grade


def test_grades_and_problems_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (
        InstalledAdapter("tocsin.sensors", "table", AdapterInfo("table", "Rows.", "CSV, JSON", Grade.SAMPLED)),
        InstalledAdapter("tocsin.sharing", "broken", None, "no module"),
    )
    monkeypatch.setattr(command, "installed_adapters", lambda: found)
    app = typer.Typer()
    app.command()(command.adapters)
    lines = CliRunner().invoke(app, []).stdout.splitlines()
    assert lines[0] == "tocsin.sensors"
    assert lines[1].split() == ["table", "sampled", "Rows.", "(CSV,", "JSON)"]
    assert lines[2] == "tocsin.sharing"
    assert lines[3].split(maxsplit=1) == ["broken", "cannot be used: no module"]

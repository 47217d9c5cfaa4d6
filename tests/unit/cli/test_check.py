"""`tocsin check`: words and 0 for a good file, one line and 2 for a bad one."""

from pathlib import Path

import typer
from typer.testing import CliRunner

from tocsin.cli.check import check

GOOD = '[site]\nname = "North pier"\nlatitude_deg = 54.6\nlongitude_deg = 18.8\nheight_m = 41.0\n'

app = typer.Typer()
app.command()(check)


def test_a_good_file(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(GOOD, encoding="utf-8")
    result = CliRunner().invoke(app, [str(path)])
    assert result.exit_code == 0
    assert result.stdout.startswith("North pier: origin 54.600000 N")


def test_what_a_stage_refuses_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(GOOD + '[identity.words."*"]\nbat = "vampire"\n', encoding="utf-8")
    result = CliRunner().invoke(app, [str(path)])
    assert result.exit_code == 2
    assert result.stderr == f"{path}: identity.words.*.bat: means 'vampire', which has no meaning\n"


def test_a_bad_file(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(GOOD + "[[asset]]\n", encoding="utf-8")
    result = CliRunner().invoke(app, [str(path)])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == f"{path}: asset[1]: name: missing\n"

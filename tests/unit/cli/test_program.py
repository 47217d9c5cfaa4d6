"""The program lists every command, imports only the one it runs, and tells errors in one sentence."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

import tocsin
from tocsin.cli import program
from tocsin.cli.commands import COMMANDS
from tocsin.model.errors import TocsinError


def test_help_lists_every_command() -> None:
    said = CliRunner().invoke(program.build(["--help"]), ["--help"])
    assert said.exit_code == 0
    assert [name for name in COMMANDS if name not in said.output] == []


def test_version() -> None:
    assert CliRunner().invoke(program.build([]), ["--version"]).output == f"tocsin {tocsin.__version__}\n"


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(program.build(["fly"]), ["fly"]).exit_code == 2


def test_help_imports_no_command() -> None:
    script = (
        "import sys\nfrom tocsin.cli.program import build\nbuild(['--help'])\n"
        "print([name for name in sys.modules if name.startswith('tocsin.')], 'numba' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "tocsin.cli.commands" in said
    assert "tocsin.cli.test" not in said
    assert said.strip().endswith("False")


def test_an_error_on_purpose_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(arguments):
        raise TocsinError('site.toml: sensor[2].view.range_m: "far" is not a number')

    monkeypatch.setattr(program, "build", build)
    with pytest.raises(SystemExit) as ended:
        program.main()
    assert ended.value.code == 'tocsin: site.toml: sensor[2].view.range_m: "far" is not a number'


@pytest.mark.parametrize("arguments", [["demo", "--headless", "--out", ""], ["replay", "", "--out", "x"], [""]])
def test_an_empty_argument_is_no_folder(monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.setattr("sys.argv", ["tocsin", *arguments])
    with pytest.raises(SystemExit, match=f"tocsin: argument {arguments.index('') + 1} is empty"):
        program.main()

"""The table of commands, the modules behind it and the page that describes them agree."""

import re
from importlib import import_module

import pytest
import typer

from architecture.source import PACKAGE, ROOT
from tocsin.cli.commands import COMMANDS

REFERENCE = ROOT / "docs" / "reference" / "commands.md"


def undocumented(commands: dict[str, str], page: str) -> list[str]:
    """The commands without a heading of their own."""
    headings = set(re.findall(r"^## `tocsin ([\w-]+)`", page, re.MULTILINE))
    return sorted(set(commands) - headings)


def test_every_module_is_in_the_table() -> None:
    others = {"__init__", "__main__", "program", "commands", "handover", "judge", "remember", "terminal"}
    modules = {path.stem for path in (PACKAGE / "cli").glob("*.py")} - others
    assert modules == {name.replace("-", "_") for name in COMMANDS}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_module_holds_its_command(name: str) -> None:
    word = name.replace("-", "_")
    command = getattr(import_module(f"tocsin.cli.{word}"), word)
    assert callable(command) or isinstance(command, typer.Typer)


def test_every_command_is_documented() -> None:
    assert undocumented(COMMANDS, REFERENCE.read_text()) == []


def test_a_missing_heading_is_found() -> None:
    assert undocumented({"run": "", "test": ""}, "## `tocsin test`\n") == ["run"]

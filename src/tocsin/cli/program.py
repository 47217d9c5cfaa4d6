"""The program `tocsin`: finds the command in the table and runs it.

Errors that Tocsin raises on purpose end the program with their one sentence and exit code 1; anything else is a fault
of Tocsin and shows its traceback.
"""

import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from tocsin import __version__
from tocsin.cli.commands import COMMANDS
from tocsin.model.errors import TocsinError


def build(arguments: Sequence[str]) -> typer.Typer:
    """The program with all commands listed; of those, only the ones named in `arguments` are imported."""
    app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
    app.callback()(_program)
    for name, help_line in COMMANDS.items():
        command = _load(name) if name in arguments else _not_invoked
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name, help=help_line)
        else:
            app.command(name, help=help_line)(command)
    return app


def main() -> None:
    """Run the command that the arguments name."""
    try:
        app = build(_given(sys.argv[1:]))
        signal.signal(signal.SIGINT, signal.default_int_handler)  # from here on a command may have something to end
        app()
    except TocsinError as error:
        sys.exit(f"tocsin: {error}")


def _given(arguments: Sequence[str]) -> Sequence[str]:
    if "" in arguments:  # a folder "" would be the one the user stands in
        raise TocsinError(f"argument {arguments.index('') + 1} is empty; is a variable of the shell not set?")
    return arguments


def _load(name: str) -> Callable[..., Any] | typer.Typer:
    word = name.replace("-", "_")
    command: Callable[..., Any] | typer.Typer = getattr(import_module(f"tocsin.cli.{word}"), word)
    return command


def _not_invoked() -> None:
    """Stands in the list for a command that these arguments do not run."""


def _version(wanted: bool) -> None:
    if wanted:
        print(f"tocsin {__version__}")
        raise typer.Exit


def _program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it and exit.")
    ] = False,
) -> None:
    """The low-altitude air picture that warns in time."""

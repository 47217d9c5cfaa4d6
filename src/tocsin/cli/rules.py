"""`tocsin rules try`: the rules of a site file on a recording, before they go live."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from tocsin.config.site import read_site
from tocsin.service.trial import in_words, try_rules

rules = typer.Typer(no_args_is_help=True, help="Try rules on a recording before they go live.")


@rules.callback()
def group() -> None:
    """Try rules on a recording before they go live."""


@rules.command("try")
def try_(
    site: Annotated[Path, typer.Argument(help="Site file with the rules.")],
    inputs: Annotated[list[Path], typer.Argument(help="A recording, a run's folder, or raw sensor files.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what each rule would have raised, how often, how early, and what would have been missed."""
    trial = try_rules(read_site(site), inputs)
    typer.echo(msgspec.json.encode(trial).decode() if json else in_words(trial, _clock), nl=json)


def _clock(time_s: float) -> str:
    return f"{datetime.fromtimestamp(time_s, UTC):%Y-%m-%d %H:%M:%SZ}"

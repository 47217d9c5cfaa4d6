"""`tocsin check SITE.toml`: read a site file, say in words what it means, and start nothing.

The line is built once and let go, so that a setting which a stage refuses is refused here. Exit code 0 if the file can
be used, 2 with one line on standard error if not.
"""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.config.describe import describe
from tocsin.config.site import SiteError, read_site
from tocsin.model.errors import TocsinError
from tocsin.service.pipeline import Line


def check(site: Annotated[Path, typer.Argument(help="Site file to read.")]) -> None:
    """Read a site file and say in words what it means; start nothing."""
    try:
        read = read_site(site)
        text = describe(read)
        Line(read)
    except TocsinError as error:
        typer.echo(str(error) if isinstance(error, SiteError) else f"{site}: {error}", err=True)
        raise typer.Exit(2) from error
    typer.echo(text, nl=False)

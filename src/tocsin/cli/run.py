"""`tocsin run`: the live site."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.warm import warm
from tocsin.config.site import read_site
from tocsin.service.app import App
from tocsin.service.files import check_folder
from tocsin.web.server import check_port


def run(
    site: Annotated[Path, typer.Argument(help="Site file.")],
    out: Annotated[Path, typer.Option(help="Folder for the results; must not hold a run already.")],
    resume: Annotated[
        bool, typer.Option(help="Go on where a run in this folder ended: its alerts, shelves and warnings stand.")
    ] = False,
) -> None:
    """Run a site until it is stopped (Ctrl-C)."""
    asyncio.run(_run(site, out, resume))


async def _run(site: Path, out: Path, resume: bool) -> None:
    def ready(url: str) -> None:
        _say(f"running at {url}, into {out} (Ctrl-C ends)")

    def fault(reason: str) -> None:
        _say(f"fault: {reason}" if reason else "all is written again")

    read = read_site(site)
    app = App(read, out, ready, fault, resume)
    check_port(read.web)
    if not resume:
        check_folder(out)
    warm()  # nothing compiles once a sensor is open
    summary = await app.run()
    for note in summary["notes"]:
        _say(f"note: {note}")
    _say(f"stopped; {out} is complete")


def _say(text: str) -> None:
    typer.echo(f"tocsin: {text}", err=True)

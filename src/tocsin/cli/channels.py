"""`tocsin channels told`: who was told what, by which channel, when."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tocsin.channels.delivery.outbox import Outbox
from tocsin.channels.delivery.process import OUTBOX
from tocsin.model.errors import TocsinError

channels = typer.Typer(no_args_is_help=True, help="Say who was told what, by which channel, when.")


@channels.callback()
def group() -> None:
    """Say who was told what, by which channel, when."""


@channels.command("told")
def told(run: Annotated[Path, typer.Argument(help="A run's folder.")]) -> None:
    """Say who was told what, by which channel, when, and how far it is known to have come."""
    path = run / OUTBOX
    if not path.is_file():
        raise TocsinError(f"{path}: there is no outbox")
    outbox = Outbox(path)
    for warning in outbox.warnings():
        typer.echo(
            f"{_clock(warning.sent_s)} {warning.status} {warning.stage} {', '.join(warning.places)} ({warning.id})"
            f"{'' if warning.audible else ', unheard'}: {warning.reason}"
        )
        for receipt in outbox.receipts(warning.id):
            typer.echo(
                f"  {_clock(receipt.time_s)} {receipt.channel}: {receipt.level.name.lower()}, attempt {receipt.attempt}"
                f"{', ' + receipt.detail if receipt.detail else ''}"
            )
    outbox.close()


def _clock(time_s: float) -> str:
    moment = datetime.fromtimestamp(time_s, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}Z"

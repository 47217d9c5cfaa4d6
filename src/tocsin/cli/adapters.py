"""`tocsin adapters`: what this installation can read and write, with each adapter's grade."""

import typer

from tocsin.config.adapters import installed_adapters


def adapters() -> None:
    """List the adapters, ours and those of other packages, with how far each has been proven."""
    group = ""
    for adapter in installed_adapters():
        if adapter.group != group:
            group = adapter.group
            typer.echo(group)
        if adapter.info is None:
            typer.echo(f"  {adapter.name:<12} cannot be used: {adapter.problem}")
        else:
            typer.echo(f"  {adapter.name:<12} {adapter.info.grade:<8} {adapter.info.summary} ({adapter.info.standard})")

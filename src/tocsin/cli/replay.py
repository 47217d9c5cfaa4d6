"""`tocsin replay`: a recording or raw sensor files through the same line as the live site."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin.cli.commands import BROKEN_OFF
from tocsin.config.site import read_site
from tocsin.model.errors import TocsinError
from tocsin.model.wording import counted
from tocsin.service.aside import aside
from tocsin.service.replay import replay as run_replay


def replay(
    inputs: Annotated[
        list[Path], typer.Argument(help="A recording (.mcap files, their folder, a run's folder), or raw sensor files.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the results; must not hold a run already.")],
    site: Annotated[Path | None, typer.Option(help="Site file; a recording brings its own.")] = None,
    speed: Annotated[str, typer.Option(help="Multiple of real time, or max.")] = "max",
) -> None:
    """Run a recording or raw sensor files through the line."""
    try:
        read, ratio = None if site is None else read_site(site), speed_ratio(speed)
        summary = aside(lambda stopped: run_replay(read, inputs, out, ratio, stopped))
    except KeyboardInterrupt:
        typer.echo(f"tocsin: stopped; {out} holds what was played until then", err=True)
        raise typer.Exit(BROKEN_OFF) from None
    for note in summary["notes"]:
        typer.echo(f"note: {note}", err=True)
    typer.echo(f"{out}: {closing(summary)}")


def speed_ratio(text: str) -> float | None:
    """A positive number, or None for "max"."""
    if text == "max":
        return None
    try:
        ratio = float(text)
    except ValueError as error:
        raise TocsinError(f'--speed: expected a number or "max", got "{text}"') from error
    if not 0.0 < ratio < 1e6:
        raise TocsinError(f"--speed: expected a number above 0 and below a million, got {text}")
    return ratio


def closing(summary: Mapping[str, Any]) -> str:
    """What came of a run in one line: what went in, what came out, what was dropped and why."""
    track, sensors = summary["track"], summary["sensors"]
    detections = summary["collect"].get("detections", 0)
    parts = [
        f"{counted(detections, 'detection')} in {counted(summary['line'].get('scans', 0), 'scan')}",
        f"{counted(track.get('confirmed', 0), 'track')} confirmed",
        f"{counted(summary['warn'].get('sounded', 0), 'alert')} sounded",
    ]
    dropped = list(_dropped(summary))
    if dropped:
        parts.append(f"dropped: {', '.join(dropped)}")
    unread = list(_unread(sensors))
    if unread:
        parts.append(f"not read: {', '.join(unread)}")
    return "; ".join(parts)


def _dropped(summary: Mapping[str, Any]) -> Iterator[str]:
    for stage in ("collect", "track"):
        for key, count in summary[stage].items():
            if key.startswith("dropped_") and count:
                yield f"{count} {key.removeprefix('dropped_').replace('_', ' ')}"
    repeats = summary["collect"].get("repeats", 0)
    if repeats:
        yield f"{repeats} repeated"


def _unread(sensors: Mapping[str, Any]) -> Iterator[str]:
    """Each sensor's rows or files that could not be read: how many rows of how many, and the reasons."""
    for name, one in sensors.items():
        reasons = one.get("problems", {}).get("reasons", {})
        broken = f"{one['broken']} of {one['rows']} rows: " if one.get("broken") else ""
        if reasons:
            yield f"{name} ({broken}{', '.join(f'{count} {reason}' for reason, count in reasons.items())})"

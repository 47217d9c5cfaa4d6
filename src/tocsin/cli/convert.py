"""`tocsin convert FILE OUT`: what a recording reports, as GeoJSON, or zones as tables of a site file; no site file."""

import math
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from tocsin.formats.geozones import read_geozones
from tocsin.geo.frames import Origin
from tocsin.model.errors import TocsinError
from tocsin.service.conversion import Conversion, kind_of
from tocsin.service.conversion import convert as converted
from tocsin.service.geozones import zone_tables
from tocsin.units import RAD_PER_DEG


def convert(
    source: Annotated[Path, typer.Argument(help="The recording: capture, raw bytes, lines or JSON.")],
    out: Annotated[Path, typer.Argument(help="GeoJSON to write, or .toml for zones; - for standard output.")],
    kind: Annotated[str | None, typer.Option("--as", help="What it is, if its content does not tell.")] = None,
    at: Annotated[str | None, typer.Option(help="The sensor's place: LATITUDE,LONGITUDE[,HEIGHT_M].")] = None,
) -> None:
    """Convert a recording to GeoJSON."""
    try:
        if out.exists() and out.samefile(source):
            raise TocsinError(f"{out}: is what to read; name another file to write")
        data = source.read_bytes()
    except OSError as error:
        raise TocsinError(f"{source}: {error.strerror}") from error
    try:
        found = converted(data, source.name, kind_of(data, kind), None if at is None else read_place(at))
    except TocsinError as error:
        raise TocsinError(f"{source}: {error}") from error
    if out.suffix == ".toml":
        _write_zones(source, data, found.kind, out)
        return
    lines = b",\n".join(map(msgspec.json.encode, found.features))
    _write(out, b'{"type":"FeatureCollection","features":[\n' + lines + b"\n]}\n")
    _tell(source, found)


def _write(out: Path, text: bytes) -> None:
    try:
        if str(out) == "-":
            typer.echo(text.decode(), nl=False)
        else:
            out.write_bytes(text)
    except OSError as error:
        raise TocsinError(f"{out}: {error.strerror}") from error


def _tell(source: Path, found: Conversion) -> None:
    placed = sum(feature["geometry"] is not None for feature in found.features)
    if "zones" in found.statistics:
        typer.echo(f"{source}: {found.kind}, one polygon a zone", err=True)
    else:
        bare = len(found.features) - placed
        typer.echo(f"{source}: {found.kind}, {placed} positions, {bare} reports without one", err=True)
    for name, count in sorted(found.statistics.items()):
        if name != "problems" and count:
            typer.echo(f"  {name}: {count}", err=True)
    for reason, count in sorted(found.statistics.get("problems", {}).get("reasons", {}).items()):
        typer.echo(f"  refused, {reason}: {count}", err=True)
    if not found.timed and "zones" not in found.statistics:
        typer.echo("  the file says nothing of when: times are null", err=True)


def _write_zones(source: Path, data: bytes, kind: str, out: Path) -> None:
    if kind not in ("ed-269", "ed-318"):
        raise TocsinError(f"{source}: {kind} has no zones; only zones become tables of a site file (.toml)")
    zones = read_geozones(data)
    _write(out, zone_tables(zones).encode())
    typer.echo(f"{source}: {kind}, {len(zones.zones)} zones, to be put into a site file", err=True)
    for reason in zones.broken:
        typer.echo(f"  refused, {reason}", err=True)


def read_place(text: str) -> Origin:
    """The place that `--at LATITUDE,LONGITUDE[,HEIGHT_M]` says, in degrees and metres."""
    try:
        latitude_deg, longitude_deg, *height = (float(part) for part in text.split(","))
        (height_m,) = height or [0.0]
    except ValueError as error:
        raise TocsinError(f"--at {text}: write LATITUDE,LONGITUDE or LATITUDE,LONGITUDE,HEIGHT_M") from error
    if not (abs(latitude_deg) <= 90.0 and abs(longitude_deg) <= 180.0 and math.isfinite(height_m)):
        raise TocsinError(f"--at {text}: not on the earth")
    return Origin(latitude_deg * RAD_PER_DEG, longitude_deg * RAD_PER_DEG, height_m)

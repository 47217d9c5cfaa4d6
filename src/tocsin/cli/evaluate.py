"""`tocsin evaluate DIR --truth FILE`: compare a run with where the targets really were.

Prints a table, each figure beside the raw and the held reports of `--raw`, and writes every figure as JSON. What the
figures mean stands in docs/explanation/metrics.md.
"""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from tocsin.config.site import read_site
from tocsin.evaluation.evaluation import Evaluation
from tocsin.evaluation.evaluation import evaluate as compare
from tocsin.evaluation.logs import is_log, read_log
from tocsin.evaluation.report import text
from tocsin.evaluation.run import read_run
from tocsin.evaluation.truth import own_truth_map, read_truth, read_truth_map
from tocsin.model.errors import TocsinError


def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that `run` or `replay` wrote.")],
    truth: Annotated[Path, typer.Option(help="Log of where the targets were.")],
    map_: Annotated[
        Path | None, typer.Option("--map", help="Which columns of the log hold what; without it, Tocsin's own.")
    ] = None,
    raw: Annotated[str | None, typer.Option(metavar="SENSOR", help="Sensor whose reports are the baseline.")] = None,
    json: Annotated[Path | None, typer.Option(help="File to write every figure to.")] = None,
) -> None:
    """Compare a run with where the targets really were."""
    found, bad_rows = evaluated(folder, truth, map_, raw)
    if json is not None:
        try:
            json.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
        except OSError as error:
            raise TocsinError(f"{json}: cannot be written: {error.strerror}") from error
    print(text(found))
    for reason, count in bad_rows.items():
        print(f"{truth}: {count} row{'s' if count > 1 else ''} could not be read: {reason}")


def evaluated(folder: Path, truth: Path, map_: Path | None, raw: str | None) -> tuple[Evaluation, dict[str, int]]:
    """The evaluation of a run's folder, and how many rows of the truth could not be read, by reason."""
    site = read_site(folder / "site.toml")
    if map_ is None and is_log(truth):
        tracks, bad_rows = read_log(truth, site.origin)
    else:
        truth_map = read_truth_map(map_) if map_ is not None else own_truth_map(truth)
        tracks, bad_rows = read_truth(truth, truth_map, site.origin)
    run = read_run(folder, [sensor.name for sensor in site.sensors], site.assets, site.zones)
    return compare(run, tracks, raw), bad_rows

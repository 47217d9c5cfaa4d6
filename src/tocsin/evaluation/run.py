"""Run: what a replay or a live site left in its folder, as evaluation needs it.

`tracks.parquet` gives the rows of confirmed tracks, `detections.parquet` each sensor's reports that have a place, and
`alerts.jsonl` every version of every alert. A file that is missing or broken is an error that names it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tocsin.evaluation.baselines import Reports
from tocsin.evaluation.evaluation import Run
from tocsin.evaluation.shown import TrackRows
from tocsin.formats.tracks import read_tracks
from tocsin.model.alert import Alert
from tocsin.model.errors import UNREADABLE, TocsinError
from tocsin.model.threat import Asset, Zone


def read_run(folder: Path, sensors: Sequence[str], assets: Sequence[Asset], zones: Sequence[Zone]) -> Run:
    """The run in `folder`; sensors, assets and zones are those of its site file."""
    tracks = read_tracks(folder / "tracks.parquet")
    rows = TrackRows(
        number=tracks.number,
        time_s=tracks.time_s,
        known_s=tracks.known_s,
        last_detection_s=tracks.last_detection_s,
        status=tracks.status,
        position_m=tracks.position_enu_m[:, :2],
        velocity_mps=tracks.velocity_enu_mps[:, :2],
    )
    reports = _read_reports(folder / "detections.parquet", sensors)
    return Run(rows, reports, _read_alerts(folder / "alerts.jsonl"), assets, zones)


def _read_reports(path: Path, sensors: Sequence[str]) -> dict[str, Reports]:
    names = ["sensor", "time_s", "east_m", "north_m", "velocity_east_mps", "velocity_north_mps"]
    try:
        table: Any = pq.read_table(path, columns=names)
    except (OSError, pa.ArrowException) as error:
        raise TocsinError(f"{path}: no detections file that can be read: {error}") from error
    sensor = np.array(table["sensor"].to_pylist(), dtype=np.str_)
    time_s, east_m, north_m, east_mps, north_mps = (table[name].to_numpy().astype(np.float64) for name in names[1:])
    placed = np.isfinite(east_m) & np.isfinite(north_m)
    position_m = np.column_stack((east_m, north_m))
    velocity_mps = np.column_stack((east_mps, north_mps))
    return {
        name: Reports(time_s[mine], position_m[mine], velocity_mps[mine])
        for name in sensors
        for mine in [placed & (sensor == name)]
    }


def _read_alerts(path: Path) -> tuple[Alert, ...]:
    decode = msgspec.json.Decoder(Alert).decode
    alerts = []
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise TocsinError(f"{path}: cannot be read: {error.strerror}") from error
    for number, line in enumerate(lines, start=1):
        try:
            alerts.append(decode(line))
        except UNREADABLE as error:
            raise TocsinError(f"{path}:{number}: no alert: {error}") from error
    return tuple(alerts)

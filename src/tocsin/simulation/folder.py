"""Folder: a scenario played into files, as a recorder beside the sensors would have kept them.

`SENSOR.jsonl`: the sensor's table lines in the order received; `SENSOR.sbs` of an ADS-B receiver, `SENSOR.pcap` of one
for Remote ID. `events.jsonl`: clock steps and notes, with `received` in UTC seconds. `truth.parquet` and `truth.csv`:
target, kind, time_s (UTC), east_m, north_m, up_m, latitude_deg, longitude_deg, height_m (ellipsoid), flying.
`truth.toml` is what `tocsin evaluate --map` needs to read truth.parquet; `truth-KIND.toml` reads the targets of one
kind only.
"""

from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

from tocsin.geo.frames import lla_from_enu
from tocsin.model.packet import PacketKind
from tocsin.simulation.forms import form
from tocsin.simulation.scenario import Scenario, timeline, truth


def truth_table(scenario: Scenario, seed: int) -> pa.Table:
    """All truth as one table, target by target."""
    tracks = truth(scenario, seed)
    enu = np.concatenate([track.position_enu_m for track in tracks]) if tracks else np.empty((0, 3))
    lla = lla_from_enu(scenario.origin, enu)
    time_s = [time_s for track in tracks for time_s in np.round(track.time_s, 3).tolist()]
    flying = [flying for track in tracks for flying in track.flying.tolist()]
    table = pa.table(
        {
            "target": pa.array([track.target for track in tracks for _ in track.time_s], pa.string()),
            "kind": pa.array([track.kind for track in tracks for _ in track.time_s], pa.string()),
            "time_s": pa.array(time_s, pa.float64()),
            "east_m": pa.array(np.round(enu[:, 0], 3)),
            "north_m": pa.array(np.round(enu[:, 1], 3)),
            "up_m": pa.array(np.round(enu[:, 2], 3)),
            "latitude_deg": pa.array(np.round(np.degrees(lla[:, 0]), 8)),
            "longitude_deg": pa.array(np.round(np.degrees(lla[:, 1]), 8)),
            "height_m": pa.array(np.round(lla[:, 2], 3)),
            "flying": pa.array(flying, pa.bool_()),
        }
    )
    return table.replace_schema_metadata({"schema": "1"})


def write_folder(scenario: Scenario, seed: int, out: Path, site_toml: str | None = None) -> dict[str, int]:
    """Write everything to `out` (made if missing) and answer how many packets of each source were written."""
    out.mkdir(parents=True, exist_ok=True)
    forms = {sensor.name: form(sensor.device) for sensor in scenario.plan.sensor}
    names = {sensor: f"{sensor}.{kept.suffix}" for sensor, kept in forms.items()}
    files = {names[sensor]: [kept.begin] for sensor, kept in forms.items()} | {"events.jsonl": []}
    counts: dict[str, int] = {}
    for _, packet in timeline(scenario, seed, {sensor: kept.kept for sensor, kept in forms.items()}):
        counts[packet.source] = counts.get(packet.source, 0) + 1
        if packet.kind is PacketKind.DATA:
            files[names[packet.source]].append(packet.data)
            continue
        event: dict[str, object] = {"received": packet.received_s, "kind": packet.kind.value}
        if packet.data:
            event["command"] = msgspec.json.decode(packet.data)
        files["events.jsonl"].append(msgspec.json.encode(event) + b"\n")
    for name, lines in files.items():
        (out / name).write_bytes(b"".join(lines))
    table = truth_table(scenario, seed)
    parquet.write_table(table, out / "truth.parquet")
    csv.write_csv(table, out / "truth.csv")
    (out / "truth.toml").write_text(_TRUTH_MAP, encoding="utf-8")
    for kind in sorted({target.kind for target in scenario.plan.target}):
        only = f'where = [{{ column = "kind", equals = "{kind}" }}]\n'
        (out / f"truth-{kind}.toml").write_text(_TRUTH_MAP + only, encoding="utf-8")
    if site_toml is not None:
        (out / "site.toml").write_text(site_toml, encoding="utf-8")
    return counts


_TRUTH_MAP = """\
# How `tocsin evaluate --map` reads the truth of a simulated scene.
[[target]]
files = "truth.parquet"
name_column = "target"
flying = { column = "flying", equals = true }

[target.columns]
format = "parquet"
time = { column = "time_s" }
east = "east_m"
north = "north_m"
up = "up_m"
"""

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from pyarrow import csv, parquet

from tocsin.geo.frames import enu_from_lla
from tocsin.model.packet import PacketKind
from tocsin.simulation.folder import write_folder
from tocsin.simulation.scenario import play, read_scenario, truth

SCENARIO = """
name = "Test"
duration_s = 30.0
latitude_deg = -24.3
longitude_deg = 125.6
height_m = 430.0
chapter = [{ from_s = 0.0, starts = "2031-02-03T19:40:00Z" }]
[[target]]
name = "drone"
from_s = 2.0
[target.motion]
kind = "one-way-drone"
route = [{ east_m = 0, north_m = 3000, height_m = 200 }, { east_m = 0, north_m = 0, height_m = 0 }]
[[target]]
name = "body"
from_s = 5.0
[target.motion]
kind = "falling-object"
east_m = 500
north_m = 500
height_m = 900
velocity_enu_mps = [10.0, 0.0, 0.0]
[[sensor]]
name = "radar"
pose = { east_m = 10, north_m = 0, up_m = 5 }
[sensor.device]
kind = "radar"
[[event]]
at_s = 3.0
speaker = "A person"
content = "Something."
"""


def test_the_files_hold_what_is_played(tmp_path: Path) -> None:
    scenario = read_scenario(SCENARIO)
    counts = write_folder(scenario, 4, tmp_path / "new", "[site]\n")
    packets = list(play(scenario, 4))
    assert sum(counts.values()) == len(packets)
    sent = b"".join(packet.data for packet in packets if packet.kind is PacketKind.DATA)
    assert (tmp_path / "new" / "radar.jsonl").read_bytes() == sent
    assert (tmp_path / "new" / "site.toml").read_text() == "[site]\n"
    (event,) = (json.loads(line) for line in (tmp_path / "new" / "events.jsonl").read_text().splitlines())
    assert (event["kind"], event["command"]["author"]) == ("command", "A person")


def test_truth_files_hold_the_truth_in_both_frames(tmp_path: Path) -> None:
    scenario = read_scenario(SCENARIO)
    write_folder(scenario, 4, tmp_path)
    table = parquet.read_table(tmp_path / "truth.parquet")
    assert table.schema.metadata[b"schema"] == b"1"
    assert csv.read_csv(tmp_path / "truth.csv").num_rows == table.num_rows
    tracks = truth(scenario, 4)
    enu = np.column_stack([table[name].to_numpy() for name in ("east_m", "north_m", "up_m")])
    assert enu == pytest.approx(np.concatenate([track.position_enu_m for track in tracks]), abs=1e-3)
    angles = [np.radians(table[name].to_numpy()) for name in ("latitude_deg", "longitude_deg")]
    back = enu_from_lla(scenario.origin, np.column_stack([*angles, table["height_m"].to_numpy()]))
    assert back == pytest.approx(enu, abs=5e-3)


def test_a_map_a_kind_names_the_columns_that_are_there(tmp_path: Path) -> None:
    write_folder(read_scenario(SCENARIO), 4, tmp_path)
    names = parquet.read_table(tmp_path / "truth.parquet").column_names
    maps = sorted(path.name for path in tmp_path.glob("truth*.toml"))
    assert maps == ["truth-falling-object.toml", "truth-one-way-drone.toml", "truth.toml"]
    (entry,) = tomllib.loads((tmp_path / "truth-falling-object.toml").read_text())["target"]
    columns = entry["columns"]
    assert columns["where"] == [{"column": "kind", "equals": "falling-object"}]
    named = {columns["time"]["column"], *(columns[axis] for axis in ("east", "north", "up"))}
    assert named | {entry["name_column"], entry["flying"]["column"], "kind"} <= set(names)


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_folder(read_scenario(SCENARIO), 4, tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()

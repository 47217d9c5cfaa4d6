"""Truth files read through maps: flags, heights, missing fixes, several targets, and what goes wrong."""

import gzip
import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from shared_data import shared
from tocsin.evaluation.seconds import judged_seconds
from tocsin.evaluation.truth import own_truth_map, read_truth, read_truth_map
from tocsin.geo.frames import Origin, lla_from_enu
from tocsin.model.errors import TocsinError

ORIGIN = Origin(math.radians(51.5), math.radians(5.85), 60.0)
ICMCIS_MAP = Path(__file__).resolve().parents[2] / "scenario" / "icmcis" / "truth.toml"


def write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def map_of(folder, text):
    return read_truth_map(write(folder, "truth.toml", text))


LOCAL = """
[[target]]
[target.columns]
time = { column = "t" }
east = "e"
north = "n"
"""


def test_places_come_back_in_the_frame_of_the_site(tmp_path):
    enu = np.array([[100.0, -250.0, 40.0], [130.0, -240.0, 45.0]])
    lla = np.degrees(lla_from_enu(ORIGIN, enu)[:, :2])
    rows = "\n".join(f"{k},{lla[k, 0]:.9f},{lla[k, 1]:.9f},{60.0 + enu[k, 2]}" for k in range(2))
    path = write(tmp_path, "log.csv", f"t,lat,lon,h\n{rows}\n")
    truth_map = map_of(
        tmp_path,
        '[[target]]\nname = "x"\n[target.columns]\ntime = { column = "t" }\nlatitude = "lat"\nlongitude = "lon"\n'
        'height = { column = "h", kind = "ellipsoid" }\n',
    )
    (track,), bad = read_truth(path, truth_map, ORIGIN)
    assert track.target == "x"
    assert track.position_enu_m == pytest.approx(enu, abs=0.02)
    assert bad == {}


def test_without_a_flag_it_flies_two_metres_above_its_lowest_fix(tmp_path):
    path = write(tmp_path, "log.csv", "t,lat,lon,h\n1,51.5,5.85,-1\n2,51.5,5.85,0.9\n3,51.5,5.85,1.1\n4,0.0,0.0,90\n")
    truth_map = map_of(
        tmp_path,
        '[[target]]\n[target.columns]\ntime = { column = "t" }\nlatitude = { column = "lat", missing = [0.0] }\n'
        'longitude = { column = "lon", missing = [0.0] }\nheight = { column = "h", kind = "takeoff" }\n',
    )
    (track,), _ = read_truth(path, truth_map, ORIGIN)
    assert track.time_s.tolist() == [1.0, 2.0, 3.0]
    assert track.flying.tolist() == [False, False, True]
    assert np.isnan(track.position_enu_m[:, 2]).all()


def test_without_heights_it_always_flies(tmp_path):
    path = write(tmp_path, "log.csv", "t,e,n\n5,1,2\n4,3,4\n5,9,9\n")
    (track,), _ = read_truth(path, map_of(tmp_path, LOCAL), ORIGIN)
    assert track.time_s.tolist() == [4.0, 5.0]
    assert track.position_enu_m[:, :2].tolist() == [[3.0, 4.0], [1.0, 2.0]]
    assert track.flying.all()


def test_broken_rows_are_counted_and_cost_nothing_else(tmp_path):
    path = write(tmp_path, "log.csv", "t,e,n\n5,1,2\nx,3,4\n6,1,\n7,1,2\n")
    (track,), bad = read_truth(path, map_of(tmp_path, LOCAL), ORIGIN)
    assert track.time_s.tolist() == [5.0, 7.0]
    assert sum(bad.values()) == 2


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "parquet"])
def test_tocsins_own_table_needs_no_map(tmp_path, suffix):
    columns = {
        "target": ["a", "a", "b", "b", "c"],
        "kind": ["quadcopter", "quadcopter", "bird", "bird", "one-way-drone"],
        "time_s": [10.0, 10.1, 10.0, 10.1, 10.0],
        "latitude_deg": [51.5] * 5,
        "longitude_deg": [5.85] * 5,
        "height_m": [90.0] * 5,
        "flying": [True, False, True, True, True],
    }
    path = tmp_path / f"truth.{suffix}"
    if suffix == "parquet":
        parquet.write_table(pa.table(columns), path)
    else:
        lines = [",".join(columns), *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))]
        data = ("\n".join(lines).replace("True", "true").replace("False", "false") + "\n").encode()
        path.write_bytes(gzip.compress(data) if suffix == "csv.gz" else data)
    tracks, bad = read_truth(path, own_truth_map(path), ORIGIN)
    assert [(track.target, track.kind, track.flying.tolist()) for track in tracks] == [
        ("a", "quadcopter", [True, False]),
        ("c", "one-way-drone", [True]),
    ]
    assert tracks[0].position_enu_m[0] == pytest.approx([0.0, 0.0, 30.0], abs=1e-6)
    assert bad == {}


def test_errors_name_the_file_and_the_setting(tmp_path):
    path = write(tmp_path, "log.csv", "t,e,n\n5,1,2\n")
    with pytest.raises(TocsinError, match=r"truth.toml: .*misspelt"):
        map_of(tmp_path, LOCAL + "misspelt = 1\n")
    with pytest.raises(TocsinError, match=r"gone.toml: cannot be read"):
        read_truth_map(tmp_path / "gone.toml")
    with pytest.raises(TocsinError, match=r"gone.csv: cannot be read"):
        read_truth(tmp_path / "gone.csv", map_of(tmp_path, LOCAL), ORIGIN)
    with pytest.raises(TocsinError, match=r'log.csv: east: no column "easting"'):
        read_truth(path, map_of(tmp_path, LOCAL.replace('"e"', '"easting"')), ORIGIN)
    with pytest.raises(TocsinError, match=r"no \[\[target\]\] .* patterns: x\*"):
        read_truth(path, map_of(tmp_path, LOCAL.replace("[target.columns]", 'files = "x*"\n[target.columns]')), ORIGIN)
    with pytest.raises(TocsinError, match="needs columns of time"):
        read_truth(path, map_of(tmp_path, LOCAL.replace('time = { column = "t" }', "")), ORIGIN)
    with pytest.raises(TocsinError, match="the name 'drone'"):
        read_truth(path, map_of(tmp_path, LOCAL + LOCAL), ORIGIN)
    empty = write(tmp_path, "empty.csv", "t,e,n\nx,1,2\n")
    with pytest.raises(TocsinError, match=r"empty.csv: holds no fix of a target: time: not a time \(1\)"):
        read_truth(empty, map_of(tmp_path, LOCAL), ORIGIN)


@pytest.mark.parametrize(
    ("file", "judged", "unknown", "flying"),
    [
        # Counted by a separate script straight from the files.
        ("Scenario_1_1/truth_drone.csv.gz", 795, 0, [795]),
        ("Scenario_1_3/truth_drone.csv.gz", 499, 35, [499]),
        ("Scenario_2_1/truth_two_drones_1hz.csv.gz", 1127, 0, [1125, 1100]),
    ],
)
def test_flight_logs_of_the_trial(file, judged, unknown, flying):
    path = shared("data/icmcis_cuas") / file
    tracks, bad = read_truth(path, read_truth_map(ICMCIS_MAP), ORIGIN)
    seconds = judged_seconds(tracks)
    assert (len(seconds.time_s), seconds.unknown) == (judged, unknown)
    assert seconds.flying.sum(axis=0).tolist() == flying
    assert bad == {}

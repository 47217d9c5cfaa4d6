"""A drone seen by radar and radio: how often it is called one, in replays of the ICMCIS trial.

`identity_radio.py --json OUT [--data FOLDER]` replays the scenes through `tests/scenario/icmcis/site.toml`. Judged are
windows of 10 s in which the radar ALVIRA reports a confirmed track and a bearing of a radio sensor points within 15
degrees of it. It is called a drone if the leading class is "probable" or "confirmed drone" at the window's end. The
baselines call every such window a drone, or none.
"""

import argparse
import json
import math
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from icmcis import SETUP, default_data
from tocsin.config.site import read_site
from tocsin.model.detection import MeasurementKind
from tocsin.model.identity import DRONE_CLASSES
from tocsin.model.track import TrackStatus
from tocsin.model.wording import class_words
from tocsin.service.pipeline import Line
from tocsin.service.source import open_input

SCENES = ("1_1", "1_3", "2_1")
RADAR = "ALVIRA"
WINDOW_S, WITHIN_DEG = 10.0, 15.0
FRESH_S = 2.0


def scene(data: Path, name: str) -> dict[str, Any]:
    """All windows of one scene."""
    site = read_site(SETUP / "site.toml")
    source = open_input(site, sorted(path for path in (data / f"Scenario_{name}").glob("*_scenario.csv*")))
    line = Line(source.site)
    radar, radio, said = defaultdict(set), defaultdict(set), {}
    now: dict[str, tuple[float, float]] = {}
    for packet in source.packets():
        output = line.step(packet)
        if output.picture is not None:
            tracks, identity = output.picture.tracks, output.picture.identity
            bit = tracks.sensors.index(RADAR) if RADAR in tracks.sensors else None
            now = {}
            for row in np.flatnonzero(tracks.status == TrackStatus.CONFIRMED).tolist():
                window = int(tracks.time_s // WINDOW_S), tracks.uid[row]
                east_m, north_m = tracks.position_enu_m[row, :2].tolist()
                now[tracks.uid[row]] = east_m, north_m
                said[window] = identity.class_probability[row].copy()
                if bit is not None and int(tracks.sensor_bits[row]) >> bit & 1:
                    if tracks.time_s - tracks.last_detection_s[row] <= FRESH_S:
                        radar[window[0]].add(tracks.uid[row])
        for one in output.detections:
            if one.kind not in (MeasurementKind.AZIMUTH, MeasurementKind.AZIMUTH_ELEVATION):
                continue
            for uid, (east_m, north_m) in now.items():
                azimuth = math.atan2(east_m - one.sensor_enu_m[0], north_m - one.sensor_enu_m[1])
                off = math.remainder(one.values[0] - azimuth, math.tau)
                if abs(math.degrees(off)) <= WITHIN_DEG:
                    radio[int(one.time_s // WINDOW_S)].add(uid)
    judged = [(window, uid) for window in radar for uid in radar[window] & radio[window]]
    words = [class_words(said[key].tolist()) for key in judged]
    drone = [float(said[key][list(DRONE_CLASSES)].sum()) for key in judged]
    return {
        "windows": len(judged),
        "probable_drone": sum(word.startswith(("probable drone", "confirmed drone")) for word in words),
        "confirmed_drone": sum(word.startswith("confirmed drone") for word in words),
        "drone_leading": sum("drone" in word for word in words),
        "unknown": sum(word == "unidentified" for word in words),
        "drone_mean": float(np.mean(drone)) if drone else math.nan,
    }


def main() -> None:
    """Run, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=default_data())
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rows = {name: scene(options.data, name) for name in SCENES}
    windows = sum(row["windows"] for row in rows.values())
    share = {
        key: sum(row[key] for row in rows.values()) / max(windows, 1)
        for key in ("probable_drone", "confirmed_drone", "drone_leading", "unknown")
    }
    result = {"schema": 1, "windows": windows, "share": share, "scenes": rows,
              "baselines": {"always drone": 1.0, "never": 0.0}}  # fmt: skip
    print(json.dumps(result, indent=1))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

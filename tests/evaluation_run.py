"""A run's folder as the program writes it: one track and one sensor's reports of a target that flies east."""

from functools import partial
from pathlib import Path

import msgspec
import numpy as np

from tocsin.config.site import parse_site
from tocsin.formats.detections import DetectionWriter
from tocsin.formats.tracks import TrackWriter
from tocsin.geo.frames import lla_from_enu
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.detection import Detection, MeasurementKind
from track_builder import track_columns

SITE = """\
[site]
name = "North pier"
latitude_deg = 54.6
longitude_deg = 18.8
height_m = 41.0

[[asset]]
name = "Pier"
position = { east_m = 300.0, north_m = 0.0 }
radius_m = 105.0
reaction_s = 5.0

[[sensor]]
name = "radar"
adapter = "table"
files = "radar*"
pose = { east_m = 0.0, north_m = 0.0 }
[sensor.settings]
time = { column = "t" }
azimuth = "az"
range = "r"
sigma = { range_m = 5.0, azimuth_deg = 1.0 }
"""

START_S = 1_700_000_000.0
SPEED_MPS = 10.0


def write_run(folder: Path) -> Path:
    """Seconds 0 to 29 of the flight; the track's places are 7 m off to the north, the reports' 20 m."""
    folder.mkdir()
    origin = parse_site(SITE).origin
    to_lla = partial(lla_from_enu, origin)
    (folder / "site.toml").write_text(SITE, encoding="utf-8")
    tracks = TrackWriter(folder / "tracks.parquet", to_lla)
    detections = DetectionWriter(folder / "detections.parquet", to_lla)
    for second in range(30):
        at_s, east_m = START_S + second, SPEED_MPS * second
        place, velocity = np.array([[east_m, 7.0, 50.0]]), np.array([[SPEED_MPS, 0.0, 0.0]])
        tracks.append_rows(track_columns(["u1"], at_s, place, velocity), None)
        if second % 3 == 0:
            report = Detection("radar", MeasurementKind.POSITION_2D, at_s, at_s, (east_m, 20.0), (25.0, 0.0, 0.0, 25.0))
            bearing = Detection("radar", MeasurementKind.AZIMUTH, at_s, at_s, (0.3,), (0.01,))
            detections.append([report, bearing])
    tracks.close()
    detections.close()
    key = AlertKey("drone near", "Pier", "object")
    alert = Alert("A1", key, AlertState.UNACKNOWLEDGED, Priority.HIGH, START_S + 6, START_S + 6, 1, "m", "r", track=1)
    (folder / "alerts.jsonl").write_bytes(msgspec.json.encode(alert) + b"\n")
    return folder


def write_truth(path: Path) -> Path:
    """Tocsin's own truth table of the flight."""
    enu = np.array([[SPEED_MPS * second, 0.0, 50.0] for second in range(30)])
    lla = lla_from_enu(parse_site(SITE).origin, enu)
    lines = ["target,kind,time_s,latitude_deg,longitude_deg,height_m,flying"]
    for second, (latitude, longitude) in enumerate(np.degrees(lla[:, :2])):
        lines.append(f"a,quadcopter,{START_S + second},{latitude:.9f},{longitude:.9f},{lla[second, 2]:.3f},true")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path

"""What a scan costs the whole line, stage by stage, and how many detections a second get through it.

`line.py --n 1000 --scans 40 --json OUT` draws a scene from a seed (`scenario.py`), gives its radar's detections to a
line as ready `Detection` objects (decoding is left out), a packet a scan with ticks between, and adds up CPU time per
scan: of each stage, and of all of `Line.step`. Warm-up scans are left out. Files and page are not part of it.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

import scenario
from contenders import START_S, scans_of, sensors_of
from tocsin.cli.warm import warm
from tocsin.config.site import Site, parse_site
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.scan import Scan
from tocsin.model.track import TrackStatus
from tocsin.service.pipeline import Line

STAGES = {
    "collect": "_collector",
    "track": "_tracker",
    "identify": "_identifier",
    "assess": "_assessor",
    "warn": "_engine",
}
SITE = """
[site]
name = "Benchmark"
latitude_deg = 54.6
longitude_deg = 18.8
height_m = 40.0
exercise = true
{assets}
[[rule]]
name = "drone approaches"
when = "enters"
within_s = 60.0
[[sensor]]
name = "radar"
adapter = "table"
pose = {{ east_m = 0.0, north_m = 0.0 }}
view = {{ range_m = [{low}, {high}], elevation_deg = [-6.0, 86.0], detection_probability = {pd} }}
scan = {{ rule = "gap", period_s = 0.5 }}
track = {{ false_per_look = {clutter} }}
[sensor.settings]
format = "json"
time = {{ column = "time" }}
range = "range"
azimuth = "azimuth"
elevation = "elevation"
sigma = {{ range_m = 10.0, azimuth_deg = 0.5, elevation_deg = 0.7 }}
"""
ASSET = """
[[asset]]
name = "asset {k}"
position = {{ east_m = {x}.0, north_m = {y}.0 }}
radius_m = 300.0
reaction_s = 30.0
"""


class Ready:
    """A decoder that gives what was laid out for a packet."""

    def __init__(self, detections: dict[int, tuple[Detection, ...]]) -> None:
        self._detections = detections

    def decode(self, packet: Packet) -> Iterable[Detection]:
        return self._detections.get(packet.sequence, ())

    def on_tick(self, time_s: float) -> Iterable[Detection]:
        return ()

    def statistics(self) -> dict[str, Any]:
        return {}


def site_of(scene: scenario.Scene, assets: int) -> Site:
    """The scene's radar and so many assets on a circle."""
    radar = sensors_of(scene)[0]
    angles = np.linspace(0.0, 2.0 * np.pi, assets, endpoint=False)
    tables = [
        ASSET.format(k=k, x=round(3000 * np.sin(a)), y=round(3000 * np.cos(a))) for k, a in enumerate(angles, start=1)
    ]
    low, high = radar.view.range_m
    text = SITE.format(assets="".join(tables), low=low, high=high, pd=scene.cfg.pd, clutter=radar.false_per_look)
    return parse_site(text)


def detections_of(scan: Scan, sequence: int) -> tuple[Detection, ...]:
    """A scan's rows as the structs that a decoder would have made."""
    return tuple(
        Detection(
            "radar", MeasurementKind.POLAR_3D, float(t), scan.received_s, tuple(z), tuple(R), packet=sequence, row=k
        )
        for k, (t, z, R) in enumerate(
            zip(scan.times_s, scan.values.tolist(), scan.covariance.reshape(-1, 9).tolist(), strict=True), start=1
        )
    )


def packets_of(scans: list[Scan]) -> tuple[list[Packet], dict[int, tuple[Detection, ...]]]:
    """A data packet a scan, nine ticks after each, and what each data packet decodes to."""
    packets: list[Packet] = []
    detections = {}
    for scan in scans:
        detections[len(packets) + 1] = detections_of(scan, len(packets) + 1)
        packets.append(Packet(PacketKind.DATA, "radar", scan.received_s, sequence=len(packets) + 1))
        for tenth in range(1, 10):
            time_s = scan.received_s + tenth / 10.0
            packets.append(Packet(PacketKind.TICK, "clock", time_s, sequence=len(packets) + 1))
    return packets, detections


def timed(call: Callable[..., Any], spent: dict[str, float], name: str) -> Callable[..., Any]:
    """`call`, its CPU seconds added to `spent[name]`."""

    def wrapped(*arguments: Any) -> Any:
        begun = time.process_time()
        try:
            return call(*arguments)
        finally:
            spent[name] += time.process_time() - begun

    return wrapped


def measure(n: int, scans: int, warm_up: int, assets: int, seed: int) -> dict[str, Any]:
    """CPU milliseconds per scan by stage, and detections per CPU second."""
    scene = scenario.standard(n, "radar", seed=seed)
    chosen = scans_of(scene)[: warm_up + scans]
    packets, detections = packets_of(chosen)
    line = Line(site_of(scene, assets))
    line._decoders = {"radar": Ready(detections)}
    spent: dict[str, float] = defaultdict(float)
    for name, attribute in STAGES.items():
        stage = getattr(line, attribute)
        for method in ("add", "tick", "step", "recall"):
            if hasattr(stage, method):
                setattr(stage, method, timed(getattr(stage, method), spent, name))
    begin_s = START_S + chosen[warm_up - 1].received_s - chosen[0].received_s + 0.95
    steps_s: list[float] = []
    tracks: list[int] = []
    counted = total = 0.0
    for packet in packets:
        if packet.received_s >= begin_s and not counted:
            spent.clear()
            counted = time.process_time()
        begun = time.process_time()
        output = line.step(packet)
        if counted:
            steps_s.append(time.process_time() - begun)
            total += len(output.detections)
            if output.picture is not None:
                tracks.append(int((output.picture.tracks.status != TrackStatus.TENTATIVE).sum()))
    cpu_s = sum(steps_s)
    stages = {name: 1e3 * spent[name] / scans for name in STAGES}
    return {
        "n": n,
        "scans": scans,
        "assets": assets,
        "tracks": float(np.mean(tracks)),
        "detections_per_scan": total / scans,
        "cpu_ms_per_scan": 1e3 * cpu_s / scans,
        "cpu_ms_per_scan_by_stage": {**stages, "rest": 1e3 * cpu_s / scans - sum(stages.values())},
        "step_ms_p99": float(np.percentile(steps_s, 99) * 1e3),
        "step_ms_worst": float(max(steps_s) * 1e3),
        "detections_per_cpu_s": total / cpu_s,
    }


def main() -> None:
    """Run, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1000, help="mean number of targets")
    parser.add_argument("--scans", type=int, default=30, help="scans measured")
    parser.add_argument("--warm-up", type=int, default=15, help="scans before them, in which the tracks begin")
    parser.add_argument("--assets", type=int, default=4, help="places that each track is measured against")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    warm()
    found = {"schema": 1, **measure(options.n, options.scans, options.warm_up, options.assets, options.seed)}
    print(json.dumps(found, indent=1))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""From a radar's burst to people: how long the line takes to decide, and how long until each local channel has it.

`python benchmarks/warning.py --json OUT` starts `tocsin run` with a radar on loopback TCP that sends a scan of 1,000
targets a second as one burst (rule `gap`, 50 ms), places that one target after another approaches, and every local
channel with a real far end: Mosquitto with a siren that reads back, a Modbus relay, a page's event stream that says it
plays, a signed POST, mail, and the feed. Decisions are timed by the site itself, from the receipt of the packet or tick
that closed the scan (`timings.json`); arrivals by the far ends here, with the outbox's last receipt where it is later.
Wall time on one machine, whose load is printed; the limits are 200, 300 and 1,000 ms.
"""

import argparse
import asyncio
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from aiosmtpd.controller import Controller
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from mqtt_siren import Broker, Siren  # noqa: E402
from program import command, environment  # noqa: E402
from small_site import free_port  # noqa: E402

LIMITS_MS = {
    "packet_to_decision_p99_ms": 200.0,
    "decision_to_first_channel_p99_ms": 300.0,
    "decision_to_all_local_p99_ms": 1000.0,
}
LOCAL = ("siren", "relay", "page", "hook", "mail", "feed")
SPEED_MPS = 20.0
WITHIN_S = 30.0
LEAD_S = 15.0  # the tracks stand before the first approach comes within reach
RING_M, PLACE_M = 6_000.0, 100.0
SITE = """
[site]
name = "Benchmark"
latitude_deg = 54.6
longitude_deg = 18.8
height_m = 40.0

[[sensor]]
name = "radar"
adapter = "table"
transport = "tcp-listen://127.0.0.1:{radar}"
pose = {{ east_m = 0.0, north_m = 0.0 }}
view = {{ range_m = [0.0, 30000.0] }}
scan = {{ rule = "gap", period_s = 0.05 }}
track = {{ false_per_look = 0.05 }}
[sensor.settings]
format = "json"
time = {{ column = "time", unit = "s" }}
east = "east"
north = "north"
up = "up"
sigma = {{ horizontal_m = 5.0, up_m = 10.0 }}
class_word = "class"

[[rule]]
name = "drone approaches"
when = "enters"
within_s = {within}
{places}
[[warning]]
name = "public"
rules = ["drone approaches"]
approval = "automatic"
[[channel]]
name = "siren"
adapter = "mqtt"
settings = {{ host = "127.0.0.1", port = {broker}, topic = "siren/1", confirm_topic = "siren/1/heard" }}
[[channel]]
name = "relay"
adapter = "modbus"
settings = {{ host = "127.0.0.1", port = {relay}, coil = 1, sound_input = 1 }}
[[channel]]
name = "page"
adapter = "browser"
settings = {{ port = {page} }}
[[channel]]
name = "hook"
adapter = "webhook"
settings = {{ url = "http://127.0.0.1:{hook}/", key_env = "HOOK_KEY" }}
[[channel]]
name = "mail"
adapter = "smtp"
settings = {{ host = "127.0.0.1", port = {mail}, security = "none", sender = "t@example.org", \
recipients = ["a@example.org"] }}
[[channel]]
name = "feed"
adapter = "feed"
[web]
port = {web}
"""
PLACE = """
[[asset]]
name = "place {k}"
position = {{ east_m = {x:.1f}, north_m = {y:.1f} }}
radius_m = {radius}
reaction_s = 20.0
"""


class Arrivals:
    """When each message was first at a far end: `seen[channel][message]`, UTC seconds."""

    def __init__(self) -> None:
        self.seen: dict[str, dict[str, float]] = {name: {} for name in LOCAL}

    def note(self, channel: str, message: str) -> None:
        self.seen[channel].setdefault(message, time.time())


class Hook(BaseHTTPRequestHandler):
    """Takes signed POSTs."""

    arrivals: Arrivals

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.arrivals.note("hook", body["warning"]["id"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def hook(arrivals: Arrivals) -> Iterator[int]:
    """A receiver of POSTs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answering", (Hook,), {"arrivals": arrivals}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@contextmanager
def mail() -> Iterator[int]:
    """A receiver of mail."""

    class Post:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            return "250 taken"

    controller = Controller(Post(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller.port
    controller.stop()


@contextmanager
def relay() -> Iterator[int]:
    """A Modbus server whose sound input always hears."""
    port, loop, ready = free_port(), asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        coils = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
        inputs = [SimData(0, values=[True] * 16, datatype=DataType.BITS)]
        words = [SimData(0, values=[0] * 16, datatype=DataType.REGISTERS)]
        server = ModbusTcpServer(SimDevice(1, simdata=(coils, inputs, words, words)), address=("127.0.0.1", port))
        await server.serve_forever(background=True)
        ready.set()

    threading.Thread(target=lambda: (loop.run_until_complete(serve()), loop.run_forever()), daemon=True).start()
    ready.wait(20.0)
    yield port
    loop.call_soon_threadsafe(loop.stop)


def page(port: int, arrivals: Arrivals) -> None:
    """A page's event stream, as the page reads it: each event is shown and played at once."""
    while True:
        try:
            stream = http.client.HTTPConnection("127.0.0.1", port, timeout=30.0)
            stream.request("GET", "/events")
            answer = stream.getresponse()
            break
        except OSError:
            time.sleep(0.1)
    back = http.client.HTTPConnection("127.0.0.1", port, timeout=30.0)
    try:
        while line := answer.readline():
            if line.startswith(b"data: "):
                message = json.loads(line[6:])["id"]
                arrivals.note("page", message)
                for state in ("shown", "playing"):
                    back.request("POST", "/receipts", json.dumps({"id": message, "client": "one", "state": state}))
                    back.getresponse().read()
    except (OSError, http.client.HTTPException):
        return  # the site has ended


def scene(targets: int, places: int, seconds: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions at 0 s and velocities `(targets, 2)`, and the places `(places, 2)`, in metres east and north.

    One target a place flies straight at it and comes within reach at its turn; all others fly outwards, beyond the
    places.
    """
    dice = np.random.default_rng(seed)
    angle = np.linspace(0.0, 2.0 * np.pi, places, endpoint=False)
    ring = RING_M * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    turn_s = LEAD_S + (seconds - LEAD_S - 5.0) * dice.permutation(places) / places
    outwards = ring / RING_M
    start = ring + outwards * (PLACE_M + SPEED_MPS * (WITHIN_S + turn_s))[:, None]
    around = dice.uniform(0.0, 2.0 * np.pi, targets - places)
    far_m = RING_M * np.sqrt(dice.uniform(1.8**2, 3.6**2, targets - places))
    away = np.stack([np.sin(around), np.cos(around)], axis=1)
    position = np.concatenate([start, away * far_m[:, None]])
    velocity = SPEED_MPS * np.concatenate([-outwards, away])
    return position, velocity, ring


def fly(radar: socket.socket, targets: int, places: int, seconds: int, seed: int) -> None:
    """A scan a second, each as one burst."""
    position, velocity, _ = scene(targets, places, seconds, seed)
    dice = np.random.default_rng(seed + 1)
    begun_s = time.time()
    for second in range(seconds):
        time.sleep(max(0.0, begun_s + second - time.time()))
        now_s = time.time()
        seen = position + velocity * (now_s - begun_s) + dice.normal(0.0, 5.0, position.shape)
        rows = [
            json.dumps({"time": now_s, "east": round(east, 2), "north": round(north, 2), "up": 60.0, "class": "drone"})
            for east, north in seen.tolist()
        ]
        radar.sendall("\n".join(rows).encode() + b"\n")


def measure(targets: int, places: int, seconds: int, seed: int, folder: Path) -> dict[str, Any]:
    """Run the site and everything around it once."""
    arrivals = Arrivals()
    with ExitStack() as stack:
        broker = stack.enter_context(Broker(folder))
        siren = Siren(broker.port)
        ports = {
            "radar": free_port(),
            "web": free_port(),
            "page": free_port(),
            "broker": broker.port,
            "relay": stack.enter_context(relay()),
            "hook": stack.enter_context(hook(arrivals)),
            "mail": stack.enter_context(mail()),
        }
        _, _, ring = scene(targets, places, seconds, seed)
        tables = "".join(PLACE.format(k=k, x=x, y=y, radius=PLACE_M) for k, (x, y) in enumerate(ring.tolist(), start=1))
        site, out = folder / "site.toml", folder / "out"
        site.write_text(SITE.format(places=tables, within=WITHIN_S, **ports), encoding="utf-8")
        process = subprocess.Popen(command("run", str(site), "--out", str(out)), env=environment(HOOK_KEY="key"))
        try:
            radar = _connect(ports["radar"])
            threading.Thread(target=page, args=(ports["page"], arrivals), daemon=True).start()
            time.sleep(3.0)  # the channels process has started
            fly(radar, targets, places, seconds, seed)
            time.sleep(3.0)
            tracks = _tracks(ports["web"])
        finally:
            process.send_signal(signal.SIGTERM)
            if process.wait(120) != 0:
                raise SystemExit("the site did not end well")
        siren.close()
    for said in siren.got:
        arrivals.seen["siren"].setdefault(str(said["id"]), float(str(said["at_s"])))
    return {"tracks": tracks, **figures(out, arrivals)}


def figures(out: Path, arrivals: Arrivals) -> dict[str, Any]:
    """The three latencies and how they are spread, from the run's folder and what the far ends saw."""
    timings = json.loads((out / "timings.json").read_text(encoding="utf-8"))
    told = [json.loads(line) for line in (out / "warnings.jsonl").read_text(encoding="utf-8").splitlines()]
    counted = {one["id"] for one in told if one["status"] == "Actual" and one["stage"] in ("issued", "updated")}
    decided_s = {name: time_s for name, time_s in timings["warned"] if name in counted}
    receipts: dict[str, dict[str, float]] = {name: {} for name in LOCAL}
    failed = 0
    with sqlite3.connect(out / "outbox.sqlite") as outbox:
        for name, channel, level, time_s in outbox.execute(
            "SELECT warning, channel, level, time_s FROM receipt ORDER BY number"
        ):
            if name in counted and level > 0:
                receipts[channel][name] = time_s
            failed += name in counted and level == 0
    first_ms, all_ms = [], []
    by_channel: dict[str, list[float]] = {name: [] for name in LOCAL}
    missed = 0
    for name, time_s in decided_s.items():
        ends = {}
        for channel in LOCAL:
            found = [seen[name] for seen in (arrivals.seen[channel], receipts[channel]) if name in seen]
            if found:
                ends[channel] = (1e3 * (min(found) - time_s), 1e3 * (max(found) - time_s))
                by_channel[channel].append(ends[channel][1])
        missed += len(LOCAL) - len(ends)
        if len(ends) == len(LOCAL):
            first_ms.append(min(first for first, _ in ends.values()))
            all_ms.append(max(last for _, last in ends.values()))
    decisions = timings["decisions"]
    return {
        "decisions": decisions["count"],
        "warnings": len(decided_s),
        "deliveries_missing": missed,
        "deliveries_failed": failed,
        "summary": {
            "packet_to_decision_p99_ms": decisions["p99_ms"],
            "decision_to_first_channel_p99_ms": _point(first_ms, 99),
            "decision_to_all_local_p99_ms": _point(all_ms, 99),
        },
        "p50_ms": {
            "packet_to_decision": decisions["p50_ms"],
            "decision_to_first_channel": _point(first_ms, 50),
            "decision_to_all_local": _point(all_ms, 50),
        },
        "last_receipt_p99_ms": {name: _point(values, 99) for name, values in by_channel.items()},
        "step_ms": timings["step_ms"],
    }


def _point(values: list[float], q: float) -> float | None:
    return float(np.percentile(values, q)) if values else None


def _connect(port: int) -> socket.socket:
    deadline_s = time.monotonic() + 120.0
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1.0)
        except OSError:
            if time.monotonic() > deadline_s:
                raise
            time.sleep(0.1)


def _tracks(port: int) -> int:
    web = http.client.HTTPConnection("127.0.0.1", port, timeout=10.0)
    web.request("GET", "/api/statistics")
    found = json.loads(web.getresponse().read())
    return int(found["track"]["confirmed"])


def main() -> int:
    """Run, print and write; 1 if a limit is broken or a delivery is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=1000, help="targets in each scan")
    parser.add_argument("--places", type=int, default=60, help="places approached, one after another")
    parser.add_argument("--seconds", type=int, default=90)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        found = measure(options.n, options.places, options.seconds, options.seed, Path(folder))
    report = {
        "schema": 1,
        "targets": options.n,
        "limits_ms": LIMITS_MS,
        "load": {"before": before, "after": os.getloadavg()[0], "processors": os.cpu_count()},
        **found,
    }
    print(json.dumps(report, indent=1))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    values = report["summary"]
    kept = all(values[key] is not None and values[key] <= limit for key, limit in LIMITS_MS.items())
    return 0 if kept and not report["deliveries_missing"] else 1


if __name__ == "__main__":
    sys.exit(main())

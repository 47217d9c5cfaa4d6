"""A mixed site on loopback: four sensors, each in its own standard, by its own kind of wire; three consumers.

An ASTERIX radar (UDP), a SAPIENT radio sensor (TCP, as an edge node), a Remote ID receiver (MQTT through Mosquitto)
and an ADS-B receiver (Beast over TCP) are played by the simulator into `tocsin run`. What the site passes on is taken
from sockets and read by others' code: Cursor on Target by lxml, ASTERIX by libasterix, SAPIENT by sapient-msg.
"""

import asyncio
import json
import math
import signal
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import asterix.generated as generated
from asterix.base import Bits
from lxml import etree
from pyarrow import parquet

from broker import free_port, mosquitto
from program import command, environment
from sapient_messages import unframed
from tocsin.cli.simulate import read_wire, send
from tocsin.simulation.emit.sapient import SapientNode
from tocsin.simulation.report import ReportKind
from tocsin.simulation.scenario import Scenario, read_scenario, reports

LATITUDE, LONGITUDE = 54.6, 18.8
M_PER_DEG = 111_320.0
FASTEST_MPS = 90.0  # of the targets, and a little
START_S = 300.0  # until the site must listen; the first start compiles
SCENARIO = """
name = "mixed site"
duration_s = {duration_s}
latitude_deg = 54.6
longitude_deg = 18.8
height_m = 40.0

[[chapter]]
from_s = 0.0
starts = "2031-02-03T10:00:00Z"

[[target]]
name = "drone"
from_s = 0.0
motion = {{ kind = "quadcopter", speed_mps = 12.0, route = [{drone}] }}
radio_s = [[0.0, {duration_s}]]
remote_id = {{ identifier = "TCSN7MIXED0001", operator = "OP-1" }}

[[target]]
name = "aeroplane"
from_s = 0.0
motion = {{ kind = "airliner", speed_mps = 75.0, route = [{aeroplane}] }}
adsb = {{ icao = "48AD01", callsign = "TCS7" }}

[[sensor]]
name = "radar"
pose = {{ east_m = 0.0, north_m = 0.0, up_m = 5.0 }}
device = {{ kind = "radar", elevations = false, reach_m = 9000.0, clutter = {{ per_scan = 0.5 }} }}

[[sensor]]
name = "finder"
pose = {{ east_m = 1500.0, north_m = 0.0, up_m = 5.0 }}
device = {{ kind = "direction-finder", back_lobe_probability = 0.0 }}

[[sensor]]
name = "receiver"
pose = {{ east_m = 0.0, north_m = 0.0, up_m = 5.0 }}
device = {{ kind = "remote-id", reach_m = 9000.0 }}

[[sensor]]
name = "beacon"
pose = {{ east_m = 0.0, north_m = 0.0, up_m = 5.0 }}
device = {{ kind = "ads-b" }}
"""
SITE = """
[site]
name = "Mixed site"
latitude_deg = 54.6
longitude_deg = 18.8
height_m = 40.0

[web]
port = {web}

[[sensor]]
name = "radar"
adapter = "asterix"
transport = "udp://127.0.0.1:{radar}"
pose = {{ east_m = 0.0, north_m = 0.0, up_m = 5.0 }}
view = {{ range_m = [50.0, 12000.0] }}
scan = {{ rule = "sector", period_s = 1.0 }}
settings = {{ sigma = {{ range_m = 12.0, azimuth_deg = 0.35 }} }}

[[sensor]]
name = "finder"
link = "nodes"
node = "{node}"
pose = {{ east_m = 1500.0, north_m = 0.0, up_m = 5.0 }}
view = {{ range_m = [0.0, 8000.0] }}
scan = {{ rule = "gap", period_s = 1.0 }}

[[sensor]]
name = "receiver"
adapter = "remote_id"
transport = "mqtt://127.0.0.1:{broker}/remote-id"
pose = {{ east_m = 0.0, north_m = 0.0, up_m = 5.0 }}
view = {{ range_m = [0.0, 9000.0] }}
scan = {{ rule = "gap", period_s = 1.0 }}
settings = {{ format = "messages", whole_packets = true }}

[[sensor]]
name = "beacon"
adapter = "adsb"
transport = "tcp-listen://127.0.0.1:{beacon}"
pose = {{ east_m = 0.0, north_m = 0.0, up_m = 5.0 }}
view = {{ range_m = [0.0, 80000.0] }}
scan = {{ rule = "gap", period_s = 1.0 }}
settings = {{ format = "beast" }}

[[link]]
name = "nodes"
adapter = "sapient"
transport = "tcp-listen://127.0.0.1:{nodes}"
settings = {{ role = "server", oldest_s = 10.0, sigma = {{ azimuth_deg = 3.0 }} }}

[[link]]
name = "consumer"
adapter = "sapient"
transport = "tcp-listen://127.0.0.1:{consumer}"
tracks = true
settings = {{ role = "fusion", register = false }}

[[share]]
name = "tak"
adapter = "cot"
transport = "udp://127.0.0.1:{tak}"
tracks = true

[[share]]
name = "atc"
adapter = "asterix"
transport = "udp://127.0.0.1:{atc}"
tracks = true
settings = {{ sac = 25, sic = 7 }}

[[asset]]
name = "pier"
position = {{ east_m = 0.0, north_m = 0.0 }}
radius_m = 100.0
reaction_s = 20.0

[[rule]]
name = "drone approaches"
when = "enters"
within_s = 60.0
"""


@dataclass
class Seen:
    """A track as one consumer read it: where, when (UTC seconds), and under which id."""

    time_s: float
    latitude_deg: float
    longitude_deg: float
    name: str


@dataclass
class Result:
    """What was sent by wire, what the site says it took, and what each consumer read."""

    wires: dict[str, dict[str, Any]]
    summary: dict[str, Any]
    exit_code: int
    seen: dict[str, list[Seen]] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)


def scenario(duration_s: float) -> Scenario:
    """A quadcopter to and fro and an aeroplane in a wide circuit, for so long."""
    legs = int(duration_s / 100.0) + 2
    drone = [(400.0 + 1200.0 * (k % 2), 1500.0) for k in range(legs + 1)]
    corners = [(-4000.0, 3000.0), (4000.0, 3000.0), (4000.0, 7000.0), (-4000.0, 7000.0)]
    aeroplane = [corners[k % 4] for k in range(int(duration_s * 75.0 / 4000.0) + 4)]
    text = SCENARIO.format(duration_s=duration_s, drone=_route(drone, 80.0), aeroplane=_route(aeroplane, 900.0))
    return read_scenario(text)


def _route(points: list[tuple[float, float]], height_m: float) -> str:
    return ", ".join(f"{{ east_m = {e}, north_m = {n}, height_m = {height_m} }}" for e, n in points)


async def play(folder: Path, duration_s: float, seed: int = 1) -> Result:
    """Run the site, play into it, listen to its consumers, stop it; everything that came of it."""
    ports = {name: free_port() for name in ("web", "radar", "broker", "beacon", "nodes", "consumer", "tak", "atc")}
    told = scenario(duration_s)
    (folder / "site.toml").write_text(SITE.format(node=SapientNode("finder").node_id, **ports), encoding="utf-8")
    taken: dict[str, list[bytes]] = {"tak": [], "atc": [], "consumer": []}
    loop = asyncio.get_running_loop()
    ears = [
        await loop.create_datagram_endpoint(lambda n=name: _Ear(taken[n]), ("127.0.0.1", ports[name]))
        for name in ("tak", "atc")
    ]
    async with mosquitto(folder, ports["broker"]):
        site = await asyncio.create_subprocess_exec(
            *command("run", str(folder / "site.toml"), "--out", str(folder / "out")),
            stderr=asyncio.subprocess.DEVNULL,
            env=environment(),
        )
        try:
            reader, writer = await _reached(ports["consumer"], site)
            listening = asyncio.create_task(_drain(reader, taken["consumer"]))
            await asyncio.to_thread(_wait_subscribed, ports["web"])
            wires = [
                read_wire(f"radar=asterix+udp://127.0.0.1:{ports['radar']}", told),
                read_wire(f"finder=sapient+tcp://127.0.0.1:{ports['nodes']}", told),
                read_wire(f"receiver=remote-id+mqtt://127.0.0.1:{ports['broker']}/remote-id", told),
                read_wire(f"beacon=beast+tcp://127.0.0.1:{ports['beacon']}", told),
            ]
            counts = await send(told, seed, wires, now=True)
            await asyncio.sleep(2.0)
            site.send_signal(signal.SIGTERM)
            code = await asyncio.wait_for(site.wait(), 120.0)
            writer.close()
            await listening
        finally:
            if site.returncode is None:
                site.kill()
                await site.wait()
            for transport, _ in ears:
                transport.close()
    result = Result({name: dict(found) for name, found in counts.items()}, _summary(folder / "out"), code)
    for name, read in (("tak", _cot), ("atc", _asterix)):
        result.seen[name] = [seen for data in taken[name] for seen in read(data, result.unread)]
    result.seen["consumer"] = list(_sapient(b"".join(taken["consumer"]), result.unread))
    return result


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, taken: list[bytes]) -> None:
        self._taken = taken

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._taken.append(data)


async def _reached(port: int, site: asyncio.subprocess.Process) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    deadline_s = time.monotonic() + START_S
    while True:
        try:
            return await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            assert site.returncode is None and time.monotonic() < deadline_s, "the site did not start"
            await asyncio.sleep(0.1)


def _wait_subscribed(port: int) -> None:
    """Until the broker has the site's subscription: it keeps nothing for one that comes later."""
    deadline_s = time.monotonic() + START_S
    while True:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/statistics", timeout=10) as answer:
            transport = json.loads(answer.read()).get("transport", {})
        if transport.get("receiver", {}).get("connections"):
            return
        assert time.monotonic() < deadline_s, "the site did not subscribe"
        time.sleep(0.1)


async def _drain(reader: asyncio.StreamReader, taken: list[bytes]) -> None:
    try:
        while data := await reader.read(65536):
            taken.append(data)
    except ConnectionError:
        pass  # the site went; what it said is kept


def _summary(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "summary.json").read_text("utf-8"))
    return found


def _cot(data: bytes, unread: Counter[str]) -> Iterator[Seen]:
    event = etree.fromstring(data)
    if not event.get("type", "").startswith("a-"):
        unread[f"cot {event.get('type')}"] += 1
        return
    point = event.find("point")
    when = datetime.fromisoformat(event.get("time").replace("Z", "+00:00")).timestamp()
    yield Seen(when, float(point.get("lat")), float(point.get("lon")), event.get("uid"))


def _asterix(data: bytes, unread: Counter[str]) -> Iterator[Seen]:
    midnight_s = time.time() // 86_400.0 * 86_400.0
    for block in generated.RawDatablock.parse(Bits.from_bytes(data)):
        if block.get_category() != 62:
            unread[f"asterix {block.get_category():03d}"] += 1
            continue
        for record in generated.Cat_062_1_20.cv_uap.parse(block.get_raw_records()):
            place = record.get_item("105")
            if place is None:
                unread["asterix 062 without place"] += 1
                continue
            latitude, longitude = (
                place.variation.get_item(name).variation.content.as_quantity() for name in ("LAT", "LON")
            )
            of_day_s = record.get_item("070").variation.content.as_quantity()
            number = record.get_item("040").variation.content.as_uint()
            yield Seen(midnight_s + of_day_s, latitude, longitude, str(number))


def _sapient(data: bytes, unread: Counter[str]) -> Iterator[Seen]:
    for message in unframed(data):
        if message.WhichOneof("content") != "detection_report" or message.detection_report.state.lower() == "lost":
            unread[f"sapient {message.WhichOneof('content')}"] += 1
            continue
        report = message.detection_report
        when = message.timestamp.seconds + message.timestamp.nanos * 1e-9
        yield Seen(when, report.location.y, report.location.x, report.object_id)


def distance_m(one: Seen, other: Seen) -> float:
    """Between two places that are near each other."""
    east = (one.longitude_deg - other.longitude_deg) * M_PER_DEG * math.cos(math.radians(LATITUDE))
    return math.hypot(east, (one.latitude_deg - other.latitude_deg) * M_PER_DEG)


def unmatched(ours: list[Seen], theirs: list[Seen], within_s: float, within_m: float) -> list[Seen]:
    """What one consumer read and another did not, near in time and place; what lies apart in time may have moved."""
    by_second: dict[int, list[Seen]] = {}
    for seen in theirs:
        by_second.setdefault(math.floor(seen.time_s), []).append(seen)
    reach = math.ceil(within_s)
    return [
        seen
        for seen in ours
        if not any(
            abs(other.time_s - seen.time_s) <= within_s
            and distance_m(other, seen) <= within_m + FASTEST_MPS * abs(other.time_s - seen.time_s)
            for second in range(math.floor(seen.time_s) - reach, math.floor(seen.time_s) + reach + 1)
            for other in by_second.get(second, ())
        )
    ]


def confirmed(out: Path) -> set[str]:
    """The objects that the run's own file has as confirmed tracks."""
    table = parquet.read_table(out / "tracks.parquet", columns=["object", "status"]).to_pylist()
    return {row["object"] for row in table if row["status"] == "confirmed"}


def losses(result: Result, told: Scenario, seed: int, out: Path) -> dict[str, int]:
    """What was lost on the way in and out, by place; all are 0 where nothing was."""
    sent = {
        sensor.name: Counter(report.kind for report in all_of)
        for sensor, all_of in zip(told.plan.sensor, reports(told, seed), strict=True)
    }
    sensors, node = result.summary["sensors"], result.summary["links"]["nodes"]
    radar, found = sensors["radar"], confirmed(out)
    seen = result.seen
    names = {name: {one.name for one in all_of} for name, all_of in seen.items()}
    told_by_sapient = len(seen["consumer"]) + sum(
        result.unread[f"sapient {kind}"] for kind in ("alert", "detection_report")
    )
    problems = [*sensors.values(), *result.summary["links"].values()]
    return {
        "wires": sum(wire["queued"] - wire["sent"] + wire["dropped"] for wire in result.wires.values()),
        "radar plots": sent["radar"][ReportKind.PLOT] - radar["records_048"],
        "radar signs of life": sent["radar"][ReportKind.BEAT] - radar["records_034"],
        "finder bearings": sent["finder"][ReportKind.PLOT] - node["reports_used"],
        "finder signs of life": sent["finder"][ReportKind.BEAT] + node["registrations"] - node["statuses"],
        "Remote ID claims": sent["receiver"][ReportKind.CLAIM] - sensors["receiver"]["claims"],
        "ADS-B squitters": 4 * sent["beacon"][ReportKind.CLAIM] - sensors["beacon"]["squitters"],
        "refused": sum(one["problems"]["total"] for one in problems),
        "tracks not on TAK": len(found ^ names["tak"]),
        "tracks not on SAPIENT": len(found ^ names["consumer"]),
        "tracks not on ASTERIX": abs(len(found) - len(names["atc"])),
        "TAK reports not on ASTERIX": len(unmatched(seen["tak"], seen["atc"], 0.02, 3.0)),
        "ASTERIX reports not on TAK": len(unmatched(seen["atc"], seen["tak"], 0.02, 3.0)),
        "SAPIENT reports not read": result.summary["links"]["consumer"]["reports_sent"] - told_by_sapient,
        "TAK reports not on SAPIENT": len(unmatched(seen["tak"], seen["consumer"], 2.0, 40.0)),
        "SAPIENT reports not on TAK": len(unmatched(seen["consumer"], seen["tak"], 2.0, 40.0)),
    }

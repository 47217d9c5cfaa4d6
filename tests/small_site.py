"""A small site for tests: one radar that sends JSON rows, a pier head to protect, one rule; and a drone that comes."""

import json
import socket
from collections.abc import Iterator

from tocsin.config.site import Site, parse_site
from tocsin.model.packet import Packet, PacketKind

START_S = 1_790_000_000.0
RADAR = """
[[sensor]]
name = "{name}"
adapter = "table"
files = "{name}*.json*"
pose = {{ east_m = 0.0, north_m = 0.0 }}
view = {{ range_m = [0.0, 5000.0] }}
scan = {{ rule = "gap", period_s = 0.1 }}
track = {{ false_per_look = 0.05 }}
silent_after_s = 3.0
{more}

[sensor.settings]
format = "json"
time = {{ column = "time", unit = "s" }}
east = "east"
north = "north"
up = "up"
sigma = {{ horizontal_m = 5.0, up_m = 10.0 }}
class_word = "class"
"""
TEXT = """
[site]
name = "Test pier"
latitude_deg = 54.6
longitude_deg = 18.8
height_m = 40.0

[[asset]]
name = "pier head"
position = { east_m = 0.0, north_m = 0.0 }
radius_m = 100.0
reaction_s = 20.0

[[rule]]
name = "drone approaches"
when = "enters"
within_s = 60.0
"""


def site_text(*more: str, radars: tuple[str, ...] = ("radar",), radar: str = "") -> str:
    """The site file; `more` are tables after it, `radar` more keys of every radar."""
    return "\n".join([TEXT, *(RADAR.format(name=name, more=radar) for name in radars), *more])


def small_site(*more: str, radars: tuple[str, ...] = ("radar",), radar: str = "") -> Site:
    """The site, as read."""
    return parse_site(site_text(*more, radars=radars, radar=radar))


def row(time_s: float, north_m: float, east_m: float = 3.0) -> bytes:
    """One row of the radar: a drone 50 m up."""
    return json.dumps({"time": time_s, "east": east_m, "north": north_m, "up": 50.0, "class": "drone"}).encode() + b"\n"


def approach(seconds: int = 8, speed_mps: float = 20.0, name: str = "radar") -> Iterator[Packet]:
    """The radar's packets, five a second, of a drone that comes down from the north."""
    for k in range(5 * seconds):
        time_s = START_S + 0.2 * k
        yield Packet(PacketKind.DATA, name, time_s, row(time_s, 900.0 - speed_mps * 0.2 * k), connection=1)


def rows(seconds: int = 8) -> bytes:
    """The same as a file."""
    return b"".join(packet.data for packet in approach(seconds))


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])

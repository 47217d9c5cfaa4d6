"""A day over three places, hour by hour, from a seed: birds, traffic, and twenty approaches of six kinds.

Each hour is a scenario of Tocsin's simulator: 2,000 birds over the day (most at dusk and dawn, some in flocks, some
soaring), airliners and helicopters with ADS-B, balloons, hobby drones that pass, one radar with clutter and an ADS-B
receiver. `SITE` is the site file that reads what these sensors send.
"""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
import numpy as np

from tocsin.config.site import Site, parse_site
from tocsin.model.packet import Packet, PacketKind
from tocsin.simulation.scenario import Scenario, play, read_scenario

HOUR_S, TICK_S = 3600.0, 0.5
START = "2031-03-01T{hour:02d}:00:00Z"
BIRDS = 2_000
# Shares of the day's birds by hour: mostly at dawn and dusk, some by night.
BIRD_HOURS = np.array([1, 1, 1, 1, 2, 6, 9, 9, 6, 4, 3, 3, 3, 3, 3, 4, 5, 7, 9, 9, 5, 3, 2, 1], dtype=float)
APPROACHES = (
    *("straight",) * 4,
    *("fast",) * 4,
    *("detour",) * 3,
    *("stop and go",) * 3,
    *("pair",) * 3,
    *("low and slow",) * 3,
)
PLACES = {
    "Terminal": (0.0, 900.0, 400.0, 30.0),
    "Depot": (2600.0, -1400.0, 300.0, 30.0),
    "Harbour": (-2800.0, -600.0, 350.0, 45.0),
}
SITE = """
[site]
name = "Three places"
latitude_deg = 54.6
longitude_deg = 18.8
height_m = 40.0
exercise = true
{places}
[[rule]]
name = "approach"
when = "enters"
classes = ["drone"]
within_s = 90.0

[[sensor]]
name = "radar"
adapter = "table"
files = "radar.jsonl"
pose = {{ east_m = 0.0, north_m = 0.0, up_m = 10.0 }}
view = {{ range_m = [150.0, 9000.0], elevation_deg = [-1.0, 40.0], detection_probability = 0.9 }}
scan = {{ rule = "sector", period_s = 2.0 }}
track = {{ false_per_look = 4.3, starts = "yes" }}
silent_after_s = 900.0
[sensor.settings]
format = "json"
where = [{{ column = "report", equals = "plot" }}]
time = {{ column = "time" }}
received = {{ column = "received" }}
range = "range_m"
azimuth = "azimuth_deg"
elevation = "elevation_deg"
range_rate = "range_rate_mps"
signal = "snr_db"
sigma = {{ range_m = 7.0, azimuth_deg = 0.27, elevation_deg = 0.45, range_rate_mps = 0.5 }}
class_word = "class"

[[sensor]]
name = "adsb"
adapter = "adsb"
files = "adsb.sbs"
pose = {{ east_m = 0.0, north_m = 0.0, up_m = 10.0 }}
view = {{ range_m = [0.0, 80000.0] }}
silent_after_s = 7200.0
settings = {{ format = "sbs" }}
"""
PLACE = """
[[asset]]
name = "{name}"
position = {{ east_m = {x}, north_m = {y} }}
radius_m = {radius}
reaction_s = {reaction}
"""
SENSORS = """
[[sensor]]
name = "radar"
pose = { east_m = 0, north_m = 0, up_m = 10 }
[sensor.device]
kind = "radar"
period_s = 2.0
range_m = [150, 9000]
elevation_deg = [-1, 40]
reach_m = 7500
range_sigma_m = 6
azimuth_sigma_deg = 0.25
elevation_sigma_deg = 0.4
tail_share = 0.05
class_accuracy = 0.7
clutter = { per_scan = 4, patches = 2, patch_per_scan = 0.15 }

[[sensor]]
name = "adsb"
pose = { east_m = 0, north_m = 0, up_m = 10 }
[sensor.device]
kind = "ads-b"
"""


class Approach(msgspec.Struct, frozen=True):
    """One approach: its kind, its place, and its targets' names begin with `name`."""

    name: str
    kind: str
    place: str
    hour: int
    from_s: float


def approaches(seed: int) -> tuple[Approach, ...]:
    """Twenty, at seeded times that leave each an hour of its own but for a few, to seeded places."""
    dice = np.random.default_rng(seed)
    hours = [*dice.permutation(24)[: len(APPROACHES)].tolist()]
    names = list(PLACES)
    return tuple(
        Approach(f"approach-{k}", kind, names[int(dice.integers(3))], hour, float(dice.uniform(300.0, 2400.0)))
        for k, (kind, hour) in enumerate(zip(APPROACHES, hours, strict=True), start=1)
    )


def _target(name: str, from_s: float, motion: str, more: str = "", until_s: float | None = None) -> str:
    until = f"until_s = {until_s:.1f}\n" if until_s is not None else ""
    return f'[[target]]\nname = "{name}"\nfrom_s = {from_s:.1f}\n{until}{more}[target.motion]\n{motion}\n'


def _route(points: Sequence[tuple[float, float, float, float]]) -> str:
    rows = (
        f"{{ east_m = {x:.0f}, north_m = {y:.0f}, height_m = {z:.0f}, hold_s = {hold:.0f} }}"
        for x, y, z, hold in points
    )
    return f"route = [ {', '.join(rows)} ]"


def _approach(one: Approach, dice: np.random.Generator) -> str:
    """The targets of an approach, from some 4 km away."""
    x, y, _, _ = PLACES[one.place]
    angle = float(dice.uniform(0.0, 2.0 * math.pi))
    height = float(dice.uniform(60.0, 200.0))

    def at(metres: float, turn: float = 0.0, up_m: float = height, hold_s: float = 0.0) -> tuple[float, ...]:
        return x + metres * math.sin(angle + turn), y + metres * math.cos(angle + turn), up_m, hold_s

    kind, speed = "quadcopter", float(dice.uniform(12.0, 18.0))
    if one.kind == "fast":
        kind, speed = "one-way-drone", float(dice.uniform(40.0, 55.0))
        points = [at(5500.0), at(2500.0), at(0.0, up_m=0.0)]
    elif one.kind == "detour":
        points = [at(3500.0), at(2600.0, 0.7), at(1900.0, 1.4), at(0.0)]
    elif one.kind == "stop and go":
        points = [at(3000.0), at(2200.0, hold_s=40.0), at(1300.0, 0.2, hold_s=25.0), at(0.0)]
    elif one.kind == "low and slow":
        speed = float(dice.uniform(5.0, 7.0))
        points = [at(2500.0, up_m=25.0), at(0.0, up_m=25.0)]
    else:
        points = [at(4000.0), at(0.0)]
    said = []
    for number in range(2 if one.kind == "pair" else 1):
        shifted = [(px + 60.0 * number, py + 40.0 * number, z, hold) for px, py, z, hold in points]
        if kind == "one-way-drone":
            route = _route(shifted).replace(", hold_s = 0", "")
        else:
            route = _route(shifted)
        said.append(
            _target(f"{one.name}-{number + 1}", one.from_s, f'kind = "{kind}"\nspeed_mps = {speed:.1f}\n{route}')
        )
    return "".join(said)


def _traffic(hour: int, dice: np.random.Generator) -> Iterator[str]:
    """What else flies in an hour: airliners, a helicopter, now and then a balloon or a passing hobby drone."""
    day = 5 <= hour < 23
    for k in range(int(dice.poisson(8.0 if day else 1.0))):
        y, from_s = float(dice.uniform(3000.0, 6000.0)), float(dice.uniform(0.0, 3300.0))
        route = _route([(-14000.0, y, 900.0, 0.0), (14000.0, y + 500.0, 2400.0, 0.0)]).replace(", hold_s = 0", "")
        adsb = f'adsb = {{ icao = "{hour * 256 + k + 0x400000:06X}", callsign = "AIR{hour:02d}{k:02d}" }}\n'
        yield _target(f"airliner-{k}", from_s, f'kind = "airliner"\nspeed_mps = 95\n{route}', adsb)
    for k in range(int(dice.poisson(1.0 if day else 0.2))):
        x, from_s = float(dice.uniform(-4000.0, 4000.0)), float(dice.uniform(0.0, 3000.0))
        route = _route([(x, -9000.0, 300.0, 0.0), (0.4 * x, 0.0, 280.0, 0.0), (-x, 9000.0, 320.0, 0.0)])
        adsb = f'adsb = {{ icao = "{hour * 256 + k + 0x500000:06X}", callsign = "HEL{hour:02d}{k:02d}", category = "A7" }}\n'  # noqa: E501
        yield _target(f"helicopter-{k}", from_s, f'kind = "helicopter"\nspeed_mps = 50\n{route}', adsb)
    for k in range(int(dice.poisson(0.2))):
        x, y = dice.uniform(-5000.0, 5000.0, 2).tolist()
        motion = f'kind = "balloon"\neast_m = {x:.0f}\nnorth_m = {y:.0f}\nheight_m = 30\nfloat_m = 700'
        from_s = float(dice.uniform(0.0, 2800.0))
        yield _target(f"balloon-{k}", from_s, motion, until_s=from_s + 700.0)
    for k in range(int(dice.poisson(0.5 if day else 0.0))):
        angle, from_s = float(dice.uniform(0.0, 2.0 * math.pi)), float(dice.uniform(0.0, 2500.0))
        x, y = 4800.0 * math.sin(angle), 4800.0 * math.cos(angle)
        points = [(x, y, 2.0, 5.0), (x + 250.0, y, 60.0, 20.0), (x + 250.0, y + 300.0, 80.0, 30.0), (x, y, 40.0, 0.0)]
        yield _target(f"hobby-{k}", from_s, f'kind = "quadcopter"\nspeed_mps = 9\n{_route(points)}')


def _birds(count: int, dice: np.random.Generator) -> Iterator[str]:
    """Birds by ones and in flocks of three, six minutes each, across the radar's view."""
    left = count
    while left > 0:
        flock = min(3 if dice.random() < 0.15 else 1, left)
        left -= flock
        x, y = dice.uniform(-5500.0, 5500.0, 2).tolist()
        from_s = float(dice.uniform(0.0, HOUR_S - 370.0))
        motion = (
            f'kind = "bird"\neast_m = {x:.0f}\nnorth_m = {y:.0f}\nheight_m = {dice.uniform(15.0, 250.0):.0f}\n'
            f"heading_deg = {dice.uniform(0.0, 360.0):.0f}\nspeed_mps = {dice.uniform(9.0, 18.0):.1f}\n"
            f"count = {flock}\nsoaring = {'true' if dice.random() < 0.2 else 'false'}"
        )
        yield _target(f"birds-{left}", from_s, motion, until_s=from_s + 360.0)


def hour_of(hour: int, seed: int, birds: int) -> Scenario:
    """The scenario of one hour."""
    dice = np.random.default_rng((seed, hour))
    head = (
        f'name = "hour {hour}"\nduration_s = {HOUR_S}\nlatitude_deg = 54.6\nlongitude_deg = 18.8\nheight_m = 40.0\n'
        f"[world]\nwind_mps = 5.0\nwind_from_deg = 250.0\ngust_sigma_mps = 0.8\n"
        f'[[chapter]]\nfrom_s = 0.0\nstarts = "{START.format(hour=hour)}"\n'
    )
    flown = [_approach(one, dice) for one in approaches(seed) if one.hour == hour]
    return read_scenario(head + "".join([*flown, *_traffic(hour, dice), *_birds(birds, dice)]) + SENSORS)


def packets_of(hour: int, scenario: Scenario, seed: int) -> Iterator[Packet]:
    """The sensors' packets of an hour, with the clock's ticks between."""
    tick_s = datetime.fromisoformat(START.format(hour=hour)).timestamp()
    for packet in play(scenario, seed + hour):
        while tick_s < packet.received_s:
            yield Packet(PacketKind.TICK, "clock", tick_s, exercise=True)
            tick_s += TICK_S
        if packet.kind is PacketKind.DATA:
            yield packet


def site_of_day() -> Site:
    """The site file with its places."""
    places = "".join(PLACE.format(name=n, x=x, y=y, radius=r, reaction=s) for n, (x, y, r, s) in PLACES.items())
    return parse_site(SITE.format(places=places))


def birds_of(hour: int, birds: int) -> int:
    """How many of the day's birds fly in an hour."""
    flown = np.round(np.cumsum(BIRD_HOURS) / BIRD_HOURS.sum() * birds).astype(int)
    return int(flown[hour] - (flown[hour - 1] if hour else 0))

"""A neutral multi-target scene from a seed: numpy only, and no code of the tracker's.

Truth: nearly straight flights with coordinated turns in a box of 10 km x 10 km x 500 m (local ENU, radar at the
origin), births and deaths in balance around `n` live targets. Sensors: a 3-D radar at the origin, one scan a second,
and optional bearing sensors with periods of their own. The radar's clutter is uniform in what it measures, so that a
tracker with one constant clutter density is exactly matched.

In a frame, azimuth = atan2(north, east) in radians, elevation = atan2(up, ground range).
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

R_MIN, R_MAX, EL_MAX = 200.0, 7071.0, float(np.deg2rad(8.0))
STEP_S = 0.1
TILE, TILE_M = 50, 15_000.0  # targets of a tile, and so far apart that no radar sees another tile
CLUTTER = {10: 20.0, 50: 100.0, 200: 400.0, 1000: 400.0}


@dataclass
class BearingSensor:
    """A sensor that tells azimuths only."""

    pos: tuple[float, float, float] = (4000.0, -3000.0, 10.0)
    period: float = 0.7
    offset: float = 0.13
    sigma: float = float(np.deg2rad(1.0))
    pd: float = 0.7
    clutter: float = 3.0
    max_range: float = 6000.0


@dataclass
class Config:
    """One scene. SI units and radians; `clutter` is the mean of false alarms a scan."""

    n: int = 50
    clutter: float = 100.0
    scans: int = 100
    dt: float = 1.0
    pd: float = 0.9
    sigma_r: float = 10.0
    sigma_az: float = float(np.deg2rad(0.5))
    sigma_el: float = float(np.deg2rad(0.7))
    half: float = 5000.0
    z_max: float = 500.0
    p_death: float = 0.005
    seed: int = 1
    bearing: list[BearingSensor] = field(default_factory=list)
    radars: tuple[tuple[float, float], ...] = ((0.0, 0.0),)  # where they stand; frames count them first

    @property
    def volume(self) -> float:
        """What the radar's clutter fills, m rad^2."""
        return (R_MAX - R_MIN) * 2 * np.pi * EL_MAX

    @property
    def clutter_density(self) -> float:
        """False alarms per m rad^2 and scan."""
        return self.clutter / self.volume


class Frame(NamedTuple):
    """One look: time, sensor (the radars first), its measurements (m, 3) or (m, 1), and for a radar whose they are.

    `origins` (m,), target ids or -1 for clutter, is for the oracle alone.
    """

    time: float
    sensor: int
    values: Floats
    origins: Ints = np.empty(0, dtype=np.int64)


class Instant(NamedTuple):
    """Truth at a radar scan: ids (k,) and positions (k, 3)."""

    time: float
    ids: Ints
    position: Floats


class Scene(NamedTuple):
    """Frames in time order and the truth at each radar scan."""

    frames: list[Frame]
    truth: list[Instant]
    cfg: Config


def _spawn(cfg: Config, rng: np.random.Generator, anywhere: bool) -> dict[str, Any]:
    speed = rng.uniform(8, 40) if rng.random() < 0.85 else rng.uniform(40, 80)
    heading = rng.uniform(-np.pi, np.pi)
    pos = rng.uniform(-cfg.half, cfg.half, 2)
    if not anywhere and rng.random() < 0.5:  # enter through an edge, inward
        side = int(rng.integers(4))
        e = cfg.half - 1.0
        edges = [(e, pos[1]), (-e, pos[1]), (pos[0], e), (pos[0], -e)]
        pos = np.array(edges[side])
        heading = [np.pi, 0.0, -np.pi / 2, np.pi / 2][side] + rng.uniform(-1.0, 1.0)
    height = rng.uniform(30, cfg.z_max - 30)
    return {
        "p": np.array([pos[0], pos[1], height]),
        "sp": speed,
        "h": heading,
        "vz": rng.normal(0, 0.7),
        "w": 0.0,
        "seg": rng.uniform(5, 25),
        "hist": [],
    }


def _fly(cfg: Config, rng: np.random.Generator, s: dict[str, Any]) -> None:
    """One step of a target's flight."""
    s["seg"] -= STEP_S
    if s["seg"] <= 0:
        turning = rng.random() < 0.35
        s["w"] = np.deg2rad(rng.uniform(2, 8)) * rng.choice([-1, 1]) if turning else 0.0
        s["seg"] = rng.uniform(4, 12) if turning else rng.uniform(8, 30)
        s["vz"] = rng.normal(0, 0.7)
    s["h"] += s["w"] * STEP_S
    a = rng.normal(0, 0.3, 2) * np.sqrt(STEP_S)  # small random acceleration
    s["sp"] = np.clip(s["sp"] + a[0], 5, 90)
    s["h"] += a[1] * STEP_S / max(s["sp"], 5)
    s["p"] = s["p"] + STEP_S * np.array([s["sp"] * np.cos(s["h"]), s["sp"] * np.sin(s["h"]), s["vz"]])
    if not 20 < s["p"][2] < cfg.z_max - 5:
        s["vz"] = -s["vz"]
        s["p"][2] = np.clip(s["p"][2], 20, cfg.z_max - 5)


def make_truth(cfg: Config, rng: np.random.Generator) -> dict[int, tuple[int, Floats]]:
    """Flights by target id: first step and positions (k, 3) at every step of STEP_S."""
    steps = int(round((cfg.scans + 1) * cfg.dt / STEP_S)) + 1
    flights: dict[int, tuple[int, Floats]] = {}
    live: list[dict[str, Any]] = []
    pending: list[int] = []
    count = 0
    for k in range(steps):
        due = cfg.n if k == 0 else len([b for b in pending if b <= k])
        pending = [b for b in pending if b > k]
        for _ in range(due):
            live.append({**_spawn(cfg, rng, k == 0), "id": count, "k0": k})
            count += 1
        keep = []
        for s in live:
            s["hist"].append(s["p"].copy())
            _fly(cfg, rng, s)
            out = np.max(np.abs(s["p"][:2])) > cfg.half
            if out or rng.random() < cfg.p_death * STEP_S:
                flights[s["id"]] = (s["k0"], np.array(s["hist"]))
                pending.append(k + 1 + int(rng.exponential(2.0) / STEP_S))
            else:
                keep.append(s)
        live = keep
    for s in live:
        flights[s["id"]] = (s["k0"], np.array(s["hist"]))
    return flights


def positions(flights: dict[int, tuple[int, Floats]], time: float) -> tuple[Ints, Floats]:
    """Ids and positions of the targets alive at a time."""
    k = time / STEP_S
    k0 = int(np.floor(k))
    f = k - k0
    ids, out = [], []
    for i in sorted(flights):
        s, h = flights[i]
        if s <= k0 and k0 + 1 < s + len(h):
            out.append(h[k0 - s] * (1 - f) + h[k0 + 1 - s] * f)
            ids.append(i)
    return np.array(ids, dtype=np.int64), np.array(out, dtype=np.float64).reshape(-1, 3)


def _radar(cfg: Config, rng: np.random.Generator, ids: Ints, p: Floats) -> tuple[Floats, Ints]:
    seen = rng.random(len(p)) < cfg.pd
    q = p[seen]
    r = np.linalg.norm(q, axis=1) + rng.normal(0, cfg.sigma_r, len(q))
    az = np.arctan2(q[:, 1], q[:, 0]) + rng.normal(0, cfg.sigma_az, len(q))
    el = np.arctan2(q[:, 2], np.hypot(q[:, 0], q[:, 1])) + rng.normal(0, cfg.sigma_el, len(q))
    m = rng.poisson(cfg.clutter)
    c = np.column_stack([rng.uniform(R_MIN, R_MAX, m), rng.uniform(-np.pi, np.pi, m), rng.uniform(0, EL_MAX, m)])
    z = np.vstack([np.column_stack([r, az, el]), c])
    z[:, 1] = (z[:, 1] + np.pi) % (2 * np.pi) - np.pi
    order = rng.permutation(len(z))
    return z[order], np.concatenate((ids[seen], np.full(m, -1)))[order]


def generate(cfg: Config) -> Scene:
    """The scene of a configuration and its seed."""
    rng = np.random.default_rng(cfg.seed)
    return observe(cfg, rng, make_truth(cfg, rng))


def observe(cfg: Config, rng: np.random.Generator, flights: dict[int, tuple[int, Floats]]) -> Scene:
    """What the configuration's sensors make of the flights."""
    frames, truth = [], []
    for k in range(1, cfg.scans + 1):
        t = k * cfg.dt
        ids, p = positions(flights, t)
        truth.append(Instant(t, ids, p))
        frames.append(Frame(t, 0, *_radar(cfg, rng, ids, p)))
    for number, b in enumerate(cfg.bearing, start=1):
        t = b.offset + cfg.dt
        while t <= cfg.scans * cfg.dt:
            q = positions(flights, t)[1] - np.array(b.pos)
            seen = (np.hypot(q[:, 0], q[:, 1]) < b.max_range) & (rng.random(len(q)) < b.pd)
            az = np.arctan2(q[seen, 1], q[seen, 0]) + rng.normal(0, b.sigma, seen.sum())
            az = np.concatenate([az, rng.uniform(-np.pi, np.pi, rng.poisson(b.clutter))])
            az = (az + np.pi) % (2 * np.pi) - np.pi
            frames.append(Frame(t, number, rng.permutation(az).reshape(-1, 1)))
            t += b.period
    frames.sort(key=lambda f: (f.time, f.sensor))
    return Scene(frames, truth, cfg)


def standard(n: int, variant: str = "radar", scans: int = 100, seed: int = 1) -> Scene:
    """The scene of the published tables: `variant` "radar", or "async" with two bearing sensors more."""
    cfg = Config(n=n, clutter=CLUTTER.get(n, 2.0 * n), scans=scans, seed=seed)
    if variant == "async":
        cfg.bearing = [BearingSensor(), BearingSensor(pos=(-4000.0, -3500.0, 10.0), period=1.3, offset=0.41)]
    return generate(cfg)


def tiled(n: int, scans: int = 100, seed: int = 1) -> Scene:
    """`n` targets at the density of the 50-target scene: n / 50 such scenes side by side, each with a radar."""
    count = max(round(n / TILE), 1)
    wide = int(np.ceil(np.sqrt(count)))
    places = tuple((TILE_M * (k % wide), TILE_M * (k // wide)) for k in range(count))
    tiles = [standard(TILE, "radar", scans, seed=1000 * seed + k) for k in range(count)]
    first = np.cumsum([0, *(1 + max(int(i.ids.max(initial=-1)) for i in tile.truth) for tile in tiles)])
    frames = [
        Frame(f.time, k, f.values, np.where(f.origins < 0, -1, f.origins + first[k]))
        for k, tile in enumerate(tiles)
        for f in tile.frames
    ]
    truth = [
        Instant(
            instants[0].time,
            np.concatenate([i.ids + first[k] for k, i in enumerate(instants)]),
            np.concatenate([i.position + np.array((*places[k], 0.0)) for k, i in enumerate(instants)]),
        )
        for instants in zip(*(tile.truth for tile in tiles), strict=True)
    ]
    cfg = Config(n=TILE * count, clutter=CLUTTER[TILE], scans=scans, seed=seed, radars=places)
    return Scene(sorted(frames, key=lambda f: (f.time, f.sensor)), truth, cfg)


def drawn(n: int, variant: str, seed: int) -> Scene:
    """The scene of a row: beyond 1,000 targets, or if asked for, of tiles."""
    return tiled(n, seed=seed) if variant == "tiles" or n > max(CLUTTER) else standard(n, variant, seed=seed)

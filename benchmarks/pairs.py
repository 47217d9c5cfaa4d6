"""Scenes of two that come close: crossings at 2 to 20 degrees, and pairs that fly 30 to 60 m apart and then split.

Several pairs a scene, far from one another, seen by the radar of `scenario.py` at its clutter. A pair is close from
when it comes within `APART_M` until it has left that for good; what counts is whether each target carries the same id
after as before: the id that most of the 8 scans before closing and most of the 8 scans after opening matched to it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

import gospa
import scenario
from scenario import R_MAX, R_MIN, STEP_S, Config, Floats, Ints, Scene, observe

APART_M = 80.0
BESIDE_M = 500.0  # between pairs, always
JUDGED_SCANS = 8
STEEP_RAD = float(np.deg2rad(5.0))
CROSSINGS = (*((5.0, 20.0),) * 6, *((2.0, 5.0),) * 2)  # degrees, a pair each
FORMATIONS = 10
TOGETHER_S = 40.0
TURN_S = 5.0
SIDEWAYS_MPS = 0.03  # a second, one standard deviation: how unevenly each flies


class Pair(NamedTuple):
    """Targets `first` and `second`, close from `closing_s` to `opening_s`; `angle_rad` between their headings."""

    first: int
    second: int
    closing_s: float
    opening_s: float
    angle_rad: float


class PairScene(NamedTuple):
    """A scene and its pairs."""

    scene: Scene
    pairs: list[Pair]


def crossing(seed: int) -> PairScene:
    """Eight crossings of nearly straight flights at one height, six of them at 5 degrees or more; 200 scans."""
    return _drawn(seed, len(CROSSINGS), 200, _cross)


def formation(seed: int) -> PairScene:
    """Ten pairs that join, fly 40 s abreast, 30 to 60 m apart, and split; 100 scans."""
    return _drawn(seed, FORMATIONS, 100, _abreast)


SCENES = {"crossing": crossing, "formation": formation}


def drawn(n: int, variant: str, seed: int) -> PairScene:
    """The scene of a row of the benchmark: of pairs, or one of `n` targets without any."""
    make = SCENES.get(variant)
    return make(seed) if make else PairScene(scenario.drawn(n, variant, seed), [])


def _cross(rng: np.random.Generator, k: int, t: Floats, speed: float) -> tuple[Floats, float]:
    """Distance across (steps,) of two that meet at t = 0, and the angle at which they do."""
    angle = float(np.deg2rad(rng.uniform(*CROSSINGS[k])))
    return 2.0 * speed * np.sin(0.5 * angle) * t, angle


def _abreast(rng: np.random.Generator, k: int, t: Floats, speed: float) -> tuple[Floats, float]:
    """The same for two that join, fly side by side and split, turning within `TURN_S`."""
    apart, angle = rng.uniform(30.0, 60.0), float(np.deg2rad(rng.uniform(15.0, 40.0)))
    out = np.maximum(np.abs(t) - 0.5 * TOGETHER_S, 0.0)
    turned = np.where(out < TURN_S, 0.5 * out**2 / TURN_S, out - 0.5 * TURN_S)
    return apart + 2.0 * speed * np.sin(0.5 * angle) * turned, angle


def _fly(
    rng: np.random.Generator, k: int, t: Floats, shape: Callable[..., tuple[Floats, float]]
) -> tuple[Floats, Floats, float]:
    """Both flights (steps, 3) of a pair anywhere, and the angle between them."""
    speed, heading = rng.uniform(30.0, 45.0), rng.uniform(-np.pi, np.pi)
    across, angle = shape(rng, k, t, speed)
    along, side = np.array([np.cos(heading), np.sin(heading), 0.0]), np.array([-np.sin(heading), np.cos(heading), 0.0])
    middle = np.array([*rng.uniform(-3000.0, 3000.0, 2), rng.uniform(100.0, 450.0)])
    path = middle + speed * np.cos(0.5 * angle) * t[:, None] * along
    both = []
    for half in (0.5, -0.5):
        push = np.cumsum(rng.normal(0.0, SIDEWAYS_MPS * np.sqrt(STEP_S), len(t)))
        push -= push[len(t) // 2]
        drift = np.cumsum(push) * STEP_S
        both.append(path + (half * across + drift - drift[len(t) // 2])[:, None] * side)
    return both[0], both[1], angle


def _in_view(one: Floats, other: Floats, taken: list[Floats]) -> bool:
    """Whether the radar sees both all the time, and no other pair comes near."""
    ranges = np.linalg.norm(np.concatenate((one, other)), axis=1)
    clear = all(float(np.linalg.norm(one - path, axis=1).min()) > BESIDE_M for path in taken)
    return bool(ranges.min() > 2.0 * R_MIN and ranges.max() < R_MAX) and clear


def _drawn(seed: int, count: int, scans: int, shape: Callable[..., tuple[Floats, float]]) -> PairScene:
    rng = np.random.default_rng(seed)
    cfg = Config(n=2 * count, clutter=4.0 * count, scans=scans, seed=seed)
    steps = round((scans + 1) / STEP_S) + 1
    t = (np.arange(steps, dtype=np.float64) - steps // 2) * STEP_S
    flights: dict[int, tuple[int, Floats]] = {}
    pairs: list[Pair] = []
    while len(pairs) < count:
        one, other, angle = _fly(rng, len(pairs), t, shape)
        distance = np.linalg.norm(one - other, axis=1)
        close = np.flatnonzero(distance < APART_M)
        margin = round((JUDGED_SCANS + 4) / STEP_S)
        apart = len(close) > 0 and close[0] > margin and close[-1] < steps - margin
        if apart and _in_view(one, other, [path for _, path in flights.values()]):
            a = len(flights)
            flights[a], flights[a + 1] = (0, one), (0, other)
            pairs.append(Pair(a, a + 1, float(close[0]) * STEP_S, float(close[-1]) * STEP_S, angle))
    return PairScene(observe(cfg, rng, flights), pairs)


def judge(drawn: PairScene, reported: Sequence[tuple[Ints, Floats]]) -> list[str]:
    """Of each pair "kept", "swapped" or "new": the ids of its two targets after, beside those before."""
    carried: list[dict[int, int]] = []
    for (_, ids, x), (names, y) in zip(drawn.scene.truth, reported, strict=False):
        found = gospa.match(x, y, 100.0)
        carried.append({int(ids[a]): int(names[b]) for a, b in zip(found.i, found.j, strict=True)})
    times = np.array([instant.time for instant in drawn.scene.truth[: len(carried)]])
    found_of = []
    for pair in drawn.pairs:
        before = np.flatnonzero(times < pair.closing_s)[-JUDGED_SCANS:]
        after = np.flatnonzero(times > pair.opening_s)[:JUDGED_SCANS]
        was = [_majority(carried, before, target) for target in (pair.first, pair.second)]
        now = [_majority(carried, after, target) for target in (pair.first, pair.second)]
        if None not in was and now == was:
            found_of.append("kept")
        elif any(now[k] is not None and now[k] == was[1 - k] for k in (0, 1)):
            found_of.append("swapped")
        else:
            found_of.append("new")
    return found_of


def _majority(carried: list[dict[int, int]], scans: Ints, target: int) -> int | None:
    """The id that matched a target in most of these scans."""
    names = Counter(carried[k][target] for k in scans if target in carried[k])
    return names.most_common(1)[0][0] if names else None

"""Approach: how soon and how close each track comes to each place, from samples of where it may go.

A track's future is a fan of legs between a few knots in time. Its state is drawn from its covariance; its velocity
then tends to the one it keeps to and strays from that, as an Ornstein-Uhlenbeck process, each axis by itself, of
standard deviation `wander` (m/s) and time constant `wander_time_s`, and what strays turns on as it has been turning;
its climb dies away. The draws are a fixed table (a Latin hypercube), the same for every track and step: nothing is
random, and neighbouring steps agree. Entry times are exact on each straight leg.

Source of the exact discretisation: D. T. Gillespie, "Exact numerical simulation of the Ornstein-Uhlenbeck process and
its integral", Phys. Rev. E 54 (1996), 2084; of the draws: A. B. Owen, "Controlling correlations in Latin hypercube
samples", J. Am. Stat. Assoc. 89 (1994), 1517.
"""

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tocsin.jit import kernel
from tocsin.model.threat import Asset, Zone
from tocsin.threat.places import Places, distance_m, entry, places

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SAMPLES = 32
LEGS = 3
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61)
DRAWS = 6 + 4 * LEGS


class Fan(NamedTuple):
    """What every track's fan is made with: `normal` (DRAWS, SAMPLES) standard normal draws; `knot_s` (LEGS + 1,) from 0
    to the horizon; `stray` (LEGS, 5): per leg and unit of wander, the share of the straying velocity that stays, the
    metres it carries, and the spread of metres, of velocity with them and of velocity besides; `climb_s` (LEGS + 1,):
    the seconds' worth of climb until each knot; `rate_hz`: how fast straying is forgotten, once in so many seconds."""

    normal: Floats
    knot_s: Floats
    stray: Floats
    climb_s: Floats
    rate_hz: float


class Room(NamedTuple):
    """Where one track's fan is worked out: `path_m` (LEGS + 1, 3, SAMPLES); `space_mps` (6, SAMPLES), the velocity
    kept to and, now and after the leg, the one that strays; the spreads `level` (4, 4) of east, north and their
    velocities, and `upright` (2, 2) of up and climb; and `turned` (LEGS, 4), as `_turn` says."""

    path_m: Floats
    space_mps: Floats
    level: Floats
    upright: Floats
    turned: Floats


def fan(horizon_s: float, wander_time_s: float, climb_time_s: float) -> Fan:
    """Knots at an eighth, three eighths and the whole of the horizon."""
    knot_s = horizon_s * np.array([0.0, 0.125, 0.375, 1.0])
    stray = np.zeros((LEGS, 5))
    for leg in range(LEGS):
        stray[leg] = _stray(float(knot_s[leg + 1] - knot_s[leg]), wander_time_s)
    return Fan(_draws(), knot_s, stray, climb_time_s * -np.expm1(-knot_s / climb_time_s), 1.0 / wander_time_s)


@kernel
def stray_variance_s2(elapsed_s: float, wander_time_s: float) -> float:
    """Variance (m^2 for a wander of 1 m/s) of the distance strayed in `elapsed_s`, from no straying at the start."""
    kept = math.exp(-elapsed_s / wander_time_s)
    return float(wander_time_s**2 * (2.0 * elapsed_s / wander_time_s - 3.0 + 4.0 * kept - kept * kept))


def _stray(elapsed_s: float, wander_time_s: float) -> tuple[float, float, float, float, float]:
    kept = math.exp(-elapsed_s / wander_time_s)
    metres = math.sqrt(stray_variance_s2(elapsed_s, wander_time_s))
    with_metres = wander_time_s * (1.0 - kept) ** 2 / metres
    besides = math.sqrt(max(1.0 - kept * kept - with_metres**2, 0.0))
    return kept, wander_time_s * (1.0 - kept), metres, with_metres, besides


def _draws() -> Floats:
    """Each row takes every one of SAMPLES equally likely slices of the normal once, rows nearly uncorrelated."""
    slices: Floats = np.array([NormalDist().inv_cdf((i + 0.5) / SAMPLES) for i in range(SAMPLES)])
    slices = np.asarray(slices / math.sqrt(float((slices * slices).mean())), np.float64)
    count = np.arange(1, SAMPLES + 1)
    rows = [_ranked(np.asarray((count * math.sqrt(prime)) % 1.0, np.float64), slices) for prime in _PRIMES[:DRAWS]]
    for _ in range(20):
        for order in (range(DRAWS), range(DRAWS - 1, -1, -1)):
            done: list[Floats] = []
            for row in order:
                rest = rows[row].copy()
                for other in done:
                    rest -= other * float((other * rest).mean())
                rows[row] = _ranked(rest, slices)
                done.append(rows[row])
    return np.array(rows)


def _ranked(values: Floats, slices: Floats) -> Floats:
    """The slices in the order of `values`."""
    return np.asarray(slices[np.argsort(np.argsort(values, kind="stable"), kind="stable")])


@kernel
def _spread(covariance: Floats, rows: Ints, factor: Floats) -> None:
    """Lower Cholesky factor of the named rows and columns; a pivot that is not positive counts as 0."""
    for i in range(rows.shape[0]):
        for j in range(i + 1):
            rest = covariance[rows[i], rows[j]]
            for k in range(j):
                rest -= factor[i, k] * factor[j, k]
            if i == j:
                factor[i, i] = math.sqrt(max(rest, 0.0))
            else:
                factor[i, j] = rest / factor[j, j] if factor[j, j] > 0.0 else 0.0


@kernel
def _turn(rate: float, turn: float, eighth_s: float, fan: Fan, turned: Floats) -> None:
    """Fill `turned` (LEGS, 4): what of a straying velocity that turns clockwise at `turn` (rad/s) stays along it and
    across it over each leg, and the metres it carries along and across: the integral of exp((-rate - i turn) t). The
    legs last one, two and five eighths of the horizon, so that one sine and cosine give all three."""
    c1, s1 = math.cos(turn * eighth_s), math.sin(turn * eighth_s)
    c2, s2 = c1 * c1 - s1 * s1, 2.0 * s1 * c1
    c4, s4 = c2 * c2 - s2 * s2, 2.0 * s2 * c2
    square = rate * rate + turn * turn
    for leg in range(LEGS):
        kept = fan.stray[leg, 0]
        if leg == 0:
            along, across = kept * c1, kept * s1
        elif leg == 1:
            along, across = kept * c2, kept * s2
        else:
            along, across = kept * (c4 * c1 - s4 * s1), kept * (s4 * c1 + c4 * s1)
        turned[leg, 0], turned[leg, 1] = along, across
        turned[leg, 2] = (rate * (1.0 - along) + turn * across) / square
        turned[leg, 3] = (turn * (1.0 - along) - rate * across) / square


@kernel
def _begin(position: Floats, velocity: Floats, keeps: Floats, normal: Floats, room: Room) -> None:
    """Lay out east and north at the start, the velocity kept to and the one that strays."""
    path, space, level = room.path_m, room.space_mps, room.level
    for axis in range(2):
        at, kept, astray = position[axis], keeps[axis], velocity[axis] - keeps[axis]
        first, second = level[axis, 0], level[axis, 1]
        for i in range(SAMPLES):
            path[0, axis, i] = at + first * normal[0, i] + second * normal[1, i]
        row, share = 2 + axis, keeps[2]
        of_0, of_1, of_2, of_3 = (
            share * level[row, 0],
            share * level[row, 1],
            share * level[row, 2],
            share * level[row, 3],
        )
        for i in range(SAMPLES):
            drawn = kept + of_0 * normal[0, i] + of_1 * normal[1, i] + of_2 * normal[2, i] + of_3 * normal[3, i]
            space[axis, i] = drawn
            space[2 + axis, i] = astray


@kernel
def _draw(fan: Fan, position: Floats, velocity: Floats, keeps: Floats, wander: float, tall: bool, room: Room) -> None:
    """Fill `room.path_m` with one track's fan, of which `room` has the spreads already; `keeps` (4,) is the velocity it
    keeps to, east and north, the share of the present one in that, and how fast what strays from it turns, rad/s
    clockwise. Heights are left out unless `tall`."""
    normal, path, space, turned = fan.normal, room.path_m, room.space_mps, room.turned
    _begin(position, velocity, keeps, normal, room)
    _turn(fan.rate_hz, keeps[3], fan.knot_s[1], fan, room.turned)
    for leg in range(LEGS):
        metres, with_metres, besides = fan.stray[leg, 2], fan.stray[leg, 3], fan.stray[leg, 4]
        elapsed = fan.knot_s[leg + 1] - fan.knot_s[leg]
        kept_along, kept_across, carried_along, carried_across = (
            turned[leg, 0],
            turned[leg, 1],
            turned[leg, 2],
            turned[leg, 3],
        )
        now, then = 2 * (leg % 2) + 2, 2 * ((leg + 1) % 2) + 2  # where in `space` what strays is, and will be
        anew = wander * metres
        for axis in range(2):  # axis by axis, so that several samples go at once
            row, other = 6 + 4 * leg + 2 * axis, now + 1 - axis
            across = carried_across if axis == 0 else -carried_across
            for i in range(SAMPLES):
                shift = carried_along * space[now + axis, i] + across * space[other, i] + anew * normal[row, i]
                path[leg + 1, axis, i] = path[leg, axis, i] + space[axis, i] * elapsed + shift
            across = kept_across if axis == 0 else -kept_across
            for i in range(SAMPLES if leg < LEGS - 1 else 0):
                new = with_metres * normal[row, i] + besides * normal[row + 1, i]
                space[then + axis, i] = kept_along * space[now + axis, i] + across * space[other, i] + wander * new
    if tall:
        _rise(fan, position[2], velocity[2], room)


@kernel
def _rise(fan: Fan, up_m: float, climb_mps: float, room: Room) -> None:
    """The heights of the fan."""
    normal, of_up, of_climb, besides = fan.normal, room.upright[0, 0], room.upright[1, 0], room.upright[1, 1]
    for knot in range(LEGS + 1):
        height, climbed_s = room.path_m[knot, 2], fan.climb_s[knot]
        for i in range(SAMPLES):
            climb = climb_mps + of_climb * normal[4, i] + besides * normal[5, i]
            height[i] = up_m + of_up * normal[4, i] + climb * climbed_s


@kernel
def _quantiles(unsorted: Floats, values: Floats, out: Floats) -> None:
    """Sort into `values` and fill `out` with the 5, 50 and 95 % points; inf where the share is infinite."""
    n = SAMPLES
    for i in range(n):  # by counting: for so few values faster than any sort, since it never branches
        rank, value = 0, unsorted[i]
        for j in range(i):
            rank += unsorted[j] <= value
        for j in range(i, n):
            rank += unsorted[j] < value
        values[rank] = value
    for k in range(3):
        at = min(max((0.05 + 0.45 * k) * n - 0.5, 0.0), n - 1.0)
        low = int(at)
        high = min(low + 1, n - 1)
        if at == low or math.isinf(values[high]):
            out[k] = values[high] if at > low else values[low]
        else:
            out[k] = values[low] + (at - low) * (values[high] - values[low])


@kernel
def _boxes(path: Floats, box: Floats) -> None:
    """`box` (LEGS, 4): what each leg of the fan covers, as least and greatest east, least and greatest north."""
    for axis in range(2):
        for knot in range(LEGS + 1):
            row = path[knot, axis]
            low_0, low_1, low_2, low_3 = row[0], row[1], row[2], row[3]
            high_0, high_1, high_2, high_3 = low_0, low_1, low_2, low_3
            for i in range(4, SAMPLES, 4):  # four runs at once, since each step of one waits for the step before
                low_0, high_0 = min(low_0, row[i]), max(high_0, row[i])
                low_1, high_1 = min(low_1, row[i + 1]), max(high_1, row[i + 1])
                low_2, high_2 = min(low_2, row[i + 2]), max(high_2, row[i + 2])
                low_3, high_3 = min(low_3, row[i + 3]), max(high_3, row[i + 3])
            low, high = min(low_0, low_1, low_2, low_3), max(high_0, high_1, high_2, high_3)
            for leg in range(max(knot - 1, 0), min(knot + 1, LEGS)):
                first = knot == leg
                box[leg, 2 * axis] = low if first else min(box[leg, 2 * axis], low)
                box[leg, 2 * axis + 1] = high if first else max(box[leg, 2 * axis + 1], high)


@kernel
def _apart(box: Floats, other: Floats, by: float) -> bool:
    return bool(box[0] > other[1] + by or box[1] < other[0] - by or box[2] > other[3] + by or box[3] < other[2] - by)


@kernel
def _reaches(
    fan: Fan, places: Places, near_m: float, position: Floats, velocity: Floats, covariance: Floats, wander: float
) -> bool:
    """Whether any place is near a box that holds the fan: four deviations around the straight course."""
    horizon_s = fan.knot_s[-1]
    strayed = 0.0
    for leg in range(fan.stray.shape[0]):
        strayed += wander * (fan.stray[leg, 2] + (horizon_s - fan.knot_s[leg + 1]))
    box = np.empty(4)
    for axis in range(2):
        spread = 4.0 * math.sqrt(max(covariance[axis, axis], 0.0))
        ahead = 4.0 * horizon_s * math.sqrt(max(covariance[3 + axis, 3 + axis], 0.0)) + 2.0 * strayed
        reach = velocity[axis] * horizon_s
        box[2 * axis] = position[axis] - spread + min(reach - ahead, 0.0)
        box[2 * axis + 1] = position[axis] + spread + max(reach + ahead, 0.0)
    if not math.isfinite(box[0] + box[1] + box[2] + box[3]):
        return False
    for place in range(places.radius_m.shape[0]):
        if not _apart(box, places.box_m[place], near_m):
            return True
    return False


@kernel
def _closest(path: Floats, x: float, y: float, out: Floats) -> None:
    """`out` (SAMPLES,): the least distance of each sample's legs to a point."""
    for i in range(out.shape[0]):
        out[i] = np.inf
    for leg in range(path.shape[0] - 1):
        for i in range(out.shape[0]):
            x0, y0 = path[leg, 0, i] - x, path[leg, 1, i] - y
            dx, dy = path[leg + 1, 0, i] - x - x0, path[leg + 1, 1, i] - y - y0
            s = min(max(-(x0 * dx + y0 * dy) / (dx * dx + dy * dy + 1e-12), 0.0), 1.0)
            out[i] = min(out[i], (x0 + s * dx) ** 2 + (y0 + s * dy) ** 2)
    for i in range(out.shape[0]):
        out[i] = math.sqrt(out[i])


@kernel
def _enter(places: Places, place: int, start: Floats, end: Floats, from_s: float, to_s: float, entered: Floats) -> None:
    """Lower `entered` (SAMPLES,) to the time at which each sample's leg from `start` to `end` (3, SAMPLES) enters."""
    if places.radius_m[place] == 0.0 or places.height_m[place, 0] > -np.inf or places.height_m[place, 1] < np.inf:
        for i in range(entered.shape[0]):
            s = entry(places, place, start[0, i], start[1, i], start[2, i], end[0, i], end[1, i], end[2, i])
            entered[i] = min(entered[i], from_s + s * (to_s - from_s))
        return
    centre_x, centre_y, r = places.centre_m[place, 0], places.centre_m[place, 1], places.radius_m[place]
    for i in range(entered.shape[0]):  # the same as `entry`, without a branch, so that it runs on several at once
        x, y, dx, dy = start[0, i] - centre_x, start[1, i] - centre_y, end[0, i] - start[0, i], end[1, i] - start[1, i]
        a, b, c = dx * dx + dy * dy + 1e-12, x * dx + y * dy, x * x + y * y - r * r
        root = math.sqrt(max(b * b - a * c, 0.0))
        s = max((-b - root) / a, 0.0)
        hit = (b * b >= a * c) & (s <= 1.0) & (s * a <= -b + root)
        entered[i] = min(entered[i], from_s + s * (to_s - from_s) if hit else np.inf)


@kernel
def approaches(
    fan: Fan,
    places: Places,
    near_m: float,
    position: Floats,
    velocity: Floats,
    covariance: Floats,
    keeps: Floats,
    wander: Floats,
) -> tuple[Ints, Floats]:
    """Every (track, place) pair within `near_m` of the track's fan, as rows of (track, place) and of ten numbers:
    distance, probability inside now, probability of entry, entry time (5, 50, 95 %), closest approach (5, 50, 95 %) and
    when it is closest on its present course."""
    n, p, samples, legs = position.shape[0], places.radius_m.shape[0], SAMPLES, LEGS
    pair, number = np.empty((n * p, 2), np.int64), np.empty((n * p, 10))
    path, box, nearest = np.empty((legs + 1, 3, samples)), np.empty((legs, 4)), np.empty(samples)
    entered, ordered = np.empty(samples), np.empty(samples)
    room = Room(path, np.empty((6, samples)), np.zeros((4, 4)), np.zeros((2, 2)), np.empty((legs, 4)))
    tall = bool((places.height_m[:, 0] > -np.inf).any() or (places.height_m[:, 1] < np.inf).any())
    of_level, of_upright = np.array([0, 1, 3, 4]), np.array([2, 5])
    k = 0
    for track in range(n):
        if not _reaches(fan, places, near_m, position[track], velocity[track], covariance[track], wander[track]):
            continue
        _spread(covariance[track], of_level, room.level)
        _spread(covariance[track], of_upright, room.upright)
        _draw(fan, position[track], velocity[track], keeps[track], wander[track], tall, room)
        _boxes(path, box)
        for place in range(p):
            near = False
            for leg in range(legs):
                near = near or not _apart(box[leg], places.box_m[place], near_m)
            if not near:
                continue
            for i in range(samples):
                entered[i] = np.inf
            for leg in range(legs):
                if not _apart(box[leg], places.box_m[place], 0.0):
                    _enter(places, place, path[leg], path[leg + 1], fan.knot_s[leg], fan.knot_s[leg + 1], entered)
            within, ever = 0, 0
            for i in range(samples):
                within += entered[i] == 0.0
                ever += entered[i] < np.inf
            x, y = places.centre_m[place, 0], places.centre_m[place, 1]
            pair[k, 0], pair[k, 1] = track, place
            number[k, 0] = distance_m(places, place, position[track, 0], position[track, 1])
            number[k, 1], number[k, 2] = within / samples, ever / samples
            if ever:
                _quantiles(entered, ordered, number[k, 3:6])
            else:
                for i in range(3, 6):
                    number[k, i] = np.inf
            _closest(path, x, y, nearest)
            _quantiles(nearest, ordered, number[k, 6:9])
            vx, vy = velocity[track, 0], velocity[track, 1]
            ahead_s = ((x - position[track, 0]) * vx + (y - position[track, 1]) * vy) / (vx * vx + vy * vy + 1e-12)
            number[k, 9] = min(max(ahead_s, 0.0), fan.knot_s[legs])
            k += 1
    return pair[:k], number[:k]


def warm() -> None:
    """Compile or load every kernel of this stage, so that none compiles later."""
    square = Zone("", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)), 0.0, 1.0)
    _, place = places((Asset("a", 0.0, 0.0, 0.0, 1.0, 0.0),), (square,))
    one = np.zeros((1, 3))
    approaches(fan(1.0, 1.0, 1.0), place, 1.0, one, one, np.zeros((1, 6, 6)), np.zeros((1, 4)), np.ones(1))

"""Fast starts: three reports that no track explains, on one fast and free path, are a body worth a track.

A track that starts at rest, as those of ordinary targets do, could never catch it. How likely the body is follows from
how often such bodies come, how well a fall explains the three reports, and how likely each is to be false; so in a
stream of clutter no path is believed, and none is searched for. Densities are in the sensor's own units throughout.
"""

import math
from typing import NamedTuple

import numpy as np

from tocsin.model.detection import MeasurementKind
from tocsin.physics.dynamics import Air
from tocsin.tracking.fall import Fall, joined
from tocsin.tracking.falling import Falling
from tocsin.tracking.kernels.layout import Floats, Ints, Rows
from tocsin.tracking.kernels.recognition import triples
from tocsin.tracking.kernels.trajectory import Seen
from tocsin.tracking.odds import fit_fall, log_density, settled, weigh_flight
from tocsin.tracking.seen import seen_rows

SOLID = (MeasurementKind.POSITION_3D, MeasurementKind.POLAR_3D)
MOST_LOOSE = 80  # reports without a track, of one look, among which fast objects are searched for
MOST_STARTED = 8
SHORTEST_S = 0.05
ROUGH = 8.0  # natural log by which the quick look at three reports may undervalue them; 99 of 100 tried: below 2.6


class Look(NamedTuple):
    """One look as far as falling objects are concerned. `clutter` (m,): density of false reports at each row; `loose`:
    the rows that no reported track explains; `key` (k,), sorted, and `row` (k,): which track owns which row."""

    time_s: float
    sensor: int
    kind: int
    rows: Rows
    at_enu_m: Floats
    clutter: Floats
    loose: Ints
    key: Ints
    row: Ints


class Sight(NamedTuple):
    """What a sensor can see: the volume, and the chance that it then reports an object; and how readily such reports
    start tracks, 0 for never."""

    volume_m3: float
    probability: float
    readiness: float


class FastStart(NamedTuple):
    """A body behind three reports: how likely it exists, the row of its last report, its fall, and the natural log of
    the odds that it falls rather than flies."""

    existence: float
    row: int
    fall: Fall
    seen: Seen
    log_ratio: float


def fast_starts(looks: tuple[Look, ...], settings: Falling, around: Air, sight: Sight, least: float) -> list[FastStart]:
    """The bodies that the newest look shows, likeliest first, each row once; `least`: existence worth a track."""
    look = looks[-1]
    if sight.readiness == 0.0:
        return []
    same = [one for one in looks if one.sensor == look.sensor and one.kind == look.kind][-4:]
    if len(same) < 3 or look.kind not in SOLID or any(len(one.loose) > MOST_LOOSE for one in same):
        return []
    before = same[-2::-1]
    trios = [(before[1], before[0], look)]
    if len(before) > 2:
        trios += [(before[2], before[0], look), (before[2], before[1], look)]
    least_log_odds = math.log(least / (1.0 - least))
    found: list[FastStart] = []
    for trio in trios:
        first, second, third = trio
        worth = least_log_odds - _log_prior(trio, settings, sight) - ROUGH
        for rows in triples(
            third.rows, third.loose, second.rows, second.loose, first.rows, first.loose, false_density(third),
            false_density(second), false_density(first), settings.slowest_mps, settings.fastest_mps,
            settings.speed_sigma_mps, worth,
        ).tolist():  # fmt: skip
            start = _weighed(trio, rows, settings, around, sight, least)
            if start is not None:
                found.append(start)
    best: dict[int, FastStart] = {}
    for start in sorted(found, key=lambda one: (-one.existence, one.row)):
        best.setdefault(start.row, start)
    return list(best.values())[:MOST_STARTED]


def _weighed(
    trio: tuple[Look, Look, Look], rows: list[int], settings: Falling, around: Air, sight: Sight, least: float
) -> FastStart | None:
    """The body behind three reports; None if nothing falls like that, or not fast, or it is unlikelier than `least`."""
    parts = [seen_rows(look.kind, look.rows, [row], look.at_enu_m) for look, row in zip(trio, rows, strict=True)]
    seen = joined(joined(parts[0], parts[1]), parts[2])
    fitted, log_likelihood = fit_fall(seen, settings, around)
    if log_likelihood == -math.inf:
        return None
    log_odds = _log_prior(trio, settings, sight) + log_density(log_likelihood, seen)
    log_odds -= sum(math.log(float(look.clutter[row])) for look, row in zip(trio, rows, strict=True))
    existence = logistic(log_odds)
    if existence < least:
        return None
    fallen = settled(fitted, log_likelihood, seen, settings, around)
    estimate = fallen.fall.estimate
    if estimate is None or fallen.log_likelihood == -math.inf:
        return None
    if math.hypot(*estimate.mean[3:6]) < settings.slowest_mps:
        return None
    return FastStart(existence, rows[2], fallen.fall, seen, fallen.log_likelihood - weigh_flight(seen, around))


def _log_prior(trio: tuple[Look, Look, Look], settings: Falling, sight: Sight) -> float:
    """Natural log of how often a body appears between the last two looks and is reported in all three, 1/m^3."""
    elapsed_s = max(trio[2].time_s - trio[1].time_s, SHORTEST_S)
    often = math.log(settings.starts_per_s * sight.readiness * elapsed_s / sight.volume_m3)
    return often + 3.0 * math.log(max(sight.probability, 0.01))


def false_density(look: Look) -> Floats:
    """Natural log (m,) of the density of false reports at each row of a look, 1/m^3."""
    density = np.log(look.clutter)
    if look.kind == MeasurementKind.POLAR_3D:
        across = np.maximum(look.rows.z[:, 1] ** 2 * np.cos(look.rows.z[:, 2]), 1.0)
        density -= np.log(across)
    return density


def logistic(log_odds: float) -> float:
    """The probability of which this is the natural log of the odds."""
    return 1.0 / (1.0 + math.exp(-log_odds)) if log_odds > -700.0 else 0.0

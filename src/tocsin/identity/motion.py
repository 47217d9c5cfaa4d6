"""Motion: how each track has moved over the last half minute, and how like each class that is.

Four features of the horizontal motion are kept a track, fading with `MEMORY_S`: its speed, how much the speed varies,
how far from straight it goes, and how hard it accelerates. Each carries the variance that the track's own covariance
gives it, so that a vague track says little. A class is a normal law of the features (`gaits`), mixed with one broad law
that all classes share, which bounds what motion can say. Birds and multirotors have one law together, and are told
apart by a quadratic form of the features, its odds bounded too, and drawn towards even by the features' variances:
motion never confirms a drone by itself.

Letters: v velocity (m/s), q mean variance of a velocity component (m^2/s^2), w weight of what has been seen (0 to 1), g
log odds of a multirotor against a bird. Source of the attenuation: D. J. C. MacKay, "The evidence framework applied to
classification networks", Neural Computation 4 (1992), 720.
"""

import math

import numpy as np
from numpy.typing import NDArray

from tocsin.identity.gaits import CENTRE, FEATURES, LEAST, MEAN, ODDS, SIGMA, SPREAD
from tocsin.jit import kernel
from tocsin.model.identity import CLASS_COUNT, TargetClass
from tocsin.model.track import TrackColumns

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MEMORY_S = 15.0
LAG_S = 2.0
BROAD_SHARE, BROAD_SIGMAS = 0.12, 3.0
FARTHEST, MOST_ODDS = 2.5, 3.0  # spreads from the centre, and log odds
MULTIROTOR, BIRD = int(TargetClass.MULTIROTOR), int(TargetClass.BIRD)
_STATE = 12  # weight, v east, v north, speed, speed^2, q, accel^2, its noise, anchor: time, v east, v north, its q


class Motion:
    """One row a track; `follow` brings the rows in step, `step` takes in the present."""

    def __init__(self, odds: Floats = ODDS) -> None:
        self._odds = odds
        self._state = np.zeros((0, _STATE))
        self._time_s = math.nan

    def follow(self, before: Ints) -> None:
        """Rows as they are now, `before` their old ones (-1 for a new track)."""
        moved = np.zeros((len(before), _STATE))
        moved[before >= 0] = self._state[before[before >= 0]]
        self._state = moved

    def step(self, tracks: TrackColumns) -> None:
        """Take in where the tracks are now."""
        elapsed_s = 0.0 if math.isnan(self._time_s) else max(tracks.time_s - self._time_s, 0.0)
        self._time_s = tracks.time_s
        _take(self._state, np.array(tracks.velocity_enu_mps), np.array(tracks.covariance), tracks.time_s, elapsed_s)

    def features(self) -> tuple[Floats, Floats, Floats]:
        """(n, FEATURES) features, their variances, and (n,) how much has been seen, 0 to 1."""
        n = len(self._state)
        feature, variance, weight = np.empty((n, FEATURES)), np.empty((n, FEATURES)), np.empty(n)
        _features(self._state, feature, variance, weight)
        return feature, variance, weight

    def evidence(self) -> Floats:
        """(n, CLASS_COUNT) log likelihood of the motion under each class, up to a constant a row."""
        feature, variance, weight = self.features()
        log_likelihood = np.empty((len(weight), CLASS_COUNT))
        _like(feature, variance, weight, MEAN, SIGMA, self._odds, log_likelihood)
        return log_likelihood


@kernel
def _take(state: Floats, velocity: Floats, covariance: Floats, time_s: float, elapsed_s: float) -> None:
    kept = math.exp(-elapsed_s / MEMORY_S)
    for i in range(state.shape[0]):
        s = state[i]
        ve, vn = velocity[i, 0], velocity[i, 1]
        q = 0.5 * (covariance[i, 3, 3] + covariance[i, 4, 4])
        if not (math.isfinite(ve) and math.isfinite(vn) and math.isfinite(q)):
            continue
        if s[0] == 0.0:
            s[0], s[8], s[9], s[10], s[11] = 1e-6, time_s, ve, vn, q
            continue
        if elapsed_s <= 0.0:
            continue
        new = 1.0 - kept
        speed = math.sqrt(ve * ve + vn * vn)
        s[0] = s[0] * kept + new
        s[1] = s[1] * kept + new * ve
        s[2] = s[2] * kept + new * vn
        s[3] = s[3] * kept + new * speed
        s[4] = s[4] * kept + new * speed * speed
        s[5] = s[5] * kept + new * q
        lag = time_s - s[8]
        if lag >= LAG_S:
            ae, an = (ve - s[9]) / lag, (vn - s[10]) / lag
            fresh = 1.0 - math.exp(-lag / MEMORY_S)
            s[6] = s[6] * (1.0 - fresh) + fresh * (ae * ae + an * an)
            s[7] = s[7] * (1.0 - fresh) + fresh * (q + s[11]) / (lag * lag)
            s[8], s[9], s[10], s[11] = time_s, ve, vn, q


@kernel
def _features(state: Floats, feature: Floats, variance: Floats, weight: Floats) -> None:
    for i in range(state.shape[0]):
        s = state[i]
        w = max(s[0], 1e-6)
        weight[i] = s[0] if s[0] > 1e-3 else 0.0
        mean_e, mean_n, speed, q = s[1] / w, s[2] / w, s[3] / w, s[5] / w
        vary = math.sqrt(max(s[4] / w - speed * speed - 0.3 * q, 0.0))
        straight = min(math.sqrt(mean_e * mean_e + mean_n * mean_n) / max(speed, 0.1), 1.0)
        hard = math.sqrt(max(s[6] / w - 0.3 * s[7] / w, 0.0))
        feature[i, 0] = math.log(speed + LEAST[0])
        feature[i, 1] = math.log(vary + LEAST[1])
        feature[i, 2] = math.log(1.0 - straight + LEAST[2])
        feature[i, 3] = math.log(hard + LEAST[3])
        # an average over MEMORY_S holds about five independent errors of the velocity
        variance[i, 0] = min(0.2 * q / (speed + LEAST[0]) ** 2, 25.0)
        variance[i, 1] = min(0.01 * q / (vary + LEAST[1]) ** 2, 25.0)
        variance[i, 2] = min((0.1 * q / max(speed, 0.5) ** 2 / (1.0 - straight + LEAST[2])) ** 2, 25.0)
        variance[i, 3] = min(0.01 * s[7] / w / (hard + LEAST[3]) ** 2, 25.0)


@kernel
def quadratic(feature: Floats, form: Floats) -> None:
    """Fill `form` (15,) with 1, the four features scaled, their squares and their products."""
    z = form[1:5]
    for k in range(4):
        z[k] = min(max((feature[k] - CENTRE[k]) / SPREAD[k], -FARTHEST), FARTHEST)
    form[0] = 1.0
    for k in range(4):
        form[5 + k] = z[k] * z[k]
    at = 9
    for k in range(4):
        for j in range(k + 1, 4):
            form[at] = z[k] * z[j]
            at += 1


@kernel
def _drone_odds(feature: Floats, variance: Floats, odds: Floats, form: Floats) -> float:
    """g of one track; `form` (15,) is room to work in."""
    quadratic(feature, form)
    g = 0.0
    for k in range(15):
        g += odds[k] * form[k]
    z, spread = form[1:5], 0.0
    for k in range(4):  # only the terms with the k-th feature change with it
        moved = min(max((feature[k] + 0.1 - CENTRE[k]) / SPREAD[k], -FARTHEST), FARTHEST)
        slope, at = odds[1 + k] + odds[5 + k] * (moved + z[k]), 9
        for low in range(4):
            for high in range(low + 1, 4):
                if low == k:
                    slope += odds[at] * z[high]
                elif high == k:
                    slope += odds[at] * z[low]
                at += 1
        spread += (slope * (moved - z[k]) / 0.1) ** 2 * variance[k]
    return min(max(g / math.sqrt(1.0 + math.pi / 8.0 * spread), -MOST_ODDS), MOST_ODDS)


@kernel
def _like(
    feature: Floats, variance: Floats, weight: Floats, mean: Floats, sigma: Floats, odds: Floats, out: Floats
) -> None:
    n, m = feature.shape
    c = mean.shape[0]
    each, form = np.empty(c), np.empty(15)
    for i in range(n):
        square, volume = 0.0, 1.0
        for k in range(m):
            spread = BROAD_SIGMAS * BROAD_SIGMAS + variance[i, k]
            miss = feature[i, k] - mean[0, k]
            square += miss * miss / spread
            volume *= spread
        broad = -0.5 * (square + math.log(volume))
        top = broad
        for kind in range(1, c):
            square, volume = 0.0, 1.0
            for k in range(m):
                spread = sigma[kind, k] * sigma[kind, k] + variance[i, k]
                miss = feature[i, k] - mean[kind, k]
                square += miss * miss / spread
                volume *= spread
            each[kind] = -0.5 * (square + math.log(volume))
            top = max(top, each[kind])
        out[i, 0] = weight[i] * (broad - top)
        shared = BROAD_SHARE * math.exp(broad - top)
        for kind in range(1, c):
            own = (1.0 - BROAD_SHARE) * math.exp(each[kind] - top) + shared
            out[i, kind] = weight[i] * math.log(own + 1e-30)
        g = weight[i] * _drone_odds(feature[i], variance[i], odds, form)
        out[i, MULTIROTOR] += math.log(2.0 / (1.0 + math.exp(-g)))
        out[i, BIRD] += math.log(2.0 / (1.0 + math.exp(g)))


def warm() -> None:
    """Compile or load the kernels of this module."""
    state, one = np.zeros((1, _STATE)), np.zeros((1, FEATURES))
    _take(state, np.zeros((1, 3)), np.zeros((1, 6, 6)), 0.0, 0.0)
    _features(state, one, one.copy(), np.zeros(1))
    _like(one, one, np.zeros(1), MEAN, SIGMA, ODDS, np.zeros((1, CLASS_COUNT)))

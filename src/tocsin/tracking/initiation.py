"""Expectation: how many targets a sensor has not yet detected and how many false reports it gives, learnt as it looks.

Both are what decides whether a detection starts a track, and neither is known beforehand. Undetected targets: those
that appear (a rate with a gamma posterior, fed by tracks that proved true) and those that earlier looks missed; the
number of detections that no track explains corrects it at once, so that a first look at a crowd starts a crowd. False
reports: the sensor's stated figure, worth `PRIOR_LOOKS` looks at first, then what is left unexplained.
Source of the Poisson birth model: Williams (2015); the estimators are ours.
"""

import math

import numpy as np

from tocsin.tracking.kernels.layout import Floats

UNDETECTED, TIME, LOOKS, BIRTHS, BIRTH_TIME, FALSE, FALSE_LOOKS, SETTLED = range(8)

CROWD_SHARE, CROWD_SPAN = 1e-3, 1000.0  # one look in a thousand meets a crowd of anything up to that many
FIRST_MASS_ROW = 1.0  # a sensor that reports target by target says nothing of those it does not report
PRIOR_BIRTHS, PRIOR_BIRTH_TIME_S = 0.2, 2.0
MEMORY_S = 60.0  # the birth rate follows the last minute or so
PRIOR_LOOKS = 10.0
LOOK_MEMORY = 0.99
LEAST_FALSE = 1e-4  # false reports a look; no sensor is perfect
SETTLING_LOOKS = 4  # looks until the first targets have become tracks
ROW_MEMORY_S = 10.0


def positive_mean(mean: float, sigma: float) -> float:
    """Mean of a normal variable given that it is positive; accurate far into the tail."""
    a = -mean / sigma
    if a > 6.0:
        return sigma * (1.0 / a - 2.0 / a**3 + 10.0 / a**5)
    tail = 0.5 * math.erfc(a / math.sqrt(2.0))
    return mean + sigma * math.exp(-0.5 * a * a) / (math.sqrt(2.0 * math.pi) * tail)


def _crowd(count: float, expected: float, variance: float, p: float) -> float:
    """Probability that many new targets came at once, given `count` detections where `expected` (and `variance` more
    than Poisson's) would be had without them."""
    wide = 1.0 + variance / expected
    n, mean = max(count, 0.0) / wide, expected / wide
    if n <= mean:
        return 0.0
    usual = math.exp(max(n * math.log(mean) - mean - math.lgamma(n + 1.0), -700.0)) / wide
    crowd = CROWD_SHARE / (CROWD_SPAN * p)
    return crowd / (crowd + usual)


class Expectation:
    """The two figures of each sensor. `values` (sensors, 8) is all its state, to be copied and put back."""

    def __init__(self, false_per_look: list[float]) -> None:
        self.values: Floats = np.zeros((len(false_per_look), 8))
        self.values[:, FALSE] = np.array(false_per_look) * PRIOR_LOOKS
        self.values[:, FALSE_LOOKS] = PRIOR_LOOKS
        self.values[:, TIME] = math.nan
        self.values[:, SETTLED] = math.inf

    def false_reports(self, s: int) -> float:
        """Expected false reports of the next whole look."""
        v = self.values[s]
        return max(float(v[FALSE] / v[FALSE_LOOKS]), LEAST_FALSE)

    def birth_rate(self, s: int) -> float:
        """Targets that appear in the sensor's view a second."""
        v = self.values[s]
        return float((PRIOR_BIRTHS + v[BIRTHS]) / (PRIOR_BIRTH_TIME_S + v[BIRTH_TIME]))

    def look(
        self, s: int, time_s: float, detections: int, known: float, variance: float, p: float, whole: bool
    ) -> float:
        """Undetected targets in view as this look finds them, given `known` detections expected of tracks (and their
        variance) and the chance `p` of detecting one."""
        v = self.values[s]
        first = math.isnan(v[TIME])
        dt = 0.0 if first else max(time_s - v[TIME], 0.0)
        mass = FIRST_MASS_ROW if first else v[UNDETECTED] + self.birth_rate(s) * dt
        if whole:
            expected_false = self.false_reports(s)
            left = detections - known - expected_false
            crowd = 1.0 if first else _crowd(detections - known, expected_false + p * mass, variance, p)
            spread = math.sqrt(max(expected_false + variance + p * max(0.0 if first else mass, left, 0.0), 1e-6)) / p
            many = positive_mean(left / p, spread)
            few = 0.0 if first else positive_mean(left / p - spread * spread / max(mass, 1e-9), spread)
            mass = crowd * many + (1.0 - crowd) * few
        v[UNDETECTED] = mass * (1.0 - p) if whole else mass * math.exp(-dt / ROW_MEMORY_S)
        fade = math.exp(-dt / MEMORY_S)
        if v[LOOKS] >= SETTLING_LOOKS:
            v[BIRTHS] *= fade
            v[BIRTH_TIME] = v[BIRTH_TIME] * fade + dt
        v[TIME] = time_s if first else max(time_s, v[TIME])
        v[LOOKS] += 1.0
        if v[LOOKS] == SETTLING_LOOKS:
            v[SETTLED] = v[TIME]
        return float(mass)

    def learn(self, s: int, unexplained: float) -> None:
        """After a whole look's association: `unexplained` detections belong to no track, and count as false until one
        proves to have been a new target's."""
        v = self.values[s]
        if v[LOOKS] > SETTLING_LOOKS:
            v[FALSE] = LOOK_MEMORY * v[FALSE] + unexplained
            v[FALSE_LOOKS] = LOOK_MEMORY * v[FALSE_LOOKS] + 1.0

    def credit(self, s: int, proved: int) -> None:
        """`proved` tracks that this sensor started after it had settled have been confirmed."""
        v = self.values[s]
        v[BIRTHS] += proved
        v[FALSE] = max(v[FALSE] - proved, LEAST_FALSE * v[FALSE_LOOKS])

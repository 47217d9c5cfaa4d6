"""Fall: what is known of one falling body from what was seen of it: place, velocity, drag and wind, with covariance.

The newest detections, a block of some seconds, are fitted together on the raw measurements; so a range rate helps from
the first moment without making the estimate surer than it is. What came before the block stands in it as a Gaussian
prior at the block's start, taken to second order at the best fit (a fixed-lag smoother's marginal), and what drag and
wind that drift have done since is added to it. Within the block they count as constant, so it is short. Records are
never changed: a new one takes the place of the old. Nothing is said of any time before the first detection.
"""

import math
from typing import NamedTuple

import numpy as np

from tocsin.physics.drag import BLUNT, SLENDER
from tocsin.physics.dynamics import Air, air, height_above_sphere_m
from tocsin.tracking.falling import Falling
from tocsin.tracking.kernels.fit import carry, fit, guess, invert, set_back
from tocsin.tracking.kernels.layout import Floats
from tocsin.tracking.kernels.trajectory import FALLING, NUMBERS, Seen

BLOCK_S = 2.0  # a longer block gives its first part to the prior
GIVEN_S = 1.0
LEFT_LEAST = 5  # detections that stay in the block
PARTS = 4
GENTLE_MPS2 = 8.0
ANYWHERE_M = 1e5  # the prior of the place, which says nothing
SLACK_M, SLACK_MPS = 2.0, 2.0  # what a prediction is not trusted with
MOST_SEEN = 256  # detections of one block
CURVE = {"slender": SLENDER, "blunt": BLUNT}


class Estimate(NamedTuple):
    """East, north, up (m), their rates (m/s), log of the drag factor (m^2/kg) and the wind beyond the expected (m/s):
    `mean` (9,), `covariance` (9, 9), at `time_s`. `misfit`: mean square of the block's whitened residuals."""

    time_s: float
    mean: Floats
    covariance: Floats
    misfit: float


class Fall(NamedTuple):
    """A prior (`mean` (9,), `info` (9, 9)) at `start_s`, what was `seen` since, the best fit `th` (9,) at the start,
    and what follows from it; `estimate` is None if nothing fits."""

    start_s: float
    mean: Floats
    info: Floats
    seen: Seen
    th: Floats
    estimate: Estimate | None = None


def surroundings(settings: Falling, site_altitude_m: float) -> Air:
    """The air the body falls through."""
    return air(CURVE[settings.curve], site_altitude_m)


def prior(settings: Falling, place_m: Floats) -> tuple[Floats, Floats]:
    """Mean (9,) and information (9, 9) before anything but the first place is known; the place itself counts little."""
    mean = np.zeros(NUMBERS)
    mean[:3] = place_m
    mean[6:] = math.log(settings.factor_m2pkg), *settings.wind_mps
    speed, wind = settings.speed_sigma_mps, settings.wind_sigma_mps
    sigma = (
        ANYWHERE_M,
        ANYWHERE_M,
        ANYWHERE_M,
        speed,
        speed,
        settings.climb_sigma_mps,
        settings.factor_deviation,
        wind,
        wind,
    )
    return mean, np.diag(1.0 / np.square(sigma))


def first_guess(seen: Seen, mean: Floats) -> Floats:
    """Numbers (9,) to start a fit from: the path under gravity alone, and no more drag than bends it little."""
    th = guess(seen, float(seen.t[0]))
    th[6:] = mean[6:]
    square = float(th[3] * th[3] + th[4] * th[4] + th[5] * th[5])
    th[6] = min(th[6], math.log(GENTLE_MPS2 / max(square, 1.0)))
    return th


def begin(seen: Seen, settings: Falling, around: Air, th: Floats | None = None) -> Fall:
    """A fall from its first detections, at least three of them placed; `th`: a fit of them, if there is one."""
    mean, info = prior(settings, seen.place[0])
    th = first_guess(seen, mean) if th is None else th
    return refit(Fall(float(seen.t[0]), mean, info, seen, th), settings, around)


def joined(first: Seen, second: Seen) -> Seen:
    """Both, in the order of time."""
    both = Seen._make(np.concatenate(pair) for pair in zip(first, second, strict=True))
    if len(both.t) > 1 and second.t[0] < first.t[-1]:
        order = np.argsort(both.t, kind="stable")
        return Seen._make(column[order] for column in both)
    return both


def go_on(fall: Fall, more: Seen, settings: Falling, around: Air) -> Fall:
    """The fall after more detections; those from before its block are left out."""
    if more.t[0] < fall.start_s:
        more = Seen._make(column[more.t >= fall.start_s] for column in more)
    if not len(more.t) or len(fall.seen.t) >= MOST_SEEN:
        return fall
    return refit(fall._replace(seen=joined(fall.seen, more)), settings, around)


def refit(fall: Fall, settings: Falling, around: Air) -> Fall:
    """Fit the block; as long as it is too long, give its oldest part to the prior and fit the rest."""
    while True:
        fitted = fit(fall.th, fall.mean, fall.info, fall.seen, fall.start_s, FALLING, around)
        if not fitted.good:
            return fall._replace(estimate=None)
        fall = fall._replace(th=fitted.th)
        shorter = _shortened(fall, settings, around)
        if shorter is None:
            misfit = fitted.misfit / fitted.values
            return fall._replace(estimate=_estimate(fall, fitted.A, misfit, settings, around))
        fall = shorter


def _shortened(fall: Fall, settings: Falling, around: Air) -> Fall | None:
    """The fall with the first part of its block in the prior; None if the block is short enough, or nothing is gained
    by that."""
    seen, start_s = fall.seen, fall.start_s
    cut = int(np.searchsorted(seen.t, start_s + GIVEN_S))
    if seen.t[-1] - start_s < BLOCK_S or len(seen.t) - cut < LEFT_LEAST or cut == 0:
        return None
    to_s = float(seen.t[cut])
    drift = gained(fall.th, settings, to_s - start_s, around)
    mean, info, good = set_back(fall.th, fall.mean, fall.info, seen, cut, start_s, to_s, around, drift)
    if not good:
        return None
    th, unused = np.empty(NUMBERS), np.empty((NUMBERS, NUMBERS))
    carry(fall.th, np.eye(NUMBERS), to_s - start_s, around, th, unused)
    rest = Seen._make(np.ascontiguousarray(column[cut:]) for column in seen)
    return fall._replace(start_s=to_s, mean=mean, info=info, th=th, seen=rest)


def predicted(fall: Fall, time_s: float, around: Air) -> tuple[Floats, Floats, float] | None:
    """Place and velocity (6,) at `time_s`, not before the last detection, their covariance (6, 6), and the height above
    the ground's sphere; None if nothing fits."""
    if fall.estimate is None:
        return None
    mean, covariance = np.empty(NUMBERS), np.empty((NUMBERS, NUMBERS))
    carry(fall.estimate.mean, fall.estimate.covariance, time_s - fall.estimate.time_s, around, mean, covariance)
    return mean[:6], covariance[:6, :6] + np.diag([SLACK_M**2] * 3 + [SLACK_MPS**2] * 3), height_above_sphere_m(mean)


def _estimate(fall: Fall, A: Floats, misfit: float, settings: Falling, around: Air) -> Estimate | None:
    """The best fit at the time of the last detection."""
    scratch, P = np.empty((NUMBERS, NUMBERS)), np.empty((NUMBERS, NUMBERS))
    mean, covariance = np.empty(NUMBERS), np.empty((NUMBERS, NUMBERS))
    if not invert(A, scratch, P):
        return None
    elapsed_s = float(fall.seen.t[-1]) - fall.start_s
    carry(fall.th, P, elapsed_s, around, mean, covariance)
    covariance += np.diag(_drift(settings, elapsed_s))
    return Estimate(float(fall.seen.t[-1]), mean, covariance, misfit)


def _drift(settings: Falling, elapsed_s: float) -> Floats:
    """Variance (9,) that drag and wind gain."""
    drift = np.zeros(NUMBERS)
    drift[6:] = settings.drag_drift**2, settings.wind_drift_mps**2, settings.wind_drift_mps**2
    return drift * elapsed_s


def gained(th: Floats, settings: Falling, elapsed_s: float, around: Air) -> Floats:
    """Covariance (9, 9) that a body gains in `elapsed_s` from th on, pushed by drag and wind that walk at random."""
    part_s = elapsed_s / PARTS
    step = np.diag(_drift(settings, part_s))
    gain, moved, here, there = 0.5 * step, np.empty((NUMBERS, NUMBERS)), th, np.empty(NUMBERS)
    for k in range(PARTS):  # the trapezoid rule
        carry(here, gain, part_s, around, there, moved)
        gain, here = moved + (step if k < PARTS - 1 else 0.5 * step), there.copy()
    return gain

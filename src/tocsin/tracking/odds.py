"""Odds: how much better a fall explains what was seen than flight does.

Both are fitted to the same raw detections, a fall with unknown drag and wind, flight with an unknown steady
acceleration, and their evidences are compared (Laplace's approximation). Nothing here asks what a sensor calls the
object.
"""

import math
from typing import NamedTuple

import numpy as np

from tocsin.physics.dynamics import Air
from tocsin.tracking.fall import ANYWHERE_M, Fall, begin, first_guess, prior
from tocsin.tracking.falling import Falling
from tocsin.tracking.kernels.fit import Fitted, fit, guess, log_evidence, log_scale
from tocsin.tracking.kernels.trajectory import ACCELERATED, FALLING, NUMBERS, Seen

# Flight, one standard deviation: horizontal and vertical velocity (m/s), horizontal and vertical acceleration (m/s^2).
FLIGHT = (120.0, 10.0, 4.0, 1.5)
HOPELESS = 4.0  # a fall whose mean square residual is larger is none


class Fallen(NamedTuple):
    """The fall that explains best what was seen, and the natural log of the evidence for it."""

    fall: Fall
    log_likelihood: float


def fit_fall(seen: Seen, settings: Falling, around: Air) -> tuple[Fitted, float]:
    """A fall fitted to at least three placed detections, and the natural log of the evidence, -inf if none fits."""
    mean, info = prior(settings, seen.place[0])
    fitted = fit(first_guess(seen, mean), mean, info, seen, float(seen.t[0]), FALLING, around)
    return fitted, log_evidence(fitted, info) if fitted.good else -math.inf


def weigh_fall(seen: Seen, settings: Falling, around: Air) -> Fallen:
    """The fall that explains the detections best; the evidence is -inf where none does."""
    return settled(*fit_fall(seen, settings, around), seen, settings, around)


def settled(fitted: Fitted, log_likelihood: float, seen: Seen, settings: Falling, around: Air) -> Fallen:
    """What `fit_fall` found as a fall to go on with; the evidence is -inf where it leaves too much unexplained."""
    fall = begin(seen, settings, around, fitted.th)
    if not fitted.good or fall.estimate is None or fall.estimate.misfit > HOPELESS:
        return Fallen(fall, -math.inf)
    return Fallen(fall, log_likelihood)


def weigh_flight(seen: Seen, around: Air) -> float:
    """Natural log of the evidence for flight."""
    start_s = float(seen.t[0])
    speed, climb, push, lift = FLIGHT
    sigma = (ANYWHERE_M, ANYWHERE_M, ANYWHERE_M, speed, speed, climb, push, push, lift)
    level, info = np.zeros(NUMBERS), np.diag(1.0 / np.square(sigma))
    level[:3] = seen.place[0]
    fitted = fit(guess(seen, start_s), level, info, seen, start_s, ACCELERATED, around)
    return log_evidence(fitted, info) if fitted.good else -math.inf


def weigh_motion(seen: Seen, settings: Falling, around: Air) -> tuple[Fall, float]:
    """The best fall, and the natural log of the odds of falling against flying, before any prior belief."""
    fallen = weigh_fall(seen, settings, around)
    if fallen.log_likelihood == -math.inf:
        return fallen.fall, -math.inf
    return fallen.fall, fallen.log_likelihood - weigh_flight(seen, around)


def log_density(log_likelihood: float, seen: Seen) -> float:
    """Natural log of the density of what was seen, for a falling body that is equally likely anywhere (times m^3)."""
    return log_likelihood + log_scale(seen) + 3.0 * math.log(math.sqrt(2.0 * math.pi) * ANYWHERE_M)

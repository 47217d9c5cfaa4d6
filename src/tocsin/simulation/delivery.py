"""Delivery: what happens to a sensor's messages on their way: delay, loss, death and recovery."""

import math

import numpy as np
from numpy.typing import NDArray

from tocsin.simulation.dice import dice
from tocsin.simulation.plan import Sensor

Floats = NDArray[np.float64]


def delivered(sensor: Sensor, sent_s: Floats, seed: int, what: str) -> Floats:
    """When each message sent at `sent_s` (n,) is received, NaN for one that never is (story seconds)."""
    own = dice(seed, "delivery", sensor.name, what)
    n = len(sent_s)
    rest, late, lost = own.gamma(2.0, max(sensor.delay.mean_s, 1e-9) / 2.0, n), own.random(n), own.random(n)
    received = sent_s + sensor.delay.fixed_s + rest
    received = received + np.where(late < sensor.delay.late_probability, sensor.delay.late_s, 0.0)
    for begin, end in sensor.outage_s:
        received = np.where((sent_s >= begin) & (sent_s < end), math.nan, received)
    return np.where(lost < sensor.drop_probability, math.nan, received)

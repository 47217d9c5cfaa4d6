"""The arrays that the kernels share, as named tuples.

Letters, here and in all kernels: i a track, b a motion mode, j a row of the scan (a detection), e an edge (a track
and a row that may belong together), k a place in a list of tracks. x state (east, north, up and their rates, m and
m/s), P its covariance, mu mode probability, r existence probability, z measured values, R their covariance, H the
measurement's derivative, S the innovation's covariance, K the gain.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STATE = 6  # east, north, up, and their rates


class BankArrays(NamedTuple):
    """One row a Bernoulli track; rows beyond the bank's count are unused."""

    x: Floats  # (capacity, modes, 6)
    P: Floats  # (capacity, modes, 6, 6)
    mu: Floats  # (capacity, modes)
    width: Ints  # (capacity,) modes in use: 1 until a second detection tells how the target moves, then all
    r: Floats  # (capacity,) at time t
    t: Floats  # (capacity,) UTC seconds of x, P, mu and r
    born: Floats  # (capacity,) time of the first detection
    last: Floats  # (capacity,) time of the last detection
    owed: Floats  # (capacity,) detections expected and not had since the last one
    key: Ints  # (capacity,) hash of the first detection, the root of the track's id
    bits: Ints  # (capacity,) bit s set if sensor s contributed
    origin: Ints  # (capacity,) index of the sensor that started it
    reported: Ints  # (capacity,) 0 never yet, 1 since existence passed "confirm", 2 since it then fell below "drop"


class Rows(NamedTuple):
    """The valid detections of one scan, sorted by the first value. d values each, azimuth before range."""

    z: Floats  # (m, d + 1): the values, then range rate
    R: Floats  # (m, d, d)
    rate_variance: Floats  # (m,) of the range rate; 0 where there is none
    t: Floats  # (m,) UTC seconds
    place: Floats  # (m, 3) ENU position, for births and for tracks close to the sensor
    place_cov: Floats  # (m, 3, 3)
    swing: Floats  # (m,): volume in ENU of a unit of the measured values (m^3), 1 where there is no place
    key: Ints  # (m,)
    alike: Ints  # (m,) the first of the rows up to this one with its R and rate_variance, without a break


class Predicted(NamedTuple):
    """What the sensor should measure of each gated track, by mode, in the coordinates of `kind`."""

    kind: Ints  # (tracks,) measurement kind the track is compared in
    z: Floats  # (tracks, modes, d + 1)
    z_dot: Floats  # (tracks, modes, d + 1): its change a second
    PH: Floats  # (tracks, modes, 6, d + 1): P H'
    HPH: Floats  # (tracks, modes, d + 1, d + 1): H P H'


class Edges(NamedTuple):
    """Pairs that pass the gate, grouped by track: edges ptr[k] to ptr[k + 1] belong to the k-th track."""

    ptr: Ints  # (tracks + 1,)
    row: Ints  # (edges,)
    mode_likelihood: Floats  # (edges, modes): mode probability times likelihood
    likelihood: Floats  # (edges,): their sum
    crowded: int = 0  # pairs that passed and were left out, as their track had likelier ones enough

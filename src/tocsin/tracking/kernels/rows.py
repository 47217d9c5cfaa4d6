"""From a sensor's values to rows that the other kernels read: checked, floored, and placed in ENU.

A polar measurement is placed by its own azimuth and elevation with a first-order covariance, in which the ground range
is never taken smaller than its uncertainty: above the sensor the azimuth says nothing, and the ellipse says so.
A sensor without height gives the prior height with the prior's variance, never a height as fact.
"""

import math
from typing import NamedTuple

import numpy as np

from tocsin.jit import kernel
from tocsin.tracking.kernels.layout import Floats, Ints
from tocsin.tracking.kernels.linalg import cholesky

POSITION_2D, POSITION_3D, POLAR_2D, POLAR_3D, AZIMUTH, AZIMUTH_ELEVATION = 1, 2, 3, 4, 5, 6
FARTHEST = 1e7  # m; no value or standard deviation is larger
FINEST = 1e-10  # m^2 or rad^2, added to every variance
BLUR = 1e-4  # m^2, added to the variance of every place


@kernel
def mix_bits(h: np.int64, v: np.int64) -> np.int64:
    """One step of a 64-bit hash (multiply and fold, after splitmix64)."""
    a = (h ^ v) * np.int64(-4658895280553007687)
    b = (a ^ ((a >> np.int64(31)) & np.int64(0x1FFFFFFFF))) * np.int64(-7723592293110705685)
    return b ^ ((b >> np.int64(29)) & np.int64(0x7FFFFFFFF))


@kernel
def check(values: Floats, covariance: Floats, times: Floats, factor: float, floor: Floats, R: Floats) -> Ints:
    """Covariances times `factor` plus floor^2 into R (m, d, d); returns (m,): 1 usable, 0 absurd or not definite."""
    m, d = values.shape
    usable = np.ones(m, np.int64)
    L = np.empty((3, 3))
    for j in range(m):
        ok = math.isfinite(times[j])
        for a in range(d):
            ok = ok and abs(values[j, a]) <= FARTHEST
            for c in range(d):
                v = 0.5 * factor * (covariance[j, a, c] + covariance[j, c, a])
                if a == c:
                    v += floor[a] * floor[a] + FINEST
                ok = ok and abs(v) <= FARTHEST * FARTHEST
                R[j, a, c] = v
        if not ok or not cholesky(R[j], d, L):
            usable[j] = 0
    return usable


@kernel
def place_polar(
    azimuth: float, r: float, elevation: float, R: Floats, sensor: Floats, place: Floats, cov: Floats, J: Floats
) -> float:
    """ENU position and covariance of (azimuth, range, elevation) with covariance R (3, 3), J (3, 3) its derivative.

    Returns the volume in m^3 of a unit of the measured values there.
    """
    ca, sa, ce, se = math.cos(azimuth), math.sin(azimuth), math.cos(elevation), math.sin(elevation)
    ground = r * ce
    place[0], place[1], place[2] = sensor[0] + ground * sa, sensor[1] + ground * ca, sensor[2] + r * se
    swing = math.sqrt(ground * ground + r * r * R[2, 2] + R[1, 1])
    J[0, 0], J[0, 1], J[0, 2] = swing * ca, ce * sa, -r * se * sa
    J[1, 0], J[1, 1], J[1, 2] = -swing * sa, ce * ca, -r * se * ca
    J[2, 0], J[2, 1], J[2, 2] = 0.0, se, r * ce
    for a in range(3):
        for c in range(3):
            v = 0.0
            for p in range(3):
                for q in range(3):
                    v += J[a, p] * R[p, q] * J[c, q]
            cov[a, c] = v
    for a in range(3):
        cov[a, a] += R[1, 1] * 1e-6 + BLUR
    return swing * max(r, 1.0)


@kernel
def place_rows(
    kind: int, z: Floats, R: Floats, sensor: Floats, height: float, height_sigma: float, place: Floats, cov: Floats
) -> Floats:
    """Fill place (m, 3) and cov (m, 3, 3) of rows z (azimuth, range, elevation or east, north, up order).

    Returns `Rows.swing`. Rows of bearings have no place.
    """
    J, full, swing = np.empty((3, 3)), np.zeros((3, 3)), np.ones(z.shape[0])
    for j in range(z.shape[0]):
        if kind == POSITION_2D or kind == POSITION_3D:
            for a in range(3):
                known = a < 2 or kind == POSITION_3D
                place[j, a] = z[j, a] if known else height
                for c in range(3):
                    both = known and (c < 2 or kind == POSITION_3D)
                    cov[j, a, c] = R[j, a, c] if both else 0.0
                cov[j, a, a] += BLUR
            if kind == POSITION_2D:
                cov[j, 2, 2] = height_sigma * height_sigma
        elif kind == POLAR_3D:
            swing[j] = place_polar(z[j, 0], max(z[j, 1], 0.0), z[j, 2], R[j], sensor, place[j], cov[j], J)
        elif kind == POLAR_2D:  # the elevation that the prior height asks for, as uncertain as that height
            r = max(z[j, 1], 1.0)
            up = min(max(height - sensor[2], -0.9 * r), 0.9 * r)
            elevation = math.asin(up / r)
            for a in range(2):
                for c in range(2):
                    full[a, c] = R[j, a, c]
            full[2, 2] = min(height_sigma / (r * math.cos(elevation)), 0.7) ** 2
            place_polar(z[j, 0], r, elevation, full, sensor, place[j], cov[j], J)
            cov[j, 2, 2] = max(cov[j, 2, 2], height_sigma * height_sigma)
    return swing


class Arranged(NamedTuple):
    """The usable rows of a scan in order. `order` (m,): each one's index in the scan. The last two are counts."""

    order: Ints
    z: Floats
    R: Floats
    t: Floats
    keys: Ints
    bad: int
    repeated: int


@kernel
def _stands_before(z: Floats, t: Floats, i: int, j: int) -> bool:
    """Whether row i comes before row j by the values after the first, then by time."""
    for a in range(1, z.shape[1]):
        if z[i, a] != z[j, a]:
            return bool(z[i, a] < z[j, a])
    return bool(t[i] < t[j])


@kernel
def _sorted(z: Floats, t: Floats, index: Ints) -> Ints:
    """The rows of `index` by their values and time; equal ones stay in order."""
    order = index[np.argsort(z[index, 0], kind="mergesort")]
    for place in range(1, order.shape[0]):
        j, at = order[place], place
        while at > 0 and z[order[at - 1], 0] == z[j, 0] and _stands_before(z, t, j, order[at - 1]):
            order[at] = order[at - 1]
            at -= 1
        order[at] = j
    return order


@kernel
def arrange(
    told: Floats, covariance: Floats, times: Floats, kind: int, factor: float, floor: Floats, oldest: float,
    newest: float, seed: int, single: bool,
) -> Arranged:  # fmt: skip
    """Check, floor and sort the rows of a scan (see `check` and `row_keys`), azimuth before range and within a turn.

    told (m, d) and covariance (m, d, d) as the scan has them; `floor` (3,) too. Rows of times outside [oldest, newest]
    are bad as well. `single`: of rows equal in values and time only the first is kept.
    """
    m, d = told.shape
    polar = kind == POLAR_2D or kind == POLAR_3D
    angular = kind != POSITION_2D and kind != POSITION_3D
    z, C, least, column = np.empty((m, d)), np.empty((m, d, d)), np.empty(d), np.arange(d)
    if polar:
        column[0], column[1] = 1, 0
    for a in range(d):
        least[a] = floor[column[a]]
        for j in range(m):
            v = told[j, column[a]]
            if not math.isfinite(v):
                v = math.nan
            z[j, a] = v % (2.0 * math.pi) if angular and a == 0 else v
            for c in range(d):
                C[j, a, c] = covariance[j, column[a], column[c]]
    R = np.empty((m, d, d))
    usable = check(z, C, times, factor, least, R)
    for j in range(m):
        if not oldest <= times[j] <= newest:
            usable[j] = 0
    order = _sorted(z, times, np.flatnonzero(usable))
    again = np.zeros(order.shape[0], np.int64)
    keys = row_keys(z[order], times[order], seed, again)
    bad, repeated = m - order.shape[0], 0
    if single and again.any():
        repeated = int(again.sum())
        order, keys = order[again == 0], keys[again == 0]
    return Arranged(order, z[order], R[order], times[order], keys, bad, repeated)


@kernel
def situate(
    kind: int, z: Floats, R: Floats, rate_variance: Floats, sensor: Floats, height: float, height_sigma: float
) -> tuple[Floats, Floats, Floats, Ints, Floats]:
    """Of the rows: `Rows.place`, `place_cov`, `swing` and `alike`, and (d,) their largest variances."""
    m, d = R.shape[0], R.shape[1]
    place, cov, widest = np.zeros((m, 3)), np.zeros((m, 3, 3)), np.zeros(d)
    swing = place_rows(kind, z, R, sensor, height, height_sigma, place, cov)
    for j in range(m):
        for a in range(d):
            widest[a] = max(widest[a], R[j, a, a])
    return place, cov, swing, runs(R, rate_variance), widest


@kernel
def row_keys(z: Floats, t: Floats, seed: int, repeated: Ints) -> Ints:
    """Hash (m,) of each row's values and time; marks in `repeated` a row equal to the one before it (z is sorted)."""
    m, d = z.shape
    keys = np.empty(m, np.int64)
    bits, time_bits = z.view(np.int64), t.view(np.int64)
    for j in range(m):
        h = mix_bits(np.int64(seed), time_bits[j])
        same = j > 0 and t[j] == t[j - 1]
        for a in range(d):
            h = mix_bits(h, bits[j, a])
            same = same and z[j, a] == z[j - 1, a]
        keys[j] = h
        repeated[j] = 1 if same else 0
    return keys


@kernel
def runs(R: Floats, rate_variance: Floats) -> Ints:
    """`Rows.alike`: for each row the first of the unbroken run of rows with its covariance that ends in it."""
    m, d = R.shape[0], R.shape[1]
    first = np.zeros(m, np.int64)
    for j in range(1, m):
        same = rate_variance[j] == rate_variance[j - 1]
        for a in range(d):
            for c in range(d):
                same = same and R[j, a, c] == R[j - 1, a, c]
        first[j] = first[j - 1] if same else j
    return first

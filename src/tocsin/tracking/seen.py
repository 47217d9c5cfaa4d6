"""Seen: rows of looks as the kernels of falling objects read them."""

import numpy as np

from tocsin.tracking.kernels.layout import Floats, Rows
from tocsin.tracking.kernels.trajectory import Seen


def seen_rows(kind: int, rows: Rows, which: list[int], sensor: Floats) -> Seen:
    """The named rows of one look of a sensor at `sensor` (3,)."""
    m, d = len(which), rows.R.shape[1]
    z, R = np.zeros((m, 4)), np.zeros((m, 3, 3))
    z[:, :d], R[:, :d, :d] = rows.z[which, :d], rows.R[which]
    if rows.z.shape[1] > d:
        z[:, 3] = rows.z[which, d]
    return Seen(
        np.full(m, kind, np.int64), rows.t[which], z, R, rows.rate_variance[which], np.tile(sensor, (m, 1)),
        rows.place[which], rows.place_cov[which],
    )  # fmt: skip

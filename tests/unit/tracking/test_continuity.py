"""Who is who, where tracks come so close that their detections cannot be told apart."""

import math

import numpy as np
import pytest

from tocsin.model.detection import MeasurementKind
from tocsin.model.track import TrackColumns, TrackStatus
from tocsin.tracking import Scan, Settings, Tick, Tracker
from tocsin.tracking.continuity import MOST_GROUPS, exchange
from unit.tracking.scenes import RADAR, SIGMA, START_S, polar, scan

SCANS = 110


def crossing(seed: int, angle_rad: float, pairs: int = 4) -> list[Scan]:
    """Pairs far apart from one another; the two of a pair fly straight and cross half-way."""
    rng = np.random.default_rng(seed)
    scans = []
    middles = [(1500.0 * (k - pairs / 2), 2500.0, 200.0) for k in range(pairs)]
    for k in range(SCANS):
        t = k - SCANS / 2
        places = []
        for east, north, up in middles:
            for half in (0.5, -0.5):
                heading = half * angle_rad
                places.append((east + 28.0 * t * math.sin(heading), north + 28.0 * t * math.cos(heading), up))
        z = polar(np.array(places), np.zeros(3))[rng.random(2 * pairs) < 0.9]
        z = z + rng.normal(size=z.shape) * SIGMA
        m = rng.poisson(5)
        false = np.column_stack((rng.uniform(100, 8000, m), rng.uniform(0, 2 * math.pi, m), rng.uniform(0, 0.2, m)))
        scans.append(scan(MeasurementKind.POLAR_3D, START_S + k, np.vstack((z, false)), SIGMA**2))
    return scans


def sides(columns: TrackColumns) -> dict[int, bool]:
    """Of each confirmed track, by number: whether it is east of its pair's middle; these are 1500 m apart."""
    rows = np.flatnonzero(columns.status != TrackStatus.TENTATIVE)
    east = (columns.position_enu_m[rows, 0] + 750.0) % 1500.0 - 750.0
    return {int(columns.number[r]): bool(x > 0.0) for r, x in zip(rows, east, strict=True)}


def tracker() -> Tracker:
    return Tracker(Settings(), [RADAR], site_seed="test")


@pytest.mark.parametrize("angle_deg", [12.0, 20.0])
def test_tracks_that_cross_keep_their_names(angle_deg: float):
    kept = all_of_them = 0
    for seed in range(3):
        t = tracker()
        for k, one in enumerate(crossing(seed, math.radians(angle_deg))):
            columns = t.step(one)
            if k == 25:
                before = sides(columns)
        after = sides(columns)
        common = before.keys() & after.keys()
        kept += sum(before[number] != after[number] for number in common)
        all_of_them += 8
    assert kept >= 0.9 * all_of_them


def test_doubt_is_given_out_with_its_size_and_ends():
    t = tracker()
    least = []
    for one in crossing(1, math.radians(6.0)):
        columns = t.step(one)
        p = columns.identity_probability
        assert p is None or ((p >= 0.0) & (p <= 1.0 + 1e-9)).all() and len(p) == len(columns)
        least.append(1.0 if p is None or not len(p) else float(p.min()))
    assert min(least) < 0.9 and t.statistics()["identity"]["hypotheses"] > 0
    for k in range(60):
        t.step(Tick(START_S + SCANS + k))
    empty = scan(MeasurementKind.POLAR_3D, START_S + SCANS + 70, np.empty((0, 3)), SIGMA**2)
    t.step(empty)
    assert len(t.step(Tick(START_S + SCANS + 71))) == 0
    assert t._continuity.memory.groups == () and t._continuity.memory.leaf_bank is None


def test_tracks_far_apart_are_never_in_doubt():
    t = tracker()
    for one in crossing(2, math.radians(15.0))[:15]:
        columns = t.step(one)
    assert columns.identity_probability is None


def test_late_scans_leave_the_same_names_as_in_order():
    scans = crossing(4, math.radians(8.0), pairs=2)
    rng = np.random.default_rng(0)
    order = sorted(range(len(scans)), key=lambda k: k + (1.7 if rng.random() < 0.15 else 0.0))
    in_order, late = tracker(), tracker()
    for one in scans:
        in_order.step(one)
    for k in order:
        late.step(scans[k])
    a, b = (t.step(Tick(START_S + SCANS + 3.0)) for t in (in_order, late))
    assert a.uid == b.uid and np.array_equal(a.position_enu_m, b.position_enu_m)
    assert a.identity_probability is not None and b.identity_probability is not None
    assert np.array_equal(a.identity_probability, b.identity_probability)


def test_the_work_is_bounded_where_everybody_is_close():
    rng = np.random.default_rng(5)
    t = tracker()
    start = np.column_stack((rng.uniform(-400, 400, 120), rng.uniform(1500, 2300, 120), np.full(120, 200.0)))
    for k in range(12):
        z = polar(start + k * np.array([0.0, 10.0, 0.0]), np.zeros(3)) + rng.normal(size=(120, 3)) * SIGMA
        columns = t.step(scan(MeasurementKind.POLAR_3D, START_S + k, z, SIGMA**2))
        assert len(t._continuity.memory.groups) <= MOST_GROUPS
        assert np.isfinite(columns.position_enu_m).all()
    assert t.statistics()["identity"]["groups_without_room"] > 0


def test_exchanges_bring_every_name_to_its_place():
    for order in ([1, 0], [1, 2, 0], [2, 0, 1], [3, 2, 1, 0], [1, 2, 3, 0]):
        rows = [10, 20, 30, 40][: len(order)]
        names = dict(zip(rows, "abcd", strict=False))
        for one, other in exchange(rows, np.array(order)):
            names[one], names[other] = names[other], names[one]
        assert [names[rows[order[a]]] for a in range(len(order))] == list("abcd"[: len(order)])

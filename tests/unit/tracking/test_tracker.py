"""The tracker as a whole: what it must find, and what must never break it."""

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.model.detection import DIMENSION, MeasurementKind
from tocsin.model.track import TrackColumns, TrackStatus
from tocsin.sensing.view import View
from tocsin.tracking import Scan, SensorModel, Settings, Starts, Tick, Tracker
from tocsin.tracking.falling import Falling
from unit.tracking.scenes import NONE, RADAR, SIGMA, START_S, crowd, polar, scan

Kind = MeasurementKind


def tracker(*more: SensorModel, **changes: float) -> Tracker:
    return Tracker(Settings(**changes), [RADAR, *more], site_seed="test")  # type: ignore[arg-type]


def same(a: TrackColumns, b: TrackColumns) -> bool:
    """Equal in all but the numbers, which follow the order in which tracks were shown to somebody."""
    for name in ("time_s", "uid", "status", "existence", "position_enu_m", "velocity_enu_mps", "covariance", "born_s"):
        x, y = getattr(a, name), getattr(b, name)
        if not (np.array_equal(x, y) if isinstance(x, np.ndarray) else x == y):
            return False
    return np.array_equal(a.last_detection_s, b.last_detection_s) and np.array_equal(a.sensor_bits, b.sensor_bits)


def is_sound(columns: TrackColumns) -> bool:
    """Everything finite, in range, and every covariance positive definite."""
    for name in ("existence", "position_enu_m", "velocity_enu_mps", "covariance", "mode_probability", "born_s"):
        if not np.isfinite(getattr(columns, name)).all():
            return False
    if len(columns) and np.linalg.eigvalsh(columns.covariance).min() <= 0.0:
        return False
    return bool((columns.existence >= 0).all() and (columns.existence <= 1).all())


def test_targets_are_found_and_followed_within_their_ellipses():
    scans, truth = crowd(1, targets=6, scans=25)
    t = tracker()
    for s in scans:
        columns = t.step(s)
    confirmed = columns.status != TrackStatus.TENTATIVE
    assert confirmed.sum() == 6
    for position in truth[-1]:
        off = columns.position_enu_m[confirmed] - position
        nearest = int(np.argmin(np.linalg.norm(off, axis=1)))
        P = columns.covariance[confirmed][nearest][:3, :3]
        assert off[nearest] @ np.linalg.solve(P, off[nearest]) < 21.1  # chi-square, 3 values, 99.99 %
    assert sorted(columns.number[confirmed]) == sorted(set(columns.number[confirmed]))
    assert (columns.number[~confirmed] == 0).all()


def test_the_search_for_fast_objects_leaves_those_that_fly_alone():
    for seed in range(3):
        with_search, without = (
            Tracker(Settings(falling=falling), [RADAR]) for falling in (Falling(), Falling(starts_per_s=1e-30))
        )
        for item in crowd(seed, targets=8, scans=40, false=20.0)[0]:
            one, other = with_search.step(item), without.step(item)
            known = np.flatnonzero(other.status == TrackStatus.CONFIRMED)
            row = {uid: k for k, uid in enumerate(one.uid)}
            same = [row[other.uid[k]] for k in known]
            assert np.allclose(one.position_enu_m[same], other.position_enu_m[known], atol=1.0)


def test_columns_are_read_only_and_rows_agree():
    t = tracker()
    for s in crowd(2)[0]:
        columns = t.step(s)
    n = len(columns)
    assert n and len(columns.uid) == len(set(columns.uid)) == n
    assert columns.covariance.shape == (n, 6, 6) and columns.mode_probability.shape[0] == n
    with pytest.raises(ValueError, match="read-only"):
        columns.existence[0] = 0.0


def test_links_name_the_detections_of_the_scan():
    scans, _ = crowd(3)
    t = tracker()
    for s in scans:
        columns = t.step(s)
        for (row, j), p in zip(columns.links, columns.link_probability, strict=True):
            place = polar(columns.position_enu_m[row : row + 1], np.zeros(3))[0]
            assert abs(place[0] - s.values[j, 0]) < 80.0
            assert 0.05 <= p <= 1.0
    assert len(columns.links) >= 4


def test_same_items_same_result_bit_for_bit():
    scans, _ = crowd(4)
    a, b = tracker(), tracker()
    for s in scans:
        x, y = a.step(s), b.step(s)
        assert same(x, y) and np.array_equal(x.number, y.number)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_late_scans_end_as_if_they_had_come_in_order(data: st.DataObject):
    scans, _ = crowd(data.draw(st.integers(0, 1000)), targets=4, scans=14)
    order = sorted(range(len(scans)), key=lambda k: k + data.draw(st.sampled_from([0.0, 0.0, 0.0, 1.5, 2.9])))
    in_order, late = tracker(late_window_s=3.0), tracker(late_window_s=3.0)
    for s in scans:
        expected = in_order.step(s)
    for k in order:
        late.step(scans[k])
    ahead = Tick(START_S + 20.0)
    assert late.statistics().get("dropped_too_late", 0) == 0
    assert same(in_order.step(ahead), late.step(ahead))
    assert expected.time_s == START_S + 13


def test_instants_that_late_scans_changed_are_given_out_again_once_closed():
    scans, _ = crowd(5, scans=12)
    in_order, late = tracker(), tracker()
    expected = {s.time_s: in_order.step(s) for s in scans}
    revised = []
    for k in (0, 1, 2, 4, 5, 3, 6, 7, 8, 9, 10, 11):
        late.step(scans[k])
        revised += late.settled()
    assert [r.time_s - START_S for r in revised] == [4.0, 5.0]
    assert all(r.settled and same(r, expected[r.time_s]) for r in revised)


def test_a_scan_older_than_the_window_is_dropped_and_counted():
    scans, _ = crowd(6)
    t = tracker()
    for s in scans[1:]:
        before = t.step(s)
    assert same(before, t.step(scans[0]))
    assert t.statistics()["dropped_too_late"] == 1


def test_a_look_told_twice_is_no_more_evidence_than_once():
    scans, _ = crowd(7)
    once, twice = tracker(), tracker()
    for s in scans:
        a = once.step(s)
        twice.step(s)
        b = twice.step(s)
        assert same(a, b)
    assert twice.statistics()["dropped_repeated_scan"] == len(scans)


def test_a_report_repeated_within_a_scan_counts_once():
    scans, _ = crowd(8)
    once, twice = tracker(), tracker()
    for s in scans:
        doubled = msgspec.structs.replace(
            s,
            times_s=np.tile(s.times_s, 2),
            values=np.tile(s.values, (2, 1)),
            covariance=np.tile(s.covariance, (2, 1, 1)),
        )
        assert same(once.step(s), twice.step(doubled))
    assert twice.statistics()["repeated_detections"] == sum(len(s.times_s) for s in scans)


def test_a_look_told_in_parts_is_one_look():
    scans, _ = crowd(9)
    whole, parts = tracker(), tracker()
    for s in scans:
        half = len(s.times_s) // 2
        cut = [
            msgspec.structs.replace(s, times_s=s.times_s[c], values=s.values[c], covariance=s.covariance[c])
            for c in (slice(half, None), slice(0, half))
        ]
        parts.step(cut[0])
        assert same(whole.step(s), parts.step(cut[1]))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_nothing_a_sensor_sends_breaks_a_step(data: st.DataObject):
    """Wild values, times and covariances, of any kind, among good scans."""
    wild = st.one_of(
        st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0, 1e-320, 1e300, -1e300, math.pi, 2 * math.pi]),
        st.floats(-1e5, 1e5),
    )
    t = tracker()
    good, _ = crowd(data.draw(st.integers(0, 50)), targets=3, scans=8)
    for s in good:
        assert is_sound(t.step(s))
        kind = data.draw(st.sampled_from(list(Kind)))
        d, m = DIMENSION[kind], data.draw(st.integers(0, 3))
        numbers = st.lists(wild, min_size=m * (d + d * d + 2), max_size=m * (d + d * d + 2))
        flat = np.array(data.draw(numbers), dtype=np.float64)
        values, rest = flat[: m * d].reshape(m, d), flat[m * d :]
        covariance, rates = rest[: m * d * d].reshape(m, d, d), rest[m * d * d : m * d * d + m]
        if data.draw(st.booleans()):
            covariance = np.tile(np.eye(d), (m, 1, 1))
        offset = data.draw(st.sampled_from([0.0, 0.5, -1.0, 1e9, -1e9, math.nan]))
        stray = np.nan_to_num(rest[m * d * d + m :], nan=math.nan)
        times = s.time_s + stray * data.draw(st.sampled_from([0.0, 1e-3, 1.0]))
        bad = Scan(
            "radar", kind, s.time_s + offset, s.time_s, times, values, covariance, np.zeros(3), rates, np.abs(rates)
        )
        assert is_sound(t.step(bad))
    assert is_sound(t.step(Tick(START_S + 9.0)))


def test_shapes_that_do_not_fit_and_strangers_are_counted():
    t = tracker()
    s = crowd(10)[0][0]
    t.step(msgspec.structs.replace(s, values=s.values[:, :2]))
    t.step(msgspec.structs.replace(s, sensor="nobody"))
    counts = t.statistics()
    assert counts["dropped_malformed"] == 1 and counts["dropped_unknown_sensor"] == 1


def test_ten_thousand_detections_in_a_scan():
    rng = np.random.default_rng(1)
    t = tracker()
    for k in range(3):
        z = np.column_stack(
            (rng.uniform(100, 8000, 10_000), rng.uniform(0, 2 * math.pi, 10_000), rng.uniform(0, 0.2, 10_000))
        )
        assert is_sound(t.step(scan(Kind.POLAR_3D, START_S + k, z, SIGMA**2)))
    assert t.statistics()["bank"] <= Settings().most_tracks


def fly(t: Tracker, path: list[np.ndarray], seed: int = 0) -> TrackColumns:
    rng = np.random.default_rng(seed)
    for k, position in enumerate(path):
        z = polar(position[None], np.zeros(3)) + rng.normal(size=(1, 3)) * SIGMA
        z[:, 1] %= 2 * math.pi
        columns = t.step(scan(Kind.POLAR_3D, START_S + k, z, SIGMA**2))
        assert is_sound(columns)
    return columns


@pytest.mark.parametrize("azimuth", [0.0, math.pi / 2, math.pi, 1.5 * math.pi, 2 * math.pi - 1e-9])
def test_a_track_crosses_every_azimuth_without_a_break(azimuth: float):
    across = np.array([math.cos(azimuth), -math.sin(azimuth), 0.0])
    middle = np.array([2000 * math.sin(azimuth), 2000 * math.cos(azimuth), 150.0])
    path = [middle + across * 20.0 * (k - 10) for k in range(21)]
    columns = fly(tracker(), path)
    confirmed = columns.status == TrackStatus.CONFIRMED
    assert confirmed.sum() == 1 and columns.number[confirmed][0] == 1
    assert np.linalg.norm(columns.position_enu_m[confirmed][0] - path[-1]) < 40.0


def test_a_track_passes_over_the_sensor_without_a_break():
    path = [np.array([3.0, 15.0 * (k - 15), 60.0]) for k in range(31)]
    columns = fly(tracker(), path)
    confirmed = columns.status == TrackStatus.CONFIRMED
    assert confirmed.sum() == 1 and columns.number[confirmed][0] == 1
    assert np.linalg.norm(columns.position_enu_m[confirmed][0] - path[-1]) < 30.0


def test_a_target_at_the_sensor_itself():
    columns = fly(tracker(), [np.array([0.0, 0.0, 0.5])] * 10)
    assert is_sound(columns)


def test_silence_and_empty_looks():
    scans, _ = crowd(11, targets=2)
    t = tracker()
    for s in scans:
        columns = t.step(s)
    known = set(columns.number[columns.number > 0])
    empty = scan(Kind.POLAR_3D, START_S + 20, np.empty((0, 3)), SIGMA**2)
    columns = t.step(t_empty := empty)
    columns = t.step(msgspec.structs.replace(t_empty, time_s=START_S + 21, received_s=START_S + 21))
    assert set(columns.number[columns.number > 0]) == known
    assert (columns.status[columns.number > 0] == TrackStatus.COASTING).all()
    for k in range(22, 30):
        columns = t.step(msgspec.structs.replace(empty, time_s=START_S + k, received_s=START_S + k))
        assert is_sound(columns)
    assert (columns.number == 0).all()
    t.step(Tick(START_S + 40))
    ended = t.ended()
    assert {e.number for e in ended} >= known and not t.ended()
    assert all(e.last_detection_s <= START_S + 19 for e in ended)


def test_an_object_lost_and_found_again_is_the_same_object_under_a_new_id():
    def look(k: int, *north_m: float) -> Scan:
        places = np.array([(1000.0 + 10.0 * k, y, 200.0) for y in north_m]).reshape(-1, 3)
        return scan(Kind.POLAR_3D, START_S + k, polar(places, np.zeros(3)), SIGMA**2)

    t = tracker()
    for k in range(100):
        behind_a_hill = 20 <= k < 60
        columns = t.step(look(k, *(() if behind_a_hill else (2000.0,)), -2500.0))
    [join] = t.joined()
    [row] = [row for row, uid in enumerate(columns.uid) if uid == join.uid]
    assert columns.object[row] == join.object == join.before != join.uid
    assert columns.number[row] == join.number and columns.joins == (join,) and 39.0 <= join.gap_s <= 42.0
    assert len({columns.object[r] for r in np.flatnonzero(columns.number)}) == 2
    assert t.statistics()["joined"] == 1 and t.joined() == ()


def test_a_sensor_that_cannot_see_a_track_changes_nothing():
    blind = SensorModel("far", view=View(range_m=(0.0, 100.0)), false_per_look=0.1)
    scans, _ = crowd(12)
    alone, both = tracker(), tracker(blind)
    for s in scans:
        a = alone.step(s)
        empty = scan(Kind.POLAR_3D, s.time_s, np.empty((0, 3)), SIGMA**2, sensor="far", at=(50_000.0, 0.0, 0.0))
        b = both.step_all((s, empty))
        assert np.array_equal(a.existence, b.existence) and np.array_equal(a.position_enu_m, b.position_enu_m)


def test_bearings_of_a_second_sensor_narrow_a_track():
    east = SensorModel("east", view=View(range_m=(0.0, 20_000.0)), false_per_look=0.1, starts="no")  # type: ignore[arg-type]
    position, at = np.array([[3000.0, 4000.0, 200.0]]), (1500.0, 2000.0, 0.0)
    rng = np.random.default_rng(5)
    alone, both = tracker(), tracker(east)
    for k in range(12):
        z = polar(position, np.zeros(3)) + rng.normal(size=(1, 3)) * SIGMA
        s = scan(Kind.POLAR_3D, START_S + k, z, SIGMA**2)
        a, b = alone.step(s), both.step(s)
        azimuth = polar(position, np.array(at))[:, 1:2] + rng.normal(size=(1, 1)) * 0.004
        later = scan(Kind.AZIMUTH, START_S + k + 0.4, azimuth, np.array([1.6e-5]), sensor="east", at=at)
        b = both.step(later)
    assert len(b) == 1 and b.sensor_bits[0] == 3
    assert np.linalg.det(b.covariance[0, :2, :2]) < 0.7 * np.linalg.det(a.covariance[0, :2, :2])
    assert np.linalg.norm(b.position_enu_m[0, :2] - position[0, :2]) < 60.0


def test_a_sensor_without_height_never_states_one():
    flat = SensorModel("flat", view=View(range_m=(0.0, 8000.0)), false_per_look=0.5)
    t = Tracker(Settings(), [flat], site_seed="test")
    for k in range(20):
        z = np.array([[1000.0 + 10.0 * k, 2000.0]])
        columns = t.step(scan(Kind.POSITION_2D, START_S + k, z, np.array([225.0, 225.0]), sensor="flat"))
    assert columns.status[0] == TrackStatus.CONFIRMED
    assert math.sqrt(columns.covariance[0, 2, 2]) >= Settings().height_sigma_m
    assert abs(columns.velocity_enu_mps[0, 0] - 10.0) < 3.0


def test_range_rate_tells_the_speed_at_once():
    position, v = np.array([[0.0, 3000.0, 100.0]]), -30.0
    speeds = []
    for rates in (NONE, np.array([v])):
        t = tracker()
        for k in range(3):
            z = polar(position + np.array([[0.0, v * k, 0.0]]), np.zeros(3))
            columns = t.step(scan(Kind.POLAR_3D, START_S + k, z, SIGMA**2, rates=rates))
        best = int(np.argmax(columns.existence))
        speeds.append((columns.velocity_enu_mps[best, 1], columns.covariance[best, 4, 4]))
    assert abs(speeds[1][0] - v) < 1.5 and speeds[1][1] < 0.2 * speeds[0][1]


def test_each_detection_is_compared_at_its_own_time():
    """A turning radar reports one fast target 0.9 s before the look ends: the track must not lag behind."""
    t = tracker()
    for k in range(12):
        told = START_S + k + 0.1
        z = polar(np.array([[-2000.0 + 60.0 * (told - START_S), 3000.0, 100.0]]), np.zeros(3))
        columns = t.step(scan(Kind.POLAR_3D, START_S + k + 1.0, z, SIGMA**2, times_s=np.array([told])))
    now = columns.time_s - START_S
    assert abs(columns.position_enu_m[0, 0] - (-2000.0 + 60.0 * now)) < 15.0
    assert columns.last_detection_s[0] == pytest.approx(START_S + 11.1)


def test_ids_do_not_depend_on_arrival_and_numbers_are_never_reused():
    scans, _ = crowd(13, scans=30)
    t, seen = tracker(), {}
    for s in scans:
        columns = t.step(s)
        for number, uid in zip(columns.number, columns.uid, strict=True):
            if number:
                assert seen.setdefault(int(number), uid) == uid
                assert len(uid) == 26
    other = Tracker(Settings(), [RADAR], site_seed="elsewhere")
    for s in scans:
        again = other.step(s)
    assert not set(again.uid) & set(columns.uid)


def test_a_reliable_report_confirms_at_once_where_false_ones_are_rare():
    sure = SensorModel("sure", view=View(range_m=(0.0, 8000.0)), false_per_look=0.001)
    t = Tracker(Settings(), [sure], site_seed="test")
    z = np.array([[1000.0, 2000.0]])
    columns = t.step(scan(Kind.POSITION_2D, START_S, z, np.array([225.0, 225.0]), sensor="sure"))
    assert columns.status[0] == TrackStatus.CONFIRMED and columns.number[0] == 1


def test_a_sensor_that_may_not_start_tracks_starts_none():
    shy = msgspec.structs.replace(RADAR, name="shy", starts="no")
    t = Tracker(Settings(), [shy], site_seed="test")
    for s in crowd(14)[0]:
        assert len(t.step(msgspec.structs.replace(s, sensor="shy"))) == 0


@pytest.mark.parametrize(("starts", "reported"), [("at-once", True), ("yes", False), ("no", False)])
def test_one_report_is_enough_from_a_sensor_that_confirms_by_itself(starts, reported):
    """Where every look brings a report that never comes again, one more is not believed, save from such a sensor."""
    own = SensorModel("own", view=View(range_m=(0.0, 5000.0)), false_per_look=0.5, starts=Starts(starts))
    t = Tracker(Settings(), [own])
    rng = np.random.default_rng(1)
    for k in range(100):
        once = rng.uniform(-3000.0, 3000.0, (1, 2))
        columns = t.step(scan(Kind.POSITION_2D, START_S + k, once, np.array([100.0, 100.0]), sensor="own"))
    here = np.linalg.norm(columns.position_enu_m[:, :2] - once, axis=1) < 1.0
    assert bool((here & (columns.status == TrackStatus.CONFIRMED)).any()) is reported


def test_a_report_of_a_known_track_starts_no_second_one():
    own = SensorModel("own", view=View(range_m=(0.0, 5000.0)), false_per_look=0.5, starts=Starts.AT_ONCE)
    t = Tracker(Settings(), [own])
    for k in range(20):
        place = np.array([[500.0 + 15.0 * k, 800.0]])
        columns = t.step(scan(Kind.POSITION_2D, START_S + k, place, np.array([100.0, 100.0]), sensor="own"))
    assert columns.number.tolist() == [1]


@pytest.mark.parametrize(("starts", "found"), [("yes", True), ("no", False)])
def test_a_sensor_that_starts_no_tracks_starts_none_on_fast_objects_either(starts, found):
    """A mortar round on its way down, every half second."""
    sensor = SensorModel("own", view=View(range_m=(0.0, 8000.0)), false_per_look=0.1, starts=Starts(starts))
    t = Tracker(Settings(), [sensor])
    for k in range(8):
        at = 0.5 * k
        place = np.array([[-2000.0 + 160.0 * at, 1500.0, 900.0 - 60.0 * at - 4.9 * at * at]])
        columns = t.step(scan(Kind.POSITION_3D, START_S + at, place, np.full(3, 64.0), sensor="own"))
    assert bool(len(columns)) is found


ONE = scan(Kind.POLAR_3D, START_S, np.array([[1000.0, 0.5, 0.1]]), SIGMA**2)


@pytest.mark.parametrize("field", ["times_s", "values", "covariance", "sensor_enu_m"])
@pytest.mark.parametrize("dtype", [np.float32, np.int64, object, str, None])
def test_arrays_of_another_type_are_dropped_and_counted(field: str, dtype: type | None) -> None:
    array = getattr(ONE, field)
    t = tracker()
    t.step(msgspec.structs.replace(ONE, **{field: array.tolist() if dtype is None else array.astype(dtype)}))
    assert t.statistics()["dropped_malformed"] == 1
    t.step(ONE)
    assert t.statistics()["bank"] == 1


@pytest.mark.parametrize("received_s", [math.nan, math.inf, -math.inf])
def test_a_receipt_at_no_time_vouches_for_no_scan(received_s: float) -> None:
    t = tracker()
    t.step(ONE)
    t.step(scan(Kind.POLAR_3D, 1e15, ONE.values, SIGMA**2, received_s=received_s))
    assert t.statistics()["dropped_malformed"] == 1
    assert t.step(scan(Kind.POLAR_3D, START_S + 1.0, ONE.values, SIGMA**2)).time_s == START_S + 1.0


def test_a_heap_of_detections_in_one_place_costs_pairs_by_their_number() -> None:
    rng = np.random.default_rng(1)
    t = tracker()
    for k in range(3):
        rows = rng.normal((2000.0, 0.5, 0.1), (20.0, 0.01, 0.01), (400, 3))
        columns = t.step(scan(Kind.POLAR_3D, START_S + k, rows, SIGMA**2))
        assert is_sound(columns)
    assert t.statistics()["pairs_left_out"] > 0

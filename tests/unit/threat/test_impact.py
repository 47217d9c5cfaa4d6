"""Impact: who is within reach of what falls, when that is decided, and that a warning is not taken back."""

import math

import msgspec
import numpy as np
import pytest

from tocsin.model.threat import Asset, Zone
from tocsin.model.track import BallisticColumns
from tocsin.threat.impact import Impact, reached
from tocsin.threat.places import places
from tocsin.threat.settings import Settings
from track_builder import track_columns

GROUND = np.diag(np.square([100.0, 100.0]))
HERE = Asset("here", 0.0, 0.0, 0.0, 100.0, 30.0)


def among(*assets: Asset, zones: tuple[Zone, ...] = ()):
    return places(assets, zones)[1]


def falling(time_s: float, east_m: float = 0.0, *, up_m: float = 2000.0, spread_m: float = 30.0, falls: float = 1.0):
    """One track that comes straight down at `east_m`, as estimated at `time_s`."""
    body = np.array([east_m, 0.0, up_m, 0.0, 0.0, -50.0, math.log(1e-6), 0.0, 0.0])
    covariance = np.diag(np.square([spread_m, spread_m, 10.0, 1.0, 1.0, 1.0, 0.1, 0.5, 0.5]))
    columns = BallisticColumns(
        np.array([0]), np.array([falls]), np.array([time_s]), body[None], covariance[None], np.array([0]),
        np.zeros((1, 3)),
    )  # fmt: skip
    return msgspec.structs.replace(track_columns(["one"], time_s=time_s), ballistic=columns)


def test_the_chance_of_a_circle_about_the_mean_is_the_closed_form() -> None:
    share, touched = reached(among(HERE), np.zeros(2), GROUND, 2.0, 0.0)
    assert share[0] == pytest.approx(1.0 - math.exp(-0.5), abs=0.04)
    assert touched[0]


def test_the_chance_of_a_half_plane_is_a_half() -> None:
    half = Zone("half", ((0.0, -5000.0), (5000.0, -5000.0), (5000.0, 5000.0), (0.0, 5000.0)))
    share, _ = reached(among(zones=(half,)), np.zeros(2), GROUND, 2.0, 0.0)
    assert share[0] == pytest.approx(0.5, abs=0.04)


@pytest.mark.parametrize(("east_m", "is_touched"), [(280.0, True), (560.0, False)])
def test_the_ellipse_touches_what_is_near_enough(east_m: float, is_touched: bool) -> None:
    _, touched = reached(among(Asset("there", east_m, 0.0, 0.0, 100.0, 30.0)), np.zeros(2), GROUND, 2.0, 150.0)
    assert touched[0] == is_touched


def test_a_small_place_inside_a_large_ellipse_is_touched() -> None:
    _, touched = reached(among(Asset("dot", 40.0, 30.0, 0.0, 1.0, 30.0)), np.zeros(2), 100.0 * GROUND, 2.0, 0.0)
    assert touched[0]


def test_nothing_falls_and_nothing_is_said() -> None:
    assert Impact(Settings(), among(HERE), 0.0).step(track_columns(["one"])) is None


def test_point_and_time_are_those_of_the_fall() -> None:
    found = Impact(Settings(), among(HERE), 0.0).step(falling(1.0, 70.0))
    assert found is not None
    seconds_s = (math.sqrt(50.0**2 + 2.0 * 9.80665 * 2000.0) - 50.0) / 9.80665
    assert found.point_enu_m[0] == pytest.approx([70.0, 0.0], abs=1.0)
    assert found.time_s[0, 1] == pytest.approx(seconds_s, rel=0.01)
    assert found.time_s[0, 0] < found.time_s[0, 1] < found.time_s[0, 2]
    assert found.hit_probability[0, 0] > 0.99


def test_chance_counts_whether_it_falls_at_all() -> None:
    sure = Impact(Settings(), among(HERE), 0.0).step(falling(1.0))
    half = Impact(Settings(), among(HERE), 0.0).step(falling(1.0, falls=0.5))
    assert sure is not None and half is not None
    assert half.hit_probability == pytest.approx(0.5 * sure.hit_probability)


def test_the_first_decision_waits_for_the_age_of_the_track() -> None:
    impact = Impact(Settings(decide_s=2.0), among(HERE), 0.0)
    young, old = impact.step(falling(1.0)), impact.step(falling(2.0))
    assert young is not None and old is not None
    assert not young.decided[0] and not young.warned.any()
    assert old.decided[0] and old.warned[0, 0]


def test_what_comes_down_soon_is_decided_at_once() -> None:
    found = Impact(Settings(decide_s=60.0), among(HERE), 0.0).step(falling(0.1, up_m=300.0))
    assert found is not None and found.decided[0] and found.warned[0, 0]


def test_a_warning_grows_and_does_not_shrink_while_the_object_is_in_the_air() -> None:
    impact = Impact(Settings(decide_s=1.0), among(HERE, Asset("there", 3000.0, 0.0, 0.0, 100.0, 30.0)), 0.0)
    told = [impact.step(falling(2.0, 0.0)), impact.step(falling(3.0, 3000.0)), impact.step(falling(4.0, 3000.0))]
    warned = [found.warned[0].tolist() for found in told if found is not None]
    assert warned == [[True, False], [True, True], [True, True]]


def test_columns_of_the_past_leave_no_trace() -> None:
    impact = Impact(Settings(decide_s=1.0), among(HERE), 0.0)
    past = impact.step(falling(2.0), keep=False)
    now = impact.step(falling(2.0, 3000.0))
    assert past is not None and now is not None
    assert past.warned[0, 0] and not now.warned[0, 0]


def test_only_the_seconds_left_change_between_estimates_and_an_old_impact_is_over() -> None:
    impact, first = Impact(Settings(), among(HERE), 0.0), falling(1.0)
    then = impact.step(first)
    later = impact.step(msgspec.structs.replace(first, time_s=4.0))
    over = impact.step(msgspec.structs.replace(first, time_s=200.0))
    assert then is not None and later is not None
    assert then.time_s - later.time_s == pytest.approx(3.0)
    assert (then.point_enu_m == later.point_enu_m).all()
    assert over is None

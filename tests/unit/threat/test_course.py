"""Learning where a target goes and how far it strays."""

import numpy as np
import pytest

from tocsin.threat.course import Course
from tocsin.threat.settings import Settings
from track_builder import track_columns


def _fly(path_m, seconds: int = 240, sigma=(1.0, 1.0, 1.0, 0.1, 0.1, 0.1)):
    """A course that has watched one target on `path_m(t)` (east, north) with its true velocity."""
    course = Course(Settings())
    course.follow(np.array([-1]))
    for k in range(seconds):
        velocity = (np.array(path_m(k + 0.01)) - np.array(path_m(k - 0.01))) / 0.02
        tracks = track_columns(["u"], float(k), (*path_m(k), 50.0), (*velocity, 0.0), sigma)
        forecast = course.step(tracks)
    return forecast, velocity


def test_a_straight_flight_strays_little() -> None:
    forecast, velocity = _fly(lambda t: (20.0 * t, 5.0 * t))
    assert forecast.wander_mps[0] == pytest.approx(Settings().wander_min_mps, abs=0.3)
    np.testing.assert_allclose(forecast.going_mps[0], velocity, atol=1e-6)


def test_a_weaving_target_keeps_to_its_mean_course() -> None:
    forecast, _ = _fly(lambda t: (15.0 * t, 80.0 * np.sin(2 * np.pi * t / 28.0)))
    assert forecast.present_share[0] < 0.35
    np.testing.assert_allclose(forecast.going_mps[0], [15.0, 0.0], atol=6.0)
    assert forecast.wander_mps[0] > 3.0


def test_a_hovering_target_goes_nowhere() -> None:
    forecast, _ = _fly(lambda t: (300.0 + 2.0 * np.sin(t), 100.0))
    np.testing.assert_allclose(forecast.going_mps[0], 0.0, atol=1.5)


def test_one_who_has_turned_goes_where_it_points_again() -> None:
    forecast, _ = _fly(lambda t: (20.0 * t, 0.0) if t < 100 else (2000.0, 20.0 * (t - 100.0)), seconds=200)
    np.testing.assert_allclose(forecast.going_mps[0], [0.0, 20.0], atol=5.0)


def test_a_new_track_starts_from_the_setting() -> None:
    course = Course(Settings())
    course.follow(np.array([-1]))
    forecast = course.step(track_columns(["u"], 5.0, (0.0, 0.0, 0.0), (9.0, -2.0, 0.0)))
    assert forecast.wander_mps[0] == pytest.approx(Settings().wander_mps)
    np.testing.assert_allclose(forecast.going_mps[0], [9.0, -2.0])


def test_a_covariance_that_explains_the_miss_is_not_blamed_on_the_target() -> None:
    random = np.random.default_rng(2)
    course = Course(Settings())
    course.follow(np.full(200, -1))
    truth = np.zeros((200, 3))
    for k in range(0, 400, 20):  # each look independent, as uncertain as it says
        velocity = random.normal(0, 1.0, (200, 3))
        tracks = track_columns([f"u{i}" for i in range(200)], float(k), truth, velocity, (0.1, 0.1, 1, 1.0, 1.0, 1))
        forecast = course.step(tracks)
    assert np.median(forecast.wander_mps) < Settings().wander_mps

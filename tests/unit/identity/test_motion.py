"""Motion: a vague track says little, motion alone confirms nothing, and features are those of the motion."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.identity import Identifier, Settings
from tocsin.identity.motion import Motion, quadratic
from tocsin.model.identity import DRONE_CLASSES, TargetClass
from track_builder import track_columns

SHARP = (3.0, 3.0, 3.0, 0.3, 0.3, 0.3)


def flown(speed_mps: float, turn_radps: float = 0.0, seconds: int = 60, sigma=SHARP) -> Motion:
    motion = Motion()
    motion.follow(np.array([-1]))
    for k in range(seconds):
        velocity = (speed_mps * math.cos(turn_radps * k), speed_mps * math.sin(turn_radps * k), 0.0)
        motion.step(track_columns(["u"], float(k), (0.0, 0.0, 50.0), velocity, sigma))
    return motion


@pytest.mark.parametrize("speed_mps", [3.0, 12.0, 60.0])
def test_speed_and_straightness_are_those_of_the_flight(speed_mps: float) -> None:
    feature, _, weight = flown(speed_mps).features()
    assert math.isclose(math.exp(feature[0, 0]) - 0.5, speed_mps, rel_tol=1e-6)
    assert math.isclose(feature[0, 2], math.log(0.02), abs_tol=0.01)
    assert weight[0] > 0.95
    assert flown(speed_mps, turn_radps=0.5).features()[0][0, 2] > -0.5


def test_acceleration_is_that_of_a_turn() -> None:
    feature, _, _ = flown(10.0, turn_radps=0.1).features()
    chord = 2.0 * 10.0 * math.sin(0.1) / 2.0  # over two seconds of the turn
    assert math.isclose(math.exp(feature[0, 3]) - 0.1, chord, rel_tol=0.05)


def test_an_airliner_is_an_aeroplane_and_a_vague_track_is_anything() -> None:
    assert flown(120.0).evidence()[0].argmax() == TargetClass.AEROPLANE
    sharp = flown(12.0).evidence()[0]
    vague = flown(12.0, sigma=(300.0, 300.0, 300.0, 60.0, 60.0, 50.0)).evidence()[0]
    assert np.ptp(vague) < 0.5 * np.ptp(sharp)


@given(st.floats(0.0, 60.0), st.floats(-0.5, 0.5))
def test_motion_alone_never_confirms_a_drone(speed_mps: float, turn_radps: float) -> None:
    identifier = Identifier(Settings())
    for k in range(0, 60, 3):
        velocity = (speed_mps * math.cos(turn_radps * k), speed_mps * math.sin(turn_radps * k), 0.0)
        identity = identifier.step(track_columns(["u"], float(k), (0.0, 0.0, 50.0), velocity, SHARP), None, (), (), k)
    assert identity.class_probability[0, list(DRONE_CLASSES)].sum() < 0.95


def test_the_first_look_says_nothing() -> None:
    assert np.ptp(flown(120.0, seconds=1).evidence()) == 0.0


def test_the_form_has_every_square_and_product_once() -> None:
    form = np.empty(15)
    quadratic(np.array([2.9, 1.1, -0.4, 1.5]), form)
    np.testing.assert_allclose(form[:5], [1.0, 1.0, 1.0, 2.0, 2.0])
    np.testing.assert_allclose(form[5:9], [1.0, 1.0, 4.0, 4.0])
    np.testing.assert_allclose(form[9:], [1.0, 2.0, 2.0, 2.0, 2.0, 4.0])

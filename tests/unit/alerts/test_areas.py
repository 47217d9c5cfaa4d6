"""Areas on the ground: circles, closed outlines, and the ellipse that holds 95 % of the impacts."""

import math

import numpy as np
import pytest

from tocsin.alerts.areas import Areas, ellipse_enu_m
from tocsin.geo.frames import Origin
from tocsin.model.threat import Asset, Zone


def test_places() -> None:
    areas = Areas(Origin(0.0, 0.0, 0.0), {
        "gate": Asset("gate", 111_319.5, 0.0, 0.0, 100.0, 30.0),
        "yard": Zone("yard", ((0.0, 0.0), (0.0, 10.0), (10.0, 0.0))),
    })  # fmt: skip
    gate, yard = areas.of("gate"), areas.of("yard")
    assert gate.radius_m == 100.0 and gate.centre_rad == pytest.approx((0.0, math.radians(1.0)), abs=1e-5)
    assert len(yard.outline_rad) == 4 and yard.outline_rad[0] == yard.outline_rad[-1]


@pytest.mark.parametrize("covariance", [
    [[40_000.0, 0.0], [0.0, 10_000.0]],
    [[10_000.0, 0.0], [0.0, 40_000.0]],
    [[40_000.0, 15_000.0], [15_000.0, 20_000.0]],
    [[40_000.0, -15_000.0], [-15_000.0, 20_000.0]],
])  # fmt: skip
def test_the_ellipse_holds_95_percent(covariance) -> None:
    """Every corner lies at the Mahalanobis distance that a chi-square table gives for 95 %."""
    matrix, centre = np.array(covariance), np.array([30.0, -40.0])
    offset = ellipse_enu_m(centre, matrix) - centre
    squared = np.einsum("ni,ij,nj->n", offset, np.linalg.inv(matrix), offset)
    assert squared == pytest.approx(np.full(len(offset), 5.991), rel=1e-9)


def test_a_small_one_is_drawn_large_enough_to_see() -> None:
    assert np.linalg.norm(ellipse_enu_m(np.zeros(2), np.eye(2)), axis=1) == pytest.approx(50.0)

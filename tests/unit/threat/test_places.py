"""Places as arrays: numbering, closing corners, and places that are none."""

import numpy as np
import pytest

from tocsin.model.threat import Asset, Zone
from tocsin.threat.places import PlaceError, places

SQUARE = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))


def test_assets_come_first_and_a_closed_polygon_counts_its_corners_once() -> None:
    names, arrays = places([Asset("a", 1.0, 2.0, 0.0, 5.0, 30.0)], [Zone("z", (*SQUARE, SQUARE[0]), None, 50.0)])
    assert names == ("a", "z")
    assert arrays.first.tolist() == [0, 0, 4]
    np.testing.assert_allclose(arrays.centre_m, [[1.0, 2.0], [5.0, 5.0]])
    np.testing.assert_allclose(arrays.box_m, [[-4.0, 6.0, -3.0, 7.0], [0.0, 10.0, 0.0, 10.0]])
    np.testing.assert_allclose(arrays.height_m, [[-np.inf, np.inf], [-np.inf, 50.0]])


@pytest.mark.parametrize(
    ("assets", "zones", "reason"),
    [
        ([Asset("a", 0.0, 0.0, 0.0, 0.0, 30.0)], [], "radius_m must be above 0"),
        ([], [Zone("z", SQUARE[:2])], "needs three corners"),
        ([], [Zone("z", ((0.0, 0.0), (1.0, 1.0), (2.0, 2.0)))], "no area"),
        ([Asset("a", 0.0, 0.0, 0.0, 1.0, 30.0)], [Zone("a", SQUARE)], "two places are called 'a'"),
    ],
)
def test_what_is_no_place_is_refused(assets, zones, reason) -> None:
    with pytest.raises(PlaceError, match=reason):
        places(assets, zones)

import math

import pytest

from tocsin.sensors.adsb.aircraft import Receiver, distance_m, sigma_m


def test_distances_are_good_to_a_few_per_cent() -> None:
    assert distance_m((52.0, 4.0), (53.0, 4.0)) == pytest.approx(111_260.0, rel=0.01)
    assert distance_m((60.0, 179.9), (60.0, -179.9)) == pytest.approx(11_157.0, rel=0.01)


def test_classes_of_accuracy() -> None:
    assert [sigma_m(accuracy) for accuracy in (0, 12, -1)] == [None, None, None]
    assert sigma_m(10) == pytest.approx(10.0 / 2.448)
    bounds = [sigma_m(accuracy) or math.nan for accuracy in range(1, 12)]
    assert bounds == sorted(bounds, reverse=True)


def test_a_receiver_of_unknown_place_hears_everywhere() -> None:
    assert Receiver(None, 1.0).hears((89.0, 0.0))
    assert not Receiver((0.0, 0.0), 1000.0).hears((1.0, 0.0))

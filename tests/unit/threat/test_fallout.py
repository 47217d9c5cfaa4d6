"""Landing against a closed form, many draws, and a meteorite that was found."""

import configparser
import json
import math

import numpy as np
import pytest

from shared_data import shared
from tocsin.geo.frames import Origin, enu_from_lla
from tocsin.physics.drag import BLUNT, SLENDER
from tocsin.physics.dynamics import advance, air, fall
from tocsin.physics.wind import CALM, wind_profile
from tocsin.threat.fallout import landing

GRAVITY_MPS2 = 9.80665
NO_DRIFT = np.zeros(3)
BODY = np.array([100.0, -200.0, 900.0, 120.0, 60.0, 40.0, math.log(3e-4), 2.0, -1.0])
SPREAD = np.array([30.0, 30.0, 30.0, 6.0, 6.0, 6.0, 0.15, 3.0, 3.0])


def landed(body, covariance, drift=NO_DRIFT, around=None):
    """Place, time and covariance of the impact."""
    y, C = np.empty(3), np.empty((3, 3))
    assert landing(body, covariance, 0.0, 300.0, air(SLENDER) if around is None else around, drift, y, C)
    return y, C


def test_without_drag_the_spread_is_that_of_a_parabola() -> None:
    body, sigma_mps = np.array([0.0, 0.0, 0.0, 50.0, 0.0, 60.0, math.log(1e-7), 0.0, 0.0]), 0.5
    y, C = landed(body, np.diag(np.square([0, 0, 0, sigma_mps, sigma_mps, sigma_mps, 0, 0, 0])))
    seconds_s = 2.0 * 60.0 / GRAVITY_MPS2
    assert y[2] == pytest.approx(seconds_s, rel=2e-3)
    assert math.sqrt(C[2, 2]) == pytest.approx(2.0 * sigma_mps / GRAVITY_MPS2, rel=0.01)
    assert math.sqrt(C[1, 1]) == pytest.approx(seconds_s * sigma_mps, rel=0.01)
    along = math.hypot(seconds_s * sigma_mps, 50.0 * 2.0 * sigma_mps / GRAVITY_MPS2)
    assert math.sqrt(C[0, 0]) == pytest.approx(along, rel=0.01)


def test_mean_and_covariance_are_those_of_many_draws() -> None:
    around, draws = air(SLENDER), np.random.default_rng(4).standard_normal((4000, 9))
    y, C = landed(BODY, np.diag(SPREAD**2), around=around)
    bodies = BODY + draws * SPREAD
    seconds_s = np.array([fall(body, 0.0, 300.0, around) for body in bodies])
    table = np.column_stack((bodies[:, :2], seconds_s))
    deviation = np.sqrt(np.diag(C))
    assert np.abs(table.mean(axis=0) - y).max() < 0.1 * deviation.max()
    assert np.sqrt(np.diag(np.cov(table.T))) == pytest.approx(deviation, rel=0.06)


def test_drift_on_the_way_down_widens_as_much_as_walks_drawn_at_random() -> None:
    around, rng, part_s = air(SLENDER), np.random.default_rng(7), 0.5
    drift = np.square([0.05, 1.0, 1.0])
    _, C = landed(BODY, np.zeros((9, 9)), drift, around)
    ends = []
    for _ in range(1500):
        body, elapsed_s, left_s = BODY.copy(), 0.0, 0.0
        while left_s == 0.0:
            body[6:] += np.sqrt(drift * part_s) * rng.standard_normal(3)
            here = body.copy()
            end_s = fall(here, 0.0, 300.0, around)
            if end_s <= part_s:
                left_s = end_s
                body[:6] = here[:6]
                break
            advance(body, part_s, around)
            elapsed_s += part_s
        ends.append((body[0], body[1], elapsed_s + left_s))
    assert np.array(ends).std(axis=0) == pytest.approx(np.sqrt(np.diag(C)), rel=0.08)


def test_one_that_does_not_come_down_in_time_has_no_landing() -> None:
    y, C = np.empty(3), np.empty((3, 3))
    assert not landing(BODY, np.zeros((9, 9)), 0.0, 5.0, air(SLENDER), NO_DRIFT, y, C)


@pytest.mark.parametrize("drag_coefficient", [0.5, 0.7, 1.0])
def test_a_meteorite_is_found_within_350_m_with_the_wind_of_the_day(drag_coefficient: float) -> None:
    """Murrili, 27 November 2015: from the end of light at 18 km to where it lay; without wind it is 2 km and more off.

    The stone's factor is its mean cross section, a quarter of the surface of the ellipsoid of its published size, times
    a range of drag coefficients that compact stones have.
    """
    folder = shared("data/meteorite_darkflight")
    found = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["murrili"]
    config = configparser.ConfigParser()
    config.read_string((folder / "murrili_endpoint.cfg").read_text(encoding="utf-8"))
    light = {name: float(value) for name, value in config["met"].items() if name[-1] == "0" or name == "zenangle"}
    table = np.genfromtxt(folder / "murrili_wind_profile.csv", delimiter=",", comments="#")
    way = np.radians(table[:, 5])
    wind = wind_profile(table[:, 0], -table[:, 4] * np.sin(way), -table[:, 4] * np.cos(way))
    latitude_rad, ground_m = math.radians(light["lat0"]), float(found["ground_m"])
    origin = Origin(latitude_rad, math.radians(light["lon0"]), ground_m)
    lay = np.array([[math.radians(found["found_lat"]), math.radians(found["found_lon"]), ground_m]])
    truth = enu_from_lla(origin, lay)[0, :2]
    a, b, c = (cm / 200.0 for cm in found["size_cm"])
    p = 1.6075  # Thomsen's formula for the surface of an ellipsoid
    section_m2 = math.pi * (((a * b) ** p + (a * c) ** p + (b * c) ** p) / 3.0) ** (1.0 / p)
    steep, course = math.radians(light["zenangle"]), math.radians(light["azimuth0"])
    level_mps = light["vtot0"] * math.sin(steep)
    body = np.array([
        0.0, 0.0, light["z0"] - ground_m,
        level_mps * math.sin(course), level_mps * math.cos(course), -light["vtot0"] * math.cos(steep),
        math.log(drag_coefficient * section_m2 / found["mass_kg"]), 0.0, 0.0,
    ])  # fmt: skip
    for blows, (least_m, most_m) in ((wind, (0.0, 350.0)), (CALM, (1500.0, 5000.0))):
        y, _ = landed(body, np.zeros((9, 9)), around=air(BLUNT, ground_m, blows, latitude_rad))
        assert least_m <= math.hypot(*(y[:2] - truth)) <= most_m

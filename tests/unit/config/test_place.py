"""Places of a site file, however they are given, against PROJ."""

import math

import numpy as np
import pyproj
import pytest

from tocsin.config.site import parse_site
from tocsin.geo.heights import undulation_m

HEAD = '[site]\nname = "North pier"\nlatitude_deg = 54.6\nlongitude_deg = 18.8\nheight_m = 41.0\n'
ASSET = """[[asset]]
name = "Terminal"
position = { latitude_deg = 54.61, longitude_deg = 18.8, altitude_msl_m = 5 }
radius_m = 150
reaction_s = 60
"""
ZONE = '[[zone]]\nname = "Harbour"\npolygon_m = [[0, 0], [0, 100], [100, 100], [100, 0]]\n'


def test_places_agree_with_proj_however_they_are_given() -> None:
    site = parse_site(HEAD + ASSET)
    asset = site.assets[0]
    transformer = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +proj=cart +ellps=WGS84 "
        "+step +proj=topocentric +ellps=WGS84 +lat_0=54.6 +lon_0=18.8 +h_0=41.0"
    )
    height = 5.0 + undulation_m(math.radians(54.61), math.radians(18.8))
    assert (asset.east_m, asset.north_m, asset.up_m) == pytest.approx(
        transformer.transform(18.8, 54.61, height), abs=1e-3
    )


def test_the_origin_may_be_given_above_sea_level() -> None:
    site = parse_site(HEAD.replace("height_m = 41.0", "altitude_msl_m = 12.0"))
    assert site.origin.height_m == pytest.approx(12.0 + undulation_m(math.radians(54.6), math.radians(18.8)))


def test_zones_by_corners_by_coordinates_and_by_circle() -> None:
    site = parse_site(
        HEAD
        + ZONE
        + "floor = { up_m = -10 }\nceiling = { height_m = 141.0 }\n"
        + '[[zone]]\nname = "b"\npolygon_deg = [[54.6, 18.8], [54.601, 18.8], [54.6, 18.801]]\n'
        + '[[zone]]\nname = "c"\ncircle = { centre_m = [500, 0], radius_m = 200 }\n'
    )
    square, triangle, circle = site.zones
    assert square.polygon_enu_m == ((0.0, 0.0), (0.0, 100.0), (100.0, 100.0), (100.0, 0.0))
    assert square.floor_m == -10.0
    assert square.ceiling_m == pytest.approx(100.0, abs=0.01)
    assert triangle.polygon_enu_m[1] == pytest.approx((0.0, 111.3), abs=0.2)
    distance = np.hypot(*(np.array(circle.polygon_enu_m) - (500.0, 0.0)).T)
    assert (distance >= 200.0).all() and (distance < 201.0).all()
    middle = np.array(circle.polygon_enu_m)[:2].mean(axis=0) - (500.0, 0.0)
    assert np.hypot(*middle) == pytest.approx(200.0, abs=1e-6)  # the edge touches the circle


def test_a_circle_may_be_centred_by_coordinates() -> None:
    one, other = parse_site(
        HEAD
        + '[[zone]]\nname = "a"\ncircle = { centre_deg = [54.6, 18.8], radius_m = 100 }\n'
        + '[[zone]]\nname = "b"\ncircle = { centre_m = [0, 0], radius_m = 100 }\n'
    ).zones
    assert np.allclose(one.polygon_enu_m, other.polygon_enu_m, atol=1e-6)


def test_a_level_far_off_counts_the_curve_of_the_earth() -> None:
    zone = parse_site(
        HEAD + '[[zone]]\nname = "a"\ncircle = { centre_m = [50_000, 0], radius_m = 100 }\nfloor = { height_m = 41 }\n'
    ).zones[0]
    assert zone.floor_m == pytest.approx(-(50_000.0**2) / (2 * 6_389_000.0), abs=1.0)  # d^2 / 2R

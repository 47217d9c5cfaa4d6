"""Frames: within a millimetre of PROJ over the whole globe, and each conversion undoes the other."""

import math

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.geo.frames import (
    Origin,
    convergence_rad,
    ecef_from_enu,
    ecef_from_lla,
    enu_from_ecef,
    enu_from_lla,
    lla_from_ecef,
    lla_from_enu,
)
from tocsin.model.errors import TocsinError

TO_ECEF = pyproj.Transformer.from_pipeline("+proj=cart +ellps=WGS84")
MILLIMETRE = 1e-3

latitudes = st.one_of(st.sampled_from([-90.0, 90.0, 0.0, 89.9999999, -89.99999]), st.floats(-90.0, 90.0))
longitudes = st.one_of(st.sampled_from([-180.0, 180.0, 0.0, 179.9999999, -179.99999]), st.floats(-180.0, 180.0))
heights = st.floats(-500.0, 20_000.0)
places = st.tuples(latitudes, longitudes, heights)
offsets = st.tuples(st.floats(-141_000.0, 141_000.0), st.floats(-141_000.0, 141_000.0), st.floats(-500.0, 20_000.0))


def origin_of(place: tuple[float, float, float]) -> Origin:
    return Origin(math.radians(place[0]), math.radians(place[1]), place[2])


def lla_of(place: tuple[float, float, float]) -> np.ndarray:
    return np.array([[math.radians(place[0]), math.radians(place[1]), place[2]]])


def proj_topocentric(place: tuple[float, float, float]) -> pyproj.Transformer:
    latitude, longitude, height = place
    return pyproj.Transformer.from_pipeline(
        f"+proj=pipeline +step +proj=cart +ellps=WGS84 "
        f"+step +proj=topocentric +ellps=WGS84 +lat_0={latitude!r} +lon_0={longitude!r} +h_0={height!r}"
    )


@settings(deadline=None)
@given(places)
def test_ecef_agrees_with_proj(place: tuple[float, float, float]) -> None:
    expected = TO_ECEF.transform(place[1], place[0], place[2])
    assert ecef_from_lla(lla_of(place))[0] == pytest.approx(np.array(expected), abs=1e-6)


@settings(deadline=None)
@given(places)
def test_lla_undoes_ecef(place: tuple[float, float, float]) -> None:
    ecef = ecef_from_lla(lla_of(place))
    back = lla_from_ecef(ecef)
    assert ecef_from_lla(back)[0] == pytest.approx(ecef[0], abs=1e-6)
    assert back[0, 0] == pytest.approx(math.radians(place[0]), abs=1e-13)
    assert back[0, 2] == pytest.approx(place[2], abs=1e-6)


@settings(deadline=None)
@given(places, offsets)
def test_enu_agrees_with_proj_up_to_200_km(
    place: tuple[float, float, float], offset: tuple[float, float, float]
) -> None:
    site = origin_of(place)
    lla = lla_from_enu(site, np.array([offset]))
    transformer = proj_topocentric(place)
    expected = transformer.transform(math.degrees(lla[0, 1]), math.degrees(lla[0, 0]), lla[0, 2])
    assert np.abs(enu_from_lla(site, lla)[0] - expected).max() < MILLIMETRE
    assert np.abs(np.array(offset) - expected).max() < MILLIMETRE


@settings(deadline=None)
@given(places, st.lists(offsets, max_size=8))
def test_enu_and_ecef_undo_each_other(
    place: tuple[float, float, float], points: list[tuple[float, float, float]]
) -> None:
    site = origin_of(place)
    enu = np.array(points).reshape(-1, 3)
    assert enu_from_ecef(site, ecef_from_enu(site, enu)) == pytest.approx(enu, abs=1e-6)


def test_a_pole_seen_from_itself() -> None:
    site = Origin(math.pi / 2, 0.0, 0.0)
    enu = enu_from_lla(site, np.array([[math.pi / 2, 1.0, 100.0], [math.radians(89.0), 0.0, 0.0]]))
    assert enu[0] == pytest.approx([0.0, 0.0, 100.0], abs=1e-6)
    assert enu[1, 1] == pytest.approx(-111_680.0, abs=50.0)  # one degree of latitude by a pole is 111.69 km


def test_the_antimeridian_is_no_edge() -> None:
    site = Origin(0.0, math.pi - 1e-6, 0.0)
    enu = enu_from_lla(site, np.array([[0.0, -math.pi + 1e-6, 0.0]]))
    assert enu[0, 0] == pytest.approx(2e-6 * 6_378_137.0, abs=1e-3)


@settings(deadline=None)
@given(places, st.floats(0.0, 360.0), st.floats(100.0, 50_000.0))
def test_convergence_turns_true_north_into_the_sites_north(
    place: tuple[float, float, float], bearing: float, distance: float
) -> None:
    latitude, longitude, height = place
    if abs(latitude) > 85.0:
        return
    site = origin_of((latitude, longitude, height))
    east, north = distance * math.sin(math.radians(bearing)), distance * math.cos(math.radians(bearing))
    here = lla_from_enu(site, np.array([[east, north, 0.0]]))
    ahead = here + np.array([[1e-7, 0.0, 0.0]])  # a step of 0.6 m to true north
    step = (enu_from_lla(site, ahead) - enu_from_lla(site, here))[0]
    assert convergence_rad(site, here)[0] == pytest.approx(math.atan2(step[0], step[1]), abs=1e-6)


def test_unknown_stays_unknown_and_inputs_stay_as_they_were() -> None:
    lla = np.array([[0.9, 0.3, math.nan], [0.9, 0.3, 10.0]])
    lla.flags.writeable = False
    enu = enu_from_lla(Origin(0.9, 0.3, 0.0), lla)
    assert np.isnan(enu[0]).all()
    assert enu[1] == pytest.approx([0.0, 0.0, 10.0], abs=1e-6)
    assert np.isnan(lla_from_enu(Origin(0.9, 0.3, 0.0), enu)[0]).all()


def test_another_shape_is_an_error() -> None:
    with pytest.raises(TocsinError, match=r"\(n, 3\), got \(3,\)"):
        ecef_from_lla(np.zeros(3))


def test_no_points_give_no_points() -> None:
    assert enu_from_lla(Origin(0.0, 0.0, 0.0), np.zeros((0, 3))).shape == (0, 3)

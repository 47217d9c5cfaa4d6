"""Heights: against the agency's published values, the full grid through PROJ, and the ICAO standard atmosphere."""

import math
import os
from pathlib import Path

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.geo.heights import (
    height_from_agl_m,
    height_from_msl_m,
    height_from_takeoff_m,
    msl_from_height_m,
    msl_from_pressure_m,
    undulation_m,
)

# INPUT.DAT and the readme's results of the EGM96 distribution: degrees north, degrees east, metres
PUBLISHED = [
    (38.6281550, 269.7791550, -31.628),
    (-14.6212170, 305.0211140, -2.969),
    (46.8743190, 102.4487290, -43.575),
    (-23.6174460, 133.8747120, 15.871),
    (38.6254730, 359.9995000, 50.066),
    (-0.4667440, 0.0023000, 17.329),
]
WORST_M = 2.0  # as the module states
RMS_M = 0.08


def full_grid() -> Path:
    folders = [*os.environ.get("PROJ_DATA", "").split(os.pathsep), pyproj.datadir.get_data_dir(), "/usr/share/proj"]
    for folder in filter(None, folders):
        for name in ("egm96_15.gtx", "us_nga_egm96_15.tif"):
            if (Path(folder) / name).exists():
                return Path(folder) / name
    pytest.skip("the EGM96 grid is not installed (Debian: proj-data)")


@pytest.mark.parametrize(("north", "east", "metres"), PUBLISHED)
def test_published_values(north: float, east: float, metres: float) -> None:
    assert undulation_m(math.radians(north), math.radians(east)) == pytest.approx(metres, abs=0.25)


def test_the_stated_error_holds_between_all_grid_points() -> None:
    grid = full_grid()
    transformer = pyproj.Transformer.from_pipeline(f"+proj=vgridshift +grids={grid} +multiplier=1")
    rng = np.random.default_rng(96)
    latitude = np.degrees(np.arcsin(rng.uniform(-1.0, 1.0, 50_000)))  # uniform on the sphere
    longitude = rng.uniform(-180.0, 180.0, latitude.size)
    full = transformer.transform(longitude, latitude, np.zeros(latitude.size))[2]
    difference = undulation_m(np.radians(latitude), np.radians(longitude)) - np.array(full)
    assert np.abs(difference).max() < WORST_M
    assert math.sqrt((difference**2).mean()) < RMS_M


@settings(deadline=None)
@given(st.floats(-math.pi / 2, math.pi / 2), st.floats(-math.pi, math.pi), st.integers(-2, 2))
def test_longitude_has_no_edge_and_the_poles_one_value(latitude: float, longitude: float, turns: int) -> None:
    here = undulation_m(latitude, longitude)
    assert -108.0 < here < 86.0
    assert undulation_m(latitude, longitude + turns * math.tau) == pytest.approx(here, abs=1e-6)
    assert undulation_m(math.pi / 2, longitude) == pytest.approx(undulation_m(math.pi / 2, 0.0), abs=1e-9)


@settings(deadline=None)
@given(st.floats(-math.pi / 2, math.pi / 2), st.floats(-math.pi, math.pi))
def test_the_surface_is_smooth(latitude: float, longitude: float) -> None:
    step = 1e-7  # 0.6 m on the ground; the steepest geoid slope on Earth is some 3 parts in 10,000
    inward = latitude - math.copysign(step, latitude)
    assert abs(undulation_m(inward, longitude) - undulation_m(latitude, longitude)) < 1e-3


def test_sea_level_and_ellipsoid_undo_each_other() -> None:
    latitude, longitude = np.radians([54.6, -33.9]), np.radians([18.8, 18.4])
    altitude = np.array([12.0, 250.0])
    height = height_from_msl_m(altitude, latitude, longitude)
    assert height[0] - altitude[0] == pytest.approx(29.0, abs=2.0)  # the Baltic's geoid lies above the ellipsoid
    assert msl_from_height_m(height, latitude, longitude) == pytest.approx(altitude, abs=1e-9)


def test_other_kinds_need_their_reference() -> None:
    assert height_from_agl_m(30.0, 71.5) == 101.5
    assert height_from_takeoff_m(np.array([30.0, -5.0]), 40.0).tolist() == [70.0, 35.0]


@pytest.mark.parametrize(
    # ICAO Doc 7488: the pressure altitude at which the standard atmosphere has the pressure
    ("pressure_pa", "altitude_m"),
    [(101_325.0, 0.0), (89_874.6, 1000.0), (79_495.2, 2000.0), (107_478.0, -500.0)],
)
def test_pressure_altitude_shifts_by_the_altitude_of_the_qnh(pressure_pa: float, altitude_m: float) -> None:
    assert msl_from_pressure_m(altitude_m, pressure_pa) == pytest.approx(0.0, abs=0.5)
    assert msl_from_pressure_m(np.array([altitude_m + 300.0]), pressure_pa)[0] == pytest.approx(300.0, abs=0.5)


def test_unknown_stays_unknown() -> None:
    assert math.isnan(undulation_m(math.nan, 0.0))
    assert math.isnan(undulation_m(0.0, math.nan))
    assert math.isnan(height_from_msl_m(math.nan, 0.0, 0.0))
    assert math.isnan(undulation_m(2.0, 0.0))  # no such latitude

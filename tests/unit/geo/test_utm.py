"""UTM against PROJ."""

import math

import pytest
from pyproj import Proj

from tocsin.geo.utm import from_utm, grid_north_rad, zone_of

PLACES = [(54.6, 18.8), (0.5, -179.9), (-33.9, 151.2), (83.9, 5.9), (-79.9, 0.1), (51.1739726374, -1.82237671048)]


@pytest.mark.parametrize(("latitude_deg", "longitude_deg"), PLACES)
def test_places_agree_with_proj(latitude_deg: float, longitude_deg: float) -> None:
    zone = zone_of(math.radians(longitude_deg))
    grid = Proj(proj="utm", zone=zone, south=latitude_deg < 0.0, ellps="WGS84")
    easting_m, northing_m = grid(longitude_deg, latitude_deg)
    found = from_utm(zone, latitude_deg >= 0.0, easting_m, northing_m)
    assert math.degrees(found[0]) == pytest.approx(latitude_deg, abs=1e-8)  # about a millimetre
    assert math.degrees(found[1]) == pytest.approx(longitude_deg, abs=1e-8)


@pytest.mark.parametrize(("latitude_deg", "longitude_deg"), PLACES[:1] + PLACES[2:3] + PLACES[5:])
def test_grid_north_agrees_with_proj(latitude_deg: float, longitude_deg: float) -> None:
    zone = zone_of(math.radians(longitude_deg))
    grid = Proj(proj="utm", zone=zone, south=latitude_deg < 0.0, ellps="WGS84")
    expected = grid.get_factors(longitude_deg, latitude_deg).meridian_convergence
    found = math.degrees(grid_north_rad(math.radians(latitude_deg), math.radians(longitude_deg)))
    assert found == pytest.approx(expected, abs=0.01)


def test_zones() -> None:
    assert [zone_of(math.radians(x)) for x in (-180.0, -3.0, 0.0, 18.8, 179.9)] == [1, 30, 31, 34, 60]

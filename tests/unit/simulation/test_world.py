import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.simulation.world import World


@pytest.mark.parametrize(
    ("altitude_m", "density_kgpm3"), [(0, 1.2250), (1000, 1.1117), (5000, 0.7364), (10000, 0.4135)]
)
def test_density_is_that_of_the_isa_table(altitude_m: float, density_kgpm3: float) -> None:
    # ISO 2533:1975, table of the standard atmosphere.
    assert World().density_kgpm3(altitude_m) == pytest.approx(density_kgpm3, rel=2e-3)
    assert World(ground_msl_m=altitude_m).density_kgpm3(0.0) == pytest.approx(density_kgpm3, rel=2e-3)


def test_wind_is_named_by_where_it_comes_from() -> None:
    east, north = World(wind_mps=6.0, wind_from_deg=270.0, wind_veer_deg_per_km=0.0).wind_enu_mps(10.0)
    assert (east, north) == pytest.approx((6.0, 0.0), abs=1e-9)


@given(st.floats(1.0, 3000.0), st.floats(1.0, 3000.0))
def test_wind_grows_with_height(low_m: float, high_m: float) -> None:
    low_m, high_m = sorted((low_m, high_m))
    world = World()
    assert math.hypot(*world.wind_enu_mps(low_m)) <= math.hypot(*world.wind_enu_mps(high_m)) + 1e-9


def test_the_ground_falls_away_as_the_earth_does() -> None:
    # 7.85 m at 10 km: the drop below a tangent plane, d^2 / 2R.
    assert World().ground_up_m(6000.0, 8000.0) == pytest.approx(-7.85, abs=0.01)

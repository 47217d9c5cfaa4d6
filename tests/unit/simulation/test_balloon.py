import numpy as np
import pytest

from tocsin.simulation.balloon import fly_balloon
from tocsin.simulation.dice import dice
from tocsin.simulation.plan import Balloon, Target
from tocsin.simulation.world import World


def test_it_drifts_with_the_wind_of_its_height_and_floats() -> None:
    world = World(wind_mps=5.0, wind_from_deg=200.0, gust_sigma_mps=0.5)
    motion = Balloon(east_m=0.0, north_m=0.0, height_m=600.0, float_m=800.0, climb_mps=2.0)
    flight = fly_balloon(Target(name="b", motion=motion, from_s=0.0), motion, 900.0, world, dice(2, "b"))
    late = flight.time_s > 300.0
    drift = flight.velocity_enu_mps[late].mean(axis=0)
    assert drift[:2] == pytest.approx(world.wind_enu_mps(800.0), abs=0.4)
    assert np.abs(flight.position_enu_m[late, 2] - 800.0).max() < 80.0

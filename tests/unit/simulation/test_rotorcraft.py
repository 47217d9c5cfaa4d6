import math

import numpy as np
import pytest

from tocsin.simulation.dice import dice
from tocsin.simulation.flight import Flight
from tocsin.simulation.plan import Quadcopter, Target, Waypoint
from tocsin.simulation.rotorcraft import Rotor, fly_rotorcraft
from tocsin.simulation.world import World

TILT = math.radians(25.0)
QUAD = Rotor(12.0, TILT, 0.25, 0.25, 4.0, 1.2)


def flown(route: tuple[Waypoint, ...], world: World, end_s: float = 90.0) -> Flight:
    target = Target(name="quad", motion=Quadcopter(route=route), from_s=0.0)
    return fly_rotorcraft(target, QUAD, route, end_s, world, dice(1, "quad"))


def test_it_hovers_where_told_in_wind() -> None:
    here = Waypoint(east_m=50.0, north_m=20.0, height_m=80.0, hold_s=60.0)
    flight = flown((here, here), World(wind_mps=6.0))
    late = flight.time_s > 20.0
    assert np.abs(flight.position_enu_m[late] - [50.0, 20.0, 80.0]).max() < 6.0
    assert np.hypot(*flight.velocity_enu_mps[late, :2].T).max() < 2.0


def test_it_cannot_accelerate_beyond_its_tilt() -> None:
    route = (
        Waypoint(east_m=0.0, north_m=0.0, height_m=50.0),
        Waypoint(east_m=400.0, north_m=0.0, height_m=50.0, speed_mps=17.0),
        Waypoint(east_m=0.0, north_m=0.0, height_m=50.0, speed_mps=17.0),
    )
    flight = flown(route, World(wind_mps=0.0, gust_sigma_mps=0.0))
    acceleration = np.diff(flight.velocity_enu_mps[:, 0]) / np.diff(flight.time_s)
    speed = np.abs(flight.velocity_enu_mps[:-1, 0])
    # Thrust is limited by tilt; against the motion, drag adds to it.
    assert np.all(np.abs(acceleration) <= 9.80665 * math.tan(TILT) + 0.25 * speed + 1e-6)
    assert speed.max() == pytest.approx(17.0, rel=0.1)

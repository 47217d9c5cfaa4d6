import numpy as np
import pytest

from tocsin.simulation.plan import (
    Airliner,
    Balloon,
    Bird,
    FallingObject,
    Helicopter,
    Motion,
    OneWayDrone,
    Quadcopter,
    Target,
    Waypoint,
)
from tocsin.simulation.targets import SIGNATURE, fly
from tocsin.simulation.world import World

ROUTE = (
    Waypoint(east_m=0.0, north_m=0.0, height_m=300.0),
    Waypoint(east_m=3000.0, north_m=2000.0, height_m=250.0),
    Waypoint(east_m=9000.0, north_m=1000.0, height_m=200.0),
)
MOTIONS = (
    OneWayDrone(route=ROUTE),
    Airliner(route=ROUTE),
    Quadcopter(route=ROUTE),
    Helicopter(route=ROUTE),
    Bird(east_m=0.0, north_m=0.0, height_m=50.0, count=3),
    Balloon(east_m=0.0, north_m=0.0, height_m=50.0),
    FallingObject(east_m=0.0, north_m=0.0, height_m=2000.0, velocity_enu_mps=(80.0, 0.0, 0.0)),
)


@pytest.mark.parametrize("motion", MOTIONS, ids=lambda motion: type(motion).__name__)
def test_every_kind_flies_smoothly_above_ground_and_knows_how_it_shows(motion: Motion) -> None:
    world = World()
    for flight in fly(Target(name="t", motion=motion, from_s=3.0, until_s=40.0), world, 100.0, 7):
        assert flight.kind in SIGNATURE
        assert flight.time_s[0] == 3.0
        assert flight.time_s[-1] <= 40.0 + 1e-6
        assert np.isfinite(flight.position_enu_m).all()
        steps = np.linalg.norm(np.diff(flight.position_enu_m, axis=0), axis=1)
        fastest = np.linalg.norm(flight.velocity_enu_mps, axis=1).max()
        assert steps.max() <= 1.05 * fastest * 0.05 + 0.05
        ground = [world.ground_up_m(east, north) for east, north, _ in flight.position_enu_m.tolist()]
        assert np.all(flight.position_enu_m[:, 2] >= np.array(ground) - 1.0)


def test_another_seed_flies_another_path_and_a_name_has_its_own() -> None:
    def path(name: str, seed: int) -> np.ndarray:
        return fly(Target(name=name, motion=OneWayDrone(route=ROUTE), from_s=0.0), World(), 30.0, seed)[
            0
        ].position_enu_m

    assert np.array_equal(path("a", 1), path("a", 1))
    assert not np.array_equal(path("a", 1), path("a", 2))
    assert not np.array_equal(path("a", 1), path("b", 1))


def test_an_airliner_comes_down_at_three_degrees() -> None:
    route = (
        Waypoint(east_m=0.0, north_m=0.0, height_m=400.0),
        Waypoint(east_m=400.0 / np.tan(np.radians(3.0)), north_m=0.0, height_m=0.0),
    )
    still = World(wind_mps=0.0, gust_sigma_mps=0.0)
    (flight,) = fly(Target(name="a", motion=Airliner(route=route), from_s=0.0), still, 300.0, 1)
    mid = len(flight.time_s) // 2
    climb, level = flight.velocity_enu_mps[mid, 2], flight.velocity_enu_mps[mid, 0]
    assert np.degrees(np.arctan2(-climb, level)) == pytest.approx(3.0, abs=0.2)

import math

import numpy as np
import pytest

from tocsin.simulation.dice import dice
from tocsin.simulation.fixed_wing import Airframe, fly_fixed_wing
from tocsin.simulation.flight import Flight
from tocsin.simulation.plan import OneWayDrone, Target, Waypoint
from tocsin.simulation.world import World

STILL = World(wind_mps=0.0, gust_sigma_mps=0.0)
BANK = math.radians(30.0)
DRONE = Airframe(50.0, BANK, 4.0, 60.0, 1.5, True)


def flown(route: tuple[Waypoint, ...], world: World = STILL, end_s: float = 300.0) -> Flight:
    target = Target(name="drone", motion=OneWayDrone(route=route), from_s=0.0)
    return fly_fixed_wing(target, DRONE, route, end_s, world, dice(1, "drone"))


def at(east_m: float, north_m: float, height_m: float) -> Waypoint:
    return Waypoint(east_m=east_m, north_m=north_m, height_m=height_m)


def test_the_radius_of_a_full_turn_is_that_of_its_bank() -> None:
    # Coordinated turn: v^2 / (g tan bank). The goal behind keeps the bank at its limit.
    flight = flown((at(0, 0, 300), at(0, 400, 300), at(0, -9000, 300)), end_s=20.0)
    velocity = flight.velocity_enu_mps
    course = np.unwrap(np.arctan2(velocity[:, 0], velocity[:, 1]))
    rate = np.gradient(course, flight.time_s)
    speed = np.hypot(velocity[:, 0], velocity[:, 1])
    turning = np.abs(rate) > 0.99 * np.abs(rate).max()
    assert turning.sum() > 40
    assert np.median(speed[turning] / np.abs(rate[turning])) == pytest.approx(
        50.0**2 / (9.80665 * math.tan(BANK)), rel=0.01
    )


def test_the_bank_limit_holds_in_wind_and_gusts() -> None:
    world = World(wind_mps=6.0, gust_sigma_mps=1.5)
    flight = flown((at(0, 0, 300), at(800, 800, 300), at(-900, 600, 300), at(500, -2500, 300)), world)
    course = np.unwrap(np.arctan2(flight.velocity_enu_mps[:, 0], flight.velocity_enu_mps[:, 1]))
    smooth = np.convolve(np.gradient(course, flight.time_s), np.ones(20) / 20, "valid")
    assert np.abs(smooth).max() < 2.0 * 9.80665 * math.tan(BANK) / 50.0


def test_it_holds_height_and_then_dives_into_its_goal() -> None:
    flight = flown((at(0, 0, 200), at(0, 4000, 0)))
    height = flight.position_enu_m[:, 2]
    assert height[flight.position_enu_m[:, 1] < 3500].min() > 195.0
    # Its last row is within 25 m of the goal, half a second of flight; the ground there is 1.3 m down.
    assert np.linalg.norm(flight.position_enu_m[-1] - [0.0, 4000.0, -1.3]) < 25.0


def test_a_cross_wind_is_corrected_for() -> None:
    world = World(wind_mps=10.0, wind_from_deg=270.0, gust_sigma_mps=0.0, wind_shear_exponent=0.0)
    flight = flown((at(0, 0, 200), at(0, 6000, 200)), world)
    assert abs(flight.position_enu_m[-1, 0]) < 60.0
    assert flight.position_enu_m[-1, 1] > 5900.0


def test_velocity_is_the_rate_of_position() -> None:
    flight = flown((at(0, 0, 300), at(3000, 2000, 250), at(5000, -2000, 0)), World())
    rate = np.diff(flight.position_enu_m, axis=0) / np.diff(flight.time_s)[:, None]
    assert np.abs(rate[:, :2] - flight.velocity_enu_mps[:-1, :2]).max() < 1e-6

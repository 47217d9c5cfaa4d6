import math

import numpy as np

from tocsin.simulation.bird import fly_birds
from tocsin.simulation.dice import dice
from tocsin.simulation.plan import Bird, Target
from tocsin.simulation.world import World

STILL = World(wind_mps=0.0)


def test_a_flock_stays_together_and_heads_where_told() -> None:
    motion = Bird(east_m=0.0, north_m=0.0, height_m=80.0, heading_deg=90.0, count=7, spread_m=20.0)
    birds = fly_birds(Target(name="gulls", motion=motion, from_s=5.0), motion, 125.0, STILL, dice(3, "gulls"))
    assert [bird.target for bird in birds] == [f"gulls-{k}" for k in range(1, 8)]
    places = np.stack([bird.position_enu_m for bird in birds])
    spread = np.hypot(*np.moveaxis(places - places.mean(axis=0), 2, 0)[:2])
    assert spread.max() < 6.0 * 20.0
    moved = places[:, -1].mean(axis=0) - places[:, 0].mean(axis=0)
    assert moved[0] > 0.5 * 13.0 * 120.0
    assert abs(moved[1]) < moved[0]


def test_headings_wander_with_the_spread_of_the_process() -> None:
    motion = Bird(east_m=0.0, north_m=0.0, height_m=80.0, heading_deg=0.0)
    target = Target(name="gull", motion=motion, from_s=0.0)
    courses = [
        math.atan2(flight.velocity_enu_mps[-1, 0], flight.velocity_enu_mps[-1, 1])
        for seed in range(60)
        for flight in fly_birds(target, motion, 60.0, STILL, dice(seed, "gull"))
    ]
    # Standard deviation 0.5 rad; of 60 draws it is known to 9 %.
    assert 0.36 < np.std(courses) < 0.64


def test_a_soarer_gains_height_in_circles_and_loses_it_gliding() -> None:
    motion = Bird(east_m=0.0, north_m=0.0, height_m=100.0, soaring=True, speed_mps=10.0)
    target = Target(name="kite", motion=motion, from_s=0.0)
    kites = [fly_birds(target, motion, 55.0, STILL, dice(seed, "kite"))[0] for seed in range(20)]
    heights = np.mean([kite.position_enu_m[:, 2] for kite in kites], axis=0)
    top = heights[kites[0].time_s < 24.9][-1]
    assert top > 130.0
    assert heights[-1] < top - 20.0

"""Targets: from a plan to the flights it makes, and how loud, large and bright each kind is.

Radar cross sections, loudness and sizes are round figures for the kind, not of any product.
"""

import math

import msgspec

from tocsin.simulation.balloon import fly_balloon
from tocsin.simulation.bird import fly_birds
from tocsin.simulation.dice import dice
from tocsin.simulation.fall import fly_falling
from tocsin.simulation.fixed_wing import Airframe, fly_fixed_wing
from tocsin.simulation.flight import Flight
from tocsin.simulation.plan import (
    Airliner,
    Balloon,
    Bird,
    FallingObject,
    Helicopter,
    OneWayDrone,
    Quadcopter,
    Target,
)
from tocsin.simulation.rotorcraft import Rotor, fly_rotorcraft
from tocsin.simulation.world import World


class Signature(msgspec.Struct, frozen=True):
    """How a kind shows. `rcs_dbsm`: mean radar cross section. `loudness_ratio`: acoustic reach over a one-way drone's.

    `size_m`: length seen by a camera. `word`: what a classifier calls it.
    """

    rcs_dbsm: float
    loudness_ratio: float
    size_m: float
    word: str


SIGNATURE = {
    "one-way-drone": Signature(-10.0, 1.0, 3.0, "fixed wing drone"),
    "quadcopter": Signature(-17.0, 0.25, 0.5, "multirotor"),
    "helicopter": Signature(10.0, 2.5, 12.0, "helicopter"),
    "airliner": Signature(18.0, 3.0, 40.0, "aeroplane"),
    "bird": Signature(-24.0, 0.0, 0.8, "bird"),
    "balloon": Signature(-18.0, 0.0, 1.5, "balloon"),
    "falling-object": Signature(-14.0, 0.0, 1.0, "falling object"),
}
WORDS = tuple(signature.word for signature in SIGNATURE.values())


def _airframe(plan: OneWayDrone | Airliner) -> Airframe:
    bank = math.radians(plan.bank_max_deg)
    if isinstance(plan, OneWayDrone):
        return Airframe(plan.speed_mps, bank, 4.0, 60.0, 1.5, True)
    return Airframe(plan.speed_mps, bank, 10.0, 10.0, 1.0, False)


def _rotor(plan: Quadcopter | Helicopter) -> Rotor:
    tilt = math.radians(plan.tilt_max_deg)
    if isinstance(plan, Quadcopter):
        return Rotor(plan.speed_mps, tilt, 0.25, 0.25, 4.0, 1.2)
    return Rotor(plan.speed_mps, tilt, 1.0, 0.03, 6.0, 0.5)


def fly(target: Target, world: World, end_s: float, seed: int) -> tuple[Flight, ...]:
    """The flights of one target; a flock makes several. `end_s`: where the story or its chapter ends."""
    end_s = min(end_s, target.until_s) if target.until_s is not None else end_s
    own, motion = dice(seed, "target", target.name), target.motion
    match motion:
        case OneWayDrone() | Airliner():
            return (fly_fixed_wing(target, _airframe(motion), motion.route, end_s, world, own),)
        case Quadcopter() | Helicopter():
            return (fly_rotorcraft(target, _rotor(motion), motion.route, end_s, world, own),)
        case Bird():
            return fly_birds(target, motion, end_s, world, own)
        case Balloon():
            return (fly_balloon(target, motion, end_s, world, own),)
        case FallingObject():
            return (fly_falling(target, motion, end_s, world),)

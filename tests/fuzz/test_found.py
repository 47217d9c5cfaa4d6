"""Inputs that fuzzing found, seeds, and damaged seeds: no decoder raises for any."""

import random
from pathlib import Path

import pytest

from fuzz.targets import TARGETS, seeds, try_input

FOUND = sorted(path for path in Path(__file__).with_name("found").glob("*/*") if path.is_file())


def test_what_was_found_is_mended() -> None:
    for path in FOUND:
        try_input(path.parent.name, path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_damaged_seeds_raise_nothing(name: str) -> None:
    dice = random.Random(name)
    for seed in seeds(name):
        try_input(name, seed)
        for _ in range(40):
            damaged = bytearray(seed)
            for _ in range(dice.randint(1, 8)):
                damaged[dice.randrange(len(damaged))] = dice.randrange(256)
            try_input(name, bytes(damaged[: dice.randint(3, len(damaged))]))


def test_every_seed_means_something() -> None:
    assert all(seeds(name) for name in TARGETS)

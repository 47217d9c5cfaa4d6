"""Dice: one independent random generator for each thing that draws, named by words.

The words (and the run's seed) alone choose the stream, so that adding a target or a sensor to a scenario changes
nothing that the others do.
"""

import hashlib

import numpy as np


def dice(seed: int, *words: str) -> np.random.Generator:
    """A generator for `words` under `seed`; the same words give the same numbers on every machine."""
    digest = hashlib.sha256("\x1f".join(words).encode()).digest()
    key = tuple(int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4))
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))

"""Bank: the tracks as arrays, with room to grow and cheap copies to go back to."""

from typing import NamedTuple

import numpy as np

from tocsin.tracking.kernels.layout import STATE, BankArrays, Ints


class BankCopy(NamedTuple):
    """A bank as it was; `arrays` are cut to the size."""

    size: int
    arrays: BankArrays


class Bank:
    """`count` tracks in `arrays`; rows keep the order of birth."""

    def __init__(self, modes: int, most: int) -> None:
        self.modes = modes
        self.most = most
        self.count = 0
        self.arrays = self._allocate(64)

    def _allocate(self, capacity: int) -> BankArrays:
        return BankArrays(
            np.zeros((capacity, self.modes, STATE)),
            np.zeros((capacity, self.modes, STATE, STATE)),
            np.zeros((capacity, self.modes)),
            width=np.zeros(capacity, np.int64),
            r=np.zeros(capacity),
            t=np.zeros(capacity),
            born=np.zeros(capacity),
            last=np.zeros(capacity),
            owed=np.zeros(capacity),
            key=np.zeros(capacity, np.int64),
            bits=np.zeros(capacity, np.int64),
            origin=np.zeros(capacity, np.int64),
            reported=np.zeros(capacity, np.int64),
        )

    def make_room(self, births: int) -> int:
        """Grow for `births` more tracks, up to the bound; returns how many of them will fit."""
        births = min(births, self.most - self.count)
        needed, capacity = self.count + births, len(self.arrays.r)
        if needed > capacity:
            old, copy = self.arrays, self._allocate(min(max(needed, 2 * capacity), self.most))
            for source, target in zip(old, copy, strict=True):
                target[: self.count] = source[: self.count]
            self.arrays = copy
        return births

    def exchange(self, pairs: Ints) -> None:
        """Let the tracks of each pair of rows (n, 2) change places, one pair after the other."""
        for pair in pairs:
            for array in self.arrays:
                array[pair] = array[pair[::-1]]

    def copy(self) -> BankCopy:
        """The tracks as they are now."""
        return BankCopy(self.count, BankArrays._make(a[: self.count].copy() for a in self.arrays))

    def restore(self, copy: BankCopy) -> None:
        """Put the tracks back as they were."""
        self.count = 0
        self.make_room(copy.size)
        for source, target in zip(copy.arrays, self.arrays, strict=True):
            target[: copy.size] = source
        self.count = copy.size

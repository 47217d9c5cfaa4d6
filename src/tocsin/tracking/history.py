"""History: the scans of the late window in time order, with copies of the state to start again from.

A scan that comes late is put in its place and everything from there on is run again, so that once the window has passed
the result is what it would have been in order. Copies are taken at most every quarter of the window, which bounds both
memory and the work of going back. Scans of one sensor, kind and look time are one look, told in parts.
"""

import bisect
import math
from typing import NamedTuple

import msgspec
import numpy as np

from tocsin.model.scan import Scan
from tocsin.model.track import TrackColumns
from tocsin.tracking.bank import BankCopy
from tocsin.tracking.continuity import Memory as Continued
from tocsin.tracking.kernels.layout import Floats, Ints
from tocsin.tracking.recognition import Memory

Key = tuple[float, int, int]  # look time, sensor, kind: the order in which scans are worked in


class Links(NamedTuple):
    """Which track (by key) had which detection (index in the scan) with which probability."""

    key: Ints
    detection: Ints
    probability: Floats


NO_LINKS = Links(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


class Entry:
    """One look: its scan (all parts told so far), what came of it, and whether that was given out and then changed."""

    def __init__(self, key: Key, scan: Scan, given_out: bool = False) -> None:
        self.key = key
        self.scan = scan
        self.links = NO_LINKS
        self.given_out = given_out
        self.revised: TrackColumns | None = None


class Copy(NamedTuple):
    """The state after all entries up to and including `after`."""

    after: Key
    bank: BankCopy
    expectation: Floats
    clutter: Floats
    falling: Memory
    continuity: Continued


START: Key = (-math.inf, -1, -1)


class History:
    """Entries and copies within `window_s` of the newest time. `done` is the key of the last entry worked in."""

    def __init__(self, window_s: float) -> None:
        self.window_s = window_s
        self.entries: list[Entry] = []
        self.copies: list[Copy] = []
        self.done = START

    def find(self, key: Key) -> Entry | None:
        """The entry of this look, if it is still held."""
        at = bisect.bisect_left(self.entries, key, key=_key)
        return self.entries[at] if at < len(self.entries) and self.entries[at].key == key else None

    def same_look(self, key: Key) -> list[Entry]:
        """Entries of the same sensor and look time, of any kind."""
        low = bisect.bisect_left(self.entries, (key[0], key[1], -1), key=_key)
        return self.entries[low : bisect.bisect_right(self.entries, (key[0], key[1], 99), key=_key)]

    def insert(self, entry: Entry) -> None:
        """Put an entry in its place."""
        bisect.insort(self.entries, entry, key=_key)

    def wants_copy(self, time_s: float) -> bool:
        """Whether the state before an entry at `time_s` should be copied."""
        if self.window_s <= 0.0:
            return False
        return (
            not self.copies
            or time_s - self.copies[-1].after[0] > 0.25 * self.window_s
            and self.copies[-1].after < self.done
        )

    def rewind(self, key: Key) -> Copy:
        """The newest copy from before `key`; later ones are forgotten."""
        while self.copies[-1].after >= key:
            self.copies.pop()
        self.done = self.copies[-1].after
        return self.copies[-1]

    def pending(self) -> list[Entry]:
        """Entries not yet worked in, in order."""
        return self.entries[bisect.bisect_right(self.entries, self.done, key=_key) :]

    def close(self, now_s: float) -> list[TrackColumns]:
        """Forget what no late scan can reach any more; returns the revisions of instants that closed, in order."""
        horizon = now_s - self.window_s
        closed = []
        for entry in self.entries:
            if entry.key[0] >= horizon:
                break
            if entry.revised is not None:
                closed.append(entry.revised)
                entry.revised = None
        keep = 0
        while keep + 1 < len(self.copies) and self.copies[keep + 1].after[0] < horizon:
            keep += 1
        del self.copies[:keep]
        base = self.copies[0].after if self.copies else self.done
        del self.entries[: bisect.bisect_right(self.entries, base, key=_key)]
        return closed


def _key(entry: Entry) -> Key:
    return entry.key


def merge(held: Scan, part: Scan) -> Scan | None:
    """A look with a further part; None if the part holds nothing that the look does not."""
    rows = {(t, *v) for t, v in zip(held.times_s.tolist(), held.values.tolist(), strict=True)}
    told = [(t, *v) for t, v in zip(part.times_s.tolist(), part.values.tolist(), strict=True)]
    new = [j for j, row in enumerate(told) if row not in rows]
    whole = held.whole or part.whole
    if not new and whole == held.whole:
        return None
    rates = [_filled(s.range_rate_mps, len(s.times_s)) for s in (held, part)]
    sigmas = [_filled(s.range_rate_sigma_mps, len(s.times_s)) for s in (held, part)]
    named = len(held.detections) == len(held.times_s) and len(part.detections) == len(part.times_s)
    return msgspec.structs.replace(
        held,
        received_s=max(held.received_s, part.received_s),
        times_s=np.concatenate((held.times_s, part.times_s[new])),
        values=np.concatenate((held.values, part.values[new])),
        covariance=np.concatenate((held.covariance, part.covariance[new])),
        range_rate_mps=np.concatenate((rates[0], rates[1][new])),
        range_rate_sigma_mps=np.concatenate((sigmas[0], sigmas[1][new])),
        detections=held.detections + tuple(part.detections[j] for j in new) if named else (),
        whole=whole,
    )


def _filled(rates: Floats, m: int) -> Floats:
    return rates if rates.size else np.full(m, math.nan)

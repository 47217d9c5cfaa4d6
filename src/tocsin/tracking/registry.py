"""Registry: numbers and ids of tracks, and which confirmed tracks have ended.

An id is a ULID: 48 bits of birth time in milliseconds, 80 bits of a hash of the site's seed and the first detection. It
needs no counter, so that a late scan worked in before it changes no id given out. A number is given at confirmation,
counts up and is never given to another object or taken back, also where a late scan shows that another track came
first. A track that is found to be a lost object goes on under that object's id and number.
"""

import base64
import hashlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tocsin.model.track import EndedTrack, Floats, Ints, Join, TrackColumns

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())  # from RFC 4648's base 32


def ulid(born_s: float, seed: str, key: int) -> str:
    """The 26 characters (Crockford's base 32) of a track's id."""
    digest = hashlib.blake2b(f"{seed}|{key}".encode(), digest_size=10).digest()
    value = (max(int(born_s * 1000.0), 0) & (1 << 48) - 1) << 80 | int.from_bytes(digest, "big")
    padded = (value << 30).to_bytes(20, "big")  # 26 characters of 5 bits, and 6 that are cut off
    return base64.b32encode(padded)[:26].translate(CROCKFORD).decode()


def _new(_row: int) -> Join | None:
    return None


class Registry:
    """Ids and numbers by track key: a ledger in order of first use, with an index that sorts its keys."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.last_number = 0
        self.joins: dict[int, Join] = {}  # by the key of the track that goes on
        self.join_count = 0
        self._new_joins: list[Join] = []
        self._keys: Ints = np.empty(0, np.int64)
        self._sorter: Ints = np.empty(0, np.int64)
        self._numbers: Ints = np.empty(0, np.int64)  # 0: none
        self._uids: NDArray[np.object_] = np.empty(0, object)
        self._shown: Ints = np.empty(0, np.int64)  # places in the ledger, by row of the columns composed last
        self._followed: tuple[TrackColumns, Ints] | None = None  # the columns given out last, and places of their rows
        self._gone: dict[int, EndedTrack] = {}  # left the columns; not certain until the late window has passed

    def places(self, keys: Ints, born_s: Floats) -> Ints:
        """Places (n,) in the ledger of the tracks now composed, which are entered on first use."""
        if len(self._keys) > 4 * len(keys) + 4096:
            self._prune(keys)
        place = self._find(keys)
        new = np.flatnonzero(place < 0)
        if len(new):
            entered, first, which = np.unique(keys[new], return_index=True, return_inverse=True)
            place[new] = len(self._keys) + which
            self._enter(entered, born_s[new[first]])
        self._shown = place
        return place

    def uids(self, places: Ints) -> tuple[str, ...]:
        """Ids of the tracks at these places."""
        return tuple(self._uids[places].tolist())

    def number(self, places: Ints, reported: NDArray[np.bool_], find: Callable[[int], Join | None] = _new) -> Ints:
        """Numbers (n,) of the tracks; one reported for the first time gets the next, or goes on the lost object that
        `find` takes its row for."""
        numbers = self._numbers
        for row in np.flatnonzero(reported & (numbers[places] == 0)).tolist():
            found = find(row)
            if found is None:
                self.last_number += 1
                numbers[places[row]] = self.last_number
            else:
                self.joins[int(self._keys[places[row]])] = found
                self._new_joins.append(found)
                self.join_count += 1
                numbers[places[row]] = found.number
        return numbers[places]

    def objects(self, places: Ints, uids: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Join, ...]]:
        """The object of each track, and the joins among them."""
        if not self.joins:
            return uids, ()
        keys = self._keys[places]
        rows = np.flatnonzero(np.isin(keys, np.array(list(self.joins), np.int64)))
        found = [self.joins[key] for key in keys[rows].tolist()]
        objects = list(uids)
        for row, join in zip(rows.tolist(), found, strict=True):
            objects[row] = join.object
        return tuple(objects), tuple(found)

    def joined(self) -> tuple[Join, ...]:
        """The joins made since the last call."""
        joins, self._new_joins = tuple(self._new_joins), []
        return joins

    def follow(self, columns: TrackColumns) -> None:
        """Take note of the columns given out, which were composed last, to know which numbered tracks left them."""
        here = np.zeros(len(self._keys), bool)
        here[self._shown] = True
        if self._followed is not None:
            before, places = self._followed
            for row in np.flatnonzero(~here[places] & (self._numbers[places] > 0)).tolist():
                self._gone[int(self._keys[places[row]])] = _last_seen(before, row)
        gone = np.fromiter(self._gone, np.int64, len(self._gone))
        for key in gone[here[self._find(gone)]].tolist():
            del self._gone[key]
        self._followed = columns, self._shown

    def end(self, alive: Ints, horizon_s: float) -> tuple[EndedTrack, ...]:
        """Numbered tracks that are neither in the columns nor among the `alive` keys, gone since before `horizon_s`;
        each once."""
        over = [key for key, one in self._gone.items() if one.time_s <= horizon_s]
        if not over:
            return ()
        lives = (np.array(over)[:, None] == alive).any(axis=1)
        over = sorted((key for key, here in zip(over, lives, strict=True) if not here), key=self._number_gone)
        self._numbers[self._find(np.array(over, np.int64))] = 0
        for key in over:
            self.joins.pop(key, None)
        return tuple(self._gone.pop(key) for key in over)

    @property
    def waiting(self) -> bool:
        """Whether any numbered track has left the columns and not been ended."""
        return bool(self._gone)

    def _number_gone(self, key: int) -> tuple[int, int]:
        return self._gone[key].number, key

    def _find(self, keys: Ints) -> Ints:
        """Places (n,) of the keys, -1 where there is none."""
        if not len(self._keys):
            return np.full(len(keys), -1)
        at = np.minimum(np.searchsorted(self._keys, keys, sorter=self._sorter), len(self._keys) - 1)
        place = self._sorter[at]
        return np.where(self._keys[place] == keys, place, -1)

    def _enter(self, keys: Ints, born_s: Floats) -> None:
        """Append these keys, which are sorted and new."""
        uids = [ulid(born, self.seed, key) for key, born in zip(keys.tolist(), born_s.tolist(), strict=True)]
        at = np.searchsorted(self._keys, keys, sorter=self._sorter)
        self._sorter = np.insert(self._sorter, at, np.arange(len(self._keys), len(self._keys) + len(keys)))
        self._keys = np.concatenate((self._keys, keys))
        self._numbers = np.concatenate((self._numbers, np.zeros(len(keys), np.int64)))
        self._uids = np.concatenate((self._uids, np.array(uids, object)))

    def _prune(self, keys: Ints) -> None:
        """Leave out whoever has no number and is neither here now nor was in the columns given out last."""
        kept = (self._numbers > 0) | np.isin(self._keys, keys)
        if self._followed is not None:
            columns, places = self._followed
            kept[places] = True
            self._followed = columns, (np.cumsum(kept) - 1)[places]
        self._keys, self._numbers, self._uids = self._keys[kept], self._numbers[kept], self._uids[kept]
        self._sorter = np.argsort(self._keys, kind="stable")


def _last_seen(columns: TrackColumns, row: int) -> EndedTrack:
    return EndedTrack(
        number=int(columns.number[row]),
        uid=columns.uid[row],
        object=columns.object[row],
        time_s=columns.time_s,
        last_detection_s=float(columns.last_detection_s[row]),
        position_enu_m=_triple(columns.position_enu_m[row]),
        velocity_enu_mps=_triple(columns.velocity_enu_mps[row]),
    )


def _triple(values: Floats | Ints) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])

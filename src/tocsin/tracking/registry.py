"""Registry: numbers and ids of tracks, and which confirmed tracks have ended.

An id is a ULID: 48 bits of birth time in milliseconds, 80 bits of a hash of the site's seed and the first detection. It
needs no counter, so that a late scan worked in before it changes no id given out. A number is given at confirmation,
counts up and is never given to another object or taken back, also where a late scan shows that another track came
first. A track that is found to be a lost object goes on under that object's id and number.
"""

import hashlib
from collections.abc import Callable

from tocsin.model.track import EndedTrack, Floats, Ints, Join, TrackColumns

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(born_s: float, seed: str, key: int) -> str:
    """The 26 characters (Crockford's base 32) of a track's id."""
    digest = hashlib.blake2b(f"{seed}|{key}".encode(), digest_size=10).digest()
    value = (max(int(born_s * 1000.0), 0) & (1 << 48) - 1) << 80 | int.from_bytes(digest, "big")
    return "".join(ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))


def _new(_row: int) -> Join | None:
    return None


class Registry:
    """Ids and numbers by track key."""

    def __init__(self, seed: str) -> None:
        self.seed = seed
        self.numbers: dict[int, int] = {}
        self.last_number = 0
        self.joins: dict[int, Join] = {}  # by the key of the track that goes on
        self.join_count = 0
        self._new_joins: list[Join] = []
        self._uids: dict[int, str] = {}
        self._shown: dict[int, int] = {}  # key: row in the columns last given out, numbered tracks only
        self._gone: dict[int, EndedTrack] = {}  # left the columns; not certain until the late window has passed
        self._keys: list[int] = []  # of the columns composed last
        self._columns: TrackColumns | None = None

    def uids(self, keys: list[int], born_s: list[float]) -> tuple[str, ...]:
        """Ids of the tracks, made on first use."""
        known = self._uids
        if len(known) > 4 * len(keys) + 4096:
            self._uids = known = {key: known[key] for key in keys if key in known}
        for key, born in zip(keys, born_s, strict=True):
            if key not in known:
                known[key] = ulid(born, self.seed, key)
        return tuple([known[key] for key in keys])

    def number(self, keys: list[int], reported: list[bool], find: Callable[[int], Join | None] = _new) -> list[int]:
        """Numbers of the tracks; one reported for the first time gets the next, or goes on the lost object that `find`
        takes its row for."""
        self._keys = keys
        result = []
        for row, (key, now) in enumerate(zip(keys, reported, strict=True)):
            number = self.numbers.get(key, 0)
            if number == 0 and now:
                found = find(row)
                if found is None:
                    self.last_number += 1
                    number = self.last_number
                else:
                    self.joins[key] = found
                    self._new_joins.append(found)
                    self.join_count += 1
                    number = found.number
                self.numbers[key] = number
            result.append(number)
        return result

    def objects(self, keys: list[int], uids: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Join, ...]]:
        """The object of each track, and the joins among them."""
        joins = self.joins
        if not joins:
            return uids, ()
        known = tuple([joins[key].object if key in joins else uid for key, uid in zip(keys, uids, strict=True)])
        return known, tuple([joins[key] for key in keys if key in joins])

    def joined(self) -> tuple[Join, ...]:
        """The joins made since the last call."""
        joins, self._new_joins = tuple(self._new_joins), []
        return joins

    def follow(self, columns: TrackColumns) -> None:
        """Take note of the columns given out, to know which numbered tracks left them."""
        numbered = {key: row for row, key in enumerate(self._keys) if key in self.numbers}
        if self._columns is not None:
            for key in self._shown.keys() - numbered.keys():
                self._gone[key] = _last_seen(self._columns, self._shown[key])
        for key in self._gone.keys() & numbered.keys():
            del self._gone[key]
        self._shown, self._columns = numbered, columns

    def end(self, alive: set[int], horizon_s: float) -> tuple[EndedTrack, ...]:
        """Numbered tracks that are neither in the columns nor `alive`, gone since before `horizon_s`; each once."""
        over = [(e.number, key) for key, e in self._gone.items() if e.time_s <= horizon_s and key not in alive]
        ended = tuple(self._gone.pop(key) for _, key in sorted(over))
        for _, key in over:
            self.numbers.pop(key)
            self.joins.pop(key, None)
        return ended

    @property
    def waiting(self) -> bool:
        """Whether any numbered track has left the columns and not been ended."""
        return bool(self._gone)


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

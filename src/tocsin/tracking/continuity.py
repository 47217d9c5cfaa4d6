"""Continuity: which track is whose, where tracks come so close that their detections cannot be told apart.

The marginal filter keeps good positions there and loses identity: after a while every track is a blend of all. So from
the first doubt on, a group of such tracks is followed a second time by a bounded set of whole hypotheses, each of which
says for every look which member had which detection. What they say together of who is where corrects the names of the
filter's tracks, once it is likely enough and not before; the positions stay the filter's. A group ends when its tracks
have been apart for a while, or after a bounded time. All state is replaced, never changed, so a copy is a reference.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from tocsin.tracking.bank import Bank
from tocsin.tracking.kernels.continuity import MEMBERS, PAST, branch, entangled, placed
from tocsin.tracking.kernels.gating import expect_all, gate_rows, select
from tocsin.tracking.kernels.layout import BankArrays, Edges, Floats, Ints, Rows
from tocsin.tracking.kernels.prediction import predict
from tocsin.tracking.kernels.update import MOST, update

MOST_GROUPS = 16  # at a time; what further tracks come close is left to the filter
MOST_HYPOTHESES = 24  # of a group
DOUBT = 0.003  # a detection that two tracks have with at least so much each makes a group of them
RENAME = 0.75  # probability of another order from which names are moved
SWITCH_RATE_PER_S, TURNS = 0.02, 0.3  # few change their motion while they are close, and fewer than usual turn then
SURE, CALM_S, PATIENCE_S, LONGEST_S = 0.95, 15.0, 40.0, 120.0  # when a group ends


class Group(NamedTuple):
    """Tracks `keys` that were mixed up last at `mixed_s`; `leaves` (h, MEMBERS) of hypotheses and their log weights."""

    keys: tuple[int, ...]
    leaves: Ints
    log_weight: Floats
    opened_s: float
    mixed_s: float


class Memory(NamedTuple):
    """All that is remembered. `certainty`: of tracks that were ever in doubt, that the name is right; those that have
    ended are forgotten once they are many."""

    groups: tuple[Group, ...]
    leaf_bank: BankArrays | None
    past: Ints
    certainty: Mapping[int, float]
    settled: Mapping[int, float]  # what of it came from groups that have ended


NO_ROWS = np.empty((0, 2), np.int64)
NOTHING = Memory((), None, np.empty((0, PAST), np.int64), {}, {})


class Glance(NamedTuple):
    """One look as the hypotheses need it. `other` (m,): density of a row that belongs to no track."""

    time_s: float
    kind: int
    rows: Rows
    rate: int
    widest: Floats
    at_enu_m: Floats
    other: Floats
    whole: bool


class Continuity:
    """Groups of tracks in doubt among those of a bank; `modes` as the kernels read them."""

    def __init__(self, modes: Floats, gates: Floats) -> None:
        self._modes, self._shares, self._gates = modes.copy(), modes[:, 5].copy(), gates
        self._modes[1:, 5] *= TURNS
        self._modes[:, 5] /= self._modes[:, 5].sum()
        self.memory = NOTHING
        self.counts: Counter[str] = Counter()

    def follow(
        self, bank: Bank, tracks: Ints, edges: Edges, p_edge: Floats, glance: Glance, chance: Callable[[Floats], Floats]
    ) -> None:
        """Open and join groups by what the look has put in doubt, and let all hypotheses branch over it. To be called
        with the bank predicted to the look and not yet updated; `chance`: of detecting a track at each of (k, 3)."""
        arrays = bank.arrays
        pairs = entangled(edges, p_edge, tracks, arrays.reported, len(glance.rows.t), DOUBT)
        if not len(pairs) and not self.memory.groups:
            return
        leaf_bank, times = self.memory.leaf_bank, np.empty(0)
        if leaf_bank is not None:
            n, rows = len(leaf_bank.t), glance.rows
            leaf_bank = taken(leaf_bank, np.arange(n))
            every, times, _ = select(
                leaf_bank, n, glance.kind, glance.at_enu_m, math.inf, glance.time_s, rows.z, rows.t
            )
            predict(leaf_bank, every, times, self._modes, SWITCH_RATE_PER_S, 0.0)
        opened = Opening(self.memory, leaf_bank, arrays, glance.time_s)
        names = arrays.key[pairs].tolist()
        for (i, j), (one, other) in dict(zip(map(tuple, pairs.tolist()), names, strict=True)).items():
            self.counts["groups_without_room"] += not opened.mix(i, j, one, other)
        if opened.leaf_bank is not None:
            self._branch(opened, glance, chance)

    def _branch(self, opened: "Opening", glance: Glance, chance: Callable[[Floats], Floats]) -> None:
        leaf_bank, groups, rows = opened.leaf_bank, opened.groups, glance.rows
        if leaf_bank is None or not groups:
            return
        every = np.arange(len(leaf_bank.t))
        expected = expect_all(leaf_bank, every, glance.kind, rows.R.shape[1], glance.rate, glance.at_enu_m)
        edges = gate_rows(leaf_bank, every, expected, rows, glance.kind, self._gates, glance.widest)
        seen = chance(np.ascontiguousarray(leaf_bank.x[:, 0, :3]))
        start = np.cumsum([0, *(len(group.leaves) for group in groups)])
        leaves, weight, start, parent, own, past = branch(
            np.concatenate([group.leaves for group in groups]), np.concatenate([group.log_weight for group in groups]),
            start, edges, rows.key, glance.other, seen, glance.whole, opened.past, MOST_HYPOTHESES,
        )  # fmt: skip
        told = own >= 0
        grown = taken(leaf_bank, parent)
        grown.r[:] = MOST
        single = Edges(
            np.concatenate((np.zeros(1, np.int64), np.cumsum(told))), edges.row[own[told]],
            edges.mode_likelihood[own[told]], edges.likelihood[own[told]],
        )  # fmt: skip
        update(
            grown, np.arange(len(parent)), type(expected)._make(a[parent] for a in expected), rows, single,
            np.where(told, 0.0, 1.0), np.ones(len(single.row)), seen[parent], glance.kind, glance.whole,
            self._shares, 0,
        )  # fmt: skip
        self.counts["hypotheses"] += len(weight)
        groups = tuple(
            group._replace(leaves=leaves[start[g] : start[g + 1]], log_weight=weight[start[g] : start[g + 1]])
            for g, group in enumerate(groups)
        )
        self.memory = self.memory._replace(groups=groups, leaf_bank=grown, past=past)

    def rename(self, bank: Bank, time_s: float) -> Ints:
        """Move names to the tracks where their owners are likelier to be; returns the exchanges made (n, 2), in order,
        of the bank's rows. To be called with the bank updated."""
        memory = self.memory
        if not memory.groups or memory.leaf_bank is None:
            return NO_ROWS
        arrays, exchanged = bank.arrays, []
        row_of = rows_of(arrays.key[: bank.count], [key for group in memory.groups for key in group.keys])
        certainty, settled = dict(memory.certainty), dict(memory.settled)
        if len(certainty) > 2 * bank.count:
            alive = set(arrays.key[: bank.count].tolist())
            certainty, settled = ({k: v for k, v in old.items() if k in alive} for old in (certainty, settled))
        kept = []
        for group in memory.groups:
            rows = [row_of.get(key, -1) for key in group.keys]
            if min(rows) < 0:
                group, rows = without(group, rows)
            if len(rows) < 2:
                self._settle(group.keys, certainty, settled)
                continue
            table, chance = placed(arrays, memory.leaf_bank, np.array(rows), group.leaves, group.log_weight)
            best, calm = int(np.argmax(chance)), time_s - group.mixed_s
            over = calm >= PATIENCE_S or time_s - group.opened_s >= LONGEST_S or calm >= CALM_S and chance[best] >= SURE
            chosen = best if chance[best] >= RENAME or over else 0
            if chosen:
                self.counts["names_moved"] += 1
                moves = exchange(rows, table[chosen])
                for one, other in moves:
                    for column in (arrays.key, arrays.born, arrays.bits, arrays.origin):
                        column[[one, other]] = column[[other, one]]
                exchanged += moves
            for a, key in enumerate(group.keys):
                right = float(chance[table[:, a] == table[chosen, a]].sum())
                certainty[key] = settled.get(key, 1.0) * right
            if over:
                self._settle(group.keys, certainty, settled)
            else:
                kept.append(group)
        self.memory = shed(memory._replace(groups=tuple(kept), certainty=certainty, settled=settled))
        return np.array(exchanged, np.int64).reshape(-1, 2)

    def _settle(self, keys: tuple[int, ...], certainty: dict[int, float], settled: dict[int, float]) -> None:
        self.counts["groups_ended"] += 1
        settled.update({key: certainty[key] for key in keys if key in certainty})

    def probability(self, keys: Ints) -> Floats | None:
        """How likely each track (n,) still is the object it was named for; None if no track was ever in doubt."""
        certainty = self.memory.certainty
        if not certainty:
            return None
        doubted = np.fromiter(certainty, np.int64, len(certainty))
        order = np.argsort(doubted)
        at = np.minimum(np.searchsorted(doubted[order], keys), len(doubted) - 1)
        value = np.fromiter(certainty.values(), np.float64, len(certainty))
        return np.where(doubted[order[at]] == keys, value[order[at]], 1.0)


def rows_of(keys: Ints, wanted: list[int]) -> dict[int, int]:
    """The row of each wanted key that is among these (n,)."""
    sorted_keys = np.sort(np.array(wanted, np.int64))
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    rows = np.flatnonzero(sorted_keys[at] == keys)
    return dict(zip(keys[rows].tolist(), rows.tolist(), strict=True))


class Opening:
    """The groups of a look while they are opened and joined. Leaves of new members are the filter's own states."""

    def __init__(self, memory: Memory, leaf_bank: BankArrays | None, arrays: BankArrays, time_s: float) -> None:
        self.leaf_bank, self.past = leaf_bank, memory.past
        self._arrays, self._time_s = arrays, time_s
        self._groups = dict(enumerate(memory.groups))  # in the order in which they were opened or joined
        self._next = len(memory.groups)
        self._of = {key: place for place, group in self._groups.items() for key in group.keys}

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups as they are now."""
        return tuple(self._groups.values())

    def mix(self, i: int, j: int, one: int, other: int) -> bool:
        """Bring the tracks of rows i and j, of those names, into one group; False where there is no room for it."""
        mine, yours = self._of.get(one), self._of.get(other)
        if mine is not None and mine == yours:
            self._groups[mine] = self._groups[mine]._replace(mixed_s=self._time_s)
            return True
        if mine is None and yours is None and len(self._groups) >= MOST_GROUPS:
            return False
        if sum(1 if place is None else len(self._groups[place].keys) for place in (mine, yours)) > MEMBERS:
            return False
        mine_now = self._alone(i, one) if mine is None else self._groups.pop(mine)
        yours_now = self._alone(j, other) if yours is None else self._groups.pop(yours)
        joined = joined_groups(mine_now, yours_now)._replace(mixed_s=self._time_s)
        self._groups[self._next] = joined
        self._of.update(dict.fromkeys(joined.keys, self._next))
        self._next += 1
        return True

    def _alone(self, i: int, key: int) -> Group:
        leaf = taken(self._arrays, np.array([i]))
        if self.leaf_bank is None:
            self.leaf_bank = leaf
        else:
            both = zip(self.leaf_bank, leaf, strict=True)
            self.leaf_bank = BankArrays._make(np.concatenate(pair) for pair in both)
        self.past = np.concatenate((self.past, np.zeros((1, PAST), np.int64)))
        leaves = np.full((1, MEMBERS), -1)
        leaves[0, 0] = len(self.past) - 1
        return Group((key,), leaves, np.zeros(1), self._time_s, self._time_s)


def taken(arrays: BankArrays, rows: Ints) -> BankArrays:
    """A bank of copies of these rows."""
    return BankArrays._make(a[rows] for a in arrays)


def joined_groups(one: Group, other: Group) -> Group:
    """Both as one, with the likeliest hypotheses of the product."""
    a, b = (grid.ravel() for grid in np.indices((len(one.leaves), len(other.leaves))))
    weight = one.log_weight[a] + other.log_weight[b]
    best = np.argsort(-weight, kind="stable")[:MOST_HYPOTHESES]
    leaves = np.full((len(best), MEMBERS), -1)
    size = len(one.keys)
    leaves[:, :size] = one.leaves[a[best], :size]
    leaves[:, size : size + len(other.keys)] = other.leaves[b[best], : len(other.keys)]
    weight = weight[best] - np.log(np.exp(weight[best]).sum())
    opened_s = min(one.opened_s, other.opened_s)
    return Group(one.keys + other.keys, leaves, weight, opened_s, max(one.mixed_s, other.mixed_s))


def without(group: Group, rows: list[int]) -> tuple[Group, list[int]]:
    """The group without the members whose track has gone (row -1)."""
    stay = [a for a, row in enumerate(rows) if row >= 0]
    leaves = np.full_like(group.leaves, -1)
    leaves[:, : len(stay)] = group.leaves[:, stay]
    return group._replace(keys=tuple(group.keys[a] for a in stay), leaves=leaves), [rows[a] for a in stay]


def exchange(rows: list[int], order: Ints) -> list[tuple[int, int]]:
    """Exchanges of two rows' names, one after the other, that bring member a's name to where member order[a] was."""
    target = {rows[a]: rows[int(order[a])] for a in range(len(rows))}
    at = {row: row for row in rows}  # where each row's name is now
    moves = []
    for row in rows:
        here, there = at[row], target[row]
        if here != there:
            moves.append((here, there))
            other = next(name for name, place in at.items() if place == there)
            at[row], at[other] = there, here
    return moves


def shed(memory: Memory) -> Memory:
    """Without the leaves that no group holds any more."""
    if not memory.groups or memory.leaf_bank is None:
        return memory._replace(groups=(), leaf_bank=None, past=NOTHING.past)
    used = np.unique(np.concatenate([group.leaves.ravel() for group in memory.groups]))
    used = used[used >= 0]
    if len(used) == len(memory.past):
        return memory
    place = np.full(len(memory.past) + 1, -1)  # the last place is that of -1
    place[used] = np.arange(len(used))
    groups = tuple(group._replace(leaves=place[group.leaves]) for group in memory.groups)
    return memory._replace(groups=groups, leaf_bank=taken(memory.leaf_bank, used), past=memory.past[used])

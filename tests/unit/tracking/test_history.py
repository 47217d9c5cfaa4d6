"""Order, parts and copies of the late window."""

import math

import msgspec
import numpy as np

from tocsin.model.detection import MeasurementKind
from tocsin.model.scan import Scan
from tocsin.tracking.bank import Bank
from tocsin.tracking.continuity import NOTHING
from tocsin.tracking.history import Copy, Entry, History, merge
from tocsin.tracking.recognition import Memory
from unit.tracking.scenes import scan


def look(time_s: float, easts: list[float], rates: list[float] | None = None) -> Scan:
    values = np.array([[e, 0.0] for e in easts]).reshape(-1, 2)
    return scan(MeasurementKind.POSITION_2D, time_s, values, np.ones(2), rates=np.array(rates or []))


def test_entries_stand_in_time_order_and_pending_is_what_is_not_done():
    h = History(10.0)
    for t in (3.0, 1.0, 2.0):
        h.insert(Entry((t, 0, 1), look(t, [])))
    assert [e.key[0] for e in h.pending()] == [1.0, 2.0, 3.0]
    h.done = (2.0, 0, 1)
    assert [e.key[0] for e in h.pending()] == [3.0]
    assert h.find((1.0, 0, 1)) is not None and h.find((1.0, 1, 1)) is None
    assert [e.key for e in h.same_look((2.0, 0, 4))] == [(2.0, 0, 1)]


def test_what_no_late_scan_can_reach_is_forgotten_and_the_rest_can_be_rewound():
    h, bank = History(2.0), Bank(1, 10)
    for k in range(20):
        t = 0.5 * k
        if h.wants_copy(t):
            h.copies.append(Copy(h.done, bank.copy(), np.zeros(1), np.zeros(1), Memory((), {}), NOTHING))
        h.insert(Entry((t, 0, 1), look(t, [])))
        h.done = (t, 0, 1)
        h.close(t)
    assert len(h.entries) < 12 and len(h.copies) < 8
    now = 9.5
    for late in (7.5, 8.2, now):
        other = History(2.0)
        other.entries, other.copies, other.done = list(h.entries), list(h.copies), h.done
        copy = other.rewind((late, 0, 1))
        assert copy.after < (late, 0, 1)
        assert [e.key[0] for e in other.pending() if e.key[0] >= late][:1] == [math.ceil(late * 2) / 2]


def test_parts_of_a_look_are_joined_without_repeats():
    merged = merge(look(1.0, [1.0, 2.0]), look(1.0, [2.0, 3.0], [5.0, 6.0]))
    assert merged is not None
    assert merged.values[:, 0].tolist() == [1.0, 2.0, 3.0]
    assert np.isnan(merged.range_rate_mps[:2]).all() and merged.range_rate_mps[2] == 6.0
    assert merge(merged, look(1.0, [3.0])) is None


def test_a_part_that_makes_the_look_whole_is_news():
    part = msgspec.structs.replace(look(1.0, [1.0]), whole=False)
    merged = merge(part, look(1.0, [1.0]))
    assert merged is not None and merged.whole and len(merged.times_s) == 1

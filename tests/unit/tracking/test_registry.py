"""Ids and numbers of tracks, and when one has ended."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model.track import Ints, Join, TrackColumns
from tocsin.tracking.registry import ALPHABET, Registry, ulid

NO_KEYS = np.empty(0, np.int64)


def enter(registry: Registry, keys: list[int]) -> Ints:
    return registry.places(np.array(keys, np.int64), np.full(len(keys), 100.0))


def columns(registry: Registry, time_s: float, keys: list[int]) -> TrackColumns:
    n = len(keys)
    places = enter(registry, keys)
    uids = registry.uids(places)
    numbers = registry.number(places, np.ones(n, bool))
    zero = np.zeros(n)
    return TrackColumns(
        time_s=time_s,
        known_s=time_s,
        number=numbers,
        uid=uids,
        object=uids,
        status=np.full(n, 2),
        existence=zero + 0.9,
        position_enu_m=np.full((n, 3), time_s),
        velocity_enu_mps=np.zeros((n, 3)),
        covariance=np.tile(np.eye(6), (n, 1, 1)),
        mode_probability=np.ones((n, 1)),
        born_s=zero,
        last_detection_s=zero,
        sensors=(),
        sensor_bits=np.zeros(n, np.int64),
        links=np.empty((0, 2), np.int64),
        link_probability=np.empty(0),
    )


def test_an_id_is_a_ulid_with_its_birth_time_in_front():
    text = ulid(1_700_000_000.123, "site", 5)
    value = 0
    for letter in text:
        value = value * 32 + ALPHABET.index(letter)
    assert len(text) == 26 and value >> 80 == 1_700_000_000_123
    assert ulid(1.0, "site", 5) < ulid(2.0, "site", 4)
    assert len({ulid(1.0, seed, key) for seed in ("a", "b") for key in (1, -1)}) == 4


def test_numbers_count_up_and_stay_with_their_track():
    r = Registry("site")
    some = np.array([True, False, True])
    assert r.number(enter(r, [7, 8, 9]), some).tolist() == [1, 0, 2]
    assert r.number(enter(r, [8, 9, 7]), some).tolist() == [3, 2, 1]


def test_a_track_ends_once_it_is_gone_for_good():
    r = Registry("site")
    r.follow(columns(r, 10.0, [1, 2]))
    r.follow(columns(r, 11.0, [2]))
    assert r.waiting and r.end(np.array([1]), 20.0) == ()  # hidden, but alive
    assert r.end(NO_KEYS, 9.0) == ()  # a late scan may bring it back
    [ended] = r.end(NO_KEYS, 10.0)
    assert ended.number == 1 and ended.time_s == 10.0 and ended.position_enu_m == (10.0, 10.0, 10.0)
    assert r.end(NO_KEYS, 99.0) == () and not r.waiting


def test_a_track_that_returns_keeps_its_number_and_has_not_ended():
    r = Registry("site")
    r.follow(columns(r, 10.0, [1]))
    r.follow(columns(r, 11.0, []))
    again = columns(r, 12.0, [1])
    r.follow(again)
    assert again.number.tolist() == [1] and r.end(NO_KEYS, 99.0) == ()


def test_a_number_is_not_given_again():
    r = Registry("site")
    r.follow(columns(r, 10.0, [1]))
    r.follow(columns(r, 11.0, []))
    r.end(NO_KEYS, 99.0)
    assert columns(r, 100.0, [2]).number.tolist() == [2]


def test_a_track_that_is_a_lost_object_goes_on_under_its_number_and_object():
    r = Registry("site")
    first = columns(r, 10.0, [1])
    r.follow(first)
    r.follow(columns(r, 11.0, []))
    [ended] = r.end(NO_KEYS, 99.0)
    [uid] = r.uids(enter(r, [2]))
    join = Join(100.0, ended.number, uid, ended.object, ended.uid, 89.0, 12.0)
    places = enter(r, [2, 3])
    assert r.number(places, np.ones(2, bool), lambda row: join if row == 0 else None).tolist() == [1, 2]
    assert r.joined() == (join,) and r.joined() == ()
    uids = r.uids(places)
    assert r.objects(places, uids) == ((ended.object, uids[1]), (join,))
    r.follow(columns(r, 101.0, [2]))
    r.follow(columns(r, 102.0, []))
    assert [one.number for one in r.end(NO_KEYS, 199.0)] == [1] and r.objects(places[1:], uids[1:]) == (uids[1:], ())


def test_a_ledger_that_is_pruned_keeps_every_number_and_makes_the_same_ids_again():
    r = Registry("site")
    first = columns(r, 10.0, [-5, 1, 2**62])
    r.follow(first)
    for k in range(12):  # clutter that is never given a number
        r.uids(enter(r, list(range(1000 * k + 100, 1000 * k + 1100))))
    assert r.uids(enter(r, [2**62, -5, 1])) == (first.uid[2], first.uid[0], first.uid[1])
    again = columns(r, 11.0, [1, -5])
    r.follow(again)
    assert again.number.tolist() == [2, 1] and again.uid == (first.uid[1], first.uid[0])
    [ended] = r.end(NO_KEYS, 99.0)
    assert (ended.number, ended.uid) == (3, first.uid[2])
    assert len(r._keys) < 10_000


@given(st.lists(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=12), max_size=8))
def test_a_number_is_one_keys_and_goes_with_it(looks: list[list[int]]):
    r = Registry("site")
    known: dict[int, tuple[int, str]] = {}
    for t, keys in enumerate(looks):
        told = columns(r, float(t), keys)
        r.follow(told)
        for key, number, uid in zip(keys, told.number.tolist(), told.uid, strict=True):
            assert known.setdefault(key, (number, uid)) == (number, uid) and uid == ulid(100.0, "site", key)
    assert len(set(known.values())) == len(known)

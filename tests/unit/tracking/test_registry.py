"""Ids and numbers of tracks, and when one has ended."""

import numpy as np

from tocsin.model.track import Join, TrackColumns
from tocsin.tracking.registry import ALPHABET, Registry, ulid


def columns(registry: Registry, time_s: float, keys: list[int]) -> TrackColumns:
    n = len(keys)
    uids = registry.uids(keys, [100.0] * n)
    numbers = np.array(registry.number(keys, [True] * n), dtype=np.int64)
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
    assert r.number([7, 8, 9], [True, False, True]) == [1, 0, 2]
    assert r.number([8, 9, 7], [True, False, True]) == [3, 2, 1]


def test_a_track_ends_once_it_is_gone_for_good():
    r = Registry("site")
    r.follow(columns(r, 10.0, [1, 2]))
    r.follow(columns(r, 11.0, [2]))
    assert r.waiting and r.end({1}, 20.0) == ()  # hidden, but alive
    assert r.end(set(), 9.0) == ()  # a late scan may bring it back
    [ended] = r.end(set(), 10.0)
    assert ended.number == 1 and ended.time_s == 10.0 and ended.position_enu_m == (10.0, 10.0, 10.0)
    assert r.end(set(), 99.0) == () and not r.waiting


def test_a_track_that_returns_keeps_its_number_and_has_not_ended():
    r = Registry("site")
    r.follow(columns(r, 10.0, [1]))
    r.follow(columns(r, 11.0, []))
    again = columns(r, 12.0, [1])
    r.follow(again)
    assert again.number.tolist() == [1] and r.end(set(), 99.0) == ()


def test_a_number_is_not_given_again():
    r = Registry("site")
    r.follow(columns(r, 10.0, [1]))
    r.follow(columns(r, 11.0, []))
    r.end(set(), 99.0)
    assert columns(r, 100.0, [2]).number.tolist() == [2]


def test_a_track_that_is_a_lost_object_goes_on_under_its_number_and_object():
    r = Registry("site")
    first = columns(r, 10.0, [1])
    r.follow(first)
    r.follow(columns(r, 11.0, []))
    [ended] = r.end(set(), 99.0)
    [uid] = r.uids([2], [100.0])
    join = Join(100.0, ended.number, uid, ended.object, ended.uid, 89.0, 12.0)
    assert r.number([2, 3], [True, True], lambda row: join if row == 0 else None) == [1, 2]
    assert r.joined() == (join,) and r.joined() == ()
    uids = r.uids([2, 3], [100.0, 100.0])
    assert r.objects([2, 3], uids) == ((ended.object, uids[1]), (join,))
    r.follow(columns(r, 101.0, [2]))
    r.follow(columns(r, 102.0, []))
    assert [one.number for one in r.end(set(), 199.0)] == [1] and r.objects([3], uids[1:]) == (uids[1:], ())

"""Withhold: what a partner told us does not go back, and what is left still belongs together."""

import msgspec
import numpy as np

from picture_builder import picture
from tocsin.service.withhold import without_tracks_of

SENSORS = ("radar", "partner")


def mixed():
    """Tracks a, b, c: seen by the radar, the partner, both; b is the most pressing."""
    whole = picture(5.0, uid=("a", "b", "c"), sensors=SENSORS)
    tracks = msgspec.structs.replace(
        whole.tracks,
        sensor_bits=np.array([0b01, 0b10, 0b11]),
        links=np.array([[1, 0], [2, 1]]),
        link_probability=np.array([0.9, 0.8]),
    )
    threats = msgspec.structs.replace(whole.threats, order=np.array([1, 2, 0]), distance_m=np.array([10.0, 20.0, 30.0]))
    return msgspec.structs.replace(whole, tracks=tracks, threats=threats)


def test_only_what_the_partner_alone_saw_is_left_out() -> None:
    left = without_tracks_of(["partner"], mixed())
    assert left.tracks.uid == ("a", "c")
    assert left.tracks.object == ("a", "c")
    assert left.tracks.number.tolist() == [1, 3]
    assert len(left.identity.reasons) == len(left.identity.class_probability) == 2


def test_threats_and_links_point_to_the_same_tracks_as_before() -> None:
    left = without_tracks_of(["partner"], mixed())
    assert left.tracks.links.tolist() == [[1, 1]]
    assert left.tracks.link_probability.tolist() == [0.8]
    assert left.threats.track.tolist() == [0, 1]
    assert left.threats.distance_m.tolist() == [10.0, 30.0]
    assert [left.tracks.uid[row] for row in left.threats.order] == ["c", "a"]


def test_with_nobody_named_the_picture_is_the_same() -> None:
    whole = mixed()
    assert without_tracks_of([], whole) is whole


def test_all_may_be_left_out() -> None:
    left = without_tracks_of(SENSORS, mixed())
    assert len(left.tracks) == len(left.threats.track) == len(left.threats.order) == 0

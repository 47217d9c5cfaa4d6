"""The packed batch: read back by the layout that the reference states, and a kept one that must stay readable."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tocsin.model.identity import CLASS_COUNT, TargetClass
from tocsin.model.wording import class_words
from tocsin.tracking.registry import ulid
from tocsin.web.batch import HEAD, NOTHING, RECORD, SOME_DRONE, leading_class, pack_tracks, uid_bytes
from tocsin.web.present import present_picture
from unit.web.examples import ORIGIN, TIME_S, picture

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "stream.md"
CERTAINTY = ("unlikely", "possible", "probable", "confirmed")


def unpacked(data: bytes) -> np.ndarray:
    _, _, count, size, _, _ = HEAD.unpack_from(data)
    assert size == RECORD.itemsize and len(data) == HEAD.size + count * size
    return np.frombuffer(data, RECORD, offset=HEAD.size)


def test_a_batch_says_what_the_views_say() -> None:
    view = present_picture(picture(), ORIGIN)
    data = pack_tracks(picture(), ORIGIN)
    assert HEAD.unpack_from(data) == (TIME_S, 7, 2, 60, 0, 0)
    for record, track in zip(unpacked(data), view.tracks, strict=True):
        assert record["latitude"] / 1e7 == pytest.approx(track.latitude_deg, abs=1e-7)
        assert record["longitude"] / 1e7 == pytest.approx(track.longitude_deg, abs=1e-7)
        assert record["height_above_site_m"] == pytest.approx(track.height_above_site_m, abs=1e-4)
        east, north, up = (record["velocity_dmps"] / 10.0).tolist()
        assert math.hypot(east, north) == pytest.approx(track.speed_mps, abs=0.1)
        assert up == pytest.approx(track.climb_mps, abs=0.05)
        if track.course_deg is not None:
            assert math.degrees(math.atan2(east, north)) == pytest.approx(track.course_deg, abs=2.0)
        assert record["ellipse_major_m"] == pytest.approx(track.ellipse_major_m, rel=1e-6)
        assert record["since_detection_ds"] / 10.0 == pytest.approx(track.since_detection_s, abs=0.05)
        assert (record["number"], record["rank"]) == (track.number, track.rank)
        assert record["flags"] == 1
    assert unpacked(data)["entry_ds"].tolist() == [550, 0]


def test_what_is_not_known_or_does_not_fit_is_cut_to_the_end_of_its_field() -> None:
    shown = picture()
    shown.tracks.velocity_enu_mps[0] = (9000.0, np.nan, -9000.0)
    shown.tracks.covariance[0, 2, 2] = 1e6
    shown.tracks.last_detection_s[1] = TIME_S - 1e6
    shown.threats.entry_s[0] = np.inf
    first, second = unpacked(pack_tracks(shown, ORIGIN))
    assert first["velocity_dmps"].tolist()[2] == -32768
    assert first["entry_ds"] == NOTHING and first["flags"] == 0
    assert second["since_detection_ds"] == NOTHING


@given(st.integers(min_value=0, max_value=4_000_000_000), st.integers(min_value=0, max_value=2**63 - 1))
def test_a_uid_travels_as_its_128_bits(born_s: int, key: int) -> None:
    uid = ulid(float(born_s), "seed", key)
    value = int.from_bytes(uid_bytes(uid), "big")
    assert "".join(ALPHABET[value >> shift & 31] for shift in range(125, -1, -5)) == uid


@given(arrays(float, (3, CLASS_COUNT), elements=st.floats(min_value=0.001, max_value=1.0)))
def test_the_leading_class_is_that_of_the_words(weights: np.ndarray) -> None:
    probability = weights / weights.sum(axis=1, keepdims=True)
    kinds, certainties = leading_class(probability)
    for row, kind, sure in zip(probability, kinds.tolist(), certainties.tolist(), strict=True):
        if kind == SOME_DRONE:
            said = f"{CERTAINTY[sure]} drone"
        elif kind in (TargetClass.MULTIROTOR, TargetClass.FIXED_WING_DRONE):
            said = f"{CERTAINTY[sure]} drone ({TargetClass(kind).name.lower().replace('_', ' ')})"
        elif kind:
            said = f"{CERTAINTY[sure]} {TargetClass(kind).name.lower().replace('_', ' ')}"
        else:
            said = "unidentified"
        assert said == class_words(row)


def test_the_reference_states_this_layout() -> None:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", REFERENCE.read_text("utf-8"), re.MULTILINE)
    fields = {name: offset for name, (_, offset) in RECORD.fields.items()}  # type: ignore[union-attr, misc]
    assert {name: int(offset) for offset, name in rows} == fields

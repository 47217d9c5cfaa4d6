"""Sightings: what cannot be meant is refused with its field; what is written reads back; any bytes at all."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats.sighting import Sighting, SightingError, read_sighting, write_sighting

WHOLE = Sighting(
    id="ph-1", author="Gate guard", time="2026-03-01T10:00:00Z", latitude_deg=54.6, longitude_deg=18.8,
    accuracy_m=15.0, azimuth_deg=40.0, azimuth_sigma_deg=8.0, elevation_deg=20.0, elevation_sigma_deg=5.0,
    means="heard", what="drone", words="two engines", photo="gate/12.jpg",
)  # fmt: skip


def changed(**more: Any) -> bytes:
    return json.dumps({**json.loads(write_sighting(WHOLE)), **more}).encode()


def test_it_reads_back() -> None:
    assert read_sighting(write_sighting(WHOLE)) == WHOLE
    assert WHOLE.time_s == 1_772_359_200.0
    bare = Sighting(id="1", author="a", time="2026-03-01T12:00:00+02:00", latitude_deg=0.0, longitude_deg=0.0)
    assert read_sighting(write_sighting(bare)) == bare
    assert bare.time_s == 1_772_359_200.0


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"latitude_deg": 91}, "latitude_deg"),
        ({"azimuth_deg": -1}, "azimuth_deg"),
        ({"azimuth_deg": None, "elevation_deg": 5}, "elevation_deg"),
        ({"accuracy_m": 1e9}, "accuracy_m"),
        ({"time": "noon"}, "time"),
        ({"time": "0001-01-01T00:00:00+14:00"}, "time"),
        ({"id": " "}, "id"),
        ({"author": ""}, "author"),
        ({"author": "a\u0007b"}, "author"),
        ({"means": "felt"}, "means"),
        ({"words": "x" * 3000}, "words"),
        ({"pilot": 1}, "pilot"),
        ({"schema": 2}, "schema"),
    ],
)
def test_what_cannot_be_meant_names_its_field(more: dict[str, Any], field: str) -> None:
    with pytest.raises(SightingError, match=field):
        read_sighting(changed(**more))


@given(st.binary(max_size=60), st.integers(0, 300))
def test_any_bytes_give_a_sighting_or_an_error(data: bytes, at: int) -> None:
    good = write_sighting(WHOLE)
    for value in (data, good[:at] + data + good[at + len(data) :]):
        try:
            read_sighting(value)
        except SightingError:
            pass


def test_every_field_is_documented() -> None:
    doc = Sighting.__doc__ or ""
    assert [one.name for one in msgspec.structs.fields(Sighting) if one.name not in doc and one.name != "schema"] == []

"""Binding: what a row says, in SI units, and what is broken about one that cannot be used."""

import math
from typing import Any

import pytest

from tocsin.config.strict import decode
from tocsin.formats.binding import Binding
from tocsin.formats.columns import Mapping
from tocsin.formats.locate import Locate
from tocsin.formats.problems import BadRow
from tocsin.formats.reading import Reading

DEG = math.pi / 180.0


def bound(settings: dict[str, Any], *names: str) -> Binding:
    mapping = decode(settings, Mapping)
    locate = Locate(mapping, names)
    binding = Binding(mapping, locate)
    assert locate.absent == []
    return binding


def read(settings: dict[str, Any], **cells: str) -> Reading:
    return bound(settings, *cells).read(list(cells.values()), 1)


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        (("54.6", "18.8", "100"), (54.6 * DEG, 18.8 * DEG, 30.48)),
        (("-90", "360", ""), (-90.0 * DEG, 360.0 * DEG, None)),
        (("54.6", "18.8", "nan"), (54.6 * DEG, 18.8 * DEG, None)),
        (("", "", "100"), None),
        (("0.0", "0.0", ""), None),
    ],
)
def test_latitude_and_longitude(cells: tuple[str, str, str], place: tuple[Any, ...] | None) -> None:
    settings = {
        "latitude": {"column": "a", "missing": [0.0]},
        "longitude": {"column": "b", "missing": [0.0]},
        "height": {"column": "c", "kind": "msl", "unit": "ft"},
    }
    found = read(settings, a=cells[0], b=cells[1], c=cells[2]).place
    if place is None or found is None:
        assert found is place
    else:
        assert found[:2] == pytest.approx(place[:2])
        assert math.isnan(found[2]) if place[2] is None else found[2] == pytest.approx(place[2])


@pytest.mark.parametrize(
    ("settings", "cells", "reason"),
    [
        ({"latitude": "a", "longitude": "b"}, ("90.1", "0"), "latitude: out of range"),
        ({"latitude": "a", "longitude": "b"}, ("0", "361"), "longitude: out of range"),
        ({"latitude": "a", "longitude": "b"}, ("nan", "0"), "latitude: not finite"),
        ({"latitude": "a", "longitude": "b"}, ("1", "inf"), "longitude: not finite"),
        ({"latitude": "a", "longitude": "b"}, ("1", ""), "longitude: missing"),
        ({"east": "a", "north": "b"}, ("x", "2"), "east: not a number"),
        ({"azimuth": "a", "range": "b"}, ("10", "0"), "range: out of range"),
        ({"azimuth": "a", "range": "b"}, ("10", "-5"), "range: out of range"),
        ({"azimuth": "a", "range": "b"}, ("10", "nan"), "range: out of range"),
        ({"azimuth": "a", "range": "b"}, ("", "5"), "azimuth: missing"),
        ({"azimuth": "a", "range": "b"}, ("inf", "5"), "azimuth: not finite"),
        ({"azimuth": "a", "elevation": "b"}, ("10", "91"), "elevation: out of range"),
        ({"azimuth": "a", "time": {"column": "b"}}, ("10", ""), "time: missing"),
    ],
)
def test_rows_that_cannot_be_used(settings: dict[str, Any], cells: tuple[str, str], reason: str) -> None:
    with pytest.raises(BadRow) as bad:
        read(settings, a=cells[0], b=cells[1])
    assert bad.value.reason == reason


def test_velocity_in_each_way() -> None:
    place = {"azimuth": "az"}
    course = {"speed": {"column": "v", "unit": "kt"}, "course": "c"}
    level = read({**place, "velocity": course}, az="0", v="10", c="90").velocity_enu_mps
    assert level is not None and level[:2] == pytest.approx((5.1444, 0.0), abs=1e-4) and math.isnan(level[2])
    climbing = read({**place, "velocity": {**course, "climb": "w"}}, az="0", v="10", c="180", w="-2")
    assert climbing.velocity_enu_mps == pytest.approx((0.0, -5.1444, -2.0), abs=1e-4)
    diving = read({**place, "velocity": {"speed": "v", "course": "c", "angle": "g"}}, az="0", v="10", c="0", g="-30")
    assert diving.velocity_enu_mps == pytest.approx((0.0, 8.660254, -5.0))
    parts = {"velocity": {"east": "ve", "north": "vn"}}
    by_parts = read({**place, **parts}, az="0", ve="1", vn="-2").velocity_enu_mps
    assert by_parts is not None and by_parts[:2] == (1.0, -2.0)
    assert read({**place, **parts}, az="0", ve="", vn="").velocity_enu_mps is None
    assert read({**place, "velocity": course}, az="0", v="10", c="").velocity_enu_mps is None


def test_sparse_columns_hold_until_they_change() -> None:
    own = {"latitude": {"column": "x", "carry": True}, "longitude": {"column": "y", "carry": True}}
    binding = bound({"azimuth": "a", "own": own, "received": {"column": "r", "carry": True}}, "a", "x", "y", "r")
    found = []
    for cells in (["1", "", "", ""], ["2", "50", "6", "10"], ["3", "", "", ""], ["4", "51", "bad", "late"]):
        binding.carry(cells)
        found.append(binding.read(cells, 1))
    assert found[0].own is None and math.isnan(found[0].received_s)
    assert [round(f.own[0] / DEG, 9) for f in found[1:] if f.own] == [50.0, 50.0, 51.0]
    assert [round(f.own[1] / DEG, 9) for f in found[1:] if f.own] == [6.0, 6.0, 6.0]
    assert [f.received_s for f in found[1:]] == [10.0, 10.0, 10.0]
    assert sorted(fault.reason for fault in binding.faults) == ["own.longitude: not a number", "received: not a time"]


def test_spreads_and_extras() -> None:
    settings = {
        "azimuth": "a",
        "sigma_columns": {"azimuth": "s", "range": "q"},
        "range_rate": {"column": "v", "unit": "km/h"},
        "class_word": {"column": "w", "words": {"1": "drone"}},
        "signal": "p",
        "rcs": "p",
        "score": "p",
        "sensor_track": "w",
    }
    found = read(settings, a="1", s="2", q="", v="36", w="1", p="-7")
    assert found.sigma is not None and found.sigma[3] == pytest.approx(2.0 * DEG) and math.isnan(found.sigma[2])
    assert (found.range_rate_mps, found.class_word, found.sensor_track) == (pytest.approx(10.0), "drone", "1")
    assert (found.signal_db, found.rcs_dbsm, found.score) == (-7.0, -7.0, -7.0)

"""Zones of both standards, in both spellings and the forms that published data have."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_data import shared
from tocsin.formats.geozones import GeozoneError, Geozones, Limit, Period, Volume, read_geozones

SQUARE = [[18.0, 54.0], [18.1, 54.0], [18.1, 54.1], [18.0, 54.1], [18.0, 54.0]]
RING = tuple((lon, lat) for lon, lat in SQUARE)


def read(value: Any) -> Geozones:
    return read_geozones(json.dumps(value).encode())


def zone_269(**more: Any) -> dict[str, Any]:
    volume = {
        "uomDimensions": "FT",
        "lowerLimit": 0,
        "lowerVerticalReference": "AGL",
        "upperLimit": "400",
        "upperVerticalReference": "AMSL",
        "horizontalProjection": {"type": "Polygon", "coordinates": [SQUARE]},
    }
    return {"identifier": "PL1", "country": "POL", "name": "Pier", "type": "COMMON", "restriction": "REQ_AUTHORISATION",
            "reason": ["SENSITIVE"], "applicability": [{"permanent": "YES"}], "zoneAuthority": [{"name": "Harbour"}],
            "geometry": [volume]} | more  # fmt: skip


def zone_318(geometry: dict[str, Any], **more: Any) -> dict[str, Any]:
    said = {"identifier": "CHE1", "country": "CHE", "name": [{"text": "Flugplatz", "lang": "de-CH"},
            {"text": "Airfield", "lang": "en-GB"}], "type": "REQ_AUTHORIZATION", "variant": "COMMON",
            "reason": ["AIR_TRAFFIC"], "zoneAuthority": [{"name": [{"text": "FOCA", "lang": "en"}]}]}  # fmt: skip
    return {"type": "Feature", "properties": said | more, "geometry": geometry}


LAYER = {"upper": 120, "upperReference": "AGL", "lower": 0, "lowerReference": "AMSL", "uom": "m"}


def test_the_swiss_sample() -> None:
    found = read_geozones(shared("samples/geozone/cis_source_sample_ed269.json").read_bytes())
    (zone,) = found.zones
    assert (found.standard, zone.identifier, zone.name, zone.country) == ("ED-269", "LSXX", "LSXX City Sample", "CHE")
    assert (zone.restriction, zone.reasons, zone.periods) == ("REQ_AUTHORISATION", ("AIR_TRAFFIC",), ())
    (volume,) = zone.volumes
    assert volume.lower == Limit(0.0, "ground") and volume.upper is None
    assert volume.rings[0][0] == (6.166485701899006, 46.217024450605436) == volume.rings[0][-1]


@pytest.mark.parametrize("wrap", [
    lambda zones: {"UASZoneList": zones}, lambda zones: {"title": "x", "features": zones}, lambda zones: zones,
    lambda zones: {"UASZoneVersion": {"UASZoneList": zones}},
])  # fmt: skip
def test_ed_269_in_each_wrapping(wrap: Any) -> None:
    found = read(wrap([zone_269()]))
    (volume,) = found.zones[0].volumes
    assert volume == Volume(Limit(0.0, "ground"), Limit(pytest.approx(121.92), "sea level"), (RING,))  # type: ignore[arg-type]
    assert found.zones[0].authority == "Harbour"


def test_circles_and_times_of_ed_269() -> None:
    circle = {"type": "Circle", "center": [18.5, 54.5], "radius": "500"}
    volume = {"uomDimensions": "M", "lowerLimit": None, "upperLimit": 99999, "horizontalProjection": circle}
    hours = {"permanent": "NO", "startDateTime": "2026-03-01T00:00:00Z", "endDateTime": None, "schedule": [
        {"day": ["MON", "TUE"], "startTime": "06:00:00Z", "endTime": "18:00:00Z"}]}  # fmt: skip
    (zone,) = read({"UASZoneList": [zone_269(geometry=[volume, volume], applicability=[hours])]}).zones
    assert zone.volumes == (Volume(None, None, centre_deg=(18.5, 54.5), radius_m=500.0),) * 2
    assert zone.periods == (Period("2026-03-01T00:00:00Z", "", ("MON", "TUE"), "06:00:00Z", "18:00:00Z"),)


def test_ed_318_in_the_spelling_with_z() -> None:
    shape = {"type": "Polygon", "coordinates": [[[*corner, 5.0] for corner in SQUARE]], "layer": LAYER}
    found = read({"type": "FeatureCollection", "metadata": {}, "features": [zone_318(shape)]})
    (zone,) = found.zones
    assert (found.standard, zone.name, zone.restriction) == ("ED-318", "Airfield", "REQ_AUTHORISATION")
    assert (zone.variant, zone.authority) == ("COMMON", "FOCA")
    assert zone.volumes == (Volume(Limit(0.0, "sea level"), Limit(120.0, "ground"), (RING,)),)


@pytest.mark.parametrize(("shape", "volumes"), [
    ({"type": "GeometryCollection", "geometries": [
        {"type": "Polygon", "coordinates": [SQUARE], "layer": LAYER},
        {"type": "Point", "coordinates": [1, 2], "extent": {"subType": "Circle", "radius": 50}, "layer": LAYER}]}, 2),
    ({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE[::-1]]], "layer": LAYER}, 2),
    ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, 1),
])  # fmt: skip
def test_the_shapes_of_ed_318(shape: dict[str, Any], volumes: int) -> None:
    hours = [{"startDateTime": "2026-01-01T00:00:00Z", "endDateTime": "2026-02-01T00:00:00Z", "schedule": []}]
    (zone,) = read({"features": [zone_318(shape, limitedApplicability=hours)]}).zones
    assert len(zone.volumes) == volumes
    assert zone.periods == (Period("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),)


def test_a_broken_zone_costs_no_other() -> None:
    swapped = {"type": "Polygon", "coordinates": [[[54.0, 118.0], [54.1, 118.0], [54.1, 118.1]]]}
    found = read({"features": [zone_318(swapped), 7, zone_318({"type": "Polygon", "coordinates": [SQUARE]}),
                               zone_318({"type": "LineString", "coordinates": SQUARE}), zone_318({})]})  # fmt: skip
    assert len(found.zones) == 1 and len(found.broken) == 4 and "latitude 118" in found.broken[0]


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"features": []}', b'{"features": [{"type": "Feature"}]}', b"[" * 9999]
)
def test_what_is_no_document_of_zones_is_refused(data: bytes) -> None:
    with pytest.raises(GeozoneError):
        read_geozones(data)


KEYS = ["UASZoneList", "features", "geometry", "horizontalProjection", "type", "coordinates", "properties",
        "identifier",
        "restriction", "layer", "upper", "uom", "extent", "radius", "name", "reason", "zoneAuthority", "applicability",
        "limitedApplicability", "schedule", "day", "geometries", "center"]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["Polygon", "Circle", "Point", "M"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=30,
)  # fmt: skip


@given(JSON, JSON)
def test_any_json_gives_zones_or_an_error(one: Any, other: Any) -> None:
    polygon = {"type": "Polygon", "coordinates": one}
    for value in (
        one,
        {"UASZoneList": [zone_269(geometry=one, applicability=other)]},
        {"features": [zone_318(polygon, name=other, reason=one), one]},
    ):
        try:
            read(value)
        except GeozoneError:
            pass

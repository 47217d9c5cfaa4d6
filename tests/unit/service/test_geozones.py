"""Zones as features and as tables of a site file, which the site file's own reader takes."""

import math

import pytest

from shared_data import shared
from small_site import site_text
from tocsin.config.site import parse_site
from tocsin.formats.geozones import Geozone, Geozones, Limit, Period, Volume, read_geozones
from tocsin.service.geozones import zone_features, zone_tables

RING = ((18.0, 54.0), (18.1, 54.0), (18.1, 54.1), (18.0, 54.1), (18.0, 54.0))
SQUARE = Volume(Limit(0.0, "ground"), Limit(120.0, "sea level"), (RING[::-1], RING))
CIRCLE = Volume(Limit(10.0, "ellipsoid"), Limit(60.0, "ground"), centre_deg=(18.5, 54.5), radius_m=500.0)


def zone(*volumes: Volume, name: str = 'The "pier"\n[x/y]', periods: tuple[Period, ...] = ()) -> Geozones:
    found = Geozone("A1", name, "POL", "PROHIBITED", "COMMON", ("PRIVACY",), "keep\nout", "", volumes, periods)
    return Geozones("ED-318", (found,))


def test_one_polygon_a_zone_with_limits_and_times() -> None:
    (feature,) = zone_features(zone(SQUARE, periods=(Period("2026-01-01T00:00:00Z", days=("MON",)),)))
    assert feature["geometry"]["type"] == "Polygon"
    outline, hole = feature["geometry"]["coordinates"]
    assert outline == [list(corner) for corner in RING] and hole == outline[::-1]
    said = feature["properties"]
    assert (said["lower_m"], said["lower_above"], said["upper_m"], said["upper_above"]) == (
        0.0, "ground", 120.0, "sea level",
    )  # fmt: skip
    assert said["permanent"] is False and said["periods"][0]["days"] == ("MON",) and said["id"] == "A1"


def test_a_zone_of_several_volumes_is_one_feature() -> None:
    (feature,) = zone_features(zone(SQUARE, CIRCLE))
    assert feature["geometry"]["type"] == "MultiPolygon" and len(feature["properties"]["volumes"]) == 2


def test_a_circle_keeps_its_radius() -> None:
    (feature,) = zone_features(zone(CIRCLE))
    (ring,) = feature["geometry"]["coordinates"]
    assert ring[0] == ring[-1] and len(ring) == 73
    for lon, lat in ring:
        east_m = math.radians(lon - 18.5) * 6_389_000 * math.cos(math.radians(54.5))
        assert math.hypot(east_m, math.radians(lat - 54.5) * 6_377_700) == pytest.approx(500.0, rel=2e-3)


def test_a_site_file_takes_the_tables() -> None:
    text = zone_tables(zone(SQUARE, CIRCLE, periods=(Period("2026-01-01T00:00:00Z"),)))
    site = parse_site(site_text(text), "site.toml")
    assert [found.name for found in site.zones][-2:] == ['A1 The "pier" [x-y] (1)', 'A1 The "pier" [x-y] (2)']
    square, circle = site.zones[-2:]
    assert square.floor_m is None and square.ceiling_m is not None and len(square.polygon_enu_m) == 4
    assert circle.floor_m is not None and circle.ceiling_m is None
    assert "# ceiling: 60 m above ground, left out" in text and "# only 2026-01-01" in text


def test_the_swiss_sample_becomes_a_polygon_and_a_table() -> None:
    found = read_geozones(shared("samples/geozone/cis_source_sample_ed269.json").read_bytes())
    (feature,) = zone_features(found)
    assert feature["geometry"]["type"] == "Polygon" and feature["properties"]["permanent"] is True
    assert parse_site(site_text(zone_tables(found)), "site.toml").zones

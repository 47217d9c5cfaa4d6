"""Logs of places in four forms: what gpxpy writes, what each form says of heights and times, and any bytes at all."""

import json
from datetime import UTC, datetime
from typing import Any

import gpxpy.gpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.formats.fixes import Fix, FixesError, form_of, read_fixes, write_feature

WHEN = "2026-03-01T10:00:00Z"
TIME_S = datetime(2026, 3, 1, 10, tzinfo=UTC).timestamp()
KML = b"""<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">
<Document><Placemark><name>quad</name><gx:Track><when>2026-03-01T10:00:00Z</when><when>2026-03-01T10:00:01Z</when>
<gx:coord>18.8 54.6 90.5</gx:coord><gx:coord>18.801 54.601</gx:coord></gx:Track></Placemark>
<Placemark><name>spot</name><TimeStamp><when>2026-03-01T10:00:02Z</when></TimeStamp>
<Point><coordinates>18.9,54.7,12</coordinates></Point></Placemark></Document></kml>"""
LINE: dict[str, Any] = {
    "type": "Feature",
    "properties": {"name": "quad", "coordTimes": [WHEN, "2026-03-01T12:00:01+02:00"]},
    "geometry": {"type": "LineString", "coordinates": [[18.8, 54.6, 90.5], [18.801, 54.601]]},
}
POINT = write_feature(Fix("car", TIME_S, 54.6, 18.8, 90.5, 61.5, 12.0, 90.0))


def gpx() -> bytes:
    """Two tracks as gpxpy writes them."""
    made = gpxpy.gpx.GPX()
    for name in ("quad", None):
        track = gpxpy.gpx.GPXTrack(name=name)
        segment = gpxpy.gpx.GPXTrackSegment()
        for second in range(3):
            when = datetime(2026, 3, 1, 10, 0, second, tzinfo=UTC)
            segment.points.append(gpxpy.gpx.GPXTrackPoint(54.6, 18.8 + second * 1e-3, elevation=61.5, time=when))
        track.segments.append(segment)
        made.tracks.append(track)
    return str(made.to_xml()).encode()


def test_gpx_as_gpxpy_writes_it() -> None:
    found = read_fixes(gpx())
    assert (found.form, found.broken) == ("gpx", ())
    assert [fix.name for fix in found.fixes] == ["quad"] * 3 + ["track 2"] * 3
    assert found.fixes[1] == Fix("quad", TIME_S + 1.0, 54.6, pytest.approx(18.801), None, 61.5)


def test_kml_tracks_and_placemarks_with_a_time() -> None:
    found = read_fixes(KML)
    assert (found.form, found.broken) == ("kml", ())
    assert found.fixes == (
        Fix("quad", TIME_S, 54.6, 18.8, 90.5),
        Fix("quad", TIME_S + 1.0, 54.601, 18.801),
        Fix("spot", TIME_S + 2.0, 54.7, 18.9, 12.0),
    )


def test_geojson_lines_and_points() -> None:
    found = read_fixes(json.dumps({"type": "FeatureCollection", "features": [LINE, json.loads(POINT)]}).encode())
    assert (found.form, found.broken) == ("geojson", ())
    assert found.fixes == (
        Fix("quad", TIME_S, 54.6, 18.8, 90.5),
        Fix("quad", TIME_S + 1.0, 54.601, 18.801),
        Fix("car", TIME_S, 54.6, 18.8, 90.5, 61.5, 12.0, 90.0),
    )


def test_a_feature_reads_back() -> None:
    bare = Fix("car", TIME_S + 0.25, -54.6, -18.8)
    for fix in (bare, Fix("car", TIME_S, 54.6, 18.8, 90.5, 61.5, 12.0, 90.0)):
        assert read_fixes(write_feature(fix)).fixes == (fix,)


def test_what_cannot_be_read_is_named_with_its_place() -> None:
    broken = KML.replace(b"54.601", b"154.6").replace(b"10:00:02Z", b"noon")
    found = read_fixes(broken)
    assert len(found.fixes) == 1
    assert [reason.partition(":")[0] for reason in found.broken] == ["quad, point 2", "spot"]
    short = {**LINE, "properties": {"name": "quad", "coordTimes": [WHEN]}}
    assert read_fixes(json.dumps(short).encode()).broken == ("quad: 1 times for its places",)


def test_an_entity_is_not_resolved(tmp_path: Any) -> None:
    (tmp_path / "secret").write_text("18.8 54.6")
    evil = b'<!DOCTYPE kml [<!ENTITY x SYSTEM "file://%s">]>' % str(tmp_path / "secret").encode()
    found = read_fixes(KML.replace(b'<?xml version="1.0"?>', evil).replace(b"18.8 54.6 90.5", b"&x;"))
    assert len(found.fixes) == 2


@pytest.mark.parametrize("data", [b"", b"{}", b"<html/>", b'{"type": "Feature", "geometry": null}', b"hello", b"<gpx"])
def test_what_is_no_log_is_refused(data: bytes) -> None:
    with pytest.raises(FixesError):
        read_fixes(data)


@given(st.binary(max_size=80), st.integers(0, 600), st.sampled_from([gpx(), KML, json.dumps(LINE).encode(), POINT]))
def test_any_damage_gives_fixes_or_an_error(data: bytes, at: int, good: bytes) -> None:
    try:
        read_fixes(good[:at] + data + good[at + len(data) :])
    except FixesError:
        pass


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.sampled_from(["Point", WHEN]),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["type", "coordinates", "name", "time", "coordTimes"]), inner, max_size=4)
        ),
        max_leaves=15,
    )
)
def test_any_json_gives_fixes_or_an_error(value: Any) -> None:
    for one in ({**LINE, "geometry": value}, {**LINE, "properties": value}, {"features": [value, LINE]}):
        data = json.dumps(one).encode()
        if form_of(data):
            read_fixes(data)

"""What the web shows: places and directions against pyproj, words, and unknowns as None."""

import json
import math

import msgspec
import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.geo.frames import Origin
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.sensor import Health, Pose, SensorStatus
from tocsin.model.threat import Asset, Zone
from tocsin.web import present
from unit.web.examples import ORIGIN, TIME_S, picture


def test_a_track_stands_where_pyproj_puts_it() -> None:
    to_lla = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +inv +proj=topocentric +ellps=WGS84 +lat_0=54.6 +lon_0=18.8 +h_0=41 "
        "+step +inv +proj=cart +ellps=WGS84"
    )
    longitude_deg, latitude_deg, height_m = to_lla.transform(1000.0, 0.0, 60.0, radians=False)
    track = present.present_picture(picture(), ORIGIN, undulation_m=30.0).tracks[0]
    assert track.latitude_deg == pytest.approx(latitude_deg, abs=1e-9)
    assert track.longitude_deg == pytest.approx(longitude_deg, abs=1e-9)
    assert track.height_m == pytest.approx(height_m, abs=1e-4)
    assert track.height_above_site_m == pytest.approx(height_m - 41.0, abs=1e-4)
    assert track.altitude_msl_m == pytest.approx(height_m - 30.0, abs=1e-4)


@pytest.mark.parametrize("east_m", [-40_000.0, 0.0, 40_000.0])
def test_a_course_is_against_true_north_where_the_target_is(east_m: float) -> None:
    shown = picture()
    shown.tracks.position_enu_m[0] = (east_m, 0.0, 0.0)
    shown.tracks.velocity_enu_mps[0] = (0.0, 10.0, 0.0)
    here = present.present_picture(shown, ORIGIN).tracks[0]
    shown.tracks.position_enu_m[0] = (east_m, 1000.0, 0.0)
    there = present.present_picture(shown, ORIGIN).tracks[0]
    azimuth_deg, _, _ = pyproj.Geod(ellps="WGS84").inv(
        here.longitude_deg, here.latitude_deg, there.longitude_deg, there.latitude_deg
    )
    assert here.course_deg is not None
    assert (here.course_deg - azimuth_deg + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=0.01)


def test_a_picture_as_the_map_gets_it() -> None:
    view = present.present_picture(picture(), ORIGIN)
    first, second = view.tracks
    assert (view.time, view.sequence, view.exercise) == ("2023-11-14T22:13:20.250Z", 7, False)
    assert (first.label, first.status, first.speed_mps, first.climb_mps) == ("T1", "confirmed", 5.0, -1.0)
    assert first.course_deg == pytest.approx(math.degrees(math.atan2(3.0, 4.0)), abs=0.02)
    assert second.course_deg is None
    assert first.sensors == ("radar-1", "radar-2")
    assert (first.affiliation, first.affiliation_by, second.affiliation_by) == ("suspect", "ada", None)
    assert first.class_probability == {"multirotor": 0.75, "bird": 0.25}
    assert first.class_words == "probable drone (multirotor)"
    assert first.since_detection_s == 1.5 and first.last_detection == "2023-11-14T22:13:18.750Z"
    assert (first.rank, second.rank) == (2, 1)
    assert first.altitude_msl_m is None
    assert [(threat.uid, threat.place) for threat in view.threats] == [("01J1", "harbour"), ("01J0", "pier")]
    assert view.threats[1].entry_s == (40.0, 55.0, None) and view.threats[0].closest_s is None
    assert (view.ended[0].label, view.ended[0].outcome) == ("T9", "lost")
    assert json.loads(msgspec.json.encode(view))["threats"][1]["entry_s"] == [40.0, 55.0, None]


@given(st.floats(0.1, 100.0), st.floats(0.1, 100.0), st.floats(0.0, math.pi, exclude_max=True))
def test_the_ellipse_has_the_axes_and_the_direction_it_was_made_with(
    minor_m: float, more_m: float, azimuth_rad: float
) -> None:
    major_m = minor_m + more_m
    along = np.array([math.sin(azimuth_rad), math.cos(azimuth_rad)])
    across = np.array([math.cos(azimuth_rad), -math.sin(azimuth_rad)])
    shown = picture()
    shown.tracks.position_enu_m[0] = 0.0
    shown.tracks.covariance[0, :2, :2] = major_m**2 * np.outer(along, along) + minor_m**2 * np.outer(across, across)
    track = present.present_picture(shown, ORIGIN).tracks[0]
    scale = math.sqrt(-2.0 * math.log(0.05))  # the 95 % point of a Rayleigh law
    assert track.ellipse_major_m == pytest.approx(scale * major_m, rel=1e-3)
    assert track.ellipse_minor_m == pytest.approx(scale * minor_m, rel=1e-3)
    apart_deg = (track.ellipse_deg - math.degrees(azimuth_rad) + 90.0) % 180.0 - 90.0
    assert abs(apart_deg) < 0.01


def test_an_alert_and_its_times() -> None:
    alert = Alert(
        id="a1",
        key=AlertKey("approach", "harbour", "01J"),
        state=AlertState.ACKNOWLEDGED,
        priority=Priority.HIGH,
        raised_s=TIME_S,
        changed_s=TIME_S + 1.0,
        version=2,
        message="m",
        reason="r",
        track=7,
        time_to_entry_s=(40.0, 55.0, math.inf),
        acknowledged_by="ada",
        acknowledged_s=TIME_S + 1.0,
    )
    view = present.present_alert(alert)
    assert (view.priority, view.priority_word, view.track_label) == (3, "high", "T7")
    assert view.time_to_entry_s == (40.0, 55.0, None)
    assert view.acknowledged == "2023-11-14T22:13:21.250Z" and view.shelved_until is None


def test_what_stands_still() -> None:
    site = Origin(0.0, 0.0, 0.0)
    per_deg_m = 111_319.49  # along the equator of WGS-84
    asset = present.present_asset(Asset("harbour", per_deg_m / 100, 0.0, 5.0, 300.0, 90.0), site)
    assert asset.longitude_deg == pytest.approx(0.01, abs=1e-7) and asset.latitude_deg == pytest.approx(0.0, abs=1e-9)
    zone = present.present_zone(Zone("pier", ((0.0, 0.0), (per_deg_m / 100, 0.0)), ceiling_m=120.0), site)
    assert zone.corners_deg[1] == pytest.approx((0.01, 0.0), abs=1e-7)
    assert (zone.floor_above_site_m, zone.ceiling_above_site_m) == (None, 120.0)


def test_a_sensor_with_and_without_a_status() -> None:
    pose = Pose(heading_rad=math.pi)
    unheard = present.present_sensor("radar-1", pose, ORIGIN, None, blind_rad=((0.0, math.pi / 2),))
    assert (unheard.health, unheard.since, unheard.heading_deg) == ("unknown", None, 180.0)
    assert unheard.blind_deg == ((0.0, 90.0),)
    status = SensorStatus("radar-1", TIME_S, Health.DEGRADED, "ice", pose=Pose(north_m=10.0), blind_rad=())
    told = present.present_sensor("radar-1", pose, ORIGIN, status)
    assert (told.health, told.reason, told.blind_deg) == ("degraded", "ice", ())
    assert told.latitude_deg > unheard.latitude_deg


def test_one_track_as_its_panel_gets_it() -> None:
    detail = present.present_track(picture(), 1, ORIGIN, undulation_m=30.0)
    whole = present.present_picture(picture(), ORIGIN, undulation_m=30.0)
    assert detail.track == whole.tracks[1]
    assert detail.threats == tuple(threat for threat in whole.threats if threat.uid == "01J1")
    assert (detail.decided, detail.decision) == (None, None)
    decided = present.present_track(picture(), 0, ORIGIN)
    assert (decided.decided, decided.decision) == ("2023-11-14T22:13:20.250Z", "unannounced")


def test_threats_of_the_most_pressing_tracks_only() -> None:
    assert [threat.uid for threat in present.present_threats(picture(), 1)] == ["01J1"]
    assert present.present_threats(picture(), 0) == ()


def test_a_bearing_is_a_ray_from_its_sensor() -> None:
    detection = Detection(
        "df", MeasurementKind.AZIMUTH, TIME_S, TIME_S, (math.radians(350.0),), (math.radians(3.0) ** 2,)
    )
    cue = present.present_cue(detection, ORIGIN)
    assert (cue.latitude_deg, cue.longitude_deg) == (pytest.approx(54.6), pytest.approx(18.8))
    assert (cue.azimuth_deg, cue.sigma_deg) == (pytest.approx(350.0), pytest.approx(3.0))

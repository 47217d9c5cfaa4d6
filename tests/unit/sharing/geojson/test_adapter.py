"""GeoJSON read back by a reader written from the RFC alone, and held against pyproj."""

import json
import math
from pathlib import Path

import msgspec
import numpy as np
import pyproj
import pytest

from geojson_reader import read
from picture_builder import picture
from tocsin.model.adapter import AdapterContext
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.identity import Affiliation
from tocsin.model.sensor import Pose
from tocsin.model.threat import Asset, Zone
from tocsin.model.track import TrackStatus
from tocsin.sharing.geojson import adapter as module
from tocsin.sharing.geojson.adapter import Adapter
from tocsin.sharing.geojson.features import AFFILIATION_WORD, iso
from tocsin.sharing.geojson.settings import Settings

CONTEXT = AdapterContext("map", Pose(), math.radians(54.6), math.radians(18.8), 41.0)
SAMPLES = Path(module.__file__).with_name("samples")


def _features(item, settings: Settings = Settings()) -> list[dict]:  # noqa: B008
    (packet,) = Adapter(settings, CONTEXT).encode(item)
    return read(packet.data)


def _with_tracks(shown, **columns):
    return msgspec.structs.replace(shown, tracks=msgspec.structs.replace(shown.tracks, **columns))


def test_the_reader_takes_the_rfcs_example_and_refuses_broken_ones() -> None:
    text = (SAMPLES / "rfc7946.geojson").read_bytes()
    assert len(read(text)) == 3
    for right, wrong in ((b"102.0, 0.5", b"0.5, 102.0"), (b"[101.0, 1.0]", b"[100.5, -9]"), (b'"value0"', b"NaN")):
        with pytest.raises(AssertionError):
            read(text.replace(right, wrong, 1))


def test_a_track_lies_where_proj_says_longitude_first() -> None:
    (feature,) = _features(_with_tracks(picture(0.0), position_enu_m=np.array([[800.0, 1500.0, 60.0]])))
    longitude, latitude, height_m = feature["geometry"]["coordinates"]
    azimuth, _, away_m = pyproj.Geod(ellps="WGS84").inv(18.8, 54.6, longitude, latitude)
    assert away_m == pytest.approx(1700.0, abs=0.1)
    assert azimuth == pytest.approx(math.degrees(math.atan2(800, 1500)), abs=0.01)
    assert height_m == pytest.approx(41.0 + 60.0 + 1700.0**2 / 2 / 6.37e6, abs=0.1)


def test_properties_in_words_and_units() -> None:
    (feature,) = _features(picture(1_600_000_000.25, median_s=50.0))
    properties = feature["properties"]
    assert feature["id"] == properties["uid"] == "u"
    assert properties["time"] == "2020-09-13T12:26:40.250Z"
    assert (properties["number"], properties["status"], properties["existence"]) == ("T1", "confirmed", "confirmed")
    assert properties["class"] == "probable drone (multirotor)"
    assert (properties["speed_mps"], properties["course_deg"]) == (20.0, 180.0)
    assert properties["approaches"] == [
        {
            "place": "gate",
            "entry": "probable",
            "within_s": 120.0,
            "time_to_entry_s": [40.0, 50.0, 60.0],
            "distance_m": 900.0,
        }
    ]
    assert "%" not in json.dumps(feature)


def test_the_course_is_true_at_the_track_and_not_at_the_site() -> None:
    far_east_m = 150_000.0
    (feature,) = _features(_with_tracks(picture(0.0), position_enu_m=np.array([[far_east_m, 0.0, 0.0]])))
    longitude, latitude = feature["geometry"]["coordinates"][:2]
    ahead = pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +inv +proj=topocentric +ellps=WGS84 +lon_0=18.8 +lat_0=54.6 +h_0=41 "
        "+step +inv +proj=cart +ellps=WGS84 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    ).transform(far_east_m, -1000.0, 0.0)
    course_deg, _, _ = pyproj.Geod(ellps="WGS84").inv(longitude, latitude, ahead[0], ahead[1])
    assert feature["properties"]["course_deg"] == pytest.approx(course_deg % 360, abs=0.02)


def test_the_ellipse_holds_95_percent() -> None:
    covariance = np.zeros((1, 6, 6))
    covariance[0, :2, :2] = [[900.0, 500.0], [500.0, 600.0]]
    (feature,) = _features(_with_tracks(picture(0.0), covariance=covariance))
    ellipse = feature["properties"]["ellipse_95"]
    random = np.random.default_rng(1).multivariate_normal([0, 0], covariance[0, :2, :2], 200_000)
    axis = math.radians(ellipse["axis_deg"])
    along = random @ [math.sin(axis), math.cos(axis)]
    across = random @ [math.cos(axis), -math.sin(axis)]
    inside = (along / ellipse["semi_major_m"]) ** 2 + (across / ellipse["semi_minor_m"]) ** 2 <= 1
    assert inside.mean() == pytest.approx(0.95, abs=0.003)


def test_what_is_not_known_is_missing_or_null_and_never_zero() -> None:
    shown = _with_tracks(
        picture(0.0, entry_probability=0.2),
        position_enu_m=np.array([[0.0, 1000.0, np.nan]]),
        velocity_enu_mps=np.array([[0.0, 0.0, np.nan]]),
        number=np.array([0]),
    )
    (feature,) = _features(shown)
    assert len(feature["geometry"]["coordinates"]) == 2
    properties = feature["properties"]
    assert (properties["number"], properties["climb_mps"], properties["course_deg"]) == (None, None, None)
    assert properties["approaches"][0]["time_to_entry_s"][1:] == [None, None]
    nowhere = _with_tracks(picture(0.0), position_enu_m=np.array([[np.nan, 0.0, 0.0]]))
    assert _features(nowhere) == []


def test_tentative_tracks_only_on_request() -> None:
    assert _features(picture(0.0, status=TrackStatus.TENTATIVE)) == []
    assert len(_features(picture(0.0, status=TrackStatus.TENTATIVE), Settings(tentative=True))) == 1


def test_exercise_is_marked_everywhere() -> None:
    (packet,) = Adapter(Settings(), CONTEXT).encode(picture(0.0, exercise=True))
    assert packet.exercise
    assert json.loads(packet.data)["exercise"] is True
    assert all(feature["properties"]["exercise"] is True for feature in read(packet.data))


def test_pictures_keep_their_interval_and_are_counted() -> None:
    adapter = Adapter(Settings(interval_s=1.0), CONTEXT)
    sent = [len(tuple(adapter.encode(picture(time_s)))) for time_s in (0.0, 0.4, 1.0, 1.9, 2.1)]
    assert sent == [1, 0, 1, 0, 1]
    assert adapter.statistics()["pictures"] == 3
    assert adapter.statistics()["pictures_not_due"] == 2


def test_an_alert_stands_where_its_track_was_shared_or_nowhere() -> None:
    key, entry_s = AlertKey("near", "gate", "u"), (40.0, 50.0, 60.0)
    state, priority = AlertState.UNACKNOWLEDGED, Priority.HIGH
    alert = Alert("A1-X", key, state, priority, 1.0, 1.0, 1, "It comes.", "rule", 7, entry_s, parents=("u",))
    adapter = Adapter(Settings(), CONTEXT)
    (packet,) = adapter.encode(alert)
    assert read(packet.data)[0]["geometry"] is None
    (shown,) = adapter.encode(picture(0.0))
    (packet,) = adapter.encode(alert)
    (feature,) = read(packet.data)
    assert feature["geometry"] == read(shown.data)[0]["geometry"]
    assert (feature["id"], feature["properties"]["state"], feature["properties"]["priority"]) == (
        "A1-X", "unacknowledged", "high",
    )  # fmt: skip


@pytest.mark.parametrize("clockwise", [False, True])
def test_places_follow_the_right_hand_rule_whichever_way_they_were_drawn(clockwise: bool) -> None:
    corners = ((0.0, 0.0), (100.0, 0.0), (100.0, 50.0), (0.0, 50.0))
    zone = Zone("yard", corners[::-1] if clockwise else corners, 0.0, 120.0)
    packet = Adapter(Settings(), CONTEXT).places([Asset("gate", 10.0, 20.0, 0.0, 50.0, 30.0)], [zone], 0.0, False)
    asset, yard = read(packet.data)
    assert asset["properties"]["radius_m"] == 50.0
    assert (yard["properties"]["floor_m"], yard["properties"]["ceiling_m"]) == (41.0, 161.0)
    assert len(yard["geometry"]["coordinates"][0]) == 5


def test_the_sample_is_what_the_adapter_writes() -> None:
    (packet,) = Adapter(Settings(), CONTEXT).encode(picture(1_600_000_000.25, ("u", "v"), exercise=True))
    assert packet.data == (SAMPLES / "picture.geojson").read_bytes()


def test_unknown_settings_are_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"intervall_s": 1.0}, Settings)


@pytest.mark.parametrize("affiliation", Affiliation)
def test_an_affiliation_is_given_as_it_was_decided(affiliation: Affiliation) -> None:
    (feature,) = _features(picture(0.0, affiliation=affiliation))
    assert feature["properties"]["affiliation"] == affiliation.name.lower().replace("_", "-")


def test_affiliations_have_a_word_each_and_no_two_the_same() -> None:
    assert set(AFFILIATION_WORD) == set(Affiliation)
    assert len(set(AFFILIATION_WORD.values())) == len(Affiliation)


def test_times_are_iso_8601_in_utc() -> None:
    assert iso(0.0) == "1970-01-01T00:00:00.000Z"
    assert iso(1_600_000_000.9996) == "2020-09-13T12:26:41.000Z"

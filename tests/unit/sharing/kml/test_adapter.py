"""KML of pictures: places where pyproj puts them, affiliations one for one, tails, exercise, and what is left out."""

import math
from pathlib import Path

import msgspec
import numpy as np
import pyproj
import pytest
from lxml import etree

from picture_builder import picture
from tocsin.formats.fixes import read_fixes
from tocsin.formats.kml import NAMESPACE
from tocsin.model.adapter import AdapterContext
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.identity import Affiliation
from tocsin.model.picture import Picture
from tocsin.model.sensor import Pose
from tocsin.model.track import TrackStatus
from tocsin.sharing.kml import adapter as module
from tocsin.sharing.kml.adapter import COLOUR, Adapter
from tocsin.sharing.kml.settings import Settings

CONTEXT = AdapterContext("map", Pose(), math.radians(54.6), math.radians(18.8), 41.0, site="North pier")
K = {"k": NAMESPACE}


def document(adapter: Adapter, shown: Picture) -> etree._Element:
    (packet,) = adapter.encode(shown)
    return etree.fromstring(packet.data)


def test_a_track_lies_where_proj_says() -> None:
    shown = picture(1_772_359_200.0)
    moved = msgspec.structs.replace(shown.tracks, position_enu_m=np.array([[800.0, 1500.0, 60.0]]))
    (packet,) = Adapter(Settings(), CONTEXT).encode(msgspec.structs.replace(shown, tracks=moved))
    (fix,) = read_fixes(packet.data).fixes
    azimuth, _, away_m = pyproj.Geod(ellps="WGS84").inv(18.8, 54.6, fix.longitude_deg, fix.latitude_deg)
    assert away_m == pytest.approx(1700.0, abs=0.1)
    assert azimuth == pytest.approx(math.degrees(math.atan2(800, 1500)), abs=0.01)
    assert fix.height_m == pytest.approx(101.0 - 28.7, abs=0.6)  # EGM96 lies 28.7 m up there
    assert fix.time_s == 1_772_359_200.0


@pytest.mark.parametrize("affiliation", Affiliation)
def test_no_affiliation_becomes_another(affiliation: Affiliation) -> None:
    root = document(Adapter(Settings(), CONTEXT), picture(0.0, affiliation=affiliation))
    words = affiliation.name.lower().replace("_", "-")
    assert root.findtext(".//k:Placemark/k:styleUrl", namespaces=K) == f"#{words}"
    assert set(COLOUR) == set(Affiliation)


def test_a_tail_follows_and_ends() -> None:
    adapter = Adapter(Settings(tail_s=2.0), CONTEXT)
    points = []
    for second in range(5):
        line = document(adapter, picture(float(second))).findtext(".//k:LineString/k:coordinates", namespaces=K)
        points.append(len((line or "").split()))
    assert points == [0, 2, 3, 3, 3]
    assert document(Adapter(Settings(tail_s=0.0), CONTEXT), picture(0.0)).find(".//k:LineString", K) is None


def test_an_exercise_is_in_every_name() -> None:
    root = document(Adapter(Settings(), CONTEXT), picture(0.0, exercise=True))
    names = [element.text or "" for element in root.iterfind(".//k:name", K)]
    assert len(names) == 2
    assert all(name.startswith("EXERCISE ") for name in names)


def test_what_is_left_out_is_counted() -> None:
    adapter = Adapter(Settings(interval_s=5.0), CONTEXT)
    list(adapter.encode(picture(0.0, status=TrackStatus.TENTATIVE)))
    assert list(adapter.encode(picture(1.0))) == []
    key = AlertKey("r", "p", "u")
    alert = Alert("A1", key, AlertState.UNACKNOWLEDGED, Priority.HIGH, 0.0, 0.0, 1, "", "", 1, None)
    assert list(adapter.encode(alert)) == []
    assert adapter.statistics() == {
        "pictures": 1, "tracks": 0, "tracks_not_shared": 1, "tracks_without_position": 0, "pictures_not_due": 1,
        "alerts_not_shared": 1,
    }  # fmt: skip


def test_the_sample_is_what_is_sent() -> None:
    (packet,) = Adapter(Settings(), CONTEXT).encode(picture(1_772_359_200.0))
    assert (Path(module.__file__).with_name("samples") / "picture.kml").read_bytes() == packet.data

"""Events read back by lxml, and held to what the picture says."""

import math

import msgspec
import numpy as np
import pytest
from lxml import etree

from picture_builder import picture
from tocsin.formats.cot import CotEvent, read_event
from tocsin.geo.frames import Origin, enu_from_lla
from tocsin.model.adapter import AdapterContext
from tocsin.model.identity import Affiliation, TargetClass
from tocsin.model.picture import Picture
from tocsin.model.sensor import Pose
from tocsin.model.track import TrackStatus
from tocsin.sharing.cot.adapter import AFFILIATION, Adapter
from tocsin.sharing.cot.settings import Settings

CONTEXT = AdapterContext("tak", Pose(), math.radians(54.6), math.radians(18.8), 41.0)
ORIGIN = Origin(CONTEXT.origin_latitude_rad, CONTEXT.origin_longitude_rad, CONTEXT.origin_height_m)


def events(adapter: Adapter, shown: Picture) -> list[CotEvent]:
    return [read_event(packet.data) for packet in adapter.encode(shown)]


def first(shown: Picture) -> CotEvent:
    return events(Adapter(Settings(), CONTEXT), shown)[0]


def test_a_track_reads_back_where_it_is() -> None:
    event = first(picture(1_700_000_000.0))
    place = [math.radians(event.latitude_deg), math.radians(event.longitude_deg), event.height_m or 0.0]
    assert enu_from_lla(ORIGIN, np.array([place]))[0] == pytest.approx([0.0, 1000.0, 60.0], abs=0.1)
    assert (event.course_deg, event.speed_mps) == (pytest.approx(180.0, abs=0.1), 20.0)
    assert (event.type, event.how) == ("a-u-A-M-H-Q", "m-f")
    assert event.stale_s - event.time_s == 5.0


def test_a_track_is_sent_twice_at_birth_and_once_after() -> None:
    adapter = Adapter(Settings(), CONTEXT)
    sent = [
        [event.uid for event in events(adapter, picture(1.7e9 + t, uid))] for t, uid in ((0, "a"), (1, "ab"), (2, "ab"))
    ]
    assert sent == [["a", "a"], ["a", "b", "b"], ["a", "b"]]


def test_a_picture_too_soon_is_not_sent() -> None:
    adapter = Adapter(Settings(interval_s=2.0), CONTEXT)
    assert [len(events(adapter, picture(1.7e9 + t))) for t in (0.0, 1.0, 2.0)] == [2, 0, 1]


@pytest.mark.parametrize("affiliation", list(Affiliation))
def test_every_affiliation_has_its_own_letter(affiliation: Affiliation) -> None:
    letter = first(picture(1.7e9, affiliation=affiliation)).type[2]
    assert letter == {"PENDING": "p", "UNKNOWN": "u", "ASSUMED_FRIEND": "a", "FRIEND": "f", "NEUTRAL": "n"}.get(
        affiliation.name, affiliation.name[0].lower()
    )
    assert len(set(AFFILIATION.values())) == len(Affiliation)


@pytest.mark.parametrize(
    ("kind", "share", "leaf"),
    [
        (TargetClass.FIXED_WING_DRONE, 0.9, "A-M-F-Q"),
        (TargetClass.MULTIROTOR, 0.6, "A"),
        (TargetClass.HELICOPTER, 0.9, "A"),
        (TargetClass.VESSEL, 0.9, "S"),
    ],
)
def test_a_class_is_told_where_it_is_probable(kind: TargetClass, share: float, leaf: str) -> None:
    assert first(picture(1.7e9, kind=kind, class_share=share)).type == f"a-u-{leaf}"


def test_errors_come_from_the_covariance() -> None:
    shown = picture(1.7e9)
    covariance = np.array(shown.tracks.covariance)
    covariance[0, :3, :3] = [[125.0, 75.0, 0.0], [75.0, 125.0, 0.0], [0.0, 0.0, 49.0]]  # axes of 14.1 and 7.1 m
    event = first(msgspec.structs.replace(shown, tracks=msgspec.structs.replace(shown.tracks, covariance=covariance)))
    assert (event.ce_m, event.le_m) == (14.1, 7.0)


def test_a_track_without_height_says_so() -> None:
    shown = picture(1.7e9)
    place = np.array(shown.tracks.position_enu_m)
    place[0, 2] = math.nan
    event = first(msgspec.structs.replace(shown, tracks=msgspec.structs.replace(shown.tracks, position_enu_m=place)))
    assert (event.height_m, event.le_m) == (None, None)


def test_an_exercise_is_marked_everywhere() -> None:
    (packet, _) = Adapter(Settings(), CONTEXT).encode(picture(1.7e9, exercise=True))
    event = read_event(packet.data)
    assert packet.exercise
    assert event.exercise == "exercise"
    assert event.callsign.startswith("EXERCISE ")
    assert event.remarks.startswith("EXERCISE. ")
    assert first(picture(1.7e9)).exercise == ""


def test_tentative_tracks_stay_at_home_unless_asked_for() -> None:
    shown = picture(1.7e9, status=TrackStatus.TENTATIVE)
    assert events(Adapter(Settings(), CONTEXT), shown) == []
    assert len(events(Adapter(Settings(tentative=True), CONTEXT), shown)) == 2


def test_a_report_must_outlive_the_next() -> None:
    with pytest.raises(ValueError, match="stale_s"):
        Settings(interval_s=5.0, stale_s=5.0)


def test_each_event_is_whole_xml_on_one_line() -> None:
    for packet in Adapter(Settings(), CONTEXT).encode(picture(1.7e9, "abc")):
        assert packet.data.count(b"\n") == 1
        assert etree.fromstring(packet.data).tag == "event"

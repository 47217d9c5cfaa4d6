"""The picture and the alerts as a fusion node's messages, read back by sapient-msg."""

import math
from typing import Any

import msgspec
import numpy as np
import pytest
from pyproj import Geod, Transformer

from picture_builder import picture
from sapient_messages import BEGIN_S, NODE, OBJECT, OTHER, message
from tocsin.formats.sapient.ids import is_ulid
from tocsin.formats.sapient.schema import schema
from tocsin.links.sapient import children, composing, fused, registration
from tocsin.links.sapient.composing import fill_classes
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.identity import CLASS_COUNT, Affiliation, TargetClass
from tocsin.model.picture import Picture
from tocsin.model.scan import Scan
from tocsin.model.track import EndedTrack, Outcome, TrackStatus
from unit.links.sapient.harness import OTHERS, OWN, RADAR, Driven, context

MODULES = (children, composing, fused, registration)  # what is run here through the adapter
UID = "01KJMDEBQM34T0VYXF7SFWJZFZ"


def link(**settings: Any) -> Driven:
    found = Driven(context(RADAR, OTHERS, OWN), role="fusion", register=False, **settings)
    found.opened()
    return found


def told(one: Driven, shown: Picture) -> list[Any]:
    return [said for said in one.tell(shown) if said.WhichOneof("content") == "detection_report"]


def test_a_track_is_where_it_is() -> None:
    (said,) = told(link(), picture(BEGIN_S, (UID,)))
    report = said.detection_report
    assert schema().check(said) == ()
    assert report.object_id == UID
    assert is_ulid(report.report_id)
    assert said.timestamp.ToNanoseconds() == BEGIN_S * 1e9
    assert report.location.y == pytest.approx(54.6 + 1000.0 / 111_312.0, abs=2e-5)
    to_ecef = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    here = to_ecef.transform(report.location.x, report.location.y, report.location.z)
    origin = to_ecef.transform(18.8, 54.6, 41.0)
    assert math.dist(here, origin) == pytest.approx(math.hypot(1000.0, 60.0), abs=0.01)
    degree_m = Geod(ellps="WGS84").inv(18.8, 54.6, 18.8, 55.6)[2]
    assert report.location.y_error * degree_m == pytest.approx(5.0, rel=0.01)
    assert report.location.z_error == pytest.approx(5.0)
    assert (report.enu_velocity.east_rate, report.enu_velocity.north_rate) == pytest.approx((0.0, -20.0), abs=1e-6)
    assert report.detection_confidence == pytest.approx(0.99)
    assert [(one.type, one.value) for one in report.track_info] == [("status", "confirmed"), ("number", "T1")]


@pytest.mark.parametrize("affiliation", list(Affiliation))
def test_every_affiliation_goes_out_word_for_word(affiliation: Affiliation) -> None:
    (said,) = told(link(), picture(BEGIN_S, (UID,), affiliation=affiliation))
    words = {one.type: one.value for one in said.detection_report.object_info}
    assert words["affiliation"] == affiliation.name.lower().replace("_", " ")


def test_classes_are_the_standards_words() -> None:
    report = schema().message().detection_report
    chances = [0.0] * CLASS_COUNT
    chances[TargetClass.MULTIROTOR], chances[TargetClass.HELICOPTER], chances[TargetClass.BIRD] = 0.6, 0.1, 0.3
    fill_classes(report, chances)
    found = [(one.type, round(one.confidence, 3)) for one in report.classification]
    assert found == [("Air Vehicle", 0.7), ("Animal", 0.3)]
    narrower = [(one.type, round(one.confidence, 3), one.level) for one in report.classification[0].sub_class]
    assert narrower == [("UAV Rotary Wing", 0.6, 1), ("Manned Rotary Wing", 0.1, 1)]


def test_only_confirmed_and_coasting_tracks_go_out_all_at_one_time() -> None:
    one = link()
    shown = picture(BEGIN_S, ("a", "b", "c", "d"))
    shown.tracks.status[:] = (TrackStatus.CONFIRMED, TrackStatus.TENTATIVE, TrackStatus.COASTING, TrackStatus.DELETED)
    said = told(one, shown)
    assert [found.detection_report.track_info[0].value for found in said] == ["confirmed", "coasting"]
    assert len({found.timestamp.ToNanoseconds() for found in said}) == 1
    assert told(one, picture(BEGIN_S + 0.5, ("a",))) == []  # not due
    again = told(one, picture(BEGIN_S + 1.0, ("a",)))
    assert again[0].detection_report.object_id == said[0].detection_report.object_id


def scanned(shown: Picture, *detections: Detection, share: float = 0.9) -> Picture:
    """`shown` after a scan whose k-th detection belongs to the first track."""
    m, none = len(detections), np.empty(0)
    kind = MeasurementKind.POSITION_2D
    scan = Scan(
        detections[0].sensor, kind, shown.time_s, shown.time_s, np.full(m, shown.time_s), np.zeros((m, 2)),
        np.tile(np.eye(2), (m, 1, 1)), np.zeros(3), none, none, detections,
    )  # fmt: skip
    links = np.array([(0, k) for k in range(m)])
    tracks = msgspec.structs.replace(shown.tracks, links=links, link_probability=np.full(m, share))
    return msgspec.structs.replace(shown, tracks=tracks, scan=scan)


def seen(sensor: str, track: str | None, time_s: float) -> Detection:
    return Detection(
        sensor, MeasurementKind.POSITION_2D, time_s, time_s, (0.0, 0.0), (1.0, 0.0, 0.0, 1.0), sensor_track=track
    )


def test_the_detections_behind_a_track_are_named() -> None:
    one = link()
    told(one, scanned(picture(BEGIN_S, (UID,)), seen("radar", OBJECT, BEGIN_S - 0.2)))
    told(one, scanned(picture(BEGIN_S + 0.2, (UID,)), seen("others", f"{OTHER}/{OBJECT}", BEGIN_S)))
    told(one, scanned(picture(BEGIN_S + 0.3, (UID,)), seen("own", "17", BEGIN_S + 0.1)))
    told(one, scanned(picture(BEGIN_S + 0.4, (UID,)), seen("own", "18", BEGIN_S + 0.1), share=0.2))
    told(one, scanned(picture(BEGIN_S + 0.4, (UID,)), seen("own", None, BEGIN_S + 0.1)))
    (said,) = told(one, picture(BEGIN_S + 1.0, (UID,)))
    found = {one.node_id: one for one in said.detection_report.associated_detection}
    assert len(found) == 3
    assert (found[NODE].object_id, found[NODE].association_type) == (OBJECT, 3)
    assert found[NODE].timestamp.ToNanoseconds() == round((BEGIN_S - 0.2) * 1e6) * 1000
    assert found[OTHER].object_id == OBJECT
    (own,) = set(found) - {NODE, OTHER}
    assert is_ulid(found[own].object_id)
    (ours,) = [body.registration for _, body in registering().replies if body.HasField("registration")]
    assert set(ours.dependent_nodes) >= {NODE, own}
    (later,) = told(one, picture(BEGIN_S + 7.0, (UID,)))
    assert list(later.detection_report.associated_detection) == []


def registering() -> Driven:
    found = Driven(context(RADAR, OTHERS, OWN), role="fusion")
    found.opened()
    return found


def test_our_registration_says_what_a_fusion_node_must() -> None:
    ((_, said),) = registering().replies
    ours = said.registration
    assert schema().check(said) == ()
    assert [one.node_type for one in ours.node_definition] == [20]
    assert ours.icd_version == "BSI Flex 335 v2.0"
    region = ours.reporting_region[0].location_list.locations
    reach_m = [Geod(ellps="WGS84").inv(18.8, 54.6, one.x, one.y)[2] for one in region]
    assert all(5000.0 <= one <= 5100.0 for one in reach_m)
    assert ours.mode_definition[0].task.region_definition.region_area[0].location_datum == 1


def test_an_ended_track_goes_out_once_more_with_its_outcome() -> None:
    one = link()
    told(one, picture(BEGIN_S, (UID,)))
    ended = EndedTrack(1, UID, UID, BEGIN_S, BEGIN_S, (0.0, 1000.0, 60.0), (0.0, 0.0, 0.0), Outcome.LANDED)
    told(one, msgspec.structs.replace(picture(BEGIN_S + 0.5, ()), ended=(ended,)))  # not due, and yet not forgotten
    (said,) = told(one, picture(BEGIN_S + 1.0, ()))
    assert (said.detection_report.object_id, said.detection_report.state) == (UID, "landed")
    assert schema().check(said) == ()
    assert told(one, picture(BEGIN_S + 2.0, ())) == []


def test_a_partners_tracks_are_never_sent_back() -> None:
    one = link()
    partner = {
        "node_definition": [{"node_type": 20}],
        "icd_version": "BSI Flex 335 v2.0",
        "capabilities": [{"category": "Fusion", "type": "Picture"}],
        "status_definition": {"status_interval": {"units": 4, "value": 5.0}},
        "mode_definition": [{
            "mode_name": "x", "mode_type": 1, "settle_time": {"units": 4, "value": 0.0},
            "task": {"region_definition": {
                "region_type": [1], "region_area": [{"location_units": 1, "location_datum": 1}]}},
        }],
        "config_data": [{"manufacturer": "x", "model": "y"}],
    }  # fmt: skip
    one.hear(message(BEGIN_S, NODE, registration=partner))
    theirs = picture(BEGIN_S, ("a", "b"), sensors=("radar", "own"))
    theirs.tracks.sensor_bits[:] = (1, 3)
    assert len(told(one, theirs)) == 1
    assert one.count("tracks_of_partners_kept_back") == 1


def test_many_tracks_take_turns_at_the_rate() -> None:
    one = link(most_per_s=3.0)
    names = tuple(f"t{k}" for k in range(7))
    sent = [{said.detection_report.object_id for said in told(one, picture(BEGIN_S + k, names))} for k in range(3)]
    assert [len(found) for found in sent] == [3, 3, 3]
    assert len(set.union(*sent)) == 7


def alert(**changed: Any) -> Alert:
    key = AlertKey("drone", "gate", "u")
    base = Alert(
        f"A3-{UID}", key, AlertState.UNACKNOWLEDGED, Priority.HIGH, BEGIN_S, BEGIN_S, 1, "Drone nears gate", "rule"
    )
    return msgspec.structs.replace(base, **changed)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (AlertState.UNACKNOWLEDGED, 1),
        (AlertState.ACKNOWLEDGED, 2),
        (AlertState.RETURNED, 1),
        (AlertState.CLEARED, 5),
        (AlertState.SHELVED, 4),
    ],
)
def test_an_alert_keeps_its_id_through_its_states(state: AlertState, expected: int) -> None:
    one = link()
    told(one, picture(BEGIN_S, (UID,)))
    (said,) = one.tell(alert(state=state, parents=(UID, "radar")))
    body = said.alert
    assert schema().check(said) == ()
    assert (body.alert_id, body.status, body.alert_type, body.priority) == (UID, expected, 2, 3)
    assert (body.description, body.additional_information) == ("Drone nears gate", "rule")
    assert [(found.node_id, found.object_id) for found in body.associated_detection] == [(said.node_id, UID)]
    assert body.location.y == pytest.approx(54.609, abs=1e-3)


def test_an_alert_of_an_exercise_says_so() -> None:
    one = link()
    (said,) = one.tell(alert(exercise=True, priority=Priority.CRITICAL))
    assert said.additional_information == "EXERCISE"
    assert said.alert.description == "EXERCISE. Drone nears gate"
    assert (said.alert.alert_type, said.alert.ranking) == (3, 1.0)
    (report,) = told(one, picture(BEGIN_S, (UID,), exercise=True))
    assert report.additional_information == "EXERCISE"


def test_an_unknown_height_is_left_out() -> None:
    shown = picture(BEGIN_S, (UID,))
    shown.tracks.position_enu_m[0, 2] = math.nan
    shown.tracks.velocity_enu_mps[0, 2] = math.nan
    (said,) = told(link(), shown)
    assert not said.detection_report.location.HasField("z")
    assert not said.detection_report.enu_velocity.HasField("up_rate")
    assert schema().check(said) == ()

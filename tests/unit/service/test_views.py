"""SiteViews: what the web reads is the newest, whole, bounded, and the same object while nothing changed."""

import math

import msgspec
import pytest

from picture_builder import picture
from small_site import START_S, small_site
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.command import Command, CommandKind
from tocsin.model.detection import Detection, MeasurementKind
from tocsin.model.packet import Packet, PacketKind
from tocsin.model.sensor import Health, SensorStatus
from tocsin.model.track import EndedTrack
from tocsin.service import views as module
from tocsin.service.pipeline import LineOutput
from tocsin.service.views import SiteViews


def output(after_s: float = 0.0, **found: object) -> LineOutput:
    time_s = START_S + after_s
    return LineOutput(Packet(PacketKind.TICK, "clock", time_s), time_s, **found)


def alert(name: str, state: AlertState, version: int = 1) -> Alert:
    key = AlertKey("drone approaches", "pier head", name)
    return Alert(name, key, state, Priority.HIGH, START_S, START_S, version, "words", "reason")


@pytest.fixture
def views() -> SiteViews:
    return SiteViews(small_site())


def test_before_the_first_picture_there_is_none(views: SiteViews) -> None:
    assert views.picture() is None
    assert views.columns() is None
    assert views.track("T1") is None
    assert views.report() is None
    assert [sensor.name for sensor in views.sensors()] == ["radar"]
    assert views.site().name == "Test pier"
    assert [asset.name for asset in views.site().assets] == ["pier head"]


def test_the_newest_picture_is_presented_once(views: SiteViews) -> None:
    views.take(output(picture=picture(START_S, uid=("u1", "u2"))))
    shown = views.picture()
    assert shown is not None
    assert [track.uid for track in shown.tracks] == ["u1", "u2"]
    views.take(output(0.1))
    assert views.picture() is shown
    views.take(output(0.5, picture=picture(START_S + 0.5)))
    assert views.picture() is not shown


def test_a_track_is_found_by_uid_and_by_label(views: SiteViews) -> None:
    views.take(output(picture=picture(START_S, uid=("u1", "u2"))))
    for name in ("u2", "T2"):
        found = views.track(name)
        assert found is not None
        assert found.track.uid == "u2"
    assert views.track("T9") is None
    assert views.track("") is None


def test_an_alert_shows_its_newest_version_and_old_cleared_ones_go(
    views: SiteViews, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_CLEARED", 2)
    views.take(output(alerts=(alert("a", AlertState.UNACKNOWLEDGED), alert("b", AlertState.UNACKNOWLEDGED))))
    views.take(output(alerts=(alert("a", AlertState.ACKNOWLEDGED, version=2),)))
    assert {one.id: one.state for one in views.alerts()} == {"a": "acknowledged", "b": "unacknowledged"}
    views.take(output(alerts=tuple(alert(f"c{k}", AlertState.CLEARED) for k in range(5))))
    assert [one.id for one in views.alerts()] == ["b", "a", "c3", "c4"]


def test_what_an_earlier_run_left_standing_is_shown_before_anything_else(views: SiteViews) -> None:
    views.resume([alert("a", AlertState.SHELVED)])
    assert [(one.id, one.state) for one in views.alerts()] == [("a", "shelved")]


def test_a_sensors_health_is_shown(views: SiteViews) -> None:
    before = views.sensors()
    views.take(output())
    assert views.sensors() is before
    views.take(output(statuses=(SensorStatus("radar", START_S, Health.SILENT, "no data for 4 s"),)))
    assert [(sensor.health, sensor.reason) for sensor in views.sensors()] == [("silent", "no data for 4 s")]


def test_bearings_are_shown_for_moments_and_at_most_so_many(views: SiteViews) -> None:
    def bearing(k: int) -> Detection:
        return Detection("radar", MeasurementKind.AZIMUTH, START_S + k * 0.001, START_S, (k * 0.001,), (0.01,))

    views.take(output(detections=tuple(bearing(k) for k in range(300))))
    assert len(views.cues()) == module.CUES
    newest = views.cues()[-1]
    assert newest.azimuth_deg == pytest.approx(math.degrees(0.299))
    assert newest.sigma_deg == pytest.approx(math.degrees(0.1))
    views.take(output(module.CUE_S + 1.0))
    assert views.cues() == ()


def test_endings_are_told_for_a_minute(views: SiteViews) -> None:
    ended = EndedTrack(3, "u3", "u3", START_S, START_S - 8.0, (0.0, 0.0, 10.0), (1.0, 0.0, 0.0))
    views.take(output(ended=(ended,)))
    views.take(output(module.ENDED_S - 1.0))
    assert [one.label for one in views.ended()] == ["T3"]
    views.take(output(module.ENDED_S + 1.0))
    assert views.ended() == ()


def test_what_is_given_is_answered(views: SiteViews) -> None:
    views.put_statistics({"line": 1})
    views.put_report({"evaluation": {}})
    views.put_notice("loading")
    assert (views.statistics(), views.report(), views.site().notice) == ({"line": 1}, {"evaluation": {}}, "loading")
    assert msgspec.json.encode(views.site())
    views.put_ending("over")
    assert (views.site().notice, views.site().ended) == ("over", True)


def test_notes_that_people_enter_are_shown_as_what_they_said(views: SiteViews) -> None:
    note = Command("n1", CommandKind.NOTE, "A herdsman", value="Dry Well post", reason="Launchers on a lorry.")
    empty = Command("n2", CommandKind.NOTE, "A herdsman")
    other = Command("a1", CommandKind.ACKNOWLEDGE, "ada", target="A1")
    views.take(output(2.0, commands=(note, empty, other)))
    (said,) = views.statements()
    assert (said.speaker, said.stance, said.content) == ("A herdsman", "asserts", "Launchers on a lorry.")
    assert said.place == "Dry Well post" and said.said is not None and said.said.endswith("Z")

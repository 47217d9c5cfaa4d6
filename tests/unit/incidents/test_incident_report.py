"""The record of a run: the line's tracks beside what people said, and neither changed by the other."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from picture_builder import picture
from record_builder import AT, Records
from run_builder import alert, ended, note
from tocsin.incidents.account import Account
from tocsin.incidents.incident_report import Run, incident_report, sha256_of
from tocsin.incidents.report import html, text
from tocsin.incidents.verification import verify
from tocsin.incidents.witness import Witness
from tocsin.model.alert import AlertState, Priority
from tocsin.model.sensor import Health, SensorStatus
from tocsin.model.track import Outcome

RUN = Run("Karoon Flats", "Two nights at Karoon Flats", -24.3, 125.6, {"0001.mcap": "ab" * 32})


def witnessed() -> Witness:
    witness = Witness()
    witness.see(picture(1.0, seen_s=1.0, exercise=True), [alert()])
    witness.see(ended(picture(8.0, seen_s=8.0)))
    witness.hear(note("Fire control", "One drone brought down south-east of the runway.", at_s=20.0))
    witness.hear(
        note("Herdsman, by telephone", "Several launchers near the dry well; did not say whose they are.", "well")
    )
    return witness


def reported(witness: Witness, path: Path | str = ":memory:") -> tuple[Account, Records]:
    records = Records(path)
    (account,) = incident_report(witness, RUN, "ann", records.key, AT, records.store)
    return account, records


def test_tracks_alerts_and_recordings_are_evidence_and_say_how(tmp_path: Path) -> None:
    account, _ = reported(witnessed(), tmp_path / "log")
    whats = [piece.what for piece in account.evidence]
    assert whats[0].startswith("Track T")
    assert "probable drone (multirotor), affiliation unknown" in whats[0]
    assert whats[0].endswith("; lost after its last detection")
    assert whats[1].startswith("Alert a1, high, raised 1970-01-01T00:00:05Z")
    assert whats[2] == "0001.mcap"
    assert account.evidence[0].how.startswith("estimated from radar; 95 % within ")
    assert account.evidence[2].sha256 == "ab" * 32
    assert account.exercise
    assert verify(tmp_path / "log").is_whole


def test_an_alert_is_told_as_raised_and_as_it_last_stood() -> None:
    witness = Witness()
    gone = msgspec.structs.replace(
        alert(2), message="T1 is gone", changed_s=9.0, acknowledged_by="ann", acknowledged_s=7.0
    )
    witness.see(picture(1.0), [alert(1)])
    witness.see(picture(2.0), [gone])
    (told,) = [piece for piece in reported(witness)[0].evidence if piece.what.startswith("Alert")]
    assert told.what == (
        "Alert a1, high, raised 1970-01-01T00:00:05Z: T1 nears the gate; acknowledged by ann at 1970-01-01T00:00:07Z;"
        " last, 1970-01-01T00:00:09Z: T1 is gone"
    )
    assert told.how == "comes closer (Tocsin, 1970-01-01T00:00:09Z)"


def test_what_people_report_stays_theirs_and_the_track_keeps_its_end() -> None:
    account, _ = reported(witnessed())
    assert account.outcomes == ("T1: lost after its last detection (1970-01-01T00:00:08Z)",)
    control, launchers, refusal = account.said
    assert (control.stance, control.content.value) == ("asserts", "One drone brought down south-east of the runway.")
    assert (launchers.stance, launchers.content.value) == ("asserts", "Several launchers near the dry well")
    assert (refusal.stance, refusal.content.value) == ("declines", "did not say whose they are.")
    assert launchers.speaker == refusal.speaker == "Herdsman, by telephone"


def test_statements_are_tied_by_place_and_time() -> None:
    account, _ = reported(witnessed())
    assert [one.about for one in account.said] == [("T1", "a1"), (), ()]
    late = Witness()
    late.see(picture(1.0), [alert()])
    late.hear(note("Fire control", "One drone brought down.", at_s=5.0 + 301.0))
    late.hear(note("Fire control", "It is coming.", at_s=4.0))
    assert [one.about for one in reported(late)[0].said] == [(), ()]


def test_nobody_is_named() -> None:
    account, _ = reported(witnessed())
    assert account.attribution.text == "not attributed"
    assert "Herdsman, by telephone declined to say" in account.attribution.missing[0]
    for shown in (text(account), html(account)):
        assert "not attributed" in shown
        assert "Several launchers" in shown


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_of_a_track_is_told(outcome: Outcome) -> None:
    witness = Witness()
    witness.see(picture(1.0), [alert()])
    witness.see(ended(picture(8.0), outcome))
    assert reported(witness)[0].outcomes[0].startswith(f"T1: {outcome} after")


def test_a_quiet_run_has_an_account_too() -> None:
    account, _ = reported(Witness())
    assert (account.said, account.outcomes, account.title) == ((), (), "Two nights at Karoon Flats")


def test_a_quiet_hour_parts_two_incidents_and_the_second_knows_the_first() -> None:
    witness = witnessed()
    witness.hear(note("Fire control", "Another one.", at_s=90_000.0))
    records = Records()
    first, second = incident_report(witness, RUN, "ann", records.key, AT, records.store)
    assert (first.title, second.title) == ("Two nights at Karoon Flats, 1 of 2", "Two nights at Karoon Flats, 2 of 2")
    assert [one.content.value for one in second.said] == ["Another one."]
    assert [one.measure for one in second.earlier] == ["same kind (drones), 0.0 km away, 1.0 days before"]
    assert html(first, second).count("<main>") == 2


def test_brief_tracks_that_no_alert_named_are_counted() -> None:
    witness = Witness()
    witness.see(picture(1.0, uid=("u", "v"), seen_s=1.0), [alert()])
    account, _ = reported(witness)
    assert [piece.what[:9] for piece in account.evidence] == ["Track T1:", "Alert a1,", "0001.mcap"]
    assert ("Further tracks", "1, seen for less than 10 s and named by no alert") in account.details


def test_a_recording_is_known_by_its_hash(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")  # FIPS 180-2, appendix B.1
    assert sha256_of(tmp_path / "x") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_each_turn_of_an_alert_is_told_with_who_made_it() -> None:
    witness = Witness()
    first = alert()
    seen = msgspec.structs.replace(
        first, version=2, state=AlertState.ACKNOWLEDGED, acknowledged_by="ann", acknowledged_s=7.0, changed_s=7.0
    )
    worse = msgspec.structs.replace(first, version=3, priority=Priority.CRITICAL, changed_s=9.0, message="T1 is close")
    gone = msgspec.structs.replace(worse, version=4, state=AlertState.RETURNED, changed_s=20.0)
    over = msgspec.structs.replace(
        gone, version=5, state=AlertState.CLEARED, acknowledged_by="bob", acknowledged_s=30.0, changed_s=30.0
    )
    for one in (first, seen, worse, msgspec.structs.replace(worse, message="T1 is closer"), gone, over):
        witness.see(picture(1.0), [one])
    (told,) = [piece.what for piece in reported(witness)[0].evidence if piece.what.startswith("Alert")]
    assert told == (
        "Alert a1, high, raised 1970-01-01T00:00:05Z: T1 nears the gate; acknowledged by ann at 1970-01-01T00:00:07Z;"
        " critical from 1970-01-01T00:00:09Z, asked again at 1970-01-01T00:00:09Z;"
        " its cause gone, unanswered, at 1970-01-01T00:00:20Z; acknowledged by bob at 1970-01-01T00:00:30Z;"
        " last, 1970-01-01T00:00:30Z: T1 is close"
    )


def test_what_could_not_be_seen_is_told() -> None:
    witness = witnessed()
    witness.watch([SensorStatus("radar", 3.0, Health.SILENT, "no data for 6 s"), SensorStatus("df", 4.0, Health.OK)])
    witness.watch([SensorStatus("radar", 7.0, Health.OK, "heard again"), SensorStatus("df", 8.0, Health.FAULT)])
    records = Records()
    run = msgspec.structs.replace(RUN, never_seen="radar never sees azimuth 10 to 20 degrees")
    (account,) = incident_report(witness, run, "ann", records.key, AT, records.store)
    assert dict(account.details)["Not seen"] == (
        "radar gave nothing from 1970-01-01T00:00:03Z until 1970-01-01T00:00:07Z (no data for 6 s);"
        " df gave nothing from 1970-01-01T00:00:08Z on (fault); radar never sees azimuth 10 to 20 degrees"
    )


def test_a_track_is_told_where_it_was_seen_last_and_once_a_number() -> None:
    witness = Witness()
    moved = picture(1.0, seen_s=1.0)
    witness.see(moved, [alert()])
    far = msgspec.structs.replace(moved.tracks, position_enu_m=moved.tracks.position_enu_m + 500.0)
    witness.see(msgspec.structs.replace(moved, time_s=9.0, tracks=far))  # carried on, not seen again
    witness.see(ended(picture(9.0, seen_s=8.0)))
    again = picture(40.0, seen_s=40.0, uid=("v",))
    tracks = msgspec.structs.replace(again.tracks, born_s=np.array([20.0]), number=moved.tracks.number[:1])
    witness.see(msgspec.structs.replace(again, tracks=tracks))
    account, _ = reported(witness)
    whats = [piece.what for piece in account.evidence if piece.what.startswith("Track")]
    assert whats[0].endswith("; lost, and found again under its number at 1970-01-01T00:00:20Z")
    assert whats[1].endswith("; followed to the end")
    assert account.outcomes == ()

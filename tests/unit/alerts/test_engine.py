"""The engine over time: one alert an object, hysteresis, commands, silence, suppression, repeatability."""

from collections.abc import Sequence

import msgspec
import pytest

from picture_builder import picture
from tocsin.alerts import AlertEngine, Rule, Settings
from tocsin.model.alert import Alert, AlertState, Priority
from tocsin.model.command import Command, CommandKind
from tocsin.model.identity import Affiliation
from tocsin.model.sensor import Health, SensorStatus
from tocsin.model.threat import Asset

GATE = Asset("gate", 0.0, 0.0, 0.0, 100.0, reaction_s=30.0)
NEAR = Rule(name="near", when="enters", priority="high", advice="Clear the apron.")
S = AlertState


def _engine(rules: Sequence[Rule] = (NEAR,), **settings) -> AlertEngine:
    return AlertEngine(Settings(**settings), rules, [GATE], [], ["radar"], "seed")


def _raised(engine: AlertEngine, start_s: float = 0.0, **looks) -> Alert:
    engine.step(picture(start_s, **looks), (), (), start_s, False)
    changed = engine.step(picture(start_s + 1, **looks), (), (), start_s + 1, False)
    assert [alert.state for alert in changed] == [S.UNACKNOWLEDGED]
    return changed[0]


def _command(kind: CommandKind, target: str, time_s: float = 0.0, **more) -> Command:
    return Command(f"{kind}-{target}-{time_s}", kind, "Nowak", target, reason="because", **more)


def _ask(engine: AlertEngine, kind: CommandKind, alert: Alert, time_s: float, **more):
    changed = engine.step(None, (), [_command(kind, alert.id, time_s, **more)], time_s, False)
    return changed, engine.answers()[-1]


def test_raised_on_the_second_look_with_everything_an_operator_needs() -> None:
    engine = _engine()
    assert engine.step(picture(0.0), (), (), 0.0, False) == ()
    assert engine.step(picture(0.5, seen_s=0.0), (), (), 0.5, False) == ()  # a tick is no look
    (alert,) = engine.step(picture(1.0), (), (), 1.0, False)
    assert alert.message == (
        "Probable drone (multirotor) T1, probable entry of gate: from gate, 000 deg, 1.0 km, 60 m, inbound 20 m/s, "
        "50 s (40 to 60 s). As of 00:00:01Z. Clear the apron."
    )
    assert alert.reason == "rule 'near': within 60 s; probable drone: radar says DRONE; seen by radar"
    assert (alert.priority, alert.track, alert.version, alert.parents) == (Priority.HIGH, 1, 1, ("u",))
    assert alert.time_to_entry_s == pytest.approx((40.0, 50.0, 60.0))
    assert engine.alerts() == (alert,)


def test_acknowledge_then_return_clears_and_a_new_rise_keeps_the_id() -> None:
    engine = _engine()
    alert = _raised(engine)
    (acknowledged,), answer = _ask(engine, CommandKind.ACKNOWLEDGE, alert, 2.0)
    assert answer.accepted
    assert (acknowledged.state, acknowledged.acknowledged_by, acknowledged.acknowledged_s) == (
        S.ACKNOWLEDGED,
        "Nowak",
        2.0,
    )
    states = []
    for k in range(3, 16):
        states += [one.state for one in engine.step(picture(k, entry_probability=0.0), (), (), k, False)]
    assert states == [S.CLEARED]
    assert engine.alerts() == ()
    engine.step(picture(20.0), (), (), 20.0, False)
    (again,) = engine.step(picture(21.0), (), (), 21.0, False)
    assert (again.id, again.state, again.acknowledged_by) == (alert.id, S.UNACKNOWLEDGED, "")


def test_a_lost_track_returns_its_alert_and_claims_nothing() -> None:
    engine = _engine()
    _raised(engine)
    changed = [one for k in range(2, 14) for one in engine.step(picture(k, ()), (), (), k, False)]
    assert [one.state for one in changed] == [S.RETURNED]
    assert "nothing says that it has gone" in changed[0].message
    engine.step(None, (), (), 1e6, False)
    assert [one.state for one in engine.alerts()] == [S.RETURNED]  # waits for somebody, however long


def test_worse_priority_raises_an_acknowledged_alert_again_once() -> None:
    engine = _engine()
    _ask(engine, CommandKind.ACKNOWLEDGE, _raised(engine), 2.0)
    (worse,) = engine.step(picture(3.0, median_s=20.0), (), (), 3.0, False)
    assert (worse.state, worse.priority) == (S.UNACKNOWLEDGED, Priority.CRITICAL)
    _ask(engine, CommandKind.ACKNOWLEDGE, worse, 4.0)
    assert engine.step(picture(5.0, median_s=40.0), (), (), 5.0, False) == ()
    assert engine.step(picture(6.0, median_s=20.0), (), (), 6.0, False) == ()


def test_shelving_needs_reason_and_bounds_and_ends_by_itself() -> None:
    engine = _engine()
    alert = _raised(engine)
    wrong = ((None, "time in the future"), (1.0, "time in the future"), (9999.0, "limited to 30 min"))
    for k, (until_s, words) in enumerate(wrong):
        _, answer = _ask(engine, CommandKind.SHELVE, alert, 2.0 + k / 100, until_s=until_s)
        assert not answer.accepted and words in answer.reason
    (shelved,), _ = _ask(engine, CommandKind.SHELVE, alert, 3.0, until_s=100.0)
    assert (shelved.state, shelved.shelved_until_s) == (S.SHELVED, 100.0)
    assert shelved.reason.endswith("; shelve by Nowak: because")
    assert engine.step(picture(50.0), (), (), 50.0, False) == ()
    (back,) = engine.step(picture(100.0), (), (), 100.0, False)
    assert (back.state, back.shelved_until_s) == (S.UNACKNOWLEDGED, None)


def test_shelved_unacknowledged_and_gone_comes_back_as_returned() -> None:
    engine = _engine()
    alert = _raised(engine)
    _ask(engine, CommandKind.SHELVE, alert, 3.0, until_s=100.0)
    for k in (10.0, 30.0):
        engine.step(picture(k, ()), (), (), k, False)
    (unshelved,), answer = _ask(engine, CommandKind.UNSHELVE, alert, 40.0)
    assert answer.accepted and unshelved.state is S.RETURNED


def test_out_of_service_and_back() -> None:
    engine = _engine()
    alert = _raised(engine)
    (removed,), _ = _ask(engine, CommandKind.OUT_OF_SERVICE, alert, 2.0)
    assert removed.state is S.OUT_OF_SERVICE
    assert engine.step(picture(3.0, median_s=5.0), (), (), 3.0, False) == ()
    (back,), _ = _ask(engine, CommandKind.RETURN_TO_SERVICE, alert, 4.0)
    assert back.state is S.UNACKNOWLEDGED


def test_clearing_waits_for_an_acknowledgement_and_lasts_until_it_gets_worse() -> None:
    engine = _engine()
    alert = _raised(engine)
    _, answer = _ask(engine, CommandKind.CLEAR, alert, 2.0)
    assert not answer.accepted and answer.reason == "not possible while unacknowledged"
    _ask(engine, CommandKind.ACKNOWLEDGE, alert, 3.0)
    (cleared,), _ = _ask(engine, CommandKind.CLEAR, alert, 4.0)
    assert cleared.state is S.CLEARED
    assert engine.step(picture(5.0), (), (), 5.0, False) == ()
    (worse,) = engine.step(picture(6.0, median_s=10.0), (), (), 6.0, False)
    assert worse.state is S.UNACKNOWLEDGED


def test_commands_that_come_late_twice_or_without_author_are_answered_and_counted() -> None:
    engine = _engine()
    alert = _raised(engine)
    late = _command(CommandKind.ACKNOWLEDGE, "A99")
    nobody = Command("n", CommandKind.ACKNOWLEDGE, "", alert.id)
    twice = Command("t", CommandKind.ACKNOWLEDGE, "Nowak", "A1")  # the short id will do
    engine.step(None, (), [late, nobody, twice, twice], 2.0, False)
    answers = engine.answers()
    assert [answer.accepted for answer in answers] == [False, False, True, True]
    assert answers[0].reason == "no live alert 'A99'"
    assert engine.statistics()["refused"] == {"no live alert": 1, "a command needs an author": 1}
    assert engine.statistics()["commands"] == 3
    assert engine.alerts()[0].version == 2


def test_silence_stops_no_alert() -> None:
    engine = _engine()
    changed, answer = _ask(engine, CommandKind.SILENCE, _raised(engine), 2.0)
    assert answer.accepted and changed == ()
    assert engine.alerts()[0].state is S.UNACKNOWLEDGED


def test_a_silent_sensor_has_its_own_alert_even_without_a_rule_and_cannot_be_shelved() -> None:
    engine = _engine()
    (alert,) = engine.step(None, [SensorStatus("radar", 9.0, Health.SILENT, "no data for 6 s")], (), 9.0, False)
    assert alert.key.rule == "sensor silent" and alert.parents == ("radar",)
    assert alert.message.startswith("Sensor radar is silent (no data for 6 s). As of 00:00:09Z.")
    _, answer = _ask(engine, CommandKind.SHELVE, alert, 10.0, until_s=20.0)
    assert not answer.accepted and "cannot be shelved" in answer.reason
    (returned,) = engine.step(None, [SensorStatus("radar", 30.0, Health.OK)], (), 30.0, False)
    assert returned.state is S.RETURNED


def test_a_sensor_that_is_off_or_degraded_raises_nothing() -> None:
    engine = _engine()
    for health in (Health.OFF, Health.DEGRADED, Health.OK):
        assert engine.step(None, [SensorStatus("radar", 0.0, health)], (), 0.0, False) == ()


def test_a_rule_kept_quiet_by_another_speaks_when_that_is_over() -> None:
    outer = Rule(name="outer", when="enters", within_s=100.0, suppressed_by=("near",), off_delay_s=1.0)
    inner = msgspec.structs.replace(NEAR, off_delay_s=1.0)
    engine = _engine([inner, outer])
    engine.step(picture(0.0), (), (), 0.0, False)
    changed = engine.step(picture(1.0), (), (), 1.0, False)
    assert sorted((one.key.rule, one.state) for one in changed) == [("near", S.UNACKNOWLEDGED), ("outer", S.SUPPRESSED)]
    changed = [one for k in (2.0, 3.0, 4.0) for one in engine.step(picture(k, median_s=80.0), (), (), k, False)]
    assert [(one.key.rule, one.state) for one in changed] == [("near", S.RETURNED), ("outer", S.UNACKNOWLEDGED)]


def test_a_friend_is_let_in_only_by_declaration_and_the_alert_then_returns() -> None:
    engine = _engine()
    _raised(engine)
    changed = [
        one for k in range(2, 14) for one in engine.step(picture(k, affiliation=Affiliation.FRIEND), (), (), k, False)
    ]
    assert [one.state for one in changed] == [S.RETURNED]
    assert "no longer expected in gate" in changed[0].message


def test_exercise_and_real_alerts_are_two_and_neither_becomes_the_other() -> None:
    engine = _engine()
    for k in (0.0, 1.0):
        exercise = engine.step(picture(k, exercise=True), (), (), k, True)
    for k in (2.0, 3.0):
        real = engine.step(picture(k), (), (), k, False)
    assert [one.exercise for one in (*exercise, *real)] == [True, False]
    assert exercise[0].id != real[0].id


def test_the_words_are_brought_up_to_date() -> None:
    engine = _engine()
    alert = _raised(engine)
    assert engine.step(picture(4.0, median_s=45.0), (), (), 4.0, False) == ()
    (later,) = engine.step(picture(6.0, median_s=40.0), (), (), 6.0, False)
    assert (later.state, later.version) == (alert.state, 2)
    assert "40 s (32 to 48 s)" in later.message


def test_cleared_alerts_are_forgotten_in_time_and_load_is_counted() -> None:
    engine = _engine(forget_s=60.0)
    alert = _raised(engine)
    _ask(engine, CommandKind.ACKNOWLEDGE, alert, 2.0)
    for k in (3.0, 20.0, 100.0):
        engine.step(picture(k, ()), (), (), k, False)
    assert engine.statistics()["states"] == {}
    assert _raised(engine, 200.0).id.startswith("A2-")
    assert engine.statistics()["sounded"] == 2
    assert engine.statistics()["most_in_10_min"] == 2
    assert engine.statistics()["by_rule"] == {"near": 2}


def test_the_same_steps_give_the_same_bytes() -> None:
    def run() -> bytes:
        engine, out = _engine(), []
        for k in range(40):
            shown = picture(k, ("u", "v") if k % 7 else ("v",), median_s=60.0 - k)
            commands = [_command(CommandKind.ACKNOWLEDGE, f"A{k % 3}", k)] if k % 5 == 0 else []
            out += engine.step(shown, (), commands, float(k), False)
        return msgspec.json.encode(out)

    assert run() == run()


def test_an_exercise_that_begins_ends_the_real_alerts_of_tracks_and_keeps_those_of_sensors() -> None:
    engine = _engine()
    _raised(engine)
    engine.step(None, [SensorStatus("radar", 2.0, Health.SILENT)], (), 2.0, False)
    changed = [one for k in range(3, 16) for one in engine.step(picture(k, ("x",)), (), (), k, True)]
    real = [(one.key.rule, one.state) for one in changed if not one.exercise and one.state is not S.UNACKNOWLEDGED]
    assert real == [("near", S.RETURNED)]
    assert [one.exercise for one in engine.alerts() if one.key.rule == "sensor silent"] == [False]


def test_an_id_belongs_to_one_command() -> None:
    engine = _engine()
    first = Command("t", CommandKind.ACKNOWLEDGE, "Nowak", "A1")
    engine.step(None, (), [first, msgspec.structs.replace(first, author="Kowalska"), first], 2.0, False)
    said = [answer.reason for answer in engine.answers()]
    assert said[1] == "the id 't' belongs to another command"
    assert said[0] == said[2]


def test_nobody_answers_and_it_is_told_again_three_times() -> None:
    engine = _engine(escalate_s=10.0)
    _raised(engine)
    told = [one for k in range(2, 60) for one in engine.step(picture(k), (), (), float(k), False) if one.escalated]
    assert sorted({one.escalated for one in told}) == [1, 2, 3]
    assert all(one.state is S.UNACKNOWLEDGED for one in told)
    assert engine.statistics()["sounded"] == 1
    changed, _ = _ask(engine, CommandKind.ACKNOWLEDGE, told[-1], 61.0)
    assert changed[0].state is S.ACKNOWLEDGED


def test_who_put_it_aside_and_why() -> None:
    engine = _engine()
    (shelved,), _ = _ask(engine, CommandKind.SHELVE, _raised(engine), 3.0, until_s=100.0)
    assert (shelved.put_aside_by, shelved.put_aside_reason) == ("Nowak", "because")
    (back,) = engine.step(picture(100.0), (), (), 100.0, False)
    assert (back.put_aside_by, back.put_aside_reason) == ("", "")


def test_the_first_alert_of_a_flood_is_named_by_all_that_follow() -> None:
    engine = _engine([msgspec.structs.replace(NEAR, looks=(1, 1))], raid_m=0.0)
    for k in range(12):
        engine.step(picture(float(k), tuple(f"u{i}" for i in range(k + 1))), (), (), float(k), False)
    alerts = engine.alerts()
    first = alerts[0].id
    assert [one.first_out for one in alerts[10:]] == [first, first]
    assert alerts[0].first_out == first
    assert engine.load().in_flood


def test_a_lost_warning_path_is_an_alert_of_its_own_and_cannot_be_put_aside() -> None:
    engine = _engine()
    (alert,) = engine.step(None, [SensorStatus("channels", 9.0, Health.FAULT, "siren: no answer")], (), 9.0, False)
    assert (alert.key.rule, alert.priority) == ("warning path lost", Priority.CRITICAL)
    assert alert.message.startswith("WARNING PATH LOST: channels: siren: no answer.")
    _, answer = _ask(engine, CommandKind.SHELVE, alert, 10.0, until_s=20.0)
    assert not answer.accepted and "cannot be shelved" in answer.reason


def test_one_more_part_that_is_lost_asks_again_once() -> None:
    engine = _engine()

    def say(time_s: float, reason: str) -> list[str]:
        status = SensorStatus("channels", time_s, Health.FAULT, reason)
        return [one.state.value for one in engine.step(None, [status], (), time_s, False)]

    assert say(9.0, "siren: no answer") == ["unacknowledged"]
    (alert,) = engine.alerts()
    engine.step(None, (), [Command("c", CommandKind.ACKNOWLEDGE, "Nowak", alert.id)], 10.0, False)
    assert say(11.0, "siren: still no answer") == []
    assert say(12.0, "siren: still no answer; mail: refused") == ["unacknowledged"]
    engine.step(None, (), [Command("d", CommandKind.ACKNOWLEDGE, "Nowak", alert.id)], 13.0, False)
    assert say(14.0, "siren: no answer; mail: refused") == []
    assert "unacknowledged" not in say(22.0, "mail: refused")  # fewer is not worse


def test_resumed_alerts_stand_as_they_were_and_take_up_their_tracks() -> None:
    before = _engine()
    raised = _raised(before)
    (shelved,), _ = _ask(before, CommandKind.SHELVE, raised, 3.0, until_s=300.0)
    engine = _engine()
    engine.resume([shelved], [], 100.0)
    assert engine.alerts() == (shelved,)
    assert engine.step(picture(101.0, ("new",)), (), (), 101.0, False) == ()
    (back,) = engine.step(picture(300.0, ("new",)), (), (), 300.0, False)
    assert (back.id, back.state, back.version) == (raised.id, S.UNACKNOWLEDGED, shelved.version + 1)
    assert len(engine.alerts()) == 1


def test_a_resumed_alert_whose_track_does_not_come_back_returns_after_its_wait() -> None:
    before = _engine()
    raised = _raised(before)
    engine = _engine()
    engine.resume([raised], [Command("c", CommandKind.NOTE, "N")], 100.0)
    changed = [one for k in range(101, 150) for one in engine.step(picture(k, ()), (), (), float(k), False)]
    assert [one.state for one in changed if one.state is not S.UNACKNOWLEDGED] == [S.RETURNED]
    assert changed[-1].changed_s >= 130.0
    new = _raised(engine, 200.0)
    assert new.id == raised.id or new.id.startswith("A2-")

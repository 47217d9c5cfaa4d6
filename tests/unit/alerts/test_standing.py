"""One alert's versions."""

from tocsin.alerts.hysteresis import Latch
from tocsin.alerts.lifecycle import Event
from tocsin.alerts.rule import Rule
from tocsin.alerts.standing import Standing, Told
from tocsin.model.alert import AlertKey, AlertState, Priority
from tocsin.model.command import Command, CommandKind

ACKNOWLEDGE = Command("c", CommandKind.ACKNOWLEDGE, "Nowak", "A1")


def _standing() -> Standing:
    key, rule = AlertKey("near", "gate", "u"), Rule(name="near", when="enters")
    return Standing(key, rule, True, Latch(1, 1, 10.0, 3, 60.0, 60.0), Told(Priority.HIGH, "it comes", "because", 7))


def test_versions_count_from_one_and_keep_id_and_exercise() -> None:
    standing = _standing()
    assert standing.state is AlertState.NORMAL
    first = standing.apply(Event.RAISE, 1.0, "A1-X")
    second = standing.apply(Event.ACKNOWLEDGE, 2.0, "unused", ACKNOWLEDGE)
    assert first is not None and second is not None
    assert (first.version, second.version, second.id, second.exercise) == (1, 2, "A1-X", True)
    assert (first.raised_s, second.raised_s, second.changed_s) == (1.0, 1.0, 2.0)
    assert (second.acknowledged_by, second.acknowledged_s) == ("Nowak", 2.0)


def test_what_the_table_does_not_allow_changes_nothing() -> None:
    standing = _standing()
    assert standing.apply(Event.ACKNOWLEDGE, 1.0, "A1-X", ACKNOWLEDGE) is None
    assert standing.alert is None
    standing.apply(Event.RAISE, 1.0, "A1-X")
    before = standing.alert
    assert standing.apply(Event.CLEAR, 2.0, "", ACKNOWLEDGE) is None
    assert standing.alert is before and standing.owed


def test_priority_never_falls_while_the_condition_lasts_and_starts_anew_after() -> None:
    standing = _standing()
    standing.apply(Event.RAISE, 1.0, "A1-X")
    standing.told = Told(Priority.LOW, "it turns", "because", 7)
    returned = standing.apply(Event.RETURN, 2.0, "")
    again = standing.apply(Event.RAISE, 3.0, "")
    assert returned is not None and again is not None
    assert (returned.priority, again.priority) == (Priority.HIGH, Priority.LOW)


def test_retelling_changes_words_alone() -> None:
    standing = _standing()
    assert standing.retell(0.0) is None
    alert = standing.apply(Event.RAISE, 1.0, "A1-X")
    standing.told = Told(Priority.HIGH, "it is here", "because", 7)
    later = standing.retell(9.0)
    assert alert is not None and later is not None
    assert (later.message, later.version, later.state) == ("it is here", 2, alert.state)

"""What a person may ask of an alert."""

import pytest

from tocsin.alerts.hysteresis import Latch
from tocsin.alerts.lifecycle import Event
from tocsin.alerts.requests import ALERT_COMMANDS, event_of
from tocsin.alerts.rule import SILENT_RULE, Rule
from tocsin.alerts.settings import Settings
from tocsin.alerts.standing import Standing, Told
from tocsin.model.alert import AlertKey, AlertState, Priority
from tocsin.model.command import Command, CommandKind

NEAR = Rule(name="near", when="enters")


def _standing(rule: Rule = NEAR, *events: Event) -> Standing:
    latch = Latch(1, 1, 10.0, 3, 60.0, 60.0, active=True)
    standing = Standing(AlertKey(rule.name, "gate", "u"), rule, False, latch, Told(Priority.LOW, "", ""))
    for event in (Event.RAISE, *events):
        standing.apply(event, 0.0, "A1-X")
    return standing


def _asked(kind: CommandKind, standing: Standing, author="Nowak", reason="because", until_s=100.0) -> Event | str:
    return event_of(Command("c", kind, author, "A1", "", reason, until_s), standing, Settings(), 0.0)


@pytest.mark.parametrize("kind", [kind for kind in ALERT_COMMANDS if kind is not CommandKind.SILENCE])
def test_every_command_needs_an_author(kind: CommandKind) -> None:
    assert _asked(kind, _standing(), author="") == "a command needs an author"


@pytest.mark.parametrize("kind", [CommandKind.SHELVE, CommandKind.CLEAR, CommandKind.OUT_OF_SERVICE])
def test_putting_aside_needs_a_reason(kind: CommandKind) -> None:
    assert _asked(kind, _standing(), reason="") == f"{kind} needs a reason"


def test_silence_of_a_sensor_is_not_shelved_and_may_be_taken_out_of_service() -> None:
    assert "cannot be shelved" in _asked(CommandKind.SHELVE, _standing(SILENT_RULE))
    assert _asked(CommandKind.OUT_OF_SERVICE, _standing(SILENT_RULE)) is Event.REMOVE


def test_release_follows_condition_and_debt() -> None:
    assert _asked(CommandKind.UNSHELVE, _standing()) == f"the alert is not {AlertState.SHELVED}"
    shelved = _standing(NEAR, Event.SHELVE)
    assert _asked(CommandKind.RETURN_TO_SERVICE, shelved) == f"the alert is not {AlertState.OUT_OF_SERVICE}"
    assert _asked(CommandKind.UNSHELVE, shelved) is Event.RELEASE_ACTIVE
    shelved.latch.active = False
    assert _asked(CommandKind.UNSHELVE, shelved) is Event.RELEASE_OWED
    shelved.owed = False
    assert _asked(CommandKind.UNSHELVE, shelved) is Event.RELEASE_QUIET

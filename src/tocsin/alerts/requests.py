"""Requests: what a person asks of one alert, checked before the transition table is asked.

`event_of` gives the event that a command stands for, or the reason why not, in words for the one who asked.
"""

from tocsin.alerts.lifecycle import Event
from tocsin.alerts.rule import UNSHELVABLE
from tocsin.alerts.settings import Settings
from tocsin.alerts.standing import Standing
from tocsin.model.alert import AlertState
from tocsin.model.command import Command, CommandKind

ALERT_COMMANDS = (
    CommandKind.ACKNOWLEDGE,
    CommandKind.SILENCE,
    CommandKind.CLEAR,
    CommandKind.SHELVE,
    CommandKind.UNSHELVE,
    CommandKind.OUT_OF_SERVICE,
    CommandKind.RETURN_TO_SERVICE,
)

_DIRECT = {
    CommandKind.ACKNOWLEDGE: Event.ACKNOWLEDGE,
    CommandKind.CLEAR: Event.CLEAR,
    CommandKind.SHELVE: Event.SHELVE,
    CommandKind.OUT_OF_SERVICE: Event.REMOVE,
}
_RELEASED_FROM = {
    CommandKind.UNSHELVE: AlertState.SHELVED,
    CommandKind.RETURN_TO_SERVICE: AlertState.OUT_OF_SERVICE,
}
_WITH_REASON = (CommandKind.SHELVE, CommandKind.OUT_OF_SERVICE, CommandKind.CLEAR)


def event_of(command: Command, standing: Standing, settings: Settings, time_s: float) -> Event | str:
    """The event, or why there is none."""
    kind = command.kind
    if not command.author:
        return "a command needs an author"
    if kind in _WITH_REASON and not command.reason:
        return f"{kind} needs a reason"
    if kind is CommandKind.SHELVE:
        if standing.rule.when in UNSHELVABLE:
            return f"an alert of the kind {standing.rule.when!r} cannot be shelved"
        if command.until_s is None or command.until_s <= time_s:
            return "shelving needs a time in the future"
        if command.until_s > time_s + settings.shelve_max_s:
            return f"shelving is limited to {settings.shelve_max_s / 60.0:.0f} min"
    if kind in _RELEASED_FROM:
        if standing.state is not _RELEASED_FROM[kind]:
            return f"the alert is not {_RELEASED_FROM[kind]}"
        return standing.release()
    return _DIRECT[kind]

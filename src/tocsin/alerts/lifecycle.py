"""The lifecycle of an alert: one transition table after ISA-18.2 / IEC 62682.

`TRANSITIONS[state][event]` is the next state; an event that is not there is not allowed and changes nothing. Whether an
acknowledgement is owed travels beside the state (`owed_after`): it is owed from each entry into UNACKNOWLEDGED until
ACKNOWLEDGE, through shelving, suppression and service too, and the table leads an alert that owes one nowhere where it
would be forgotten. Leaving a side state is one of three events, chosen by `release`.
"""

from enum import StrEnum

from tocsin.model.alert import AlertState


class Event(StrEnum):
    """What may happen to an alert."""

    RAISE = "raise"  # its condition has become true
    WORSEN = "worsen"  # its priority has risen, or its raid has grown, while its condition holds
    ESCALATE = "escalate"  # nobody has acknowledged it for too long
    RETURN = "return"  # its condition is gone
    ACKNOWLEDGE = "acknowledge"
    CLEAR = "clear"  # a person closes it while its condition still holds
    SHELVE = "shelve"
    SUPPRESS = "suppress"  # by design: another rule's alert speaks for it
    REMOVE = "remove"  # out of service
    RELEASE_ACTIVE = "release-active"  # out of a side state while its condition holds
    RELEASE_OWED = "release-owed"  # out of a side state, condition gone, acknowledgement owed
    RELEASE_QUIET = "release-quiet"  # out of a side state, condition gone, nothing owed


_S = AlertState
_RELEASES = {
    Event.RELEASE_ACTIVE: _S.UNACKNOWLEDGED,
    Event.RELEASE_OWED: _S.RETURNED,
    Event.RELEASE_QUIET: _S.CLEARED,
}

TRANSITIONS: dict[AlertState, dict[Event, AlertState]] = {
    _S.NORMAL: {
        Event.RAISE: _S.UNACKNOWLEDGED,
        Event.SUPPRESS: _S.SUPPRESSED,
    },
    _S.UNACKNOWLEDGED: {
        Event.WORSEN: _S.UNACKNOWLEDGED,
        Event.ESCALATE: _S.UNACKNOWLEDGED,
        Event.RETURN: _S.RETURNED,
        Event.ACKNOWLEDGE: _S.ACKNOWLEDGED,
        Event.SHELVE: _S.SHELVED,
        Event.SUPPRESS: _S.SUPPRESSED,
        Event.REMOVE: _S.OUT_OF_SERVICE,
    },
    _S.ACKNOWLEDGED: {
        Event.WORSEN: _S.UNACKNOWLEDGED,
        Event.RETURN: _S.CLEARED,
        Event.CLEAR: _S.CLEARED,
        Event.SHELVE: _S.SHELVED,
        Event.SUPPRESS: _S.SUPPRESSED,
        Event.REMOVE: _S.OUT_OF_SERVICE,
    },
    _S.RETURNED: {
        Event.RAISE: _S.UNACKNOWLEDGED,
        Event.ACKNOWLEDGE: _S.CLEARED,
        Event.SHELVE: _S.SHELVED,
        Event.SUPPRESS: _S.SUPPRESSED,
        Event.REMOVE: _S.OUT_OF_SERVICE,
    },
    _S.CLEARED: {
        Event.RAISE: _S.UNACKNOWLEDGED,
        Event.WORSEN: _S.UNACKNOWLEDGED,
        Event.RETURN: _S.CLEARED,
        Event.SUPPRESS: _S.SUPPRESSED,
    },
    _S.SHELVED: {
        Event.RAISE: _S.SHELVED,
        Event.WORSEN: _S.UNACKNOWLEDGED,
        Event.RETURN: _S.SHELVED,
        Event.ACKNOWLEDGE: _S.SHELVED,
        Event.SHELVE: _S.SHELVED,
        Event.REMOVE: _S.OUT_OF_SERVICE,
        **_RELEASES,
    },
    _S.SUPPRESSED: {
        Event.RAISE: _S.SUPPRESSED,
        Event.WORSEN: _S.SUPPRESSED,
        Event.RETURN: _S.SUPPRESSED,
        Event.ACKNOWLEDGE: _S.SUPPRESSED,
        Event.REMOVE: _S.OUT_OF_SERVICE,
        **_RELEASES,
    },
    _S.OUT_OF_SERVICE: {
        Event.RAISE: _S.OUT_OF_SERVICE,
        Event.WORSEN: _S.OUT_OF_SERVICE,
        Event.RETURN: _S.OUT_OF_SERVICE,
        Event.ACKNOWLEDGE: _S.OUT_OF_SERVICE,
        **_RELEASES,
    },
}


def after(state: AlertState, event: Event) -> AlertState | None:
    """The next state, None if the event is not allowed in `state`."""
    return TRANSITIONS[state].get(event)


def owed_after(owed: bool, event: Event, state: AlertState) -> bool:
    """Whether an acknowledgement is owed once `event` has led to `state`."""
    if state is AlertState.UNACKNOWLEDGED:
        return True
    return owed and event is not Event.ACKNOWLEDGE


def release(active: bool, owed: bool) -> Event:
    """The event by which an alert leaves a side state."""
    if active:
        return Event.RELEASE_ACTIVE
    return Event.RELEASE_OWED if owed else Event.RELEASE_QUIET


def table() -> str:
    """The transition table in Markdown, states down and events across; the reference shows exactly this."""
    lines = ["| state | " + " | ".join(Event) + " |", "|---|" + "---|" * len(Event)]
    for state in AlertState:
        row = TRANSITIONS[state]
        lines.append(f"| **{state}** | " + " | ".join(row.get(event, "") for event in Event) + " |")
    return "\n".join(lines)

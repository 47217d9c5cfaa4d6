"""Standing: one alert between its versions: its condition's latch, its state, and whether an acknowledgement is owed.

`apply` is the only place where an alert changes state: it asks the transition table, gives out a new version, and keeps
the debt. Ids and texts come from the engine.
"""

from dataclasses import dataclass

import msgspec

from tocsin.alerts.hysteresis import Latch
from tocsin.alerts.lifecycle import Event, after, owed_after, release
from tocsin.alerts.raids import GROWTH
from tocsin.alerts.rule import Rule
from tocsin.model.alert import Alert, AlertKey, AlertState, Priority
from tocsin.model.command import Command

SIDE_STATES = (AlertState.SHELVED, AlertState.SUPPRESSED, AlertState.OUT_OF_SERVICE)


class Told(msgspec.Struct, frozen=True):
    """What an alert would say now."""

    priority: Priority
    message: str
    reason: str
    track: int = 0
    time_to_entry_s: tuple[float, float, float] | None = None
    parents: tuple[str, ...] = ()
    tracks: tuple[int, ...] = ()


@dataclass(slots=True)
class Standing:
    """Everything the engine keeps of one key; `alert` is None until it has been raised once."""

    key: AlertKey
    rule: Rule
    exercise: bool
    latch: Latch
    told: Told
    alert: Alert | None = None
    owed: bool = False
    worst: Priority = Priority.LOW  # since it last rose
    seen_s: float = -1.0  # the last detection that was a look
    members: tuple[str, ...] = ()  # objects of the raid
    most: int = 1  # members, when it last asked
    lost: frozenset[str] = frozenset()  # parts of our own means that are at fault
    asked_of: frozenset[str] | None = None  # those it has asked about since it rose; None if it is not known
    asked_s: float = 0.0  # when it began to ask for an acknowledgement
    waits_s: float = -1.0  # after a restart: until then its condition is not taken to be gone
    first_out: str = ""

    @property
    def state(self) -> AlertState:
        """NORMAL until first raised."""
        return AlertState.NORMAL if self.alert is None else self.alert.state

    def worse(self) -> bool:
        """Whether it is worse than when it last asked: more pressing, a grown raid, or one more part that is lost."""
        if self.asked_of is None:
            self.asked_of = self.lost
        grown = len(self.members) >= GROWTH * self.most
        return grown or self.told.priority > self.worst or not self.lost <= self.asked_of

    def release(self) -> Event:
        """The event by which this alert leaves a side state now."""
        return release(self.latch.active, self.owed)

    def resume(self, alert: Alert, time_s: float, wait_s: float) -> None:
        """Take up `alert` as it stood before a restart; its condition waits `wait_s` for its track."""
        self.alert, self.worst, self.first_out = alert, alert.priority, alert.first_out
        self.latch.active = alert.state is not AlertState.RETURNED
        self.owed = alert.state in (AlertState.UNACKNOWLEDGED, AlertState.RETURNED)
        self.owed = self.owed or (alert.state in SIDE_STATES and alert.acknowledged_s is None)
        self.waits_s = time_s + wait_s
        self.members, self.most = (self.key.subject,), max(len(alert.tracks), 1)
        self.asked_s = alert.asked_s or alert.changed_s

    def apply(self, event: Event, time_s: float, fresh_id: str, command: Command | None = None) -> Alert | None:
        """The new version after `event`, None if the table does not allow it or nothing changes.

        `fresh_id` is used on the first version only. A `command` leaves its author, reason and end in the version.
        """
        state = after(self.state, event)
        if state is None:
            return None
        if command is None and state is self.state and state is not AlertState.UNACKNOWLEDGED:
            return None  # the latch keeps it: a condition comes and goes behind a side state or a clearing
        self.owed = owed_after(self.owed, event, state)
        rises = event in (Event.RAISE, Event.RELEASE_ACTIVE)
        self.worst = self.told.priority if rises or self.alert is None else max(self.worst, self.told.priority)
        if state is AlertState.UNACKNOWLEDGED and event is not Event.ESCALATE:
            self.asked_s = time_s
            self.most = max(len(self.members), 1)
            self.asked_of = self.lost if rises else self.lost | (self.asked_of or frozenset())
        self.alert = self._version(event, state, time_s, fresh_id, command)
        return self.alert

    def _version(self, event: Event, state: AlertState, time_s: float, fresh_id: str, command: Command | None) -> Alert:
        before, told = self.alert, self.told
        acknowledged_by = before.acknowledged_by if before else ""
        acknowledged_s = before.acknowledged_s if before else None
        if state is AlertState.UNACKNOWLEDGED:
            acknowledged_by, acknowledged_s = "", None
        elif event is Event.ACKNOWLEDGE and command is not None:
            acknowledged_by, acknowledged_s = command.author, time_s
        until_s = before.shelved_until_s if before else None
        if event is Event.SHELVE and command is not None:
            until_s = command.until_s
        escalated = before.escalated if before else 0
        if state is AlertState.UNACKNOWLEDGED:
            escalated = escalated + 1 if event is Event.ESCALATE else 0
        aside_by, aside_reason = self._aside(event, state, command)
        reason = told.reason
        if command is not None and command.reason:
            reason = f"{reason}; {command.kind} by {command.author}: {command.reason}"
        return Alert(
            id=before.id if before else fresh_id,
            key=self.key,
            state=state,
            priority=self.worst,
            raised_s=before.raised_s if before and event is not Event.RAISE else time_s,
            changed_s=time_s,
            version=before.version + 1 if before else 1,
            message=told.message,
            reason=reason,
            track=told.track,
            time_to_entry_s=told.time_to_entry_s,
            acknowledged_by=acknowledged_by,
            acknowledged_s=acknowledged_s,
            shelved_until_s=until_s if state is AlertState.SHELVED else None,
            parents=told.parents,
            exercise=self.exercise,
            tracks=told.tracks,
            put_aside_by=aside_by,
            put_aside_reason=aside_reason,
            escalated=escalated,
            first_out=self.first_out,
            asked_s=self.asked_s,
        )

    def _aside(self, event: Event, state: AlertState, command: Command | None) -> tuple[str, str]:
        """Who put it aside and why, for as long as it is."""
        if state not in SIDE_STATES:
            return "", ""
        if event is Event.SUPPRESS:
            return f"rule {self.key.rule!r}", f"kept quiet while {' or '.join(self.rule.suppressed_by)} stands"
        if event in (Event.SHELVE, Event.REMOVE) and command is not None:
            return command.author, command.reason
        return (self.alert.put_aside_by, self.alert.put_aside_reason) if self.alert else ("", "")

    def retell(self, time_s: float) -> Alert | None:
        """A new version with the words of now, state unchanged."""
        if self.alert is None:
            return None
        self.alert = msgspec.structs.replace(
            self.alert,
            changed_s=time_s,
            version=self.alert.version + 1,
            message=self.told.message,
            reason=self.told.reason,
            track=self.told.track,
            time_to_entry_s=self.told.time_to_entry_s,
            parents=self.told.parents,
            tracks=self.told.tracks,
            first_out=self.first_out,
        )
        return self.alert

"""Alert: something an operator must answer; its states are those of ISA-18.2."""

from enum import IntEnum, StrEnum

import msgspec


class AlertState(StrEnum):
    """ISA-18.2 / IEC 62682 states; the transitions stand in `alerts/lifecycle.py`."""

    NORMAL = "normal"
    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"  # condition gone, not yet acknowledged
    CLEARED = "cleared"
    SHELVED = "shelved"
    SUPPRESSED = "suppressed"
    OUT_OF_SERVICE = "out-of-service"


class Priority(IntEnum):
    """Four levels and no more; each has its own sound."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class AlertKey(msgspec.Struct, frozen=True):
    """What makes two raisings the same alert: the rule, the place it speaks of, the object or raid or sensor."""

    rule: str
    place: str
    subject: str


class Alert(msgspec.Struct, frozen=True):
    """One alert as it stands after a change. Times are UTC seconds; `changed_s` is when this version came to be.

    `message` says what, where, how long is left and what to do; `reason` says why it was raised. `track` is the
    number an operator sees. `time_to_entry_s` is (5, 50, 95 %) seconds from `changed_s`, None where it has no sense.
    `parents` name what it was derived from: uids of tracks, names of sensors. `version` counts changes from 1.
    `tracks`: the numbers of all tracks it speaks of, the most pressing one's first; several for a raid.
    `put_aside_by`, `put_aside_reason`: who or which rule shelved, suppressed or removed it, and why. `escalated`: how
    often it was told again because nobody acknowledged it. `first_out`: in a flood, the id of its first alert.
    `asked_s`: since when it asks for an answer, which is later than `raised_s` where it has grown worse or come back.
    """

    id: str
    key: AlertKey
    state: AlertState
    priority: Priority
    raised_s: float
    changed_s: float
    version: int
    message: str
    reason: str
    track: int = 0
    time_to_entry_s: tuple[float, float, float] | None = None
    acknowledged_by: str = ""
    acknowledged_s: float | None = None
    shelved_until_s: float | None = None
    parents: tuple[str, ...] = ()
    exercise: bool = False
    tracks: tuple[int, ...] = ()
    put_aside_by: str = ""
    put_aside_reason: str = ""
    escalated: int = 0
    first_out: str = ""
    asked_s: float = 0.0

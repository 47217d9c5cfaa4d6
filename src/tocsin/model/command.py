"""Command: what a person or a rule change asks of the line."""

from enum import StrEnum

import msgspec


class CommandKind(StrEnum):
    """The verbs an operator has; acknowledge, silence and clear are three of them, not one."""

    ACKNOWLEDGE = "acknowledge"
    SILENCE = "silence"
    CLEAR = "clear"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    OUT_OF_SERVICE = "out-of-service"
    RETURN_TO_SERVICE = "return-to-service"
    DECLARE_AFFILIATION = "declare-affiliation"
    DECLARE_CLASS = "declare-class"
    EXPECT_FLIGHT = "expect-flight"
    WITHDRAW_FLIGHT = "withdraw-flight"
    NOTE = "note"
    APPROVE_WARNING = "approve-warning"
    CANCEL_WARNING = "cancel-warning"
    END_WARNING = "end-warning"
    TEST_WARNING = "test-warning"
    TASK_SENSOR = "task-sensor"


class Command(msgspec.Struct, frozen=True):
    """One request. `target` is an alert id, a track's uid, a flight's name, a warning's chain or, for a test, its
    policy, a sensor's name; `value` the verb's object (an affiliation, a class, a flight or a task as JSON, a place).

    `id` comes from the sender and makes a repeated request harmless. `until_s` bounds a shelving (UTC seconds).
    """

    id: str
    kind: CommandKind
    author: str
    target: str = ""
    value: str = ""
    reason: str = ""
    until_s: float | None = None


class CommandAnswer(msgspec.Struct, frozen=True):
    """What became of one command: `id` is the command's, `reason` says why it was refused, or what it does not do."""

    id: str
    accepted: bool
    reason: str
    time_s: float

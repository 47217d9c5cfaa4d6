"""Tasks: what another system asks of our node, and what it gets.

Requests for a registration or a status are met; Stop and Start end and resume our reports on that session; a reset is
a new registration; a report rate of HIGH is our own pace, MEDIUM half, LOW a fifth of it. Our one mode can be asked
for. Everything else is rejected with the reason: our node points, moves and follows nothing.
"""

from enum import Enum
from typing import Any

import msgspec

from tocsin.links.sapient.registration import MODE

ACCEPTED, REJECTED, COMPLETED = 1, 2, 3  # TaskAck.TaskStatus
_START = 1  # Task.Control
_PACE = {1: 5.0, 2: 2.0, 3: 1.0}  # Task.DiscreteThreshold: LOW, MEDIUM, HIGH


class Act(Enum):
    """What a session does about a task."""

    NOTHING = 0
    REGISTER = 1
    STATUS = 2
    STOP = 3
    START = 4
    PACE = 5


class Answer(msgspec.Struct, frozen=True):
    """The acknowledgement and what follows; `pace_ratio` is a factor on the time between cycles."""

    status: int
    act: Act = Act.NOTHING
    reason: str = ""
    pace_ratio: float = 1.0


_REQUESTS = {
    "registration": Answer(ACCEPTED, Act.REGISTER),
    "reset": Answer(ACCEPTED, Act.REGISTER),
    "status": Answer(ACCEPTED, Act.STATUS),
    "stop": Answer(COMPLETED, Act.STOP),
    "start": Answer(COMPLETED, Act.START),
}


def answer(task: Any) -> Answer:
    """The answer to a task."""
    if task.control != _START:
        return Answer(REJECTED, reason="only control START is done: no task of ours goes on")
    command = task.command.WhichOneof("command") if task.HasField("command") else None
    if command is None:
        return Answer(REJECTED, reason="a task without a command")
    value = getattr(task.command, command)
    if command == "request":
        known = _REQUESTS.get(value.strip().lower())
        return known or Answer(REJECTED, reason=f"request {value[:40]!r} is not supported")
    if command == "mode_change":
        if value == MODE:
            return Answer(COMPLETED, reason="the only mode there is")
        return Answer(REJECTED, reason=f"mode {value[:40]!r} is not supported")
    if command == "detection_report_rate" and value in _PACE:
        return Answer(COMPLETED, Act.PACE, pace_ratio=_PACE[value])
    return Answer(REJECTED, reason=f"{command} is not supported")

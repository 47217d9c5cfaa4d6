"""Modes: what a node's registration says can be asked of it, mode by mode.

A command's `units` are its allowable values in one text, as in "Reset, Start, Stop"; free text stays one value.
"""

import re
from typing import Any

import msgspec

MOST = 64  # modes of a node, commands of a mode, values of a command that are kept
_COMMANDS = {  # Registration.CommandType, by the name that the command has in a task
    1: "request",
    2: "detection_threshold",
    3: "detection_report_rate",
    4: "classification_threshold",
    5: "mode_change",
    6: "look_at",
    7: "move_to",
    8: "patrol",
    9: "follow",
}
_BETWEEN = re.compile(r"[,;|/\n]")


class Mode(msgspec.Struct, frozen=True):
    """One mode. `commands` holds the values of each command that may be asked for in it, by the command's name."""

    name: str
    commands: dict[str, tuple[str, ...]]


def modes_of(registration: Any) -> tuple[Mode, ...]:
    """The modes that a registration declares, of either version."""
    return tuple(Mode(one.mode_name, _commands(one)) for one in registration.mode_definition[:MOST])


def _commands(mode: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for command in mode.task.command[:MOST]:
        name = _COMMANDS.get(command.type)
        if name is not None:
            found[name] = (*found.get(name, ()), *_values(command.units))[:MOST]
    return found


def _values(units: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in _BETWEEN.split(units)[:MOST] if word.strip())

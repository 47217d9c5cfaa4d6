"""Wish: what a person asks of a sensor, read strictly, and held against what its node declares.

A wish names one command: a request, a mode, a threshold, a rate or a look direction. Nothing else can be said: no wish
moves a node, follows an object or sets a region. A node that acts on targets, or says so of itself, is never asked for
anything, and no node is asked for what sounds like an engagement, whatever its registration allows.
"""

import re
from typing import Annotated, Any, Literal

import msgspec

from tocsin.links.sapient.modes import Mode
from tocsin.links.sapient.node import Node
from tocsin.model.errors import UNREADABLE, TocsinError

Level = Literal["low", "medium", "high"]
CONTROLS = {"start": 1, "stop": 2, "pause": 3}  # Task.Control
NEVER = (
    "defeat", "destroy", "detonat", "dispens", "effector", "engage", "fire", "intercept", "jam", "kill", "launch",
    "neutrali", "release", "shoot", "spoof", "strike", "takeover", "take over", "weapon",
)  # fmt: skip
_NEVER_AT_FIRST = ("aim", "arm")  # of a word: an alarm and a claim are no orders
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_LEVELS = {"low": 1, "medium": 2, "high": 3}  # Task.DiscreteThreshold
_DEGREES_M, _TRUE = 1, 1
_COMMANDS = (
    "request", "mode_change", "detection_threshold", "detection_report_rate", "classification_threshold", "look_at",
)  # fmt: skip


class Denied(TocsinError):
    """A wish that is refused before anything is sent; the text begins with the field."""


class Direction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to look from the node: clockwise from true north, and above the horizon where it matters."""

    azimuth_deg: Annotated[float, msgspec.Meta(ge=0.0, lt=360.0)]
    elevation_deg: Annotated[float, msgspec.Meta(ge=-90.0, le=90.0)] | None = None


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wish. `task` is the id of the command that started what is stopped, paused or taken up again; `node` tells
    several nodes of one sensor apart."""

    control: Literal["start", "stop", "pause"] = "start"
    task: str = ""
    node: str = ""
    request: str | None = None
    mode_change: str | None = None
    detection_threshold: Level | None = None
    detection_report_rate: Level | None = None
    classification_threshold: Level | None = None
    look_at: Direction | None = None

    def command(self) -> tuple[str, str | Direction] | None:
        """The one command with its value, None if there is none; Denied if there are several."""
        found = [(name, getattr(self, name)) for name in _COMMANDS if getattr(self, name) is not None]
        if len(found) > 1:
            raise Denied(f"task.command: one at a time, not {' and '.join(name for name, _ in found)}")
        return found[0] if found else None

    def words(self) -> str:
        """What is asked, in short, for people."""
        name, value = self.command() or ("nothing", "")
        return f"{name} {value.azimuth_deg:g} deg" if isinstance(value, Direction) else f"{name} {value}"


def read_wish(value: str) -> Wish:
    """The wish in a command's JSON value; Denied names the field that is wrong."""
    try:
        return msgspec.json.decode(value, type=Wish)
    except UNREADABLE as error:
        raise Denied(f"task: {error}") from error


def check_node(node: Node) -> None:
    """Whether a node may be asked at all; Denied for one that acts on targets."""
    if node.is_effector or any(_never(category) for category in node.categories):
        raise Denied("node_definition.node_type: an effector; Tocsin controls none")


def fill_command(command: Any, wish: Wish, node: Node) -> None:
    """Write the wish's command into an empty Task.Command, in the words of the registration; Denied if not allowed."""
    found = wish.command()
    if found is None:
        raise Denied("task.command: is missing; one of " + ", ".join(_COMMANDS))
    name, value = found
    if isinstance(value, str) and _never(value):
        raise Denied(f"task.command.{name}: {value[:40]!r} sounds like an engagement; Tocsin controls no effector")
    allowed = _allowed(name, node)
    if isinstance(value, Direction):
        cone = command.look_at.range_bearing
        cone.azimuth, cone.coordinate_system, cone.datum = value.azimuth_deg, _DEGREES_M, _TRUE
        if value.elevation_deg is not None:
            cone.elevation = value.elevation_deg
    elif name in ("request", "mode_change"):
        setattr(command, name, _word(name, value, allowed))
    else:
        if any(word.lower() in _LEVELS for word in allowed):
            _word(name, value, allowed)
        setattr(command, name, _LEVELS[value])


def _allowed(name: str, node: Node) -> tuple[str, ...]:
    """The values that the mode in force declares for a command; of every mode while that is not known."""
    modes: list[Mode] = [mode for mode in node.modes if mode.name == node.mode] or list(node.modes)
    declared = [mode.commands[name] for mode in modes if name in mode.commands]
    if not declared:
        offered = sorted({one for mode in modes for one in mode.commands})
        raise Denied(f"task.command.{name}: is not in the registration; there {_listed(offered)}")
    if name == "mode_change":
        return tuple(mode.name for mode in node.modes)
    return tuple(word for words in declared for word in words)


def _word(name: str, value: str, allowed: tuple[str, ...]) -> str:
    for word in allowed:
        if word.lower() == value.strip().lower():
            return word
    raise Denied(f"task.command.{name}: {value[:40]!r} is not in the registration; there {_listed(allowed)}")


def _listed(words: Any) -> str:
    return f"stands {', '.join(words)[:200]}" if words else "stands nothing"


def _never(text: str) -> bool:
    lowered = text.lower()
    if any(word in lowered for word in NEVER):
        return True
    return any(word.lower().startswith(_NEVER_AT_FIRST) for word in _WORD.findall(text))

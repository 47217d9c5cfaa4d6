"""Tocsin informs people and controls no effector: a person has read the list of every message it can send.

Each encoder says in `emits: ClassVar[tuple[str, ...]]` which message types of its standard it can put on the wire, as
"adapter: message type". The reviewed list is `emitted.txt`. A message that orders, authorises or times an engagement,
or that gives a launch point, an aim point or an intercept, has no place in it.
"""

from collections.abc import Iterable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from architecture.adapters import declared

LIST = Path(__file__).with_name("emitted.txt")
SENDING = ("tocsin.sharing", "tocsin.links", "tocsin.channels")
FORBIDDEN = ("engage", "fire", "intercept", "launch point", "aim", "weapon", "effector", "authoris", "authoriz", "jam")


def emitted(entries: Iterable[EntryPoint]) -> set[str]:
    """What the adapters behind `entries` say they can send; one that says nothing raises `AttributeError`."""
    return {f"{entry.name}: {message}" for entry in entries for message in entry.load().emits}


def reviewed() -> set[str]:
    lines = LIST.read_text("utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def test_every_message_was_read_by_a_person() -> None:
    assert emitted(entry for entry in declared() if entry.group in SENDING) == reviewed()


def test_no_message_is_an_order() -> None:
    assert [line for line in reviewed() if any(word in line.lower() for word in FORBIDDEN)] == []


class Unlisted:
    emits = ("fire order",)


class Silent:
    pass


def test_a_new_message_is_found() -> None:
    assert emitted([EntryPoint("x", f"{__name__}:Unlisted", "tocsin.sharing")]) - reviewed()


def test_an_encoder_must_say_what_it_sends() -> None:
    with pytest.raises(AttributeError):
        emitted([EntryPoint("x", f"{__name__}:Silent", "tocsin.sharing")])

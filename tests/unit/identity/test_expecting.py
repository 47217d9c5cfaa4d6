"""Commands about expected flights: obeyed with author and reason, refused in words otherwise."""

import pytest

from tocsin.identity import Identifier, Settings
from tocsin.model.command import Command, CommandKind
from track_builder import track_columns

FLIGHT = '{"name": "survey", "identifiers": ["KRN-7"]}'


def answer(identifier: Identifier, **command: str) -> tuple[bool, str]:
    fields = {"author": "Nowak", "reason": "told by telephone", "value": FLIGHT} | command
    kind = CommandKind(fields.pop("kind", "expect-flight"))
    identifier.step(track_columns([]), None, (), [Command("c", kind, **fields)], 0.0)
    (one,) = identifier.answers()
    return one.accepted, one.reason


def test_a_flight_is_expected_and_withdrawn() -> None:
    identifier = Identifier(Settings())
    assert answer(identifier) == (True, "expected")
    assert answer(identifier, kind="withdraw-flight", target="survey", value="") == (True, "withdrawn")
    assert answer(identifier, kind="withdraw-flight", target="survey", value="")[0] is False


@pytest.mark.parametrize(
    "wrong",
    [
        {"author": ""},
        {"reason": ""},
        {"value": "{"},
        {"value": "[]"},
        {"value": '{"name": "x"}'},
        {"value": '{"name": ' + "[" * 50_000},
        {"value": '{"unknown": ' + "[" * 50_000},
    ],
)
def test_what_is_no_flight_or_has_no_author_is_refused(wrong: dict[str, str]) -> None:
    assert answer(Identifier(Settings()), **wrong)[0] is False

"""The transition table, and the reference generated from it."""

from pathlib import Path

import pytest

from tocsin.alerts.lifecycle import TRANSITIONS, Event, after, owed_after, release, table
from tocsin.model.alert import AlertState

S, E = AlertState, Event
REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "alerts.md"


def test_every_state_has_a_row_and_every_event_a_use() -> None:
    assert set(TRANSITIONS) == set(AlertState)
    assert {event for row in TRANSITIONS.values() for event in row} == set(Event)


@pytest.mark.parametrize(
    ("state", "event", "want"),
    [  # the paths of ISA-18.2 as its state diagram has them
        (S.NORMAL, E.RAISE, S.UNACKNOWLEDGED),
        (S.UNACKNOWLEDGED, E.ACKNOWLEDGE, S.ACKNOWLEDGED),
        (S.UNACKNOWLEDGED, E.RETURN, S.RETURNED),
        (S.ACKNOWLEDGED, E.RETURN, S.CLEARED),
        (S.RETURNED, E.ACKNOWLEDGE, S.CLEARED),
        (S.RETURNED, E.RAISE, S.UNACKNOWLEDGED),
        (S.ACKNOWLEDGED, E.WORSEN, S.UNACKNOWLEDGED),
        (S.SHELVED, E.WORSEN, S.UNACKNOWLEDGED),
        (S.UNACKNOWLEDGED, E.CLEAR, None),
        (S.RETURNED, E.CLEAR, None),
        (S.ACKNOWLEDGED, E.ACKNOWLEDGE, None),
        (S.NORMAL, E.ACKNOWLEDGE, None),
    ],
)
def test_transitions(state, event, want) -> None:
    assert after(state, event) is want


def test_no_path_of_any_length_forgets_a_debt() -> None:
    """Every (state, owed) that can be reached: clearing never happens with an acknowledgement owed."""
    reached, fresh = set(), {(S.NORMAL, False)}
    while fresh:
        reached |= fresh
        following = set()
        for state, owed in fresh:
            for event, then in TRANSITIONS[state].items():
                if event in (E.RELEASE_ACTIVE, E.RELEASE_OWED, E.RELEASE_QUIET):
                    if event not in (release(True, owed), release(False, owed)):
                        continue  # `release` never gives this one here
                following.add((then, owed_after(owed, event, then)))
        fresh = following - reached
    assert {state for state, _ in reached} == set(AlertState)
    assert (S.CLEARED, True) not in reached
    assert (S.NORMAL, True) not in reached
    assert (S.UNACKNOWLEDGED, False) not in reached
    assert (S.RETURNED, False) not in reached


def test_the_reference_shows_this_table() -> None:
    assert table() in REFERENCE.read_text(encoding="utf-8"), "docs/reference/alerts.md is not the code's table"

"""How tracks end: only with evidence more than lost."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model.track import EndedTrack, Outcome
from tocsin.threat import Settings, outcome


def _ended(up_m: float = 100.0, velocity=(15.0, 0.0, 0.0), silent_s: float = 10.0) -> EndedTrack:
    return EndedTrack(1, "u", "u", 100.0 + silent_s, 100.0, (0.0, 0.0, up_m), velocity)


@pytest.mark.parametrize(
    ("ended", "ahead_probability", "ground_up_m", "want"),
    [
        (_ended(), 0.02, None, Outcome.LEFT),
        (_ended(), 0.9, 0.0, Outcome.LOST),
        (_ended(velocity=(0.0, 0.0, 0.0)), 0.02, None, Outcome.LOST),  # not going anywhere
        (_ended(3.0, (0.5, 0.0, -0.5)), 0.9, 0.0, Outcome.LANDED),
        (_ended(3.0, (0.5, 0.0, -0.5)), 0.9, None, Outcome.LOST),  # the ground is not known
        (_ended(3.0, (20.0, 0.0, 0.0)), 0.9, 0.0, Outcome.LOST),  # low and fast has not landed
        (_ended(100.0, (5.0, 0.0, -25.0)), 0.9, 0.0, Outcome.FELL),
        (_ended(900.0, (5.0, 0.0, -25.0), 3.0), 0.9, 0.0, Outcome.LOST),  # cannot be down yet
    ],
)
def test_outcomes(ended, ahead_probability, ground_up_m, want) -> None:
    ending = outcome(ended, Settings(), ahead_probability, ground_up_m)
    assert ending.outcome is want
    assert ending.reason


@given(st.tuples(*[st.floats(-60, 60)] * 3), st.one_of(st.floats(-10, 3000), st.just(math.nan)), st.floats(0, 60))
def test_without_evidence_every_track_is_lost(velocity, up_m, silent_s) -> None:
    assert outcome(_ended(up_m, velocity, silent_s), Settings()).outcome is Outcome.LOST

"""Words for probabilities."""

import math

import pytest

from tocsin.model.identity import CLASS_COUNT, TargetClass
from tocsin.model.track import Join
from tocsin.model.wording import Certainty, certainty, class_words, counted, forecast_certainty, join_words


@pytest.mark.parametrize(
    ("probability", "word"),
    [
        (0.0, "unlikely"),
        (0.29, "unlikely"),
        (0.3, "possible"),
        (0.7, "probable"),
        (0.95, "confirmed"),
        (1.0, "confirmed"),
    ],
)
def test_bounds(probability: float, word: str) -> None:
    assert certainty(probability) == word


def test_unknown_probability_is_the_weakest_word() -> None:
    assert certainty(math.nan) is Certainty.UNLIKELY


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({TargetClass.MULTIROTOR: 0.5, TargetClass.FIXED_WING_DRONE: 0.3, TargetClass.BIRD: 0.2}, "probable drone"),
        ({TargetClass.MULTIROTOR: 0.96}, "confirmed drone (multirotor)"),
        ({TargetClass.BIRD: 0.4, TargetClass.MULTIROTOR: 0.3}, "possible bird"),
        ({TargetClass.GROUND_VEHICLE: 0.8}, "probable ground vehicle"),
        ({TargetClass.UNKNOWN: 0.9}, "unidentified"),
        ({TargetClass.BIRD: 0.2, TargetClass.VESSEL: 0.1}, "unidentified"),
    ],
)
def test_class_words(shares: dict[TargetClass, float], words: str) -> None:
    row = [0.0] * CLASS_COUNT
    for kind, share in shares.items():
        row[kind] = share
    assert class_words(row) == words


@pytest.mark.parametrize(("odds", "words"), [(12.4, "odds 12 to 1"), (1e9, "odds over 1,000 to 1")])
def test_join_words(odds: float, words: str) -> None:
    join = Join(100.0, 5, "B", "A", "A", 34.4, odds)
    assert join_words(join) == f"lost for 34 s, then found again: probably the same object ({words})"


def test_the_future_is_never_confirmed() -> None:
    assert [forecast_certainty(p) for p in (0.1, 0.5, 0.8, 1.0)] == ["unlikely", "possible", "probable", "probable"]


def test_one_of_a_thing_is_not_several():
    assert [counted(n, "track") for n in (0, 1, 2)] == ["0 tracks", "1 track", "2 tracks"]

"""What words mean: spelling, overrides by sensor, faults in the site file."""

import numpy as np
import pytest

from tocsin.identity import Settings
from tocsin.identity.words import KNOWN_WORDS, WordError, WordTable, prior_row
from tocsin.model.identity import DRONE_CLASSES, TargetClass


def _ratio(settings: Settings, sensor: str, word: str) -> np.ndarray:
    table = WordTable(settings)
    row = int(table.rows(sensor, [word])[0])
    return np.asarray(table.ratio[row])


@pytest.mark.parametrize("word", KNOWN_WORDS)
def test_every_known_word_is_evidence_relative_to_the_prior(word: str) -> None:
    ratio = _ratio(Settings(), "any", word)
    assert np.all(ratio > 0)
    assert float((prior_row(Settings()) * ratio).sum()) == pytest.approx(1.0)


def test_spelling_does_not_matter_and_unknown_says_nothing() -> None:
    np.testing.assert_array_equal(
        _ratio(Settings(), "a", "SUSPECTED_DRONE"), _ratio(Settings(), "a", "suspected-drone")
    )
    np.testing.assert_allclose(_ratio(Settings(), "a", "UNKNOWN"), 1.0)


def test_a_sensor_may_mean_something_else_by_a_word() -> None:
    settings = Settings(words={"DIANA": {"aircraft": "drone"}})
    assert int(np.argmax(_ratio(settings, "DIANA", "aircraft"))) in DRONE_CLASSES
    assert int(np.argmax(_ratio(settings, "other", "aircraft"))) == TargetClass.AEROPLANE
    numbers = Settings(words={"*": {"fast": {"aeroplane": 0.5, "other": 0.1}}})
    assert int(np.argmax(_ratio(numbers, "any", "fast"))) == TargetClass.AEROPLANE


def test_unexplained_words_are_counted_by_sensor_and_change_nothing() -> None:
    table = WordTable(Settings())
    assert table.rows("radar", ["wibble", None, "bird", "wibble"]).tolist() == [0, 0, 1, 0]
    assert table.unexplained() == {"radar: wibble": 2}


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ({"R": {"x": {"plane": 0.5, "other": 0.1}}}, "identity.words.R.x"),
        ({"R": {"x": {"bird": 0.5}}}, "identity.words.R.x"),
        ({"R": {"x": {"bird": 1.5, "other": 0.1}}}, "identity.words.R.x"),
        ({"R": {"x": "nonsense"}}, "identity.words.R.x"),
        ({"*": {"x": "y", "y": "x"}}, r"identity.words.\*.x"),
    ],
)
def test_a_faulty_word_stops_the_start_with_its_path(words: dict, place: str) -> None:
    with pytest.raises(WordError, match=place):
        WordTable(Settings(words=words))


def test_a_prior_without_unknown_is_refused() -> None:
    with pytest.raises(WordError, match=r"identity\.prior"):
        prior_row(Settings(prior={"bird": 1.0}))


def test_a_self_report_may_raise_concern_and_never_lower_it() -> None:
    settings = Settings(self_reporting=("ads-b",))
    np.testing.assert_array_equal(_ratio(settings, "ads-b", "aeroplane"), 1.0)
    np.testing.assert_array_equal(_ratio(settings, "ads-b", "drone"), _ratio(Settings(), "radar", "drone"))

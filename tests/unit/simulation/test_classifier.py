import numpy as np
from scipy import stats

from tocsin.simulation.classifier import words
from tocsin.simulation.dice import dice
from tocsin.simulation.targets import WORDS

TIME_S = np.arange(0.0, 30_000.0)


def test_a_word_is_right_as_often_as_stated_and_held_for_seconds() -> None:
    given = words(dice(1, "w"), TIME_S, "bird", 0.7)
    stretches = given[::6]
    assert all(len(set(given[k : k + 6])) == 1 for k in range(0, 30_000, 6))
    # A wrong word that is neither the truth nor "unknown" is drawn among all, the truth included: 1 in 7 of 7.5 %.
    expected = 0.7 + 0.25 * 0.3 / len(WORDS)
    assert stats.binomtest(stretches.count("bird"), len(stretches), expected).pvalue > 1e-4
    assert stats.binomtest(stretches.count("unknown"), len(stretches), 0.75 * 0.3).pvalue > 1e-4


def test_clutter_is_mostly_unknown_and_without_a_classifier_there_are_no_words() -> None:
    given = words(dice(1, "w"), TIME_S, "unknown", 0.0)
    assert stats.binomtest(given.count("unknown"), len(given), 0.9).pvalue > 1e-4
    assert set(words(dice(1, "w"), TIME_S, "bird", 0.0)) == {""}
    assert words(dice(1, "w"), TIME_S[:0], "bird", 0.7) == ()

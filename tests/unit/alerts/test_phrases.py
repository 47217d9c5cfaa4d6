"""Phrases: every language says everything, marks what is not real in every field, and names nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.alerts.phrases import PHRASES, compose
from tocsin.model.warning import WarningStage, WarningStatus

S = WarningStage
BUILT_IN = {"event": "", "instruction": "", "all_clear": ""}
SAID = (S.ISSUED, S.UPDATED, S.ALL_CLEAR, S.CANCELLED)


def words(language: str, stage: S = S.ISSUED, status: WarningStatus = WarningStatus.ACTUAL, falls: bool = False, **own):
    return compose(language, stage, status, falls, "gate", "21:04", {**BUILT_IN, **own})


@pytest.mark.parametrize("language", PHRASES)
@pytest.mark.parametrize("stage", SAID)
@pytest.mark.parametrize("falls", [False, True])
def test_every_language_says_where_when_and_what_to_do(language: str, stage: S, falls: bool) -> None:
    text = words(language, stage, falls=falls)
    assert text.language == language
    assert "gate" in text.headline
    assert "gate" in text.description
    assert "21:04" in text.description
    assert text.instruction
    assert not any(mark in field for field in (text.headline, text.description, text.instruction) for mark in "{}")


@pytest.mark.parametrize("language", PHRASES)
def test_stages_do_not_sound_alike(language: str) -> None:
    assert len({words(language, stage).headline for stage in SAID}) == len(SAID)
    assert words(language).instruction != words(language, falls=True).instruction


@pytest.mark.parametrize("language", PHRASES)
@pytest.mark.parametrize("stage", SAID)
@pytest.mark.parametrize("status", [WarningStatus.EXERCISE, WarningStatus.TEST])
def test_what_is_not_real_is_marked_at_both_ends_of_every_field(language: str, stage: S, status: WarningStatus) -> None:
    phrases = PHRASES[language]
    mark = phrases.exercise if status is WarningStatus.EXERCISE else phrases.test
    text = words(language, stage, status)
    for field in (text.event, text.headline, text.description, text.instruction):
        assert field.startswith(mark)
        assert field.endswith(mark)
    real = words(language, stage)
    assert mark not in real.event + real.headline + real.description + real.instruction


def test_a_region_takes_its_language_and_an_unknown_one_english() -> None:
    assert words("de-AT").headline == words("de").headline
    assert words("de-AT").language == "de-AT"
    assert words("eo").headline == words("en").headline


def test_a_site_s_own_words_take_the_place_of_ours() -> None:
    text = words("en", event="Siren B", instruction="To the cellar.")
    assert (text.event, text.headline, text.instruction) == ("Siren B", "Siren B: gate", "To the cellar.")
    assert words("en", S.ALL_CLEAR, all_clear="Come out.").instruction == "Come out."
    assert words("en", S.CANCELLED, instruction="To the cellar.").instruction == words("en", S.CANCELLED).instruction


@given(st.text(max_size=30).filter(lambda text: "{" not in text))
def test_braces_of_a_site_s_words_that_are_no_mark_stay(place: str) -> None:
    text = compose("en", S.ISSUED, WarningStatus.ACTUAL, False, place, "21:04", {**BUILT_IN, "instruction": "{door}"})
    assert place in text.headline
    assert text.instruction == "{door}"

"""Copies are told from texts of their own, on invented ones and on wire stories of one year."""

import json
import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_data import shared
from tocsin.incidents.resemblance import COPY, LEAST, is_copy, resemblance

WORDS = [f"w{i}" for i in range(400)]
# Pairs of the wire stories that a person reads as one text sent again, wholly or with new parts.
SENT_AGAIN = {(18, 19), (22, 23), (30, 31), (10, 12)}


@given(st.lists(st.sampled_from(WORDS), min_size=LEAST, max_size=80, unique=True))
def test_a_text_is_a_copy_of_itself_in_any_dress(words: list[str]) -> None:
    text = " ".join(words)
    assert resemblance(text, text) == 1.0
    assert resemblance(text.upper() + "!", f"\u201c{', '.join(words)}\u201d") == 1.0
    assert is_copy(f"{text} and much that is new: {' '.join(f'n{i}' for i in range(100))}", text)


@given(st.lists(st.sampled_from(WORDS)), st.lists(st.sampled_from(WORDS)))
def test_the_measure_is_a_share_and_knows_no_order(one: list[str], other: list[str]) -> None:
    first, second = " ".join(one), " ".join(other)
    assert 0.0 <= resemblance(first, second) <= 1.0
    assert resemblance(first, second) == resemblance(second, first)


def test_short_texts_say_nothing() -> None:
    assert not is_copy("The Guild sent them", "The Guild sent them")
    assert resemblance("", "") == resemblance("Yes", "Yes") == 0.0


@pytest.mark.parametrize(("share", "copied"), [(0.1, True), (0.2, True), (0.3, True), (0.6, False)])
def test_a_story_with_some_of_its_words_changed(share: float, copied: bool) -> None:
    dice = random.Random(5)
    changed = [word if dice.random() >= share else f"x{i}" for i, word in enumerate(WORDS)]
    assert is_copy(" ".join(WORDS), " ".join(changed)) is copied


def test_wire_stories_sent_again_are_found_and_no_others() -> None:
    lines = shared("data/statements/reuters_gulf/stories.jsonl").read_text("utf-8").splitlines()
    stories = [json.loads(line)["text"] for line in lines]
    found = {(i, k) for i, k in combinations(range(len(stories)), 2) if is_copy(stories[i], stories[k])}
    assert found == SENT_AGAIN
    others = [
        resemblance(stories[i], stories[k])
        for i, k in combinations(range(len(stories)), 2)
        if (i, k) not in SENT_AGAIN
    ]  # fmt: skip
    assert max(others) < 0.7 * COPY

"""Resemblance: how far one text is a copy of another, by the runs of words they share.

A shingle is a run of `SIZE` words, case and punctuation left aside. The measure is containment: shared shingles over
those of the shorter text (Broder 1997), in [0, 1], so that a copy inside a longer page counts as one. From `COPY` on
one story is taken for a copy of the other, and from `COPY_SENTENCE` on a text of fewer than `STORY` words, where two
that have nothing to do with each other share more by chance. A copy wrongly seen only ever makes an attribution weaker;
the figures behind the bounds stand in docs/explanation/attribution.md. Texts of fewer than `LEAST` words are never
taken for copies by themselves: short things are said alike.
"""

import re
from functools import lru_cache

SIZE = 3
COPY = 0.2
COPY_SENTENCE = 0.5
STORY = 60
LEAST = 12


def resemblance(first: str, second: str) -> float:
    """The containment of the shorter text in the other."""
    smaller, larger = sorted((_shingles(first), _shingles(second)), key=len)
    return len(smaller & larger) / len(smaller) if smaller else 0.0


def is_copy(first: str, second: str) -> bool:
    """Whether one text is to be taken for a copy of the other."""
    words = min(len(_shingles(first)), len(_shingles(second))) + SIZE - 1
    return words >= LEAST and resemblance(first, second) >= (COPY if words >= STORY else COPY_SENTENCE)


@lru_cache(maxsize=4096)
def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return frozenset(tuple(words[i : i + SIZE]) for i in range(len(words) - SIZE + 1))

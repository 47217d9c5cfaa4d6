"""Quotations under any marks: found, never overlapping, never an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.incidents.story.quotations import quotations

MARKS = st.lists(
    st.sampled_from(['"', "“", "”", "''", "``", "«", "»", "„", "‘", "’", "It fell.", " said ", " ", ",", "x"])
)


def found(text: str) -> list[str]:
    return [text[slice(*one.span)] for one in quotations(text, [(0, len(text))])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It fell,” she said. “Low.”", ["“It fell,”", "“Low.”"]),
        ('"It fell," she said. "Low."', ['"It fell,"', '"Low."']),
        ("''It fell,'' she said. ''Low.''", ["''It fell,''", "''Low.''"]),
        ("``It fell,'' she said.", ["``It fell,''"]),
        ("«It fell,» she said.", ["«It fell,»"]),
        ("„It fell,“ she said.", ["„It fell,“"]),
        ("‘It fell on the mole,’ she said.", ["‘It fell on the mole,’"]),
        ("“It fell,“ she said.", ["“It fell,“"]),
        ("The guard's boat didn't move; the men’s did.", []),
        ("She called it 'odd' and 'late'.", []),
        ("“It never closed", ["“It never closed"]),
        ("“It was loud, the guard said.", ["“It was loud,"]),
    ],
)
def test_marks_of_all_kinds(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_a_quotation_may_run_over_paragraphs() -> None:
    text = "“It fell.\n\n“It was low,” she said."
    first, second = quotations(text, [(0, 9), (11, len(text))])
    assert not first.is_closed and second.continues and second.is_closed


@given(MARKS)
def test_any_marks_give_quotations_in_order(parts: list[str]) -> None:
    text = "".join(parts)
    spans = [one.span for one in quotations(text, [(0, len(text))])]
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))

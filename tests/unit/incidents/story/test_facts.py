"""Which numbers of a sentence count something, and which are of a date, a clock, a year or a model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.incidents.story.facts import objects

MONTHS = "January February March April May June July August September October November December".split()


def counts(text: str) -> list[tuple[str, int | None]]:
    return [(one.what, one.count) for one in objects(text, [(0, len(text))])]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Of 120 drones launched, 80 missiles fell.", [("drones", 120), ("missiles", 80)]),
        ("He said 2,000 drones and 2000 missiles flew.", [("drones", 2000), ("missiles", 2000)]),
        ("Two Shahed 136 drones hit Odesa.", [("Shahed 136 drones", 2)]),
        ("Shahed 136 drones hit Odesa.", [("drones", None)]),
        ("They were met by 12 Su-25 planes.", [("Su-25 planes", 12)]),
        ("A few people saw some 30 drones.", [("people", None), ("drones", 30)]),
        ("The two men saw a pair of F-16 jets.", [("men", 2)]),
    ],
)
def test_things_are_counted(text: str, found: list[tuple[str, int | None]]) -> None:
    assert counts(text) == found


DAY, YEAR = st.integers(1, 28).map(str), st.integers(1900, 2099).map(str)
MONTH = st.sampled_from([*MONTHS, *(f"{name[:3]}." for name in MONTHS)])
DATE = st.one_of(
    st.builds("{} {} {}".format, DAY, MONTH, YEAR),
    st.builds("{} {}, {}".format, MONTH, DAY, YEAR),
    st.builds("{} {}".format, DAY, MONTH),
    st.builds("{} {}".format, MONTH, DAY),
)
WHEN = st.one_of(
    DATE.map("On {}".format),
    YEAR.map("In {}".format),
    YEAR.map("Since late {}".format),
    st.builds("At {}:{:02d}".format, st.integers(0, 23), st.integers(0, 59)),
)


@given(WHEN)
def test_no_figure_of_a_date_or_a_clock_counts_what_stands_behind_it(when: str) -> None:
    assert counts(f"{when} a drone hit the port, police said.") == [("drone", 1)]
    assert counts(f"{when} drones hit the port, police said.") == [("drones", None)]
    assert counts(f"{when} three drones hit the port, police said.") == [("drones", 3)]

"""Datelines, slips of the pen included; invented, save for the forms."""

import json
from datetime import date

import pytest

from shared_data import shared
from tocsin.incidents.story.calendar import settle
from tocsin.incidents.story.dateline import dateline
from tocsin.incidents.story.mentions import mentions
from tocsin.incidents.story.months import month_number, weekday_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("VELMORA, March 3 (Harbor Wire) - A drone", ("VELMORA", "", 3, 3, "Harbor Wire")),
        ("VELMORA, 3 March (Harbor Wire) – A drone", ("VELMORA", "", 3, 3, "Harbor Wire")),
        ("VELMORA, Skarn, March 3 -- A drone", ("VELMORA", "Skarn", 3, 3, "")),
        ("OLD VELMORA, S.K., MArch 3 - A drone", ("OLD VELMORA", "S.K.", 3, 3, "")),
        ("Velmora, march 3 - A drone", ("Velmora", "", 3, 3, "")),
        ("VELMORA, Narch 3- A drone", ("VELMORA", "", 3, 3, "")),
        ("VELMORA March 3 - A drone", ("VELMORA", "", 3, 3, "")),
        ("VELMORA (Harbor Wire) — A drone", ("VELMORA", "", None, None, "Harbor Wire")),
        ("VELMORA — A drone", ("VELMORA", "", None, None, "")),
        ("VELMORA, March 119 - A drone", ("VELMORA", "", 3, None, "")),
        ("Velmora, 4 March 2026\n\nThe ministry", ("Velmora", "", 3, 4, "")),
    ],
)
def test_what_is_printed(text: str, expected: tuple[str, str, int | None, int | None, str]) -> None:
    found = dateline(text)
    assert found is not None
    assert (found.city, found.region, found.month, found.day, found.agency) == expected
    assert text[slice(*found.city_span)] == found.city


@pytest.mark.parametrize(
    "text", ["A drone fell on the mole.", "", "Two drones - one large - fell.", "The guard (who ran) said"]
)
def test_none(text: str) -> None:
    assert dateline(text) is None


def test_real_weekdays_beside_dates() -> None:
    """Printed pairs of a real wire: the years that fit are known, and a conflict stands exactly where none does."""
    lines = shared("data/statements/reuters_datelines/weekday_pairs.jsonl").read_text("utf-8").splitlines()
    for item in map(json.loads, lines):
        text = item["text"]
        found = settle(text, None, mentions(text, [(0, len(text))]), date.fromisoformat(item["published"]))
        assert bool(found.conflicts) == (not item["years_that_fit"]), text


@pytest.mark.parametrize(
    ("word", "number"), [("March", 3), ("MAR", 3), ("Sept", 9), ("Marhc", 3), ("Apri", 4), ("May", 5), ("Dog", None)]
)
def test_months(word: str, number: int | None) -> None:
    assert month_number(word) == number


def test_weekdays() -> None:
    assert [weekday_number(word) for word in ("Monday", "sun", "today")] == [0, 6, None]

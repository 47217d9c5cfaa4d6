"""Records written by hand are read strictly."""

from pathlib import Path

import pytest

from tocsin.incidents.entering import read_bodies
from tocsin.model.errors import TocsinError
from tocsin.model.record import Assessment, Band, Grade, Hypothesis

GOOD = """
[[assessment]]
incident = "incident-3"
question = "Who sent them?"
author = "ann"
hypotheses = [{ text = "an accident", band = "unlikely" }]
[[grade]]
statement = "statement-4"
reliability = "B"
credibility = 2
rationale = "first hand"
grader = "ann"
"""


def test_good_ones(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(GOOD)
    grade, assessment = read_bodies(tmp_path / "r.toml")
    assert grade == Grade("statement-4", "B", 2, "first hand", "ann")
    assert assessment == Assessment("incident-3", "Who sent them?", (Hypothesis("an accident", Band.UNLIKELY),), "ann")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"B"', '"G"', "grade[1].reliability"),
        ("= 2", "= 7", "grade[1].credibility"),
        ("rationale", "reason", "reason"),
        ('"unlikely"', '"certain"', "assessment[1].hypotheses"),
        ("[[grade]]", "[grade]", "write [[grade]]"),
        ("[[grade]]", "[[author]]", "author: unknown table"),
        ("= 2", "=", "is no TOML"),
    ],
)
def test_bad_ones(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    (tmp_path / "r.toml").write_text(GOOD.replace(old, new))
    with pytest.raises(TocsinError) as error:
        read_bodies(tmp_path / "r.toml")
    assert told in str(error.value)
    with pytest.raises(TocsinError):
        read_bodies(tmp_path / "missing.toml")

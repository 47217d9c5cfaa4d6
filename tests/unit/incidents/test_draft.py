"""Drafts are read strictly, and what is wrong is told with its place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.incidents.draft import (
    ConflictItem,
    Draft,
    IncidentItem,
    Origin,
    StatementItem,
    parse_draft,
    read_draft,
    seal,
    sealed,
    toml,
    verdict,
)
from tocsin.model.errors import TocsinError
from tocsin.model.statement import Stance

GOOD = """
schema = 1
[[incident]]
id = "i1"
title = "A drone fell on the mole"
[[statement]]
id = "s1"
speaker = "Col. Ada Brandt"
stance = "declines"
span = [3, 9]
spans = { speaker = [0, 2] }
incident = "i1"
"""
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def test_a_good_draft() -> None:
    draft = parse_draft(GOOD.encode())
    (statement,) = draft.statements
    assert (statement.stance, statement.span, statement.spans) == (Stance.DECLINES, (3, 9), {"speaker": (0, 2)})
    assert [place for place, _ in draft.items()] == ["incident[1]", "statement[1]"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"declines"', '"shrugs"', "statement[1].stance"),
        ("[3, 9]", "[9, 3]", "statement[1].span: [9, 3]"),
        ("[3, 9]", "[3]", "statement[1].span"),
        ("[3, 9]", '"3-9"', "statement[1].span"),
        ('speaker = "Col. Ada Brandt"', "", "statement[1]: Object missing required field `speaker`"),
        ("incident = ", "incidnet = ", "incidnet"),
        ('id = "s1"', 'id = "i1"', 'statement[1].id: "i1" is taken by incident[1]'),
        ("[[statement]]", "[[statments]]", "statments: unknown table"),
        ("[[statement]]", "[statement]", "statement: write [[statement]]"),
        ("schema = 1", "schema = 7", "schema"),
        ("schema = 1", "schema = ", "no TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(TocsinError) as error:
        parse_draft(GOOD.replace(old, new).encode())
    assert told in str(error.value)


def test_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TocsinError, match="missing.toml"):
        read_draft(tmp_path / "missing.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff")
    with pytest.raises(TocsinError, match="bad.toml"):
        read_draft(tmp_path / "bad.toml")


@given(TEXT, TEXT, st.text(st.characters(exclude_categories=["Cs"])), st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_written_is_read_again(title: str, speaker: str, content: str, latitude: float) -> None:
    draft = Draft(
        Origin("story.txt", "0" * 64, speaker, complete=True),
        incidents=sealed([IncidentItem("i", title, latitude_deg=latitude, count=3, details={title: content})]),
        statements=sealed([StatementItem("s", speaker, Stance.WARNS, content, span=(0, 4), via=(title, speaker))]),
        conflicts=(ConflictItem("c", title, spans={speaker: (1, 2)}),),
    )
    again = parse_draft(toml(draft).encode())
    assert (again.origin, again.incidents, again.statements, again.conflicts) == (
        draft.origin, draft.incidents, draft.statements, draft.conflicts,
    )  # fmt: skip
    assert {verdict(item) for _, item in again.items()} == {"accepted"}


def test_a_broken_seal_is_an_edit() -> None:
    (item,) = sealed([StatementItem("s", "Ada Brandt", Stance.WARNS, "it comes")])
    draft = Draft(statements=(item,))
    edited = parse_draft(toml(draft).replace('"warns"', '"asserts"').encode()).statements[0]
    assert (verdict(item), verdict(edited)) == ("accepted", "edited")
    assert seal(edited) != item.seal

"""The review app shows a draft, takes decisions one by one, and writes nothing else."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest

from tocsin.incidents.draft import Draft, IncidentItem, Origin, StatementItem, read_draft, sealed, toml, verdict
from tocsin.incidents.review import make_review
from tocsin.model.errors import TocsinError
from tocsin.model.statement import Stance

STORY = "A drone fell on the mole, the mayor said. \U0001f6e9 It came from the sea."


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    (tmp_path / "story.txt").write_text(STORY, "utf-8")
    digest = hashlib.sha256(STORY.encode()).hexdigest()
    statement = StatementItem("s1", "the mayor", Stance.ASSERTS, incident="i1", span=(0, 24))
    made = Draft(
        Origin("story.txt", digest), incidents=sealed([IncidentItem("i1", "x")]), statements=sealed([statement])
    )
    (tmp_path / "draft.toml").write_text(toml(made), "utf-8")
    return tmp_path / "draft.toml"


def ask(path: Path, method: str, url: str, **more: Any) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(make_review(path))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.request(method, url, **more)

    return asyncio.run(asked())


def test_the_draft_is_shown_with_its_text(draft: Path) -> None:
    shown = ask(draft, "GET", "/draft").json()
    assert shown["text"] == STORY
    assert [item["place"] for item in shown["items"]] == ["incident[1]", "statement[1]"]
    assert shown["items"][1]["fields"]["span"] == [0, 24]
    assert "speaker" in shown["items"][1]["editable"]
    assert "span" not in shown["items"][1]["editable"]
    for url, kind in (("/", "text/html"), ("/review.js", "javascript"), ("/review.css", "text/css")):
        assert kind in ask(draft, "GET", url).headers["content-type"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"verdict": "accepted"}, ("accepted", "the mayor", ())),
        ({"verdict": "rejected", "reason": "invented"}, ("rejected", "the mayor", ())),
        (
            {"verdict": "accepted", "fields": {"speaker": "the deputy mayor"}},
            ("edited", "the deputy mayor", ("speaker",)),
        ),
        ({"verdict": "accepted", "fields": {"speaker": "the mayor"}}, ("accepted", "the mayor", ())),
    ],
)
def test_a_decision_is_in_the_file_at_once(draft: Path, asked: dict[str, Any], expected: tuple[object, ...]) -> None:
    answer = ask(draft, "POST", "/decide", json={"id": "s1", **asked})
    assert answer.status_code == 200
    (statement,) = read_draft(draft).statements
    assert (statement.verdict, statement.speaker, statement.changed) == expected
    assert verdict(statement) == expected[0]
    assert {path.name for path in draft.parent.iterdir()} == {"story.txt", "draft.toml"}


def test_a_decision_can_be_undone(draft: Path) -> None:
    ask(draft, "POST", "/decide", json={"id": "s1", "verdict": "rejected"})
    ask(draft, "POST", "/decide", json={"id": "s1", "verdict": ""})
    assert read_draft(draft).statements[0].verdict == ""


@pytest.mark.parametrize(
    "asked",
    [
        {"id": "s9", "verdict": "accepted"},
        {"id": "s1", "verdict": "maybe"},
        {"id": "s1", "verdict": "accepted", "fields": {"seal": "x"}},
        {"id": "s1", "verdict": "accepted", "fields": {"span": [0, 1]}},
        {"id": "s1", "verdict": "accepted", "fields": {"stance": "shrugs"}},
        {"id": "s1", "verdict": "accepted", "fields": {"speaker": ""}},
        {"id": "s1", "verdict": "accepted", "more": 1},
        [],
    ],
)
def test_what_does_not_fit_changes_nothing(draft: Path, asked: object) -> None:
    before = draft.read_bytes()
    answer = ask(draft, "POST", "/decide", json=asked)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert draft.read_bytes() == before


def test_only_json_of_a_sound_size_is_read(draft: Path) -> None:
    assert ask(draft, "POST", "/decide", data={"id": "s1"}).status_code == 415
    big = {"id": "s1", "verdict": "accepted", "reason": "x" * 200_000}
    assert ask(draft, "POST", "/decide", json=big).status_code == 413
    assert ask(draft, "GET", "/decide").status_code == 405


def test_another_text_than_the_drafts_is_told(draft: Path) -> None:
    (draft.parent / "story.txt").write_text("something else")
    answer = ask(draft, "GET", "/draft")
    assert (answer.status_code, "origin.sha256" in answer.json()["error"]) == (400, True)
    (draft.parent / "story.txt").unlink()
    assert "cannot be read" in ask(draft, "GET", "/draft").json()["error"]


def test_the_text_is_looked_for_beside_the_draft_alone(draft: Path) -> None:
    draft.write_text(draft.read_text("utf-8").replace('"story.txt"', '"../../etc/story.txt"'), "utf-8")
    assert ask(draft, "GET", "/draft").json()["text"] == STORY


def test_a_bad_draft_starts_nothing(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[[statement]]\n")
    with pytest.raises(TocsinError, match=r"statement\[1\]"):
        make_review(tmp_path / "bad.toml")

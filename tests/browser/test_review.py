"""The review page in a real browser: spans lit, one key a decision, nothing that the security policy refuses."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from parts import chromium
from tocsin.incidents.draft import ConflictItem, Draft, IncidentItem, Origin, StatementItem, read_draft, sealed, toml
from tocsin.model.statement import Stance

STORY = (
    "VELMORA, 3 March (Harbor Wire) - \U0001f6e9 A drone fell on the northern mole on Sunday, said a port guard."
    " <b>Col. Ada Brandt</b> would not say whose it was.\n\nThe mole stays closed until Tuesday."
)


def span(words: str) -> tuple[int, int]:
    return STORY.index(words), STORY.index(words) + len(words)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    (tmp_path / "story.txt").write_text(STORY, "utf-8")
    guard = StatementItem(
        "s1", "a port guard", Stance.ASSERTS, incident="i1", span=span("A drone fell on the northern mole")
    )
    brandt = StatementItem("s2", "Col. Ada Brandt", Stance.DECLINES, incident="i1", span=span("whose it was"))
    made = Draft(
        Origin("story.txt", hashlib.sha256(STORY.encode()).hexdigest(), "Harbor Wire"),
        incidents=sealed([IncidentItem("i1", "A drone fell on the mole", place="northern mole")]),
        statements=sealed([guard, brandt]),
        conflicts=sealed([ConflictItem("c1", "3 March 2030 is a Sunday, <i>the story</i> says so")]),
    )
    (tmp_path / "draft.toml").write_text(toml(made), "utf-8")
    return tmp_path / "draft.toml"


@pytest.fixture
def address(draft: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "tocsin.cli", "incidents", "review", str(draft), "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stderr is not None
        line = server.stderr.readline()
        yield line.split()[3]
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=20)


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1280, "height": 720})
        complaints: list[str] = []
        opened.on("console", lambda message: complaints.append(message.text))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        answer = opened.goto(address)
        assert answer is not None
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        opened.wait_for_selector("article")
        yield opened
        browser.close()
        assert complaints == []


def pressed(page: Page, key: str, decided: int) -> None:
    page.keyboard.press(key)
    expect(page.locator("#count")).to_have_text(f"{decided} of 4 decided")


def test_a_draft_is_decided_by_keys_alone(page: Page, draft: Path) -> None:
    assert page.inner_text("#count") == "0 of 4 decided"
    assert page.inner_text("#story").startswith("VELMORA, 3 March")
    assert "<b>Col. Ada Brandt</b>" in page.inner_text("#story")
    pressed(page, "a", 1)
    assert page.inner_text("mark.lit") == "A drone fell on the northern mole"
    page.keyboard.press("e")
    assert page.is_visible("dialog")
    page.fill("[name=speaker]", "a guard at the port")
    page.keyboard.press("Enter")
    expect(page.locator("#count")).to_have_text("2 of 4 decided")
    assert page.inner_text("mark.lit") == "whose it was"
    pressed(page, "r", 3)
    assert "<i>the story</i>" in page.inner_text("article.current")
    page.keyboard.press("k")
    pressed(page, "u", 2)
    kept = read_draft(draft)
    assert [item.verdict for _, item in kept.items()] == ["accepted", "edited", "", ""]
    assert (kept.statements[0].speaker, kept.statements[0].changed) == ("a guard at the port", ("speaker",))


def test_leaving_the_editor_changes_nothing(page: Page, draft: Path) -> None:
    before = draft.read_bytes()
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.fill("[name=speaker]", "somebody else")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="hidden")
    assert draft.read_bytes() == before


def test_a_span_leads_to_its_proposal_and_nothing_is_wider_than_the_screen(page: Page) -> None:
    page.click("mark:has-text('whose it was')")
    assert "Col. Ada Brandt" in page.inner_text("article.current")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert page.evaluate("document.documentElement.scrollHeight") <= 720


def test_a_page_of_another_site_is_refused(page: Page, address: str) -> None:
    answer = page.request.post(
        f"{address}decide", headers={"origin": "http://elsewhere.example"}, data={"id": "s1", "verdict": "accepted"}
    )
    assert answer.status == 403

"""The demo on the screen, as an operator meets it: one story, looked at by two browsers, answered by keyboard."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from browser.conftest import Watcher, becomes, shows, until
from browser.story import playing
from browser.test_screen import same

SPEED = 4.0
PATIENCE_S = 500.0  # the machine may be slow, the story is not hurried by it
NIGHT_S = 80_000.0
MINE = "p.alerts.find(a => a.id === '{}')"

pytestmark = pytest.mark.timeout(1800)


def wait(page: Any, condition: str) -> None:
    until(page, f"(() => {{ const p = tocsin.probe(); return {condition}; }})()", PATIENCE_S)


def probe(page: Any) -> Any:
    return page.evaluate("tocsin.probe()")


def said(page: Any, selector: str) -> str:
    return str(page.locator(selector).text_content())


def test_the_story_is_seen_heard_answered_and_looked_back_at(browser: Any, tmp_path: Path) -> None:
    with playing(tmp_path / "run", SPEED) as demo, Watcher(browser, demo.url) as watcher:
        page = watcher.open()
        wait(page, "p.tracks.length > 0")
        began_s = probe(page)["live_s"]
        answer_by_keyboard(page)
        look_back(page)
        wait(page, f"p.live_s > {began_s + NIGHT_S}")
        second_night(page)
        late = a_sensor_dies(page, watcher)
        until(page, "document.getElementById('reports').textContent.includes('launchers')", PATIENCE_S)
        until(page, "document.getElementById('banner-what').textContent.includes('Falling object')", PATIENCE_S)
        shows(page, "#banner-do", "Take shelter")
        the_end(page, late)
        record_is_shown(page, late)
        watcher.close()
        assert demo.process.wait(60.0) == 0  # nobody looks any more
    assert any("shortest warning" in line for line in demo.said)


def answer_by_keyboard(page: Any) -> None:
    """An alarm is raised, told, and acknowledged by a key."""
    wait(page, "p.alerts.some(a => a.state === 'unacknowledged' && a.track_label)")
    until(page, "document.getElementById('banner-do').textContent.includes('Space')", PATIENCE_S)
    shows(page, "#banner-do", "Tell the responsible force")
    shows(page, "#banner-time", " s")
    shows(page, "#assertive", "alarm")
    first = page.evaluate("tocsin.toAnswer.id")
    page.keyboard.press("Space")
    wait(page, f"['acknowledged', 'cleared'].includes({MINE.format(first)}?.state)")


def look_back(page: Any) -> None:
    """Into the past by keys, which the live picture does not wait for, and back."""
    wait(page, "p.moments > 40")
    page.keyboard.press(",")
    past = probe(page)
    assert past["past"] and past["time_s"] < past["live_s"] - 5.0
    wait(page, f"p.live_s > {past['live_s']} && p.time_s === {past['time_s']}")
    page.keyboard.press(".")
    page.keyboard.press("Escape")
    assert not probe(page)["past"]


def second_night(page: Any) -> None:
    """What was over in the first night was acknowledged at the handover, and what people said stands on the screen."""
    wait(page, "!p.alerts.some(a => a.state === 'returned')")
    handed_over = "tocsin.live.alerts.filter(a => a.acknowledged_by.startsWith('First shift')).length"
    until(page, handed_over + " > 0", PATIENCE_S)
    shows(page, "#reports", "brought down", patience_s=PATIENCE_S)


def a_sensor_dies(page: Any, watcher: Watcher) -> Any:
    """It is told apart from the tracks; whoever comes now gets to see the same."""
    wait(page, "p.sensors.some(s => s.name === 'east-radar-2d' && s.health === 'silent')")
    until(page, "document.getElementById('state-word').textContent === 'DEGRADED'", PATIENCE_S)
    shows(page, "#state-why", "east-radar-2d")
    shows(page, "#system-list", "east-radar-2d")
    shows(page, "#sensor-list li[data-health=silent]", "SILENT")
    late = watcher.open()
    wait(late, "p.moments > 100")  # it can look back to before it came
    shows(late, "#system-list", "east-radar-2d")
    return late


def the_end(page: Any, late: Any) -> None:
    """Both browsers stand at the same last moment, with the figures above it."""
    for one in (page, late):
        until(one, "document.querySelector('#report[open]') !== null", PATIENCE_S)
        shows(one, "#report-body", "Least warning time", "The salvo", "incident record")
        shows(one, "#report-body", "drone-1 into Karoon air base")  # what the figure is made of
        one.keyboard.press("Escape")
        becomes(one, lambda one=one: said(one, "#state-word"), "ENDED")  # type: ignore[misc]
    for key in ("live_s", "alerts", "sensors", "tracks"):
        becomes(late, lambda key=key: same(probe(late), key) == same(probe(page), key), True)  # type: ignore[misc]
    assert {sensor["health"] for sensor in probe(page)["sensors"]} == {"ok"}


def record_is_shown(page: Any, late: Any) -> None:
    """The last page is the incident record, reached by the keyboard."""
    page.locator("#figures").focus()
    page.keyboard.press("Enter")
    link = page.locator("#report-body a")
    address = link.get_attribute("href")
    assert urlsplit(str(address)).netloc == ""
    late.goto(late.url.partition("#")[0] + str(address))
    body = late.inner_text("body")
    assert "not attributed" in body and "launchers" in body

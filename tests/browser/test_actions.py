"""Everything an operator can ask of the screen, by keyboard alone, and by those alone whose role allows it."""

import re
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import Watcher, answer, becomes, shows, until
from browser.stage import ROOT, Mover, Stage, serve
from browser.test_screen import Open, bird, drone, probe, raise_alert, wait
from tocsin.model.identity import Affiliation, TargetClass
from tocsin.web.operators import Operator, Role, hashed, write_operators

FOCUSED = "document.activeElement.id || document.activeElement.title || document.activeElement.textContent.trim()"
PASSWORD = "correct horse battery"


def tab_to(page: Any, name: str) -> None:
    """Move the focus by Tab until it stands on the control of that name."""
    for _ in range(60):
        if str(page.evaluate(FOCUSED)).startswith(name):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name!r} is not reached by Tab")


def state(page: Any, name: str) -> None:
    wait(page, f"p.alerts.some(a => a.track_label === 'T12' && a.state === '{name}')")


def test_an_alarm_is_shelved_with_a_reason_and_a_time_and_comes_back(stage: Stage, open_page: Open) -> None:
    page = open_page()
    raise_alert(stage)
    state(page, "unacknowledged")
    tab_to(page, "Shelve")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className") == "minutes"
    page.keyboard.press("ArrowDown")  # 15 minutes
    page.keyboard.press("Tab")
    with page.expect_request("**/api/commands") as sent:
        page.keyboard.type("it is our own")
        page.keyboard.press("Enter")
    command = sent.value.post_data_json
    assert (command["kind"], command["reason"]) == ("shelve", "it is our own")
    assert 890.0 < command["until_s"] - stage.time_s < 910.0
    state(page, "shelved")
    until(page, "document.querySelector('#alarm-list .head').textContent.includes('shelved until')")
    wait(page, "document.getElementById('banner').dataset.waits === ''")
    tab_to(page, "Unshelve")
    page.keyboard.press("Enter")
    state(page, "unacknowledged")


def test_clear_needs_an_acknowledged_alarm_and_a_reason(stage: Stage, open_page: Open) -> None:
    page = open_page()
    raise_alert(stage)
    state(page, "unacknowledged")
    becomes(page, page.get_by_role("button", name="Clear…").is_disabled, True)
    answer(page)
    state(page, "acknowledged")
    until(page, "![...document.querySelectorAll('#alarm-list button')].find(b => b.textContent === 'Clear…').disabled")
    tab_to(page, "Clear")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # without a reason nothing is asked
    state(page, "acknowledged")
    page.keyboard.type("seen from the gate")
    page.keyboard.press("Enter")
    state(page, "cleared")


def test_silence_of_one_alarm_leaves_it_waiting(stage: Stage, open_page: Open) -> None:
    page = open_page()
    raise_alert(stage)
    state(page, "unacknowledged")
    tab_to(page, "Silence")
    page.keyboard.press("Enter")
    until(page, "[...document.querySelectorAll('#alarm-list button')].some(b => b.textContent === 'Silenced')")
    state(page, "unacknowledged")


def test_what_is_over_is_quiet_and_acknowledged_all_at_once(stage: Stage, open_page: Open) -> None:
    page = open_page()
    # From opposite sides: two of one course would be one raid, and one alert.
    stage.add(drone(12), Mover(13, (6200.0, -4400.0, 280.0), (46.0, -28.0, 0.0)))
    stage.play(60.0, until=lambda: len(stage.views.alerts()) >= 2)
    for number in (12, 13):
        stage.lose(number)
    stage.play(20.0, until=lambda: all(alert.state == "returned" for alert in stage.views.alerts()))
    wait(page, "p.alerts.length >= 2 && p.alerts.every(a => a.state === 'returned')")
    until(page, "document.getElementById('banner-what').textContent.includes('no longer tracked near Mulga base')")
    shows(page, "#banner-what", "nothing says that it has gone")
    shows(page, "#banner-do", "2 alarms are over", "Shift+Space")
    shows(page, "#acknowledge-over", "the 2 that are over")
    page.keyboard.press("Shift+Space")
    wait(page, "p.alerts.every(a => a.state === 'cleared')")
    until(page, "document.getElementById('acknowledge-over').hidden")
    until(page, "document.getElementById('banner-what').textContent.startsWith('Quiet')")


def test_the_past_shows_the_alarms_as_they_stood_also_to_one_who_comes_late(stage: Stage, open_page: Open) -> None:
    page = open_page()
    stage.play(5.0)
    raise_alert(stage)
    raised_s = stage.time_s
    stage.play(6.0)
    answer(page)
    wait(page, "p.alerts.some(a => a.state === 'acknowledged')")
    stage.play(4.0)
    stage.lose(12)
    stage.play(30.0, until=lambda: all(alert.state == "cleared" for alert in stage.views.alerts()))
    for reader in (page, open_page()):
        reader.evaluate(f"tocsin.past.seek({raised_s + 2.0})")
        until(reader, "document.querySelector('#threat-list li[data-alarmed=\"1\"]') !== null")
        reader.evaluate(f"tocsin.past.seek({raised_s - 3.0})")
        until(reader, "document.querySelector('#threat-list li[data-alarmed=\"1\"]') === null")


def test_escape_leaves_a_field_and_space_is_the_banners_on_the_line_of_a_list(stage: Stage, open_page: Open) -> None:
    page = open_page()
    raise_alert(stage)
    wait(page, "p.alerts.some(a => a.state === 'unacknowledged')")
    page.keyboard.press("1")
    until(page, "!document.getElementById('declare').hidden")
    page.keyboard.press("j")
    until(page, "document.activeElement.id === 'declare-value'")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.classList.contains('open')")
    answer(page)
    wait(page, "p.alerts.some(a => a.state === 'acknowledged')")


def test_an_alarm_opens_into_what_raised_it_though_its_track_is_gone(stage: Stage, open_page: Open) -> None:
    page = open_page()
    stage.play(5.0)
    raise_alert(stage)
    stage.play(15.0)
    stage.lose(12)
    stage.play(2.0)
    wait(page, "p.tracks.length === 0")
    page.keyboard.press("n")
    until(page, "document.getElementById('selected-title').textContent.includes('T12 is no longer tracked')")
    shows(page, "#selected-body .evidence", "drone approaches", "seen by east-radar", "within")
    page.locator("#selected-body .evidence button").focus()
    page.keyboard.press("Enter")
    wait(page, "p.past && p.tracks.map(t => t.name).join() === 'T12'")  # the moment it was raised


def test_tracks_are_marked_and_what_needs_nobody_is_left_out(stage: Stage, open_page: Open) -> None:
    friend = Mover(5, (14000.0, -9000.0, 90.0), (1.0, 0.0, 0.0), TargetClass.MULTIROTOR, 0.96, Affiliation.FRIEND)
    stage.add(bird(4), friend)
    stage.play(3.0)
    page = open_page("#track=T4")
    page.keyboard.press("m")
    assert probe(page)["choice"]["marked"] == ["T4"]
    page.keyboard.press("m")
    assert probe(page)["choice"]["marked"] == []
    page.keyboard.press("t")
    assert sorted(probe(page)["choice"]["marked"]) == ["T4", "T5"]
    page.keyboard.press("u")
    until(page, "location.hash.includes('marked=T4,T5') && location.hash.includes('unresolved=1')")
    again = open_page(page.url[page.url.index("#") :])
    assert probe(again)["choice"] == probe(page)["choice"]


def test_every_key_of_the_reference_stands_in_the_help_and_the_other_way_round(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("?")
    shown = page.locator("#help kbd").all_inner_texts()
    reference = (ROOT / "docs" / "reference" / "screen.md").read_text("utf-8")
    table = reference.partition("| key | does |")[2].partition("\n\n")[0]
    written = "".join(re.findall(r"^\| (.*?) \|", table, re.MULTILINE))
    for key in (part for one in shown for part in one.replace("–", " ").split(" ")):
        assert key in written or key in "↑↓←→", key
    assert len(shown) > 35


def test_every_control_is_reached_by_tab(stage: Stage, open_page: Open) -> None:
    raise_alert(stage)
    stage.views.put_report({"evaluation": {}})
    page = open_page("#track=T12")
    page.wait_for_selector("#report[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#declare:not([hidden])")
    marked = """() => {
        const all = [...document.querySelectorAll("button, input, select, a[href], [tabindex='0']")];
        const seen = all.filter(e => e.checkVisibility() && !e.disabled && !e.closest("dialog"));
        seen.forEach((e, at) => e.dataset.stop = at);
        return seen.length;
    }"""
    count = page.evaluate(marked)
    page.evaluate("document.body.focus()")
    reached = set()
    for _ in range(2 * count + 10):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.dataset.stop"))
    assert reached >= {str(at) for at in range(count)} and count > 15


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "operators.toml"
    secret = hashed(PASSWORD)
    write_operators(path, (Operator("ada", Role.OPERATOR, secret), Operator("vic", Role.VIEWER, secret)))
    return path


def log_in(page: Any, name: str, password: str = PASSWORD) -> None:
    page.wait_for_selector("input[name=name]:focus")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_who_logs_in_sees_the_screen_and_may_what_the_role_allows(browser: Any, stage: Stage, people: Path) -> None:
    raise_alert(stage)
    with serve(stage, operators=people) as (url, _), Watcher(browser, url) as watcher:
        page = watcher.open(ready=False)
        assert page.url.endswith("/login") and is_plainly_labelled(page)
        log_in(page, "ada", "wrong horse battery")
        page.wait_for_selector("[role=alert]")
        log_in(page, "ada")
        page.wait_for_selector("#top")
        until(page, "window.tocsin && tocsin.probe().live_s > 0")
        until(page, "document.getElementById('role').textContent === 'operator'")
        becomes(page, lambda: page.locator("#operator").get_attribute("readonly") is None, False)
        answer(page)
        wait(page, "p.alerts.some(a => a.state === 'acknowledged')")
        assert {alert.acknowledged_by for alert in stage.views.alerts()} == {"ada"}
        viewer = watcher.open(ready=False)
        log_in(viewer, "vic")
        viewer.wait_for_selector("#top")
        until(viewer, "window.tocsin && tocsin.probe().live_s > 0")
        until(viewer, "document.getElementById('role').textContent === 'viewer'")
        viewer.wait_for_selector("#alarm-list .alarm")
        until(
            viewer,
            "[...document.querySelectorAll('#alarm-list button')].find(b => b.textContent === 'Clear…').disabled",
        )
        tab_to(page, "log-out")
        page.keyboard.press("Enter")
        page.wait_for_url("**/login")
        write_operators(people, ())  # whoever is taken out is shown the way out
        viewer.wait_for_url("**/login")


def is_plainly_labelled(page: Any) -> bool:
    """The login page lets no script in, axe neither; its fields have labels, its document a language and a title."""
    fields = page.locator("input").count()
    return fields == page.locator("label input").count() == 2 and page.locator("html[lang=en] title").count() == 1

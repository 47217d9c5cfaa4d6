"""The screen in a real browser: what an operator must see, hear and be able to do, by keyboard alone."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from browser.accessibility import grave
from browser.conftest import answer, becomes, shows, until
from browser.stage import Mover, Stage, serve
from tocsin.model.identity import TargetClass, Verdict
from tocsin.model.sensor import Health

Open = Callable[..., Any]


def drone(number: int = 12) -> Mover:
    """A drone six kilometres out, a hundred seconds from Mulga base."""
    return Mover(number, (17800.0, -11600.0, 280.0), (-46.0, 28.0, 0.0))


def bird(number: int = 4) -> Mover:
    return Mover(number, (13600.0, -9200.0, 70.0), (-4.0, -11.0, 0.0), TargetClass.BIRD, sure=0.8)


def probe(page: Any) -> Any:
    return page.evaluate("tocsin.probe()")


def wait(page: Any, condition: str) -> None:
    until(page, f"(() => {{ const p = tocsin.probe(); return {condition}; }})()")


def same(told: Any, shown: str) -> Any:
    """What two pages must agree on: who is tracked, and alerts and sensors to the letter."""
    return [track["uid"] for track in told["tracks"]] if shown == "tracks" else told[shown]


def text(page: Any, selector: str) -> str:
    return str(page.locator(selector).inner_text())


def raise_alert(stage: Stage) -> None:
    stage.add(drone())
    stage.play(60.0, until=lambda: any(alert.state == "unacknowledged" for alert in stage.views.alerts()))


def test_tracks_appear_and_a_quiet_sky_says_so(stage: Stage, open_page: Open) -> None:
    stage.add(bird())
    stage.play(4.0)
    page = open_page()
    wait(page, "p.tracks.length === 1 && p.tracks[0].name === 'T4'")
    until(page, "document.getElementById('banner-what').textContent.startsWith('Quiet')")
    shows(page, "#threat-none", "Nothing that is tracked")
    shows(page, "#banner-where", "8 of 8 sensors working")
    becomes(page, lambda: text(page, "#state-word"), "LIVE")
    shows(page, "#mode", "SIMULATION")
    shows(page, "#watermark", "SIMULATION")


def test_an_alert_is_raised_told_and_acknowledged_by_keyboard(stage: Stage, open_page: Open) -> None:
    page = open_page()
    raise_alert(stage)
    wait(page, "p.alerts.some(a => a.state === 'unacknowledged' && a.track_label === 'T12')")
    until(page, "document.getElementById('banner-do').textContent.includes('clear the place')")
    shows(page, "#banner-what", "T12", "Mulga base")
    shows(page, "#banner-do", "Space")
    shows(page, "#banner-time", " s")
    shows(page, "#assertive", "high alarm")
    becomes(page, lambda: probe(page)["choice"]["track"], "T12")  # nobody had chosen another
    until(page, "document.getElementById('selected-body').textContent.includes('east-radar says DRONE')")
    answer(page)
    wait(page, "p.alerts.some(a => a.state === 'acknowledged')")
    stage.play(1.0)
    until(page, "document.getElementById('banner-do').textContent.includes('acknowledged')")
    becomes(page, page.locator("#alarm-list li[data-state=acknowledged]").count, 1)


def test_what_a_target_says_of_itself_opens_into_the_verdict_and_its_reasons(stage: Stage, open_page: Open) -> None:
    said = drone()
    said.claims = (
        ("remote-id", "1581F4X", Verdict.CONTRADICTED, ("moves at 420 m/s, faster than anything small",)),
        ("flight-plan", "survey-3", Verdict.CLAIMED, ("no sensor has seen it move yet",)),
    )
    page = open_page()
    stage.add(said)
    stage.play(2.0)
    until(page, "document.querySelector('#threat-list .threat') !== null")
    page.keyboard.press("1")
    until(page, "document.getElementById('selected-body').textContent.includes('What it says of itself')")
    shows(page, "#selected-body", "remote-id 1581F4X: contradicted", "faster than anything small")
    shows(page, "#selected-body", "flight-plan survey-3: claimed", "heard by east-remote-id")


def test_sound_waits_for_a_key_then_lasts_until_answered(stage: Stage, open_page: Open) -> None:
    page = open_page()
    raise_alert(stage)
    wait(page, "p.alerts.some(a => a.state === 'unacknowledged')")
    until(page, "document.getElementById('sound').dataset.needed === '1'")
    assert probe(page)["sounds"] == 0
    page.keyboard.press("l")
    until(page, "document.getElementById('sound').dataset.on === '1'")
    wait(page, "p.sounds >= 2")
    page.keyboard.press("x")  # silence: no sound any more, and it still waits
    page.wait_for_timeout(1000)
    silent = probe(page)["sounds"]
    page.wait_for_timeout(4500)
    after = probe(page)
    assert after["sounds"] == silent
    assert [alert["state"] for alert in after["alerts"]] == ["unacknowledged"]


def test_a_dying_sensor_is_announced_apart_from_the_tracks(stage: Stage, open_page: Open) -> None:
    stage.add(bird())
    page = open_page()
    stage.health("east-radar-2d", Health.SILENT, "nothing for 6 s")
    stage.play(2.0)
    wait(page, "p.sensors.some(s => s.name === 'east-radar-2d' && s.health === 'silent')")
    until(page, "document.getElementById('state-word').textContent === 'DEGRADED'")
    shows(page, "#state-why", "east-radar-2d")
    shows(page, "#sensor-list li[data-health=silent]", "SILENT", "blind")
    page.wait_for_selector("#system-list .alarm")
    shows(page, "#system-list", "east-radar-2d")
    assert page.locator("#alarm-list li").count() == 0
    shows(page, "#assertive", "east-radar-2d")


def test_the_time_strip_goes_back_and_returns_without_losing_live(stage: Stage, open_page: Open) -> None:
    stage.add(bird())
    stage.play(30.0)
    page = open_page()
    raise_alert(stage)
    stage.play(20.0)
    wait(page, "p.moments > 15")
    page.keyboard.press(",")
    page.keyboard.press(",")
    past = probe(page)
    assert past["past"] and past["time_s"] < past["live_s"] - 10.0
    until(page, "document.getElementById('watermark').textContent.startsWith('PAST')")
    becomes(page, lambda: text(page, "#threats-title")[-1:], "Z")
    stage.play(5.0)
    wait(page, f"p.live_s > {past['live_s']} && p.time_s === {past['time_s']}")
    shows(page, "#banner-what", "T12")  # the alarm of now is never hidden by the past
    page.keyboard.press(".")
    assert probe(page)["time_s"] > past["time_s"]
    page.keyboard.press("[")
    raised = probe(page)
    assert raised["past"] and raised["time_s"] < past["live_s"] - 10.0
    page.keyboard.press("Escape")
    now = probe(page)
    assert not now["past"] and now["time_s"] == now["live_s"]
    page.locator("#strip").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert probe(page)["past"]
    page.keyboard.press("End")
    assert not probe(page)["past"]


def test_replay_runs_on_to_the_present(stage: Stage, open_page: Open) -> None:
    stage.add(bird())
    page = open_page()
    stage.play(60.0)
    wait(page, "p.moments > 10")
    page.locator("#speed").select_option("16")
    page.keyboard.press("Escape")
    page.locator("#overlay").evaluate("() => document.activeElement.blur()")
    page.keyboard.press("r")
    assert probe(page)["past"]
    wait(page, "!p.past")


def test_a_client_that_comes_late_sees_the_same(stage: Stage, open_page: Open) -> None:
    stage.add(bird())
    stage.play(20.0)
    first = open_page()
    raise_alert(stage)
    stage.play(10.0)
    late = open_page()
    stage.step()
    for page in (first, late):
        wait(page, f"Math.abs(p.live_s - {stage.time_s}) < 0.01")
    for shown in ("tracks", "alerts", "sensors"):
        becomes(late, lambda shown=shown: same(probe(late), shown) == same(probe(first), shown), True)  # type: ignore[misc]
    wait(late, "p.moments > 10")  # it can look back to before it came
    wait(late, "p.tracks.every(t => t.tail > 3)")
    answer(late)
    wait(first, "p.alerts.some(a => a.state === 'acknowledged')")


def test_a_lost_track_is_shown_for_a_while_and_said_to_be_lost(stage: Stage, open_page: Open) -> None:
    stage.add(bird())
    page = open_page()
    stage.play(2.0)
    wait(page, "p.tracks.length === 1")
    page.evaluate("tocsin.select('T4')")
    stage.lose(4)
    stage.play(1.0)
    wait(page, "p.tracks.length === 0")
    until(page, "document.getElementById('selected-body').textContent.includes('lost is not destroyed')")
    assert page.evaluate("tocsin.live.ended.map(e => e.label + ' ' + e.outcome)") == ["T4 lost"]


def test_every_choice_stands_in_the_address(stage: Stage, open_page: Open) -> None:
    raise_alert(stage)
    page = open_page("#track=T12&theme=night&labels=2&map=-24.3,125.7,11.50&tails=0")
    choice = probe(page)["choice"]
    assert (choice["track"], choice["theme"], choice["labels"], choice["tails"]) == ("T12", "night", 2, False)
    for key in ("Shift+B", "o", "p", "i", "b"):
        page.keyboard.press(key)
    until(page, "location.hash.includes('isolate=1') && location.hash.includes('dim=1')")
    assert "theme=contrast" in page.url and "map=-24.3" in page.url and "tails=0" not in page.url
    again = open_page(page.url[page.url.index("#") :])
    assert probe(again)["choice"] == probe(page)["choice"]


def test_threats_and_alarms_are_walked_by_keys_and_rows_hold_still(stage: Stage, open_page: Open) -> None:
    page = open_page()
    stage.add(drone(12), Mover(13, (17200.0, -3000.0, 240.0), (-38.0, -33.0, 0.0)))
    stage.play(40.0)
    until(page, "document.querySelectorAll('#threat-list li').length === 2")
    page.keyboard.press("2")
    second = probe(page)["choice"]["track"]
    page.keyboard.press("1")
    first = probe(page)["choice"]["track"]
    assert {first, second} == {"T12", "T13"}
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert probe(page)["choice"]["track"] == first
    page.keyboard.press("v")
    assert page.evaluate("document.activeElement.closest('#threat-list') !== null")
    labels = page.locator("#threat-list .label").all_inner_texts
    becomes(page, lambda: sorted(labels()), ["unknown T12", "unknown T13"])  # both have their alarm
    before = labels()
    stage.add(Mover(14, (13600.0, -9600.0, 200.0), (-50.0, 30.0, 0.0)))  # sooner than both, but focus is in the list
    stage.play(3.0)
    becomes(page, labels, [*before, "unknown T14"])


def test_a_declaration_needs_a_reason_and_carries_the_name_at_the_desk(stage: Stage, open_page: Open) -> None:
    raise_alert(stage)
    page = open_page("#track=T12")
    page.locator("#operator").fill("ada")
    page.locator("#operator").press("Enter")
    page.wait_for_selector("#declare:not([hidden])")
    page.locator("#operator").evaluate("node => node.blur()")
    page.keyboard.press("j")
    page.locator("#declare-value").select_option("hostile")
    page.locator("#declare-reason").fill("seen by the gate guard")
    with page.expect_request("**/api/commands") as sent:
        page.keyboard.press("Enter")
    command = sent.value.post_data_json
    assert (command["kind"], command["value"], command["author"]) == ("declare-affiliation", "hostile", "ada")
    assert command["reason"] == "seen by the gate guard" and len(command["target"]) == 26


def test_a_lost_line_is_unmistakable_and_found_again(browser: Any, stage: Stage) -> None:
    stage.add(bird())
    stage.play(2.0)
    page = browser.new_page()
    with serve(stage) as (url, _):
        page.goto(url)
        until(page, "document.getElementById('state-word').textContent === 'LIVE'")
    until(page, "document.getElementById('state-word').textContent === 'OFFLINE'")
    until(page, "document.getElementById('watermark').textContent.startsWith('OFFLINE since')")
    with serve(stage, port=urlsplit(url).port or 0):
        wait(page, "p.link === 'OPEN'")
        page.close()


def test_the_last_page_shows_the_figures_with_what_they_mean(stage: Stage, open_page: Open) -> None:
    page = open_page()
    stage.views.put_report(
        {
            "title": "How the two nights went",
            "evaluation": {
                "warning_time_min_s": 52.4,
                "coverage_50m": 0.81,
                "id_switches": 1,
                "false_alerts_per_h": None,
                "baselines": {"raw": {"coverage_50m": 0.62}, "always_warn": {"warning_time_min_s": 118.0}},
                "falling": {"warning_time_min_s": 9.0},
            },
        }
    )
    page.wait_for_selector("#report[open]")
    shows(page, "#report-body", "52 s", "19 %", "38 % with raw reports", "118 s", "The salvo", "9 s")
    page.keyboard.press("Escape")
    becomes(page, page.locator("#report[open]").count, 0)
    assert page.locator("#figures").is_visible()


@pytest.mark.parametrize("key", ["?", "report", "strip"])
def test_axe_finds_nothing_serious_in_what_opens_above_the_screen(stage: Stage, open_page: Open, key: str) -> None:
    raise_alert(stage)
    stage.views.put_report({"evaluation": {"entries": [{"target": "drone-1", "asset": "gate", "warning_s": 3.0}]}})
    page = open_page()
    page.wait_for_selector("#report[open]")
    if key != "report":
        page.keyboard.press("Escape")
        page.keyboard.press("," if key == "strip" else key)
    assert grave(page) == []


def test_axe_would_find_what_is_serious(open_page: Open) -> None:
    page = open_page()
    page.evaluate(
        "document.getElementById('operator').closest('label').replaceWith(document.getElementById('operator'))"
    )
    assert any("label" in name for name, _ in grave(page))


@pytest.mark.parametrize("theme", ["dark", "night", "contrast"])
def test_axe_finds_nothing_serious(stage: Stage, open_page: Open, theme: str) -> None:
    stage.add(bird())
    raise_alert(stage)
    stage.health("east-radar-2d", Health.SILENT)
    stage.play(2.0)
    page = open_page(f"#theme={theme}&track=T12")
    page.wait_for_selector("#system-list .alarm")
    page.wait_for_selector("#declare:not([hidden])")
    assert grave(page) == []

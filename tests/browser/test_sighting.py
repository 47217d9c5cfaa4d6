"""The phone page in Chromium: a sighting told by keyboard and by touch, what is missing, what is not taken."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from browser.conftest import Watcher, becomes, shows, until
from browser.stage import ROOT, Stage, serve
from tocsin.formats.sighting import Sighting, read_sighting
from tocsin.model.errors import TocsinError

PHONE = {"width": 390, "height": 844}


class Desk:
    """Takes sightings, or refuses them."""

    def __init__(self) -> None:
        self.told: list[Sighting] = []
        self.refusal = ""

    async def report(self, data: bytes) -> int:
        if self.refusal:
            raise TocsinError(self.refusal)
        self.told.append(read_sighting(data))
        return len(self.told)


@contextmanager
def opened(browser: Any, stage: Stage, desk: Desk, place: bool = True) -> Iterator[Any]:
    with serve(stage, report=desk.report) as (url, _), Watcher(browser, url) as watcher:
        page = watcher.open("sighting.html", ready=False)
        page.set_viewport_size(PHONE)
        if place:
            page.context.grant_permissions(["geolocation"])
            page.context.set_geolocation({"latitude": 54.61, "longitude": 18.81, "accuracy": 30.0})
        until(page, "document.getElementById('points').children.length === 8")
        yield page


def test_a_sighting_told_by_touch(browser: Any, stage: Stage) -> None:
    desk = Desk()
    with opened(browser, stage, desk) as page:
        until(page, "document.getElementById('site').textContent.includes('For ')")
        page.locator("#locate").click()
        until(page, "document.getElementById('latitude').value === '54.610000'")
        page.get_by_role("button", name="NE", exact=True).click()
        becomes(page, page.locator("#azimuth").input_value, "45")
        page.locator("#elevation").select_option("20")
        page.locator("#author").fill("Gate guard")
        page.locator("#words").fill("two engines")
        page.locator("#send").click()
        until(page, "document.getElementById('answer').dataset.good === 'yes'")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    (seen,) = desk.told
    assert (seen.what, seen.means, seen.azimuth_deg, seen.azimuth_sigma_deg) == ("drone", "seen", 45.0, 15.0)
    assert (seen.latitude_deg, seen.longitude_deg, seen.accuracy_m) == (54.61, 18.81, 15.0)
    assert (seen.elevation_deg, seen.author, seen.words) == (20.0, "Gate guard", "two engines")


def test_a_sighting_told_by_keyboard_and_what_is_missing(browser: Any, stage: Stage) -> None:
    desk = Desk()
    with opened(browser, stage, desk, place=False) as page:
        page.locator("#send").focus()
        page.keyboard.press("Enter")
        until(page, "document.getElementById('answer').dataset.good === 'no'")
        shows(page, "#answer", "Where did you stand")
        for field, value in (("latitude", "54.6"), ("longitude", "18.8"), ("azimuth", "318"), ("author", "Patrol")):
            page.locator(f"#{field}").focus()
            page.keyboard.type(value)
        page.keyboard.press("Enter")
        until(page, "document.getElementById('answer').dataset.good === 'yes'")
    assert [(seen.author, seen.azimuth_deg, seen.azimuth_sigma_deg) for seen in desk.told] == [("Patrol", 318.0, None)]


def test_what_is_not_taken_is_kept_and_told_again_as_the_same(browser: Any, stage: Stage) -> None:
    desk = Desk()
    desk.refusal = "the line has ended"
    with opened(browser, stage, desk) as page:
        for field, value in (("latitude", "54.6"), ("longitude", "18.8"), ("author", "Patrol")):
            page.locator(f"#{field}").fill(value)
        page.locator("#send").click()
        until(page, "document.getElementById('answer').textContent.includes('the line has ended')")
        desk.refusal = ""
        for _ in range(2):
            page.locator("#send").click()
            until(page, "document.getElementById('answer').dataset.good === 'yes'")
            page.evaluate("document.getElementById('answer').dataset.good = ''")
    first, second = desk.told
    assert first.id != second.id  # a new one only after the first was taken
    assert msgspec.structs.replace(first, id="", time="") == msgspec.structs.replace(second, id="", time="")


def test_without_a_compass_it_says_so(browser: Any, stage: Stage) -> None:
    with opened(browser, stage, Desk(), place=False) as page:
        page.locator("#compass").click()
        until(page, "document.getElementById('answer').textContent.includes('no compass')")


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious(browser: Any, stage: Stage, width: int) -> None:
    with opened(browser, stage, Desk()) as page:
        page.set_viewport_size({"width": width, "height": 720})
        page.evaluate((ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8"))
        found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.impact, v.id]))")
        assert [name for impact, name in found if impact in ("serious", "critical")] == []

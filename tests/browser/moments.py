"""Takes the pictures of the screen that the documentation shows, from the demo itself: `moments.py FOLDER [SPEED]`."""

import sys
import tempfile
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "src")]

from playwright.sync_api import sync_playwright  # noqa: E402

from browser.conftest import ARGUMENTS, until  # noqa: E402
from browser.story import playing  # noqa: E402
from parts import chromium  # noqa: E402

KNOWN = (
    "const p = tocsin.probe(), said = document.getElementById('banner-what').textContent,"
    " left = document.getElementById('banner-time').textContent;"
)
SETTLE_MS = 400  # WebGL is drawn by the processor
STORY_S = 1800.0
# What each picture waits for, in the story's order. `p` is the page's probe, `said` and `left` what the banner says.
STANDING = "p.alerts.filter(a => a.track_label && ['unacknowledged', 'acknowledged'].includes(a.state)).length"
MOMENTS = (
    ("screen-first-track", f"{STANDING} === 1"),
    ("screen-raid", f"{STANDING} >= 2 && parseInt(left) < 50"),
    ("screen-quiet", "said.startsWith('Quiet') && p.moments > 100"),
    ("screen-dead-sensor", f"{STANDING} >= 2 && parseInt(left) < 50 && p.sensors.some(s => s.health === 'silent')"),
    ("screen-salvo", "said.includes('Falling object')"),
)


def take(page: Any, path: Path) -> None:
    page.wait_for_timeout(SETTLE_MS)
    page.screenshot(path=path)


def main(folder: Path, speed: float) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="tocsin-moments-") as name,
        playing(Path(name) / "run", speed) as played,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(played.url)
        until(page, "window.tocsin && tocsin.probe().live_s > 0", STORY_S)
        page.keyboard.press("p")  # lets the sound in
        page.keyboard.press("p")
        for picture, condition in MOMENTS:
            until(page, f"(() => {{ {KNOWN} return {condition}; }})()", STORY_S)
            take(page, folder / f"{picture}.png")
            page.keyboard.press("Space")
            page.keyboard.press("Shift+Space")
        until(page, "document.querySelector('#report[open]') !== null", STORY_S)
        take(page, folder / "screen-figures.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 1.0)

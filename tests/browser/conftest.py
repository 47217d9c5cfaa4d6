"""A real Chromium, and a page that may speak to nobody but the stage it shows."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from browser.stage import STATIC, Stage, serve
from parts import chromium

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

# WebGL is drawn by the processor: slow, so tests ask for states and not for frames.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-dev-shm-usage",
    "--autoplay-policy=user-gesture-required",
]
Open = Callable[..., Any]


def until(page: Any, expression: str, patience_s: float = 20.0) -> None:
    """Ask the page until the expression is true; Playwright's own waiting would need a looser content policy."""
    for _ in range(int(patience_s / 0.05)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not true within {patience_s:.0f} s: {expression}")


def becomes(page: Any, read: Callable[[], Any], expected: Any, patience_s: float = 20.0) -> None:
    """Read until it is what is expected: what a page shows comes in several frames, drawn at different times."""
    for _ in range(int(patience_s / 0.05)):
        if read() == expected:
            return
        page.wait_for_timeout(50)
    assert read() == expected


def answer(page: Any) -> None:
    """Press Space once there is an alarm that it would answer."""
    until(page, "tocsin.toAnswer")
    page.keyboard.press("Space")


def shows(page: Any, selector: str, *words: str, patience_s: float = 20.0) -> None:
    """Wait until all these words stand in what the selector finds first."""

    def missing() -> list[str]:
        shown = str(page.locator(selector).first.text_content())
        return [one for one in words if one not in shown]

    becomes(page, missing, [], patience_s)


# Playwright's own loop holds the thread for as long as the fixture lives, so it ends with the file: no test of another
# folder could run a loop otherwise.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not (STATIC / "index.html").is_file():
        pytest.skip("the page was not built (npm ci && npm run build in ui)")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    made.all_well()
    made.step()
    return made


class Watcher:
    """Opens pages on one address; at the end none of them may have asked anybody else, or failed."""

    def __init__(self, browser: Any, url: str) -> None:
        self._browser, self._url = browser, url
        self._contexts: list[Any] = []
        self.outside: list[str] = []
        self.problems: list[str] = []

    def open(self, address: str = "", ready: bool = True) -> Any:
        """A page in a browser profile of its own; `ready` waits until it shows a picture."""
        context = self._browser.new_context(viewport={"width": 1280, "height": 720})
        self._contexts.append(context)
        context.route("**/*", self._watch)
        page = context.new_page()
        page.on("websocket", self._connected)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self.problems.append(line.text) if "Content Security" in line.text else None)
        page.goto(self._url + address)
        if ready:
            until(page, "window.tocsin && tocsin.probe().link === 'OPEN' && tocsin.probe().live_s > 0", 120.0)
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        self._contexts = []

    def __enter__(self) -> "Watcher":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        assert self.outside == []
        assert self.problems == []

    def _connected(self, socket: Any) -> None:
        if not self._ours(socket.url):
            self.outside.append(socket.url)

    def _ours(self, url: str) -> bool:
        return urlsplit(url).netloc == urlsplit(self._url).netloc

    def _watch(self, route: Any) -> None:
        if not self._ours(route.request.url):
            self.outside.append(route.request.url)
            route.abort()
        else:
            route.continue_()


@pytest.fixture
def open_page(browser: Any, stage: Stage) -> Iterator[Open]:
    """Opens pages on the stage."""
    with serve(stage) as (url, _), Watcher(browser, url) as watcher:
        yield watcher.open

"""The page: told at once, believed only when it plays, late pages told too; and in Chromium, with real Web Audio."""

import json
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from small_site import free_port
from tocsin.channels.browser.adapter import Adapter
from tocsin.channels.browser.settings import Settings
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level
from warning_builder import Reports, cancelled, context, unheard, warning


class Page:
    """A page without a browser; `state` is what it says of each message."""

    def __init__(self, adapter: Adapter, port: int, state: str, name: str) -> None:
        self.got: list[dict[str, object]] = []
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20.0)
        self._stream = self._client.stream("GET", "/events")
        answer = self._stream.__enter__()
        lines = answer.iter_lines()
        assert next(lines) == ": open"

        def read() -> None:
            try:
                for line in lines:
                    if line.startswith("data: "):
                        said = json.loads(line.removeprefix("data: "))
                        self.got.append(said)
                        if state:
                            adapter.hear(json.dumps({"id": said["id"], "client": name, "state": state}).encode())
            except httpx.HTTPError:
                pass  # closed

        self._thread = threading.Thread(target=read)
        self._thread.start()

    def close(self) -> None:
        self._thread.join(20.0)
        self._client.close()


@pytest.fixture
def site() -> Iterator[tuple[Adapter, int, Reports]]:
    reports, port = Reports(), free_port()
    yield Adapter(Settings(port, confirm_s=5.0), context(report=reports)), port, reports


def test_playing_is_a_confirmation_and_showing_is_not(site) -> None:
    adapter, port, _ = site
    with pytest.raises(TocsinError, match="no page is open"):
        adapter.deliver(warning())
    page = Page(adapter, port, "playing", "a")
    assert adapter.deliver(warning(2)) == (Level.CONFIRMED, "1 of 1 pages play it")
    assert adapter.deliver(unheard())[0] is Level.CONFIRMED
    assert [one["audible"] for one in page.got] == [True, True, False]  # the first one too: it still holds
    adapter.close()
    page.close()


def test_a_locked_page_is_no_confirmation() -> None:
    port = free_port()
    adapter = Adapter(Settings(port, confirm_s=0.5), context())
    page = Page(adapter, port, "shown", "a")
    with pytest.raises(TocsinError, match="0 of 1 pages play it, 1 have it, 1 are needed"):
        adapter.deliver(warning())
    adapter.close()
    page.close()


def test_a_page_that_comes_late_is_told_what_holds_and_not_what_is_over(site) -> None:
    adapter, port, _ = site
    for one in (warning(), warning(1, "W2-Y"), cancelled(2, "W2-Y")):
        with pytest.raises(TocsinError):
            adapter.deliver(one)
    page = Page(adapter, port, "playing", "late")
    deadline_s = time.monotonic() + 20.0
    while not page.got and time.monotonic() < deadline_s:
        time.sleep(0.02)
    adapter.close()
    page.close()
    assert [one["id"] for one in page.got] == ["W1-X-1"]


def test_what_makes_no_sense_is_refused(site, monkeypatch: pytest.MonkeyPatch) -> None:
    adapter, port, _ = site
    url = f"http://127.0.0.1:{port}"
    assert httpx.post(f"{url}/receipts", content=b"[]").status_code == 400
    assert httpx.post(f"{url}/receipts", content=b'{"id": "x", "client": "c", "state": "playing"}').status_code == 400
    assert httpx.post(f"{url}/other", content=b"x").status_code == 404
    assert "script" in httpx.get(url).text
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.sendall(b"POST /receipts HTTP/1.1\r\ncontent-length: 99999999\r\n\r\n")
        assert b"404" in raw.recv(100)
    adapter.close()
    monkeypatch.setenv("PAGE_TOKEN", "t")
    second = free_port()
    guarded = Adapter(Settings(second, token_env="PAGE_TOKEN"), context())
    assert httpx.get(f"http://127.0.0.1:{second}/").status_code == 403
    assert httpx.get(f"http://127.0.0.1:{second}/?token=t").status_code == 200
    guarded.close()

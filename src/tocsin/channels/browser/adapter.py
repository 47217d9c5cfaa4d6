"""Adapter: a page that sounds. It says back that its sound is unlocked and playing; nothing less is a confirmation.

Served by the channel itself, so that it lives without the line: `/` the page, `/events` what is to be told (server-sent
events), `/receipts` what the page says back. Sent: pages have it. Delivered: so many pages have said that they have it.
Confirmed: so many play it. Fewer is a failure, and it is told again. A page that comes late gets what still holds.
"""

import http.server
import json
import os
import queue
import threading
import time
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from tocsin.channels.browser.settings import Settings as BrowserSettings
from tocsin.model.adapter_info import AdapterInfo, Grade
from tocsin.model.channel import ChannelContext
from tocsin.model.errors import TocsinError
from tocsin.model.warning import LAST, Level, Warning

_PAGE = Path(__file__).parent / "page.html"
_LEVELS = {"shown": Level.DELIVERED, "playing": Level.CONFIRMED}
_LONGEST = 4096
_BEAT_S = 5.0
_WAITING = 100


class Adapter:
    """All browsers that have the page open."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="browser", summary="a page that sounds and says so", standard="HTML, Web Audio", grade=Grade.SAMPLED
    )
    Settings: ClassVar[type[BrowserSettings]] = BrowserSettings
    emits: ClassVar[tuple[str, ...]] = ("warning", "page")
    proof: ClassVar[Level] = Level.CONFIRMED

    def __init__(self, settings: BrowserSettings, context: ChannelContext) -> None:
        self._settings, self._context = settings, context
        self.token = os.environ.get(settings.token_env, "") if settings.token_env else ""
        if settings.token_env and not self.token:
            raise TocsinError(f"{context.name}: the environment variable {settings.token_env} is not set")
        self._listeners: dict[int, queue.Queue[bytes | None]] = {}
        self._said: dict[str, dict[str, Level]] = {}  # warning: client: level
        self._holding: dict[str, tuple[float, bytes]] = {}  # chain: until, message
        self._wake = threading.Condition()
        self._counts: Counter[str] = Counter()
        answering = partial(Handler, self, _PAGE.read_bytes())
        try:
            self._server = http.server.ThreadingHTTPServer((settings.host, settings.port), answering)
        except OSError as error:
            raise TocsinError(f"{context.name}: {settings.host}:{settings.port}: {error.strerror or error}") from error
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, name=f"page {context.name}", daemon=True).start()

    def deliver(self, warning: Warning) -> tuple[Level, str]:
        """Tell every page, and wait for what they say."""
        message = event(warning)
        with self._wake:
            if warning.stage in LAST or not warning.audible:
                self._holding.pop(warning.chain, None)
            else:
                self._holding[warning.chain] = (warning.expires_s, message)
            listeners = list(self._listeners.values())
            self._said.setdefault(warning.id, {})
            while len(self._said) > 1000:
                del self._said[next(iter(self._said))]
        for listener in listeners:
            _put(listener, message)
        if not listeners:
            raise TocsinError("no page is open")
        needed = self._settings.clients
        with self._wake:
            self._wake.wait_for(lambda: self._playing(warning.id) >= needed, self._settings.confirm_s)
            playing, had = self._playing(warning.id), len(self._said[warning.id])
        if playing >= needed:
            return Level.CONFIRMED, f"{playing} of {len(listeners)} pages play it"
        raise TocsinError(f"{playing} of {len(listeners)} pages play it, {had} have it, {needed} are needed")

    def close(self) -> None:
        """Let every page go."""
        with self._wake:
            listeners = list(self._listeners.values())
        for listener in listeners:
            _put(listener, None)
        self._server.shutdown()
        self._server.server_close()

    def statistics(self) -> Mapping[str, Any]:
        """Pages open now, and what they said."""
        return {**self._counts, "pages": len(self._listeners)}

    def listen(self) -> tuple[int, "queue.Queue[bytes | None]"]:
        """A page has opened: its queue, with what still holds."""
        listener: queue.Queue[bytes | None] = queue.Queue(_WAITING)
        now_s = time.time()
        with self._wake:
            self._counts["opened"] += 1
            number = self._counts["opened"]
            for until_s, message in self._holding.values():
                if until_s > now_s:
                    _put(listener, message)
            self._listeners[number] = listener
        return number, listener

    def leave(self, number: int) -> None:
        """A page is gone."""
        with self._wake:
            self._listeners.pop(number, None)

    def hear(self, body: bytes) -> bool:
        """What a page says: {"id", "client", "state": "shown" or "playing"}; False if it makes no sense."""
        try:
            said = json.loads(body)
            warning, client, level = str(said["id"]), str(said["client"])[:64], _LEVELS[said["state"]]
        except (ValueError, KeyError, TypeError):
            self._counts["unreadable"] += 1
            return False
        with self._wake:
            known = self._said.get(warning)
            if known is None:
                return False
            late = self._playing(warning) >= self._settings.clients
            known[client] = max(known.get(client, Level.SENT), level)
            self._counts[said["state"]] += 1
            self._wake.notify_all()
        if late and level is Level.CONFIRMED:
            self._context.report(warning, level, f"page {client} plays it too")
        return True

    def _playing(self, warning: str) -> int:
        return sum(level is Level.CONFIRMED for level in self._said.get(warning, {}).values())


def event(warning: Warning) -> bytes:
    """One server-sent event; tests, exercises and the real thing are told apart by `status`."""
    said = {
        "id": warning.id,
        "chain": warning.chain,
        "stage": str(warning.stage),
        "status": str(warning.status),
        "audible": warning.audible,
        "places": warning.places,
        "texts": [
            {"language": text.language, "headline": text.headline, "instruction": text.instruction}
            for text in warning.texts
        ],
        "expires": warning.expires_s,
    }
    return f"id: {warning.id}\ndata: {json.dumps(said)}\n\n".encode()


def _put(listener: "queue.Queue[bytes | None]", message: bytes | None) -> None:
    """Queue for one page; a page that reads nothing loses the oldest."""
    while True:
        try:
            listener.put_nowait(message)
            return
        except queue.Full:
            listener.get_nowait()


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves the page, the events and the receipts."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def __init__(self, adapter: Adapter, page: bytes, *request: Any) -> None:
        self._adapter, self._page = adapter, page
        super().__init__(*request)  # it answers in here

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        if self._adapter.token and parse_qs(path.query).get("token") != [self._adapter.token]:
            self._answer(403, "text/plain", b"a token is needed")
        elif path.path == "/":
            self._answer(200, "text/html; charset=utf-8", self._page)
        elif path.path == "/events":
            self._stream()
        else:
            self._answer(404, "text/plain", b"not here")

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        size = int(length) if length.isdecimal() else 0
        path = urlsplit(self.path)
        if self._adapter.token and parse_qs(path.query).get("token") != [self._adapter.token]:
            self._answer(403, "text/plain", b"a token is needed")
        elif path.path != "/receipts" or not 0 < size <= _LONGEST:
            self.close_connection = True
            self._answer(404, "text/plain", b"not here")
        else:
            self._answer(204 if self._adapter.hear(self.rfile.read(size)) else 400, "text/plain", b"")

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("cache-control", "no-store")
        self.send_header("content-security-policy", "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'")
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        number, listener = self._adapter.listen()
        self.close_connection = True
        try:
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("cache-control", "no-store")
            self.end_headers()
            self.wfile.write(b": open\n\n")
            while True:
                try:
                    message = listener.get(timeout=_BEAT_S)
                except queue.Empty:
                    message = b": beat\n\n"
                if message is None:
                    return
                self.wfile.write(message)
        except OSError:
            return  # the page is gone
        finally:
            self._adapter.leave(number)

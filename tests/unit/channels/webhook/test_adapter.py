"""A signed call to a real HTTP receiver: taken, refused, silent, lying."""

import hmac
import http.server
import json
import threading
from collections.abc import Iterator

import pytest

from small_site import free_port
from tocsin.channels.webhook.adapter import Adapter
from tocsin.channels.webhook.settings import Settings
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level
from warning_builder import context, warning


class Receiver:
    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.status, self.body, self.wait = 200, b"", threading.Event()
        self.wait.set()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append((self.headers["tocsin-signature"], body))
                receiver.wait.wait(20.0)
                self.send_response(receiver.status)
                self.send_header("content-length", str(len(receiver.body)))
                self.send_header("location", "/elsewhere")
                self.end_headers()
                self.wfile.write(receiver.body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("HOOK_KEY", "secret")
    started = Receiver()
    yield started
    started.wait.set()
    started.server.shutdown()
    started.server.server_close()


def _deliver(url: str, answer_s: float = 10.0) -> tuple[Level, str]:
    adapter = Adapter(Settings(url, "HOOK_KEY", answer_s), context())
    try:
        return adapter.deliver(warning())
    finally:
        adapter.close()


def test_signed_and_taken(receiver: Receiver) -> None:
    assert _deliver(receiver.url) == (Level.ACCEPTED, "answered 200")
    ((header, body),) = receiver.got
    stamp, _, given = header.partition(",v1=")
    stamp = stamp.removeprefix("t=")
    assert given == hmac.new(b"secret", f"{stamp}.".encode() + body, "sha256").hexdigest()
    said = json.loads(body)
    assert (said["warning"]["id"], said["warning"]["status"]) == ("W1-X-1", "Actual")


@pytest.mark.parametrize(("body", "level"), [
    (b'{"level": "confirmed"}', Level.CONFIRMED),
    (b'{"level": "delivered"}', Level.DELIVERED),
    (b'{"level": "heaven"}', Level.ACCEPTED),
    (b"[1]", Level.ACCEPTED),
    (b"\xff", Level.ACCEPTED),
])  # fmt: skip
def test_what_the_receiver_says_more(receiver: Receiver, body: bytes, level: Level) -> None:
    receiver.body = body
    assert _deliver(receiver.url)[0] is level


def test_refused_slow_and_gone_are_failures(receiver: Receiver) -> None:
    for receiver.status in (302, 403, 500):
        with pytest.raises(TocsinError, match=f"answered {receiver.status}"):
            _deliver(receiver.url)
    receiver.wait.clear()
    with pytest.raises(TocsinError, match="ReadTimeout"):
        _deliver(receiver.url, 0.3)
    with pytest.raises(TocsinError, match="ConnectError"):
        _deliver(f"http://127.0.0.1:{free_port()}/")


def test_without_a_key_it_does_not_start() -> None:
    with pytest.raises(TocsinError, match="NO_HOOK_KEY is not set"):
        Adapter(Settings("http://127.0.0.1/", "NO_HOOK_KEY"), context())

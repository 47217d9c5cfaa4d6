"""Mail and web receivers for scenarios with warnings; they keep what came, and when."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller

from small_site import free_port


class Receivers:
    """`mails` and `calls` hold what came; `heard(place)` when a warning for a place was decided and came here."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.calls: list[bytes] = []
        self.times_s: list[float] = []  # of the calls
        self.mail_port = free_port()
        receivers = self

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receivers.times_s.append(time.time())
                receivers.calls.append(self.rfile.read(int(self.headers["content-length"])))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        class Post:
            async def handle_DATA(self, server, session, envelope) -> str:
                receivers.mails.append(envelope.content)
                return "250 taken"

        self._hook = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        self._mail = Controller(Post(), hostname="127.0.0.1", port=self.mail_port)
        self.hook_port = self._hook.server_address[1]

    def heard(self, place: str) -> tuple[float, float] | None:
        """UTC seconds of the decision and of the first signed POST about a place, None before it came."""
        for body, at_s in zip(list(self.calls), list(self.times_s), strict=False):
            warning = json.loads(body)["warning"]
            if place in warning["places"] and warning["status"] == "Actual":
                return float(warning["decided_s"]), at_s
        return None

    def tables(self) -> str:
        return f"""
[[channel]]
name = "mail"
adapter = "smtp"
settings = {{ host = "127.0.0.1", port = {self.mail_port}, security = "none", sender = "t@example.org", recipients = ["a@example.org"] }}

[[channel]]
name = "hook"
adapter = "webhook"
settings = {{ url = "http://127.0.0.1:{self.hook_port}/", key_env = "HOOK_KEY" }}

[[channel]]
name = "feed"
adapter = "feed"
"""  # noqa: E501

    @contextmanager
    def open(self) -> Iterator[None]:
        thread = threading.Thread(target=self._hook.serve_forever)
        thread.start()
        self._mail.start()
        try:
            yield
        finally:
            self._mail.stop()
            self._hook.shutdown()
            self._hook.server_close()
            thread.join()

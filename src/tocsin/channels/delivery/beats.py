"""Beats: signs of life on loopback UDP: who lives says so twice a second, and hears from the watchdog that it does.

A datagram is one JSON object with the site's token, who speaks, and a word on how it does.
"""

import json
import socket
import time
from contextlib import suppress
from typing import Any


class Beats:
    """The side of one who is watched. Port 0: there is no watchdog, and nothing is sent."""

    def __init__(self, port: int, token: str, name: str) -> None:
        self._port, self._token, self._name = port, token, name
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self.answer: dict[str, Any] = {}
        self.heard_s: float | None = None  # monotonic

    def beat(self, detail: str = "") -> None:
        """Say that we live, and take in what the watchdog has said."""
        if not self._port:
            return
        data = json.dumps({"token": self._token, "from": self._name, "detail": detail}).encode()
        with suppress(OSError):  # nobody listens yet, or any more: that is told by its silence
            self._socket.sendto(data, ("127.0.0.1", self._port))
        while True:
            try:
                said = json.loads(self._socket.recv(65536))
            except (OSError, ValueError):
                return
            if isinstance(said, dict) and said.get("token") == self._token:
                self.answer, self.heard_s = said, time.monotonic()

    def fault(self) -> str:
        """What the watchdog says is wrong with its outbox and its own channels, "" if nothing."""
        channels = self.answer.get("channels", {})
        found = [f"{name}: {one['fault']}" for name, one in channels.items() if one.get("fault")]
        outbox = self.answer.get("outbox")
        return "; ".join([f"outbox: {outbox}", *found] if outbox else found)

    def close(self) -> None:
        """Send nothing more."""
        self._socket.close()

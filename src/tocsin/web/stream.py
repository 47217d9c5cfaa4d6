"""Stream: the picture, the alerts and the sensors as server-sent events, for programs.

Each event is the whole present state of its kind; `newest.py` says what a slow reader gets. The state is encoded once
for all readers, when it changed and someone reads, at most `stream_hz` times a second. Events: "picture" (PictureView),
"alerts" ([AlertView]), "sensors" ([SensorView]). The page itself reads `live.py`.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import msgspec

from tocsin.model.views import Views
from tocsin.web.newest import Newest


class Stream:
    """One for the app. `run` must be running while there are readers."""

    def __init__(self, views: Views, stream_hz: float) -> None:
        self._views = views
        self._period_s = 1.0 / stream_hz
        self._states: dict[str, Any] = {}
        self._newest = Newest(beat=b": alive\n\n")
        self.close = self._newest.close

    @property
    def readers(self) -> int:
        """How many are reading now."""
        return self._newest.readers

    @property
    def sent(self) -> int:
        """Events given to readers."""
        return self._newest.sent

    @property
    def skipped(self) -> int:
        """Events that a slow reader did not need any more."""
        return self._newest.skipped

    async def run(self) -> None:
        """Look for changes until cancelled."""
        while True:
            if self.readers:
                self.look()
            await asyncio.sleep(self._period_s)

    def look(self) -> None:
        """Encode what changed since the last look and wake the readers."""
        self._take("picture", self._views.picture())
        self._take("alerts", self._views.alerts())
        self._take("sensors", self._views.sensors())

    async def read(self) -> AsyncGenerator[bytes, None]:
        """One reader's events."""
        yield b"retry: 1000\n\n"
        self.look()
        async with aclosing(self._newest.read()) as events:
            async for event in events:
                yield event

    def _take(self, event: str, state: Any) -> None:
        if state is None or (event in self._states and self._states[event] is state):
            return
        self._states[event] = state
        self._newest.put(event, b"event: " + event.encode() + b"\ndata: " + msgspec.json.encode(state) + b"\n\n")

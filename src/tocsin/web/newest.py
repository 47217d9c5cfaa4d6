"""Newest: named states, each encoded once, given to any number of readers; the newest wins.

Each state is whole, so a reader that is slow skips what became old and has missed nothing. Nothing is queued per
reader. A new reader gets every state at once. `beat` goes out when nothing else did for `BEAT_S`, so that a reader can
tell a quiet sky from a dead line.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

BEAT_S = 2.0


class Newest:
    """States by name, in the order they were first put."""

    def __init__(self, beat: bytes) -> None:
        self._beat = beat
        self._encoded: dict[str, bytes] = {}
        self._versions: dict[str, int] = {}
        self._changed = asyncio.Event()
        self._closed = False
        self.readers = 0
        self.sent = 0
        self.skipped = 0

    def put(self, name: str, encoded: bytes) -> None:
        """Replace one state and wake the readers."""
        self._encoded[name] = encoded
        self._versions[name] = self._versions.get(name, 0) + 1
        self._wake()

    def encoded(self, name: str) -> bytes:
        """One state as readers get it; nothing if it was never put."""
        return self._encoded.get(name, b"")

    def close(self) -> None:
        """End every reader."""
        self._closed = True
        self._wake()

    async def read(self) -> AsyncGenerator[bytes, None]:
        """One reader's states; each step waits for the reader to have taken the one before."""
        self.readers += 1
        seen: dict[str, int] = {}
        try:
            while not self._closed:
                changed = self._changed  # taken before looking, so that no change falls in between
                news = [name for name, version in self._versions.items() if seen.get(name) != version]
                for name in news:
                    self.skipped += max(0, self._versions[name] - seen.get(name, self._versions[name] - 1) - 1)
                    seen[name] = self._versions[name]
                    self.sent += 1
                    yield self._encoded[name]
                if not news:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(BEAT_S):
                            await changed.wait()
                            continue
                    yield self._beat
        finally:
            self.readers -= 1

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

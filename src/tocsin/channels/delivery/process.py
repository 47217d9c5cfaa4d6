"""The channels process: its own program, which delivers what was decided, whether or not the line lives.

It holds the lock `channels.lock` in its folder, so that there is one; writes the port it listens on (loopback) to
`channels.port`; takes warnings from whoever knows the site's token, and says back what it has taken, each receipt, and
twice a second how it does. It ends when asked, by a signal or by the line; what is queued then has 5 s to go out, and
what has not stays in the outbox.
"""

import fcntl
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import msgspec

from tocsin.channels.delivery.beats import Beats
from tocsin.channels.delivery.lines import Speaker
from tocsin.channels.delivery.opening import ProcessSettings, open_channels, read_settings
from tocsin.channels.delivery.outbox import Outbox
from tocsin.channels.delivery.post import RETRY_S, Post
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, Receipt, Warning

LOCK, PORT, OUTBOX = "channels.lock", "channels.port", "outbox.sqlite"
BEAT_S = 0.5
_DRAIN_S = 5.0


class ChannelsProcess:
    """`run` until `stop` is called."""

    def __init__(self, settings: ProcessSettings) -> None:
        self._settings = settings
        self._folder = Path(settings.folder)
        self._stopping = threading.Event()
        self._speakers: set[Speaker] = set()
        self._let_go = 0
        self._lock = threading.Lock()

    def stop(self) -> None:
        """Ask for the end."""
        self._stopping.set()

    def run(self) -> None:
        """Deliver until asked to stop. TocsinError if another process of this folder does already."""
        lock = take_lock(self._folder / LOCK)
        try:
            outbox = Outbox(self._folder / OUTBOX)
            self._post = Post(outbox, self._tell)
            for name, channel in open_channels(self._settings, self._report).items():
                self._post.add(name, channel)
            with socket.create_server(("127.0.0.1", 0)) as server:
                _publish(self._folder / PORT, server.getsockname()[1])
                threading.Thread(target=self._listen, args=(server,), daemon=True).start()
                self._live()
            self._post.close(_DRAIN_S)
            outbox.close()
        finally:
            os.close(lock)

    def _live(self) -> None:
        beats = Beats(self._settings.watchdog_port, self._settings.token, "channels")
        retry_s = 0.0
        while not self._stopping.wait(BEAT_S):
            beats.beat()
            if time.monotonic() >= retry_s:
                self._post.retry()
                retry_s = time.monotonic() + RETRY_S
            state = {**self._post.state(), "time_s": time.time(), "pid": os.getpid(), "let_go": self._let_go}
            self._say("state", state)
        beats.close()

    def _listen(self, server: socket.socket) -> None:
        while not self._stopping.is_set():
            try:
                opened, _ = server.accept()
            except OSError:
                return  # closed at the end
            threading.Thread(target=self._hear, args=(Speaker(opened),), daemon=True).start()

    def _hear(self, speaker: Speaker) -> None:
        """One connection, from its token to its end."""
        lines = speaker.lines()
        first = next(lines, {})
        if not secrets.compare_digest(str(first.get("token", "")), self._settings.token):
            speaker.close()
            return
        with self._lock:
            self._speakers.add(speaker)
        try:
            for line in lines:
                if "warning" in line:
                    warning = msgspec.convert(line["warning"], Warning)
                    self._post.accept(warning)
                    speaker.say("taken", warning.id)
                if "stop" in line:
                    self.stop()
        except (OSError, msgspec.ValidationError):
            self._let_go += 1  # whoever spoke so has to begin again
        finally:
            with self._lock:
                self._speakers.discard(speaker)
            speaker.close()

    def _tell(self, receipt: Receipt) -> None:
        self._say("receipt", receipt)

    def _report(self, channel: str, warning: str, level: Level, detail: str) -> None:
        self._post.report(channel, warning, level, detail)

    def _say(self, kind: str, value: object) -> None:
        with self._lock:
            speakers = list(self._speakers)
        for speaker in speakers:
            with suppress(OSError):  # its own thread finds it gone
                speaker.say(kind, value)


def take_lock(path: Path) -> int:
    """Hold the lock file for as long as the process lives; TocsinError if somebody does."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise TocsinError(f"{path}: another process holds it") from error
    return handle


class Process(Protocol):
    """A program that runs until it is asked to stop."""

    def run(self) -> None: ...

    def stop(self) -> None: ...


def run_until_told(path: Path, make: Callable[[ProcessSettings], Process]) -> None:
    """Run the process of a settings file until SIGTERM or SIGINT."""
    process = make(read_settings(path))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: process.stop())
    process.run()


def _publish(path: Path, port: int) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(str(port), encoding="ascii")
    draft.replace(path)

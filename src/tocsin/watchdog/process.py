"""The watchdog process: hears signs of life on loopback UDP, answers each, and says by its own channels who is gone.

It knows nothing of the line but its signs. A channel of its own that has `kick` is kicked every second while line and
channels live: a relay held so drops out when either is gone, or the watchdog itself.
"""

import json
import os
import secrets
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

from tocsin.channels.delivery.opening import ProcessSettings, open_channels
from tocsin.channels.delivery.outbox import Outbox
from tocsin.channels.delivery.post import RETRY_S, Post
from tocsin.channels.delivery.process import take_lock
from tocsin.formats.cap import CapArea, CapInfo, CapMessage, write_cap
from tocsin.model.warning import Level, Receipt, Warning, WarningStage, WarningStatus, WarningText
from tocsin.watchdog.watch import Change, Life, Watch

LOCK, OUTBOX = "watchdog.lock", "watchdog.sqlite"
LOOK_S, KICK_S = 0.25, 1.0
_VALID_S = 3600.0
_WORDS = {"line": "the air picture and all alerts", "channels": "the warnings to people outside"}


class WatchdogProcess:
    """`run` until `stop` is called."""

    def __init__(self, settings: ProcessSettings) -> None:
        self._settings = settings
        self._folder = Path(settings.folder)
        self._stopping = threading.Event()
        self._counter = 0
        self._kicked_s = 0.0

    def stop(self) -> None:
        """Ask for the end."""
        self._stopping.set()

    def run(self) -> None:
        """Watch until asked to stop. TocsinError if another process of this folder does already."""
        lock = take_lock(self._folder / LOCK)
        outbox = Outbox(self._folder / OUTBOX)
        self._post = Post(outbox, _nothing)
        self._channels = open_channels(self._settings, self._report)
        for name, channel in self._channels.items():
            self._post.add(name, channel)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as heard:
            heard.bind(("127.0.0.1", self._settings.watchdog_port))
            heard.settimeout(LOOK_S)
            watch = Watch(self._settings.watched, time.monotonic())
            disk = threading.Thread(target=self._keep_trying)
            disk.start()
            while not self._stopping.is_set():
                self._hear(heard, watch)
                for change in watch.look(time.monotonic()):
                    if change.life is not Life.DEGRADED:
                        self._post.accept(self._announce(change))
                self._kick(watch)
            disk.join()
        self._post.close(2.0)
        outbox.close()
        os.close(lock)

    def _keep_trying(self) -> None:
        """Ask the disk once a second, in a thread of its own: the watch waits for no medium."""
        while not self._stopping.wait(RETRY_S):
            self._post.retry()

    def _hear(self, heard: socket.socket, watch: Watch) -> None:
        try:
            data, whence = heard.recvfrom(65536)
            said = json.loads(data)
        except (TimeoutError, OSError, ValueError):
            return
        if not isinstance(said, dict) or not secrets.compare_digest(
            str(said.get("token", "")).encode(), self._settings.token.encode()
        ):
            return
        name = str(said.get("from", ""))
        if said.get("detail") == "end":
            watch.leave(name)
        elif said.get("detail") == "stop":
            self.stop()
        else:
            watch.sign(name, time.monotonic())
        post = self._post.state()
        state = {"lives": watch.lives(), "channels": post["channels"], "outbox": post["outbox"], "pid": os.getpid()}
        answer = json.dumps({"token": self._settings.token, **state}).encode()
        with suppress(OSError):  # whoever asked is gone: that will be seen
            heard.sendto(answer, whence)

    def _kick(self, watch: Watch) -> None:
        if time.monotonic() - self._kicked_s < KICK_S or str(Life.DOWN) in watch.lives().values():
            return
        self._kicked_s = time.monotonic()
        for channel in self._channels.values():
            kick = getattr(channel, "kick", None)
            if kick is not None:
                kick()

    def _announce(self, change: Change) -> Warning:
        """What is said to those who keep the site: never to the public."""
        self._counter += 1
        now_s = float(int(time.time()))
        chain = f"SYSTEM-{change.name}-{int(now_s)}-{self._counter}"
        down = change.life is Life.DOWN
        lost = _WORDS.get(change.name, change.name)
        mark = "EXERCISE " if self._settings.exercise else ""
        headline = f"{mark}{self._settings.site}: {change.name} {'DOWN' if down else 'well again'}"
        description = f"No sign of life for {change.silent_s:.0f} s: {lost}." if down else f"It lives again: {lost}."
        instruction = "Warn people by other means; see to the machine." if down else "Nothing."
        text = WarningText("en", f"{change.name} {change.life}", headline, description, instruction)
        status = WarningStatus.SYSTEM
        identifier = f"{chain}-1"
        info = CapInfo(
            event=text.event,
            categories=("Infra",),
            urgency="Immediate" if down else "Past",
            severity="Severe" if down else "Minor",
            certainty="Observed",
            language="en",
            expires_s=now_s + _VALID_S,
            headline=headline,
            description=description,
            instruction=instruction,
            areas=(CapArea(self._settings.site, geocodes=(("tocsin-site", self._settings.site),)),),
        )
        cap = CapMessage(
            identifier,
            self._settings.sender,
            now_s,
            str(status),
            "Alert",
            "Private",
            addresses="operators",
            infos=(info,),
        )
        return Warning(
            id=identifier,
            chain=chain,
            stage=WarningStage.ISSUED,
            status=status,
            policy="watchdog",
            places=(self._settings.site,),
            decided_s=now_s,
            sent_s=now_s,
            expires_s=now_s + _VALID_S,
            texts=(text,),
            cap=write_cap(cap).decode(),
            reason=description,
        )

    def _report(self, channel: str, warning: str, level: Level, detail: str) -> None:
        self._post.report(channel, warning, level, detail)


def _nothing(_: Receipt) -> None:
    """The outbox is record enough."""

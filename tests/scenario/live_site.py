"""A small live site for tests: one radar that sends table rows over TCP, one asset, one rule."""

import json
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from program import command, environment
from small_site import free_port, site_text


class LiveSite:
    """`tocsin run` in a process of its own, with a connection to its radar. A context manager that kills it."""

    def __init__(self, folder: Path, *more: str, **variables: str) -> None:
        """`more` are tables of the site file, `variables` of the program's environment."""
        self.out = folder / "out"
        self.port, self.web_port = free_port(), free_port()
        self._site = folder / "site.toml"
        self._variables = variables
        transport = f'transport = "tcp-listen://127.0.0.1:{self.port}"'
        self._site.write_text(site_text(f"[web]\nport = {self.web_port}", *more, radar=transport), encoding="utf-8")
        self._started = False
        self.start()

    def start(self, *options: str) -> None:
        """Start the program; again, once the one before has ended."""
        if self._started:
            self.__exit__()
        self._started = True
        self.process = subprocess.Popen(
            command("run", str(self._site), "--out", str(self.out), *options),
            stderr=subprocess.PIPE,
            text=True,
            env=environment(**self._variables),
        )
        self.radar: socket.socket | None = None

    def __enter__(self) -> "LiveSite":
        deadline_s = time.monotonic() + 180.0
        while self.radar is None:
            try:
                self.radar = socket.create_connection(("127.0.0.1", self.port), timeout=1.0)
            except OSError:
                if time.monotonic() > deadline_s or self.process.poll() is not None:
                    self.process.kill()
                    raise AssertionError(f"the site did not start: {self.process.communicate()[1]}") from None
                time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        if self.radar is not None:
            self.radar.close()
        if self.process.poll() is None:
            self.process.kill()
        assert self.process.stderr is not None
        if not self.process.stderr.closed:  # else a block within has ended it
            self.process.communicate()

    def send(self, east_m: float, north_m: float, time_s: float | None = None, word: str = "drone") -> float:
        """Send one row as the radar; returns its time."""
        assert self.radar is not None
        time_s = time.time() if time_s is None else time_s
        row = {"time": time_s, "east": east_m, "north": north_m, "up": 50.0, "class": word}
        self.radar.sendall(json.dumps(row).encode() + b"\n")
        return time_s

    @contextmanager
    def drone(self, speed_mps: float = 20.0, north_m: float = 900.0) -> Iterator[None]:
        """A drone that comes down from the north, five rows a second, until the end of the block or of the site."""
        over, begun_s = threading.Event(), time.monotonic()

        def fly() -> None:
            with suppress(OSError):  # the site may be killed meanwhile
                while not over.wait(0.2):
                    self.send(3.0, north_m - speed_mps * (time.monotonic() - begun_s))

        thread = threading.Thread(target=fly)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def get(self, path: str) -> object:
        """JSON of the site's API."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.web_port}{path}", timeout=10) as answer:
            return json.loads(answer.read())

    def answers(self, path: str) -> bool:
        """Whether the API answers."""
        try:
            self.get(path)
        except OSError:
            return False
        return True

    def command(self, **fields: object) -> dict[str, object]:
        """Post one command and return the answer; an HTTP error raises."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.web_port}/api/commands",
            data=json.dumps(fields).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            found: dict[str, object] = json.loads(answer.read())
            return found

    def wait_alert(
        self, rule: str = "drone approaches", patience_s: float = 20.0, place: str = ""
    ) -> dict[str, object]:
        """The first unacknowledged alert of a rule, at a place if one is named."""
        deadline_s = time.monotonic() + patience_s
        while time.monotonic() < deadline_s:
            alerts = self.get("/api/alerts")
            assert isinstance(alerts, list)
            for alert in alerts:
                if alert["rule"] == rule and alert["state"] == "unacknowledged" and place in ("", alert["place"]):
                    return dict(alert)
            time.sleep(0.1)
        raise AssertionError(f"no alert of rule {rule!r}")

    def stop(self) -> int:
        """Ask it to stop, and wait until it has."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)
